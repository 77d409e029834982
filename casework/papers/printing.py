"""A paper set by typst: everything on it is decided here as texts, and reaches the template as data, never as source.

No clock, no fonts but those that typst brings along, no packages: the same record gives the same bytes on every machine.
"""

from __future__ import annotations

import functools
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
import typst

from casework.machines.facts import WITA
from casework.machines.forms import KINDS
from casework.machines.refusals import role_words
from casework.papers.answers import NOT_SAID, Line, Speech, Table, lines_of, spoken_of, tables_of
from casework.papers.numbers import check_code, paper_number, qr_code, scanned
from casework.papers.signing import Block, blocks_of
from casework.papers.wording import EVERY_RUNG, FOUND, PAPERS, RESULTS, RUNGS, TRIED, TRIED_AND_NONE, Paper
from casework.services.official import Entered, Official
from casework.settings import Papers
from casework.words import Language, Words

TEMPLATE = Path(__file__).with_name("paper.typ")
_DOTS_PER_INCH = 110
_UNBROKEN = re.compile(r"(\S{24})(?=\S)")
_WRITTEN = ("addressed", "opening", "lines", "tables", "basis", "blocks", "entered")
_BREAK_HERE = "\u200b"
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Basis(msgspec.Struct, frozen=True):
    """What a placement in an institution rests on: a sentence, and what was tried when with which result."""

    text: str
    table: Table


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One paper as texts: what the template sets, in the order in which it does."""

    lang: Language
    date: tuple[int, int, int]
    issuer: str
    letterhead: tuple[str, ...]
    address: str
    emblem: str
    title: str
    number_label: str
    number: str
    marks: tuple[str, ...]
    across: str
    addressed: str
    opening: str
    headings: tuple[str, str, str]
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    basis: Basis | None
    closing: str
    place_and_date: str
    blocks: tuple[Block, ...]
    stamp: str
    qr: str
    entered: str
    checking: str
    page: tuple[str, str]
    code: str


def printed(paper: Official, office: Papers, language: Language, kind: Literal["pdf", "png"] = "pdf", *, page: int = 0) -> bytes:
    """Return a paper as PDF, or one page of it as a picture to look at."""
    sheet = msgspec.to_builtins(sheet_of(paper, office, language))
    sheet |= {name: _breakable(sheet[name]) for name in _WRITTEN}
    told, at = msgspec.json.encode(sheet).decode(), int(paper.entry.at.timestamp())
    try:
        made = _set(told, kind, at, archived=kind == "pdf")
    except typst.TypstError:
        made = _set(told, kind, at, archived=False)
    return made[page] if isinstance(made, list) else made


def _set(told: str, kind: Literal["pdf", "png"], at: int, *, archived: bool) -> bytes | list[bytes]:
    """Set a sheet; `archived` for archives, and for readers who hear it. That refuses a letter that no font of typst draws."""
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format=kind,
        ppi=_DOTS_PER_INCH,
        sys_inputs={"paper": told},
        pdf_standards=["a-2a", "ua-1"] if archived else [],
        timestamp=at,
    )


@functools.cache
def _fonts() -> typst.Fonts:
    """The fonts inside typst, read once for each process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _breakable(told: Any) -> Any:
    """Let a word that no line holds break, and drop what no font draws: in everything that people wrote."""
    if isinstance(told, dict):
        return {name: _breakable(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_breakable(value) for value in told]
    return _UNBROKEN.sub(rf"\1{_BREAK_HERE}", _NOT_PRINTED.sub("", told)) if isinstance(told, str) else told


def sheet_of(paper: Official, office: Papers, language: Language) -> Sheet:
    """Return everything that stands on a paper, in one language."""
    speech, wording, body = Speech(language, paper.called), PAPERS[paper.form], paper.body
    said, across = _sentences(paper, wording, speech), _ACROSS.get(paper.standing)
    number = functools.partial(paper_number, office.number, KINDS[paper.form].paper, paper.number)
    signed_on = paper.entry.at.astimezone(WITA).date()
    return Sheet(
        lang=language,
        date=(signed_on.year, signed_on.month, signed_on.day),
        issuer=office.letterhead[-1],
        letterhead=office.letterhead,
        address=office.address,
        emblem=Path(office.emblem).read_text(encoding="utf-8") if office.emblem else "",
        title=wording.title.to(language),
        number_label=Words("Nomor", "Number").to(language),
        number=number(paper.entry),
        marks=tuple(mark.to(language) for mark in _marks(paper, number, speech)),
        across=across.to(language) if across else "",
        addressed=said[wording.addressed] if wording.addressed and said.get(wording.addressed, NOT_SAID) != NOT_SAID else "",
        opening=wording.opening.to(language).format_map(said),
        headings=(Words("No", "No").to(language), Words("Uraian", "Item").to(language), Words("Keterangan", "Particulars").to(language)),
        lines=(*_identity(paper, speech), *lines_of(body, speech, wording.leave_out)),
        tables=tables_of(body, speech, wording.leave_out),
        basis=_basis(paper, speech),
        closing=wording.closing.to(language),
        place_and_date=f"{office.place}, {speech.day(signed_on)}",
        blocks=blocks_of(paper, wording, office, language),
        stamp=Words("Meterai", "Duty stamp").to(language),
        qr=qr_code(scanned(paper.number, paper.entry)),
        entered=_entered(paper, speech),
        checking=_CHECKING.to(language),
        page=(Words("Halaman", "Page").to(language), Words("dari", "of").to(language)),
        code=check_code(paper.number, paper.entry),
    )


def _sentences(paper: Official, wording: Paper, speech: Speech) -> dict[str, str]:
    """Return what the sentences may name. Braces in an answer are its own: they are filled in once."""
    at: datetime = getattr(paper.body, wording.moment) if wording.moment else paper.dated
    on = at.astimezone(WITA).date()
    said = spoken_of(paper.body, speech)
    said |= {"reason": said["reason"][:1].lower() + said["reason"][1:]} if "reason" in said else {}
    return {**said, "weekday": speech.weekday(on), "date": speech.day(on), "clock": speech.clock(at)}


def _marks(paper: Official, number: Any, speech: Speech) -> tuple[Words, ...]:
    found = []
    if paper.standing == "awaits":
        found.append(Words("Belum disahkan: laporan ini baru berlaku setelah disahkan.", "Not endorsed yet: it counts only once it is."))
    for entry, indonesian, english in (
        (paper.replaced_by, "Sudah diganti oleh", "Superseded by"),
        (paper.replaces, "Menggantikan", "It supersedes"),
    ):
        if entry is not None:
            on = _day_of(entry, speech)
            found.append(Words(f"{indonesian} nomor {number(entry)} tanggal {on}.", f"{english} number {number(entry)} of {on}."))
    return tuple(found)


def _day_of(entry: Entered, speech: Speech) -> str:
    return speech.day(entry.at.astimezone(WITA).date())


def _identity(paper: Official, speech: Speech) -> tuple[Line, ...]:
    """Who the child is: what everybody who may print the paper sees of it anyway."""
    child = paper.child
    about = Words("sekitar", "about").to(speech.language)
    born = (speech.day(child.born) if child.exact else f"{about} {child.born.year}") if child.born else ""
    sexes = {"female": Words("Perempuan", "Female"), "male": Words("Laki-laki", "Male")}
    parents = "; ".join(name for name in (child.mother_name, child.father_name) if name)
    told = (
        (Words("Nama anak", "Name of the child"), child.name),
        (Words("Tempat, tanggal lahir", "Place and date of birth"), ", ".join(part for part in (child.born_place, born) if part)),
        (Words("Jenis kelamin", "Sex"), sexes[child.sex].to(speech.language) if child.sex in sexes else ""),
        (Words("Nama ibu; ayah", "Mother; father") if child.mother_name and child.father_name else Words("Orang tua", "Parent"), parents),
        (Words("Nomor kasus", "Case number"), paper.number),
        (Words("Tinggal di/bersama", "Lives at or with"), paper.carer if PAPERS[paper.form].lives else ""),
    )
    return tuple(Line(label.to(speech.language), text) for label, text in told if text)


def _basis(paper: Official, speech: Speech) -> Basis | None:
    if not paper.tried:
        return None
    ruled_out = {one.rung for one in paper.tried if not FOUND.intersection(one.results)}
    heads = (Words("Upaya pengasuhan keluarga", "Care in a family"), Words("Tanggal", "Date"), Words("Hasil", "Result"))
    rows = tuple(
        (
            RUNGS[one.rung].to(speech.language),
            speech.day(one.on.astimezone(WITA).date()),
            "; ".join(dict.fromkeys(RESULTS[result].to(speech.language) for result in one.results)),
        )
        for one in paper.tried
    )
    table = Table("", tuple(head.to(speech.language) for head in heads), rows, shares=(3, 2, 2))
    return Basis((TRIED_AND_NONE if ruled_out == EVERY_RUNG else TRIED).to(speech.language), table)


def _entered(paper: Official, speech: Speech) -> str:
    entry, role, at = paper.entry, role_words(paper.author_role), speech.moment(paper.entry.at)
    said = Words(
        f"Tercatat dalam jurnal sebagai entri {entry.seq} kasus {paper.number}, {at}; ditandatangani dalam aplikasi oleh "
        f"{paper.author} ({role.id}).",
        f"Recorded in the journal as entry {entry.seq} of case {paper.number}, {at}; signed in the application by "
        f"{paper.author} ({role.en}).",
    )
    if not paper.countersigned_by or paper.countersigned_at is None:
        return said.to(speech.language)
    on = speech.moment(paper.countersigned_at)
    more = Words(f" Disahkan oleh {paper.countersigned_by}, {on}.", f" Endorsed by {paper.countersigned_by}, {on}.")
    return f"{said.to(speech.language)}{more.to(speech.language)}"


_ACROSS: dict[str, Words] = {
    "superseded": Words("DIGANTI", "SUPERSEDED"),
    "awaits": Words("BELUM DISAHKAN", "NOT ENDORSED"),
}
"""What stands across every page of a paper that does not count."""
_CHECKING = Words(
    "Kode QR memuat sidik entri itu. Keaslian diperiksa di halaman 'Periksa surat' dengan kode QR atau kode periksa:",
    "The QR code holds that entry's hash. It is checked on the page 'Check a paper', with the QR code or this check code:",
)
