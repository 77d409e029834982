"""Examples of the guards in guards/options.py: the ladder of care."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Child, Facts, Relative
from casework.machines.forms import Attempt, CarePlan
from tests.machines.builders import (
    ASK,
    COLLEAGUE,
    UNCLE,
    WORKER,
    ago,
    all_options,
    approvals,
    approved,
    facts,
    on,
    option,
    placement,
    record,
    tracing,
)
from tests.machines.guard_book import Book

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails
BLOOD = (UNCLE,)


def nuclear(days: float = 0, **changes: Any) -> Facts:
    return facts(option("nuclear", days, **changes))


code = "nuclear_ruled_out"
holds(code, "90 days old", nuclear(90))
holds(code, "dead, so no support is possible", nuclear(code="deceased", support_offered=(), support_impossible_because="dead"))
for _code in (
    "unwilling_after_counselling",
    "unsafe_substantiated",
    "incapable_despite_support",
    "legally_barred",
    "none_available_after_search",
):
    holds(code, _code, nuclear(code=_code))
for _role in ("social_worker", "social_worker_on_duty", "tksk", "psm"):
    holds(code, f"verified by {_role}", nuclear(header={"verifier_role": _role}))
holds(code, "suitable once, ruled out since", facts(option("nuclear", 9, status="suitable", code=""), option("nuclear", 1)))
holds(code, "traced in vain", facts(*tracing()))
holds(
    code,
    "traced in vain, all attempts repeated on the last sheet",
    facts(*tracing()[:2], option("nuclear", 6, code="untraceable", attempts=tuple(each.body.attempts[0] for each in tracing()))),
)
for _role in ("tksk", "psm"):
    _log = option("nuclear", 0, status="open", code="", header={"author_role": _role})
    holds(code, f"a log of the tracing by a {_role} since", facts(option("nuclear", 1), _log))
    fails(code, f"only a log of the tracing by a {_role}", facts(_log))
fails(code, "91 days old", nuclear(91))
fails(code, "nothing filed", facts(), says="own family: no option sheet (F05) is filed")
fails(code, "suitable", nuclear(status="suitable", code=""))
fails(code, "suitable, with a code of ruling out", nuclear(status="suitable"))
fails(code, "still searching", nuclear(status="open", code=""))
fails(code, "ruled out without a code", nuclear(code=""))
fails(code, "called not applicable", nuclear(status="not_applicable", code="age"))
fails(code, "no support offered", nuclear(support_offered=()))
fails(code, "no evidence", nuclear(evidence=()))
fails(code, "the child was not heard on it", nuclear(child_view=" "))
fails(code, "not verified", nuclear(header={"verified_by": None}))
fails(code, "verified by its author", nuclear(header={"verified_by": WORKER}))
fails(code, "verified by an LKSA head", nuclear(header={"verifier_role": "lksa_head"}))
fails(code, "of the round before", facts(option("nuclear"), about={"round": 2}))
fails(
    code,
    "one parent ruled out, the other suitable",
    facts(option("nuclear", candidate="m"), option("nuclear", candidate="f", status="suitable", code="")),
)
fails(
    code,
    "verified by who approves",
    facts(option("nuclear"), ask=replace(ASK, approvals=(replace(approvals("supervisor")[0], person=COLLEAGUE),))),
)
fails(code, "dated tomorrow", nuclear(-1))
fails(code, "untraceable without tracing", nuclear(code="untraceable"))


code = "kin_ruled_out"
KIN_SHEET = option("kin", candidate=UNCLE.id, code="unwilling_after_counselling")
AUNT = Relative("kin-aunt", "Aminah", "bibi", 3)
NONE_LISTED = option("kin", kin_list_complete_signed_by="rt")
holds(code, "the only uncle has an outcome", facts(KIN_SHEET, relatives=BLOOD))
holds(code, "90 days old", facts(option("kin", 90, candidate=UNCLE.id), relatives=BLOOD))
holds(code, "none listed, the RT signs", facts(NONE_LISTED))
holds(
    code,
    "only parents and a distant cousin listed",
    facts(NONE_LISTED, relatives=(Relative("m", "Ani", "mother", 1), Relative("x", "Umar", "sepupu", 4))),
)
fails(code, "91 days old", facts(option("kin", 91, candidate=UNCLE.id), relatives=BLOOD))
fails(code, "an aunt was never contacted", facts(KIN_SHEET, relatives=(UNCLE, AUNT)), says="kin: bibi Aminah was never contacted")
STALE = option("kin", 91, candidate="kin-x", candidate_name="Om Jaya")
fails(code, "a candidate off the list is named by the sheet", facts(STALE), says="kin: Om Jaya – sheet older than 90 days")
NAMELESS = option("kin", 91, candidate="kin-x")
fails(code, "a candidate without a name is named by its id", facts(NAMELESS), says="kin: kin-x – sheet older than 90 days")
fails(code, "a sheet on the whole rung names nobody", facts(option("kin", 91)), says="kin: sheet older than 90 days")
fails(code, "the list is signed but the uncle was never contacted", facts(NONE_LISTED, relatives=BLOOD))
fails(code, "none listed, nobody signs", facts(option("kin")))
fails(code, "nothing filed", facts())
fails(code, "nothing filed, an uncle listed", facts(relatives=BLOOD), says="kin: paman Ahmad was never contacted")
fails(code, "an aunt off the list is suitable", facts(KIN_SHEET, option("kin", candidate="x", status="suitable", code=""), relatives=BLOOD))
fails(code, "no support offered to the uncle", facts(option("kin", candidate=UNCLE.id, support_offered=()), relatives=BLOOD))
fails(
    code,
    "the present carer has no sheet",
    facts(NONE_LISTED, placements=(placement("kin", host=None, relative="kin-x"),)),
    says="kin: kin-x was never contacted",
)
holds(
    code,
    "the present carer has a sheet",
    facts(
        option("kin", candidate="kin-x", kin_list_complete_signed_by="parent"), placements=(placement("kin", host=None, relative="kin-x"),)
    ),
)
holds(
    code, "a carer of long ago needs none", facts(NONE_LISTED, placements=(placement("kin", host=None, relative="kin-x", status="ended"),))
)


code = "all_family_options_ruled_out"
ALL = all_options()
REST: dict[str, Any] = {each.body.rung: each for each in ALL}


def ladder(*, without: str = "", and_: tuple[Any, ...] = (), **changes: Any) -> Facts:
    """Return facts with all rungs ruled out but one, and whatever else."""
    return facts(*(each for rung, each in REST.items() if rung != without), *and_, **{"relatives": BLOOD, **changes})


holds(code, "all five", ladder())
for _rung in REST:
    fails(code, f"{_rung} left out", ladder(without=_rung))
for _rung in ("guardianship", "adoption"):
    for _code in ("parents_have_custody", "no_parental_consent", "age", "child_refuses", "no_suitable_applicant"):
        holds(code, f"{_rung}: {_code}", ladder(without=_rung, and_=(option(_rung, 180, status="not_applicable", code=_code),)))
    IN_PROCESS: dict[str, Any] = {"status": "not_applicable", "code": "in_process", "named_applicant": "Keluarga Rahman"}
    holds(code, f"{_rung}: ruled out", ladder(without=_rung, and_=(option(_rung, support_offered=()),)))
    holds(code, f"{_rung}: in process for 90 days", ladder(without=_rung, and_=(option(_rung, 90, **IN_PROCESS),)))
    fails(code, f"{_rung}: in process for 91 days", ladder(without=_rung, and_=(option(_rung, 91, **IN_PROCESS),)))
    fails(code, f"{_rung}: in process for nobody", ladder(without=_rung, and_=(option(_rung, **{**IN_PROCESS, "named_applicant": " "}),)))
    fails(code, f"{_rung}: 181 days old", ladder(without=_rung, and_=(option(_rung, 181, status="not_applicable", code="age"),)))
    fails(code, f"{_rung}: not applicable without a code", ladder(without=_rung, and_=(option(_rung, status="not_applicable", code=""),)))
    fails(code, f"{_rung}: open, with a code", ladder(without=_rung, and_=(option(_rung, status="open", code="age"),)))
holds(code, "foster search 30 days old", ladder(without="foster", and_=(option("foster", 30, support_offered=()),)))
fails(code, "foster search 31 days old", ladder(without="foster", and_=(option("foster", 31),)))
fails(code, "foster called not applicable", ladder(without="foster", and_=(option("foster", status="not_applicable", code="age"),)))
for _kind, _rung in (("foster", "foster"), ("guardian", "guardianship"), ("pre_adoption", "adoption")):
    fails(code, f"the present {_kind} carer has no sheet", ladder(placements=(placement(_kind, "host-x"),)))
    holds(
        code,
        f"the present {_kind} carer has a sheet",
        ladder(and_=(option(_rung, candidate="host-x"),), placements=(placement(_kind, "host-x"),)),
    )

TODDLER, UNKNOWN = Child("c", date(2023, 1, 1), "day", "islam"), Child("c", None, "unknown", "islam")
SHORT: dict[str, Any] = {"under_three_exception": "emergency_short_fixed"}
holds(code, "a toddler with siblings", ladder(child=TODDLER, and_=(approved(CarePlan, 1, under_three_exception="sibling_group"),)))
holds(code, "a toddler until today", ladder(child=TODDLER, and_=(approved(CarePlan, 1, under_three_until=on(0), **SHORT),)))
holds(code, "a toddler for 90 days", ladder(child=TODDLER, and_=(approved(CarePlan, 1, under_three_until=on(-90), **SHORT),)))
holds(code, "three today", ladder(child=Child("c", date(2022, 6, 10), "day", "islam")))
fails(code, "three tomorrow", ladder(child=Child("c", date(2022, 6, 11), "day", "islam")))
fails(code, "of unknown age", ladder(child=UNKNOWN))
fails(code, "a toddler for 91 days", ladder(child=TODDLER, and_=(approved(CarePlan, 1, under_three_until=on(-91), **SHORT),)))
fails(code, "a toddler until yesterday", ladder(child=TODDLER, and_=(approved(CarePlan, 1, under_three_until=on(1), **SHORT),)))
fails(code, "a toddler without an end", ladder(child=TODDLER, and_=(approved(CarePlan, 1, **SHORT),)))
fails(code, "a toddler without an exception", ladder(child=TODDLER, and_=(approved(CarePlan, 1),)))
fails(
    code, "a toddler, the exception not approved", ladder(child=TODDLER, and_=(record(CarePlan, 1, under_three_exception="sibling_group"),))
)


code = "parents_absent_or_unable"
for _code in ("deceased", "legally_barred", "incapable_despite_support"):
    holds(code, _code, nuclear(code=_code))
holds(code, "untraceable", facts(*tracing()))
fails(code, "unwilling", nuclear(code="unwilling_after_counselling"))
fails(code, "stale", nuclear(91))
fails(code, "nothing filed", facts())
fails(
    code,
    "one parent unable, the other unwilling",
    facts(option("nuclear", candidate="m"), option("nuclear", candidate="f", code="unwilling_after_counselling")),
)
fails(code, "an uncle is dead", facts(option("kin", candidate=UNCLE.id, code="deceased"), relatives=BLOOD))


code = "family_untraceable"
STEPS = tracing()
LAST = STEPS[-1]


def traced(*days_and_methods: tuple[float, str], **changes: Any) -> Facts:
    """Return facts with one sheet for each attempt; the last says untraceable."""
    sheets = [
        option("nuclear", days, status="open", code="", attempts=(Attempt(on(int(days)), method, f"{days}"),))  # type: ignore[arg-type]
        for days, method in days_and_methods
    ]
    sheets[-1] = replace(sheets[-1], body=replace(sheets[-1].body, status="ruled_out", code="untraceable"))
    return facts(*sheets, **changes)


holds(code, "three attempts, two methods, 14 days", facts(*STEPS))
fails(code, "over 13 days", traced((20, "visit"), (12, "phone"), (7, "phone")))
fails(code, "one method", traced((20, "visit"), (12, "visit"), (6, "visit")))
fails(code, "two attempts", traced((20, "visit"), (6, "phone")))
fails(code, "not found untraceable yet", facts(*STEPS[:2], replace(LAST, body=replace(LAST.body, status="open", code=""))))
fails(code, "nothing filed", facts())
fails(code, "an uncle is untraceable", facts(*tracing("kin", candidate=UNCLE.id), relatives=BLOOD))
fails(
    code,
    "a fortnight typed into one sheet",
    facts(
        option("nuclear", code="untraceable", attempts=tuple(Attempt(on(days), "visit" if days else "phone", "x") for days in (20, 10, 0)))
    ),
)
fails(
    code,
    "dated back: attempts count when signed",
    facts(*(replace(each, signed_at=ago(1)) for each in STEPS)),
)
fails(code, "attempts for somebody else", facts(*(replace(each, body=replace(each.body, candidate="m")) for each in STEPS[:2]), LAST))
fails(code, "attempts on another rung", facts(*(replace(each, body=replace(each.body, rung="kin")) for each in STEPS[:2]), LAST))
fails(code, "one attempt repeated", facts(*(replace(each, body=replace(each.body, attempts=STEPS[0].body.attempts)) for each in STEPS)))
