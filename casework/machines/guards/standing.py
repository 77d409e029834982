"""Whether the carer a request names is of a kind that the placement allows, in good standing, and without an open incident."""

from collections.abc import Iterator

from casework.machines.facts import Facts, Host
from casework.machines.guards.evidence import open_incident_against
from casework.machines.spoken import STANDING
from casework.words import Words

INSTITUTIONS = frozenset({"lksa", "uptd"})
"""Hosts of institutional care. A shelter, hospital or police unit takes children in an emergency only."""
KIN_HOMES = frozenset({"kin_household"})
FOSTER_HOMES = frozenset({"foster_family"})
GUARDIAN_HOMES = frozenset({"guardian_household", "kin_household", "foster_family"})
"""Households whose member may become guardian; an institution as guardian is a legal status and no place (DOMAIN 7.2)."""
ADOPTIVE_HOMES = frozenset({"adoptive_family", "foster_family"})
NOT_FOR_CHILDREN = Words(
    "Lembaga ini (LKS) tidak melayani anak; hanya LKSA yang dapat menerima anak.",
    "This LKS does not serve children; only an LKSA may take a child.",
)
OPEN_INCIDENT = Words("Ada insiden terbuka terhadap tempat ini.", "An incident against this setting is open.")


def standing_gaps(host: Host) -> Iterator[Words]:
    """Yield what keeps a host, of whatever kind, from taking a child: it is not active, or somebody there is under investigation."""
    if host.status != "active":
        yield status_gap(host)
    if host.implicated_persons:
        yield Words("Ada orang yang sedang diperiksa di tempat ini.", "A person there is under investigation.")


def status_gap(host: Host) -> Words:
    """Say how a host stands, where that is what keeps it from taking a child."""
    status = STANDING.get(host.status, Words(host.status, host.status))
    return Words(f"Status tempat: {status.id}.", f"The setting is {host.status}.")


def carer_gaps(facts: Facts, homes: frozenset[str], *, relatives: bool) -> Iterator[Words]:
    """Yield what keeps the carer named from taking the child, whatever their papers say. `relatives`: a relative needs no host's row."""
    named = facts.subject
    if named.host:
        yield from _home_gaps(facts, homes)
    elif not (relatives and named.relative):
        yield Words("Pengasuh untuk penempatan ini tidak disebut dalam permintaan.", "The request names no carer for this placement.")
    if any(open_incident_against(facts, each) for each in (named.host, named.relative) if each):
        yield OPEN_INCIDENT


def _home_gaps(facts: Facts, homes: frozenset[str]) -> Iterator[Words]:
    host = facts.host
    if host is None or host.id != facts.subject.host:
        yield Words("Tempat yang diminta tidak ditemukan.", "The setting named is not found.")
        return
    if host.kind == "lks":
        yield NOT_FOR_CHILDREN
    elif host.kind not in homes:
        yield Words("Tempat ini bukan jenis pengasuh untuk penempatan ini.", "This setting is not of a kind for this placement.")
    yield from standing_gaps(host)
