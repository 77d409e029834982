"""How a name is compared: folded, spelled as it sounds, cut into grams. Pure: what is hashed, and with which key, is search.py's to say.

Indonesian names are written in many ways for one sound: the spelling from before 1972 (Soekarno, Djoko, Tjahja), Arabic names put into
Latin letters (Achmad, Ahmad), letters doubled or not, Muhammad in a dozen forms and shortened to `M.`, titles and `bin` or `binti`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import msgspec

_SOUNDS = (
    *(("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"), ("nj", "ny")),
    *(("ch", "kh"), ("ph", "f"), ("dh", "d"), ("th", "t"), ("v", "f"), ("q", "k")),
)
"""Spellings of one sound: what is written, and as what it is compared. The first line is the spelling from before 1972."""
_MUHAMMADS = "muh moh muhd mohd mhd mukh mokh mohamad muhamed mohamed mukhamad mokhamad muhamat mohamat"
_FORMS = {**dict.fromkeys(_MUHAMMADS.split(), "muhamad"), "akhmad": "ahmad", "akh": "ahmad", "abd": "abdul"}
"""Forms of one name, as they are after the sounds."""
_APART = frozenset({"bin", "binti", "bte", "alm", "h", "hj", "haji"})
"""Words that are no part of the name, unless they are all of it: titles, and whose child somebody is."""
_NO_LETTER = re.compile(r"[^0-9a-z]+")
_DOUBLED = re.compile(r"(\w)\1+")
_MUCH_LIKE = 8
"""A word of so many letters may hold two mistakes, a shorter one a single mistake."""
WHOLE = "="
"""How the gram of a whole word begins."""
_SHORT = 2
"""A word of so few letters holds none."""
_INSIDE = 4
"""So many letters found in the middle of a word are no accident."""
LIKE = 650
"""Of 1,000: how much a name must be like what was typed to be shown."""


class Word(msgspec.Struct, frozen=True):
    """A word of a name: in small letters without accents, and as it sounds. `joined`: two words of it, taken as one."""

    written: str
    sound: str
    joined: bool = False


def words(name: str) -> tuple[Word, ...]:
    """Return the words of a name that are compared."""
    found = [Word(written, _sound(written)) for written in fold(name).split()]
    if len(found) > 1 and found[0].sound == "m":
        found[0] = Word("m", "muhamad")
    return tuple(word for word in found if word.sound not in _APART) or tuple(found)


def fold(text: str) -> str:
    """Return small letters and digits without accents, everything else as one space; an apostrophe joins (Ma'ruf)."""
    if text.isascii():
        return " ".join(_NO_LETTER.sub(" ", text.lower().replace("'", "").replace("`", "")).split())
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else "" if letter in "'’`ʼ" else " " for letter in plain).split())  # noqa: RUF001


@lru_cache(maxsize=4096)
def _sound(written: str) -> str:
    for letters, sound in _SOUNDS:
        written = written.replace(letters, sound)
    single = _DOUBLED.sub(r"\1", written)
    return _FORMS.get(single, single)


def grams(name: str) -> frozenset[str]:
    """Return what a name is found by: each word whole (`=rina`), and every three letters of it with its ends marked (`^^r`, `na$`)."""
    return frozenset(gram for word in words(name) for gram in grams_of(word))


def grams_of(word: Word) -> list[str]:
    """Return the grams of one word, the whole of it first."""
    return [f"{WHOLE}{word.sound}", *_threes(word.sound)]


def _threes(sound: str) -> list[str]:
    marked = f"^^{sound}$"
    return [marked[place : place + 3] for place in range(len(marked) - 2)]


class Typed:
    """A name as somebody typed it, to be compared with many: what is known of a word of theirs is not worked out again."""

    def __init__(self, text: str) -> None:
        asked = words(text)
        joined = _joined(asked)
        self._words = (*asked, *joined)
        ways = [[*range(len(asked))], *(self._taken_as_one(place, len(asked)) for place in range(len(joined)))] if asked else []
        self._ways: list[tuple[list[int], int]] = [(way, sum(len(self._words[place].sound) for place in way)) for way in ways]
        self._scores: dict[str, tuple[int, ...]] = {}

    @staticmethod
    def _taken_as_one(place: int, many: int) -> list[int]:
        """Return the places of the words, of which two that stand together are one: those stand behind the others."""
        return [*range(place), many + place, *range(place + 2, many)]

    def likeness(self, name: str) -> int:
        """Return how much a name is like what was typed, of 1,000: every typed word against the word of the name most like it.

        Long words weigh more than short ones. Nur Hayati and Nurhayati are one name: two words that stand together also count as one.
        """
        known = words(name)
        if not known or not self._ways:
            return 0
        scores = (self._against(word) for word in (*known, *_joined(known)))
        best: list[int] = [max(of_word) for of_word in zip(*scores, strict=True)]
        return max(sum(best[place] for place in way) // letters for way, letters in self._ways)

    def _against(self, known: Word) -> tuple[int, ...]:
        """Return how much each typed word is like one of a name, times its letters."""
        key = f"{known.written}+" if known.joined else known.written
        if key not in self._scores:
            self._scores[key] = tuple(len(word.sound) * _alike(word, known) for word in self._words)
        return self._scores[key]


def likeness(typed: str, name: str) -> int:
    """Return how much one name is like what was typed, of 1,000."""
    return Typed(typed).likeness(name)


def _joined(several: tuple[Word, ...]) -> tuple[Word, ...]:
    return tuple(Word(one.written + two.written, _sound(one.written + two.written), joined=True) for one, two in pairwise(several))


def _alike(asked: Word, known: Word) -> int:
    if asked.sound == known.sound:
        return 1000 if asked.written == known.written else 990
    if known.sound.startswith(asked.sound) or known.written.startswith(asked.written):
        return 900
    most = 1 if asked.joined or known.joined else 2
    near = _nearness(asked.sound, known.sound, most)
    if asked.written != asked.sound or known.written != known.sound:
        near = max(near, _nearness(asked.written, known.written, most))
    inside = len(asked.sound) >= _INSIDE and asked.sound in known.sound
    return max(near, 750 if inside else 0)


def _nearness(one: str, two: str, most: int) -> int:
    shorter, longer = (len(one), len(two)) if len(one) < len(two) else (len(two), len(one))
    allowed = 0 if longer <= _SHORT else most if shorter >= _MUCH_LIKE else 1
    if longer - shorter > allowed or len({*one} ^ {*two}) > 2 * allowed:  # a mistake adds two letters that only one of them has, at most
        return 0
    mistakes = distance(one, two, allowed)
    return 1000 - 1000 * mistakes // longer if mistakes <= allowed else 0


def distance(one: str, two: str, most: int = 100) -> int:
    """Return how many letters were dropped, added, exchanged or swapped with their neighbour between two words; `most` + 1 for any more."""
    before: list[int] = []
    last = list(range(len(two) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, other in enumerate(two, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != other))
            if before and column > 1 and letter == two[column - 2] and one[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most and min(last) > most:
            return most + 1
        before, last = last, now
    return last[-1]
