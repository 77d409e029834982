"""What section 5 asks of an institution, one rule a function: asked before it takes a child, and before it may be active at all."""

from collections.abc import Iterator
from datetime import date, timedelta

from casework.machines.facts import Host
from casework.words import Words


def policy_gaps(host: Host, today: date, days: int) -> Iterator[Words]:
    """Yield a child-protection policy that is missing, older than `days`, or not known to those it is for (S2)."""
    if host.policy_dated is None or host.policy_dated < today - timedelta(days=days):
        yield Words("Kebijakan perlindungan anak tidak ada atau lewat 12 bulan.", "No child-protection policy of the last 12 months.")
    if not host.policy_disseminated:
        yield Words("Kebijakan belum disebarkan kepada petugas dan anak.", "The policy was not made known to staff and children.")


def team_gaps(host: Host) -> Iterator[Words]:
    """Yield a team with somebody who is not cleared, or no team at all (S4)."""
    if host.uncleared_staff or not host.staff:
        yield Words("Ada petugas tanpa SKCK yang berlaku.", "Not all staff have a valid clearance.")


def channel_gaps(host: Host) -> Iterator[Words]:
    """Yield that children have no way to complain past the institution (S3)."""
    if not host.complaint_channel:
        yield Words("Tidak ada saluran pengaduan bagi anak.", "There is no complaint channel for children.")


def licence_gaps(host: Host, today: date) -> Iterator[Words]:
    """Yield a licence that is missing or over (S10)."""
    if host.licence_until is None or host.licence_until < today:
        yield Words("Tanda pendaftaran tidak ada atau kedaluwarsa.", "The licence is missing or expired.")


def accreditation_gaps(host: Host, today: date, waiver_days: int) -> Iterator[Words]:
    """Yield an accreditation that is missing without a waiver of at most `waiver_days` (S11)."""
    accredited = host.accredited_until is not None and host.accredited_until >= today
    waiver = host.accreditation_waiver_until
    if not accredited and (waiver is None or not today <= waiver <= today + timedelta(days=waiver_days)):
        yield Words("Akreditasi tidak berlaku dan tidak ada pengecualian Kepala Dinas.", "Neither accreditation nor a waiver is in force.")
