"""Texts that people read, always in Indonesian and English: a text in one language cannot be written."""

from typing import Literal, TypeAlias

import msgspec

Language: TypeAlias = Literal["id", "en"]


class Words(msgspec.Struct, frozen=True):
    """One text in both languages. Fields are language codes (BCP 47)."""

    id: str
    en: str

    def to(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.id if language == "id" else self.en

    def headed(self) -> "Words":
        """Return the text as it stands by itself: with a capital."""
        return Words(self.id[:1].upper() + self.id[1:], self.en[:1].upper() + self.en[1:])
