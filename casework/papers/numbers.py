"""How a paper is numbered, and the code by which whoever holds it has it checked."""

from __future__ import annotations

import io

import segno

from casework.machines.facts import WITA
from casework.services.official import Entered

MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def paper_number(pattern: str, kind: str, case: str, entry: Entered) -> str:
    """Return `463.2/0147.12/BA/DINSOS/XI/2026`: case 147 of that year, the entry that signed the record, the month and year of signing.

    A case of an earlier year brings its year along (`0147-2025.12`), so no two papers have one number, and no reprint a new one.
    """
    on = entry.at.astimezone(WITA).date()
    _, year, running = case.rsplit("-", 2)
    sequence = f"{running}.{entry.seq}" if year == str(on.year) else f"{running}-{year}.{entry.seq}"
    return pattern.format(sequence=sequence, kind=kind, month=MONTHS[on.month - 1], year=on.year)


def check_code(case: str, entry: Entered) -> str:
    """Return `KKR-2026-0147/12/7F3A-91C2`: what somebody types to have a paper checked."""
    first = entry.hash[:8].upper()
    return f"{case}/{entry.seq}/{first[:4]}-{first[4:]}"


def scanned(case: str, entry: Entered) -> str:
    """Return what the QR code says: the same, with the whole hash, so that it can be held against a journal without this program."""
    return f"CASEWORK:{case}/{entry.seq}/{entry.hash.upper()}"


def qr_code(text: str) -> str:
    """Return a QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawn.getvalue().decode()
