"""Every way this program says no, drawn as a tree. The roof turns each into an answer; nothing else does.

CaseworkError
 +-- Refusal            the law says no: every unmet reason at once            409
 +-- Invalid            the input is wrong: every fault with its path          400 / 422
 +-- NotFound           no such thing, or not yours: the same answer           404
 |    +-- Erased        the data were erased                                   410
 +-- Conflict
 |    +-- StaleVersion  somebody was faster, or the page is old                412
 |    +-- KeyReused     the same idempotency key with another body             422
 |    +-- KeyInFlight   the first request with this key is still running       409
 +-- NotSignedIn        no session, or it ended                                401
 |    +-- CodeNeeded    the password was right, a code is asked for            401
 +-- ProofNeeded        the proof of who it is has become too old              403
 +-- OutOfScope         a service's token does not hold for this               403
 +-- Throttled          too many attempts; wait `retry_after` seconds          429
 +-- Unavailable        the journal cannot be written: nothing changed         503
 |    +-- MasterKeyGone the master key was exchanged, its new file is not here 503
 +-- DefinitionError    a machine or a setting contradicts itself              at start
 +-- StoreMismatch      the database is corrupt, older or newer                at start
"""

from typing import Any

import msgspec

from casework.words import Language, Words

_IN_WORDS = {
    "ketentuan aplikasi / product rule": Words("ketentuan aplikasi", "product rule"),
    "retention_years": Words("tentang lama penyimpanan", "on how long is kept"),
    "Identitas tidak boleh diubah (seed)": Words(
        "catatan lapangan: identitas tidak boleh diubah", "field notes: identity is never changed"
    ),
    "(comparator)": Words("(pembanding)", "(comparator)"),
    " art. ": Words(" pasal ", " art. "),
    " Appendix ": Words(" Lampiran ", " Appendix "),
}
"""What in the name of a source is no proper name."""


class Law(msgspec.Struct, frozen=True):
    """Where a rule comes from. `mark` is its provenance: SEEN, SEEN-2, BG-H, BG-M, BG-L or DESIGN."""

    source: str
    mark: str

    def to(self, language: Language) -> str:
        """Return its name for a reader: proper names as they stand, everything else in `language`."""
        named = self.source
        for stored, words in _IN_WORDS.items():
            named = named.replace(stored, words.to(language))
        return named


class Reason(msgspec.Struct, frozen=True):
    """One unmet condition: what is missing, why, by which law, what fixes it, and who can.

    `details` name the concrete gaps (`kin: never contacted`); they may carry names, so they are shown and never journalled.
    `who` holds role codes; `where` holds the form codes through which it is fixed.
    """

    code: str
    words: Words
    law: tuple[Law, ...]
    fix: Words
    who: tuple[str, ...]
    where: tuple[str, ...] = ()
    details: tuple[Words, ...] = ()


class Fault(msgspec.Struct, frozen=True):
    """One wrong value. `path` is a JSONPath such as `$.attempts[0].method`."""

    path: str
    words: Words


class CaseworkError(Exception):
    """The root: catch this to catch every expected no. It crosses from one process to another as it was raised."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Come back with what was said and held, not by being raised anew: what an error says is not what it is made from."""
        return type(self).__new__, (type(self), *self.args), vars(self)


class Refusal(CaseworkError):
    """The machine or the policy refuses; `reasons` holds every unmet condition, never only the first."""

    def __init__(self, reasons: tuple[Reason, ...], *, trigger: str = "", state: str = "", possible: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons
        self.trigger = trigger
        self.state = state
        self.possible = possible

    @property
    def codes(self) -> frozenset[str]:
        """The set of refusal codes, for tests, rehearsals and the journal."""
        return frozenset(reason.code for reason in self.reasons)


class Invalid(CaseworkError):
    """The input is wrong; `faults` holds every fault found, each with its path. Unparseable input is status 400."""

    def __init__(self, *faults: Fault, status: int = 422) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.words.en}" for fault in faults))
        self.faults = faults
        self.status = status


class NotFound(CaseworkError):
    """No such thing for this person. Somebody else's case gives exactly this answer."""


class Erased(NotFound):
    """It was there, and its child's data were erased: told to who might have seen it, to everybody else it is not found."""


class Conflict(CaseworkError):
    """Two intentions met; this one lost. `current` is the version now stored, if known."""

    def __init__(self, message: str, *, current: int | None = None) -> None:
        super().__init__(message)
        self.current = current


class StaleVersion(Conflict):
    """The version named is not the one stored: look again, then decide again."""


class KeyReused(Conflict):
    """An idempotency key came back with another body."""


class KeyInFlight(Conflict):
    """The first request with this idempotency key is still running."""


class NotSignedIn(CaseworkError):
    """No valid session."""


class CodeNeeded(NotSignedIn):
    """The password was right; the account asks for a code as well. `step` stands for the password, for a few minutes."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step


class ProofNeeded(CaseworkError):
    """This asks for a fresh proof of who it is. `wrong` says that one was given and was none."""

    def __init__(self, *, wrong: bool = False) -> None:
        super().__init__()
        self.wrong = wrong


class OutOfScope(CaseworkError):
    """The token of a service account does not hold for this operation."""


class Throttled(CaseworkError):
    """Too many attempts; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Unavailable(CaseworkError):
    """The journal (or the database) cannot be written now. Nothing was changed; trying again is safe."""


class MasterKeyGone(Unavailable):
    """The keys of this database open with another master key than the file has: it was exchanged, and the new file is not here."""


class DefinitionError(CaseworkError):
    """A definition, a parameter file or a setting contradicts itself; the message says where and how."""

    def __init__(self, message: str, **where: Any) -> None:
        super().__init__(message)
        self.where = where


class StoreMismatch(CaseworkError):
    """The database is not one this program may open; the message says what to do."""
