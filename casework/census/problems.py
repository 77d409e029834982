"""What is wrong with a row, or worth a look: where it stands, what it is, and how to put it right."""

from __future__ import annotations

from typing import Literal

import msgspec

from casework.words import Language, Words

Level = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem of one cell or row. An error keeps the row out; a warning is brought in and told."""

    level: Level
    code: str
    sheet: str
    row: int
    column: str = ""
    what: Words
    fix: Words

    def told(self, language: Language) -> str:
        """Return the problem in one line, without its place."""
        column = f"{self.column}: " if self.column else ""
        return f"{column}{self.what.to(language)} {self.fix.to(language)}"
