"""One row while it is read: every answer is asked for by its column, and every problem is kept, so that all are told at once."""

from __future__ import annotations

import re
from datetime import date

from casework.census.cells import Day, Number, read_choice, read_day, read_number, read_text
from casework.census.headings import Column, Table
from casework.census.places import Found
from casework.census.problems import Level, Problem
from casework.census.workbook import Row, Unreadable, Value
from casework.words import Words

LONGEST = 200
MOST_PLACES = 1000
_WHOLE = re.compile(r"\d{1,9}")
EMPTY = Words("Kosong.", "Empty.")


class Entry:
    """One row being read: every answer is asked for by its column, every problem is kept."""

    def __init__(self, table: Table, row: Row, today: date) -> None:
        self.table, self.row, self.today = table, row, today
        self.problems: list[Problem] = []

    def problem(self, level: Level, code: str, column: str, what: Words, fix: Words) -> None:
        """Keep a problem of this row; `column` is a key, "" for the whole row."""
        heading = self.table.form.named(column).heading if column else ""
        self.problems.append(
            Problem(level=level, code=code, sheet=self.table.title, row=self.row.number, column=heading, what=what, fix=fix)
        )

    @property
    def good(self) -> bool:
        """Whether no error was found so far."""
        return not any(problem.level == "error" for problem in self.problems)

    def value(self, key: str) -> Value:
        """Return what stands in a column; None for nothing, and for what nobody may guess, which is told."""
        place = self.table.places.get(key)
        value = self.row.values[place] if place is not None and place < len(self.row.values) else None
        if isinstance(value, Unreadable):
            formula = value.kind == "formula"
            what = (
                Words("Sel berisi rumus.", "The cell holds a formula.")
                if formula
                else Words("Sel berisi galat.", "The cell holds an error.")
            )
            fix = Words("Salin lalu tempel sebagai nilai (Paste Special > Values).", "Copy it and paste it as a value.")
            self.problem("error", "formula" if formula else "cell_error", key, what, fix)
            return None
        return value

    def text(self, key: str, longest: int = LONGEST) -> str:
        """Return a column as text."""
        value = self.value(key)
        text = "" if value is None else read_text(value)
        if len(text) > longest:
            fix = Words(f"Paling panjang {longest} huruf.", f"At most {longest} letters.")
            self.problem("error", "too_long", key, Words("Teks terlalu panjang.", "The text is too long."), fix)
        return text

    def needed(self, key: str, longest: int = LONGEST) -> str:
        """Return a column that must not be empty, as text."""
        text = self.text(key, longest)
        if not text and not self._told_of(key):
            self.problem("error", f"{key}_missing", key, EMPTY, Words("Isi sel ini.", "Fill this cell in."))
        return text

    def _told_of(self, key: str) -> bool:
        heading = self.table.form.named(key).heading
        return any(problem.column == heading for problem in self.problems)

    def choice(self, key: str, otherwise: str, level: Level = "error") -> str:
        """Return the code that a column means, or `otherwise` where it is empty or not understood."""
        value, column = self.value(key), self.table.form.named(key)
        if value is None:
            if column.needed and not self._told_of(key):
                self.problem("error", f"{key}_missing", key, EMPTY, one_of(column))
            return otherwise
        code = read_choice(value, column.choices or {})
        if code is None:
            shown = read_text(value)[:40]
            self.problem(level, f"{key}_unknown", key, Words(f"“{shown}” tidak dikenal.", f"“{shown}” is not understood."), one_of(column))
        return code or otherwise

    def day(self, key: str) -> Day | None:
        """Return the day in a column, if there is one that has been."""
        value = self.value(key)
        if value is None:
            return None
        found = read_day(value, self.today)
        fix = Words("Tulis hari-bulan-tahun, misalnya 12-03-2014.", "Write day-month-year, for example 12-03-2014.")
        if isinstance(found, Words):
            self.problem("error", f"{key}_no_date", key, found, fix)
            return None
        if found.note:
            self.problem("warning", "short_year", key, found.note, fix)
        if found.on > self.today:
            self.problem("error", f"{key}_future", key, Words("Tanggal di masa depan.", "The day lies in the future."), fix)
            return None
        return found

    def number(self, key: str) -> Number:
        """Return a NIK or KK; a wrong one is a warning."""
        value = self.value(key)
        if value is None:
            return Number("", "")
        found = read_number(value)
        if found.doubt:
            fix = Words("Tulis 16 angka dalam sel berformat teks.", "Write the 16 digits into a cell formatted as text.")
            self.problem("warning", f"{key}_doubtful", key, found.doubt, fix)
        return found

    def count(self, key: str) -> int:
        """Return a whole number; 0 where there is none."""
        text = self.text(key).removesuffix(" anak").removesuffix(" orang").strip()
        if text and not (_WHOLE.fullmatch(text) and int(text) <= MOST_PLACES):
            self.problem(
                "error", f"{key}_no_number", key, Words("Bukan angka.", "Not a number."), Words("Tulis angka saja.", "Write digits only.")
            )
            return 0
        return int(text or 0)

    def place(self, key: str, found: Found, typed: str) -> str:
        """Return the code of a district or village that was looked for, and tell what was made of the name."""
        near = ", ".join(found.near)
        if found.corrected:
            self.problem(
                "warning",
                "place_corrected",
                key,
                Words(f"“{typed}” dibaca sebagai {found.name}.", f"“{typed}” was read as {found.name}."),
                Words("Perbaiki bila bukan itu.", "Correct it if that is not meant."),
            )
        elif not found.code and found.near:
            self.problem(
                "error",
                "place_unclear",
                key,
                Words(f"“{typed}” tidak jelas.", f"“{typed}” is not clear."),
                Words(f"Mungkin: {near}. Tulis namanya atau kodenya.", f"Perhaps: {near}. Write its name or its code."),
            )
        elif not found.code:
            self.problem(
                "warning",
                "place_unknown",
                key,
                Words(f"“{typed}” tidak ada di kabupaten ini.", f"“{typed}” is not in this regency."),
                Words("Disimpan sebagai catatan.", "It is kept as a note."),
            )
        return found.code


def one_of(column: Column) -> Words:
    """Return what may stand in a column."""
    names = ", ".join(names[0] for names in (column.choices or {}).values())
    return Words(f"Pilihan: {names}.", f"One of: {names}.")
