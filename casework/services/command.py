"""What every command shares: one transaction, one answer per idempotency key, and a journal entry for every refused attempt."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar

import msgspec

from casework.errors import CaseworkError, Fault, Invalid, NotFound, ProofNeeded, Reason, Refusal, StaleVersion
from casework.machines import policy
from casework.machines.forms import read
from casework.services import sessions, tokens
from casework.services.proof import check_proof
from casework.services.refusals import backdating_needs_supervisor
from casework.store import answers, cases, journal
from casework.store import sessions as session_store
from casework.store.call import Call, Caller, Knock
from casework.store.cases import CaseRow
from casework.store.driver import Asked
from casework.store.sharing import Foreseen
from casework.store.statements import Query
from casework.store.store import Store
from casework.store.unit import MACHINES, Unit, locks_of
from casework.words import Words

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R")
P = ParamSpec("P")


EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""The earliest moment that may be claimed for anything in the journal."""


class _Refused(msgspec.Struct, frozen=True):
    """A refusal as kept for a repeated key."""

    reasons: tuple[Reason, ...]
    trigger: str
    state: str
    possible: tuple[str, ...]


Ahead: TypeAlias = Callable[[Any], tuple[tuple[Query, ...], dict[str, str]]]
"""What a command will want to know, from its ask: queries and their values."""


def of_its_case(ask: Any) -> tuple[tuple[Query, ...], dict[str, str]]:
    """Look ahead at the row of the case that an ask names."""
    case_id = getattr(ask, "case", "")
    return ((cases.CASE,), {"case_id": case_id}) if case_id else ((), {})


class Command(Generic[A, R]):
    """A service made of a verb: `verb(unit, ask) -> answer` is called as `command(store, caller, ask) -> answer`.

    Done: journalled and committed before the answer exists. Refused: undone, the attempt journalled in the actor's stream and committed,
    then raised. The same key and body give the same answer again; another body raises KeyReused. A caller who only knocks comes in here.
    An ask is read against its own types first, whoever made it: a Struct built in Python was checked by nobody. Late entry is asked about
    here, once for all, and last: whose business it is not, and what is wrong with the ask itself, is told first.
    """

    def __init__(self, verb: Callable[[Unit, A], R], answer: type[R], ahead: Ahead) -> None:
        functools.update_wrapper(self, verb)
        self._verb = verb
        self._name = verb.__name__
        self.answer = answer
        self._ahead = ahead
        self._foresees = ahead is not of_its_case

    def __call__(self, store: Store, caller: Caller, ask: A) -> R:
        """Do it in the caller's thread."""
        return self.end(store.carry_out(*self.begin(caller, ask)))

    def begin(self, caller: Caller, ask: A) -> tuple[Call, Callable[[Unit], R | CaseworkError]]:
        """Return what a store carries out: whose call it is, and what to do in its unit. A refusal is an outcome like another."""
        digest = hashlib.sha256(msgspec.json.encode((self._name, caller.occurred_at, ask), order="sorted")).hexdigest()
        checked = _checked(ask)
        call = caller if isinstance(caller, Call) else caller.by(sessions.NOBODY)

        queries, values = _wanted(caller, *self._ahead(ask))

        def work(unit: Unit) -> R | CaseworkError:
            if queries:
                unit.look_ahead(*queries, **values)
            if isinstance(caller, Knock):
                (tokens if caller.bearer else sessions).come_in(unit, caller)
            kept = answers.find(unit, digest, _account(caller))
            if isinstance(caller, Knock) and not caller.bearer:
                sessions.note_use(unit, caller)
            return _again(kept, self.answer) if kept is not None else self._do(unit, ask, checked, digest)

        return call, Foreseen(work, Asked(queries, values), locks_of(values)) if self._foresees else work

    def _do(self, unit: Unit, ask: A, checked: A | Invalid, digest: str) -> R | CaseworkError:
        try:
            with unit.savepoint():
                check_proof(unit.call, self._name, unit.params.proof_minutes)
                _check_times(unit.call)
                if isinstance(checked, Invalid):
                    raise checked
                result = self._verb(unit, checked)
                _check_late_entry(unit, str(getattr(ask, "case", "") or ""))
        except (Refusal, StaleVersion, NotFound, Invalid, ProofNeeded) as no:
            _journal_refusal(unit, self._name, ask, no, digest)
            return no
        answers.keep(unit, digest, "done", msgspec.json.encode(result))
        return result

    @staticmethod
    def end(outcome: R | CaseworkError) -> R:
        """Return the answer, or raise the refusal: after the commit."""
        if isinstance(outcome, CaseworkError):
            raise outcome
        return outcome


def command(answer: type[R], ahead: Ahead = of_its_case) -> Callable[[Callable[[Unit, A], R]], Command[A, R]]:
    """Make a service of a verb. `answer` is the type of what it answers; `ahead` says what it is sure to want to know."""
    return lambda verb: Command(verb, answer, ahead)


def _checked(ask: A) -> A | Invalid:
    try:
        return read(type(ask), msgspec.to_builtins(ask))
    except Invalid as no:
        return no


def _wanted(caller: Caller, queries: tuple[Query, ...], values: dict[str, str]) -> tuple[tuple[Query, ...], dict[str, str]]:
    """Return what is sure to be needed, asked with one statement: who knocks, what was answered under this key, what the command wants."""
    through = caller.through
    if isinstance(caller, Knock):
        queries = (*session_store.COMES_IN, *queries)
    if through.key:
        queries = (answers.ANSWER, *queries)
    return queries, {"session": through.session, "account": _account(caller), "key": through.key, **values}


def _account(caller: Caller) -> str:
    return caller.who.account if isinstance(caller, Call) else ""


def question(ask: Callable[Concatenate[Unit, P], R]) -> Callable[Concatenate[Store, Call, P], R]:
    """Make a service out of a reading function: one snapshot, nothing written."""

    def service(store: Store, call: Call, /, *rest: P.args, **named: P.kwargs) -> R:
        with store.read(call) as unit:
            return ask(unit, *rest, **named)

    service.__name__, service.__doc__ = ask.__name__, ask.__doc__
    return service


def _again(kept: tuple[str, str], answer: type[R]) -> R | Refusal:
    outcome, body = kept
    if outcome == "refused":
        refused = msgspec.json.decode(body, type=_Refused)
        return Refusal(refused.reasons, trigger=refused.trigger, state=refused.state, possible=refused.possible)
    return msgspec.json.decode(body, type=answer)


def _check_times(call: Call) -> None:
    """Nothing happens in the future, nor before anybody kept records. Raises Invalid."""
    if not _believable(call):
        words = Words("Waktu kejadian tidak boleh di masa depan atau sebelum 1990.", "The time cannot be in the future or before 1990.")
        raise Invalid(Fault("$.occurred_at", words))


def _believable(call: Call) -> bool:
    return call.occurred_at is None or EARLIEST <= call.occurred_at <= call.at


def _check_late_entry(unit: Unit, case_id: str = "") -> None:
    """What happened longer ago than `backdating_days` is entered by a supervisor of the case's office, or its head (DOMAIN 7.1.2).

    The cases are the one named and every one that came into being or changed; with none of them it takes a seat as one. Raises Refusal.
    """
    days = unit.params.backdating_days
    if unit.call.at - unit.call.happened_at <= timedelta(days=days):
        return
    concerned = [_visible(unit, one) for one in unit.touched | {case_id} if one]
    seated = frozenset(seat.role for seat in unit.call.who.seats if seat.host is None)
    held = [cases.capacities(unit, case, "enter_late") if case else frozenset() for case in concerned] or [seated]
    if not all(policy.may(roles, "enter_late") for roles in held):
        raise Refusal((backdating_needs_supervisor(days),))


def _journal_refusal(unit: Unit, verb: str, ask: msgspec.Struct, no: CaseworkError, digest: str) -> None:
    """Write the refused attempt. Only a Refusal is kept for its key: what was wrong with the input may be corrected and sent again.

    What the caller typed reaches the journal only if it is a case's id or a trigger of its machine: the vocabulary is closed.
    An unbelievable moment does not reach it at all.
    """
    if not _believable(unit.call):
        unit.call = msgspec.structs.replace(unit.call, occurred_at=None)
    case_id = str(getattr(ask, "case", "") or "")
    case = _visible(unit, case_id)
    codes = tuple(sorted(no.codes)) if isinstance(no, Refusal) else (_code(no),)
    journal.append_for_actor(
        unit,
        "refused",
        case=case,
        refused=True,
        reason_code=verb,
        codes=codes,
        trigger=_known_trigger(case, getattr(ask, "trigger", "")) if case else "",
        case_id=case_id if cases.is_case(unit, case_id) else "",
    )
    if isinstance(no, Refusal):
        kept = _Refused(no.reasons, no.trigger, no.state, no.possible)
        answers.keep(unit, digest, "refused", msgspec.json.encode(kept))


def _known_trigger(case: CaseRow, trigger: str) -> str:
    return trigger if any(arc.trigger == trigger for arc in MACHINES[case.machine, case.version].arcs) else ""


def _visible(unit: Unit, case_id: str) -> CaseRow | None:
    if not case_id:
        return None
    try:
        return cases.get_case(unit, case_id)
    except NotFound:
        return None


def _code(no: CaseworkError) -> str:
    names = {StaleVersion: "stale_version", NotFound: "not_found", Invalid: "invalid", ProofNeeded: "proof_needed"}
    return names.get(type(no), "conflict")


def open_for_change(unit: Unit, case_id: str) -> CaseRow:
    """Return a case that is about to be changed, if it is still the version the caller saw. Raises NotFound or StaleVersion."""
    case = cases.get_case(unit, case_id)
    seen = unit.call.seen
    if seen is not None and seen != case.seq:
        msg = f"you saw version {seen}, the case is at {case.seq}"
        raise StaleVersion(msg, current=case.seq)
    return case


class Saved(msgspec.Struct, frozen=True):
    """What most commands answer: the id of what came into being, and the version of the case after it."""

    id: str
    version: int


def done(new_id: str, case: CaseRow) -> Saved:
    """Answer with an id and the case's new version."""
    return Saved(new_id, case.seq)
