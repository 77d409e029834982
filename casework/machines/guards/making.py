"""How a guard is made: one function named for the truth it needs, with its words, its law, its remedy and what it reads."""

from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar

from casework.errors import Law
from casework.machines.engine import AskedFacts, Guard, Verdict
from casework.words import Words

F = TypeVar("F", bound=AskedFacts)
Check: TypeAlias = Callable[[F], bool | Iterable[Words]]
"""What a guard function answers: whether it holds, or the concrete gaps, none when it holds."""

WORKER = ("social_worker",)
SUPERVISOR = ("supervisor",)
HEAD = ("dinas_head",)
ON_DUTY = ("social_worker_on_duty", "supervisor")
HOUSE = ("lksa_head",)


def guard(
    words: Words, *, fix: Words, law: tuple[Law, ...], who: tuple[str, ...] = WORKER, reads: tuple[str, ...]
) -> Callable[[Check[F]], Guard[F]]:
    """Make the function below a guard whose code is its name."""

    def make(check: Check[F]) -> Guard[F]:
        return Guard(code=check.__name__, check=_settled(check), words=words, law=law, fix=fix, who=who, reads=reads)

    return make


def _settled(check: Check[F]) -> Callable[[F], Verdict]:
    def verdict(facts: F) -> Verdict:
        answer = check(facts)
        return answer if isinstance(answer, bool) else tuple(answer)

    verdict.__wrapped__ = check  # type: ignore[attr-defined]
    return verdict
