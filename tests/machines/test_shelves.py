"""How facts sort their records, and count birthdays: the same answers as the plain rule, for any records in any order."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework.machines.facts import WITA, Facts, Filed
from casework.machines.forms import CarePlan, CaseConference, ChildView, Form, Incident, OptionSheet
from casework.machines.guards.evidence import anniversary
from tests.machines.builders import facts, form, to
from tests.machines.samples import NOW

KINDS: tuple[type[Any], ...] = (CarePlan, CaseConference, ChildView, Incident, OptionSheet)
BODIES: dict[type[Any], Form] = {kind: form(kind) for kind in KINDS}


@st.composite
def any_records(draw: st.DrawFn) -> tuple[Filed[Any], ...]:
    """Records of several forms and rounds, some at the same moment, some dated in the future, in no order."""
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=12))
    moments = st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))
    return tuple(
        Filed(
            id=f"r-{number}",
            round=draw(st.integers(1, 2)),
            dated=draw(moments),
            signed_at=draw(moments),
            author="p",
            author_role="social_worker",
            body=BODIES[kind],
            digest="d",
        )
        for number, kind in enumerate(kinds)
    )


def by_the_rule(found: Facts, kind: type[Any]) -> list[Filed[Any]]:
    mine = [record for record in found.records if isinstance(record.body, kind) and record.round == found.case.round]
    return sorted(mine, key=lambda record: (record.dated, record.signed_at, record.id), reverse=True)


def assert_sorted(found: Facts) -> None:
    for kind in KINDS:
        rule = by_the_rule(found, kind)
        assert list(found.filed(kind)) == rule
        assert list(found.known(kind)) == [record for record in rule if record.dated <= found.now]
    assert found.shelves.incidents == tuple(record for record in found.records if isinstance(record.body, Incident))
    assert found.today == found.now.astimezone(WITA).date()


@given(any_records())
def test_records_are_of_this_round_newest_first_and_nothing_of_the_future_is_known(records: tuple[Filed[Any], ...]) -> None:
    assert_sorted(facts(*records))


@given(any_records(), any_records())
def test_facts_that_change_sort_anew(records: tuple[Filed[Any], ...], others: tuple[Filed[Any], ...]) -> None:
    before = facts(*records)
    for after in (
        replace(before, records=others),
        replace(before, records=()),
        replace(before, now=NOW - timedelta(hours=2)),
        replace(before, now=NOW + timedelta(days=1)),
        replace(before, case=replace(before.case, round=2)),
    ):
        assert_sorted(after)
    assert_sorted(before)


def test_facts_that_differ_in_something_else_share_what_was_sorted() -> None:
    before = facts(*(Filed(f"r-{kind.__name__}", 1, NOW, NOW, "p", "social_worker", BODIES[kind], "d") for kind in KINDS))
    assert replace(before, trigger="place_with_kin", subject=to(host="h")).shelves is before.shelves
    assert replace(before, records=before.records[:1]).shelves is not before.shelves


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 100))
def test_a_birthday_is_the_same_day_and_29_february_counts_as_1_march_in_other_years(born: date, years: int) -> None:
    assert anniversary(born, years) == born.replace(year=born.year + years, day=1) + timedelta(days=born.day - 1)


def test_the_birthdays_of_29_february() -> None:
    assert [anniversary(date(2012, 2, 29), years) for years in (0, 1, 3, 4)] == [
        date(2012, 2, 29), date(2013, 3, 1), date(2015, 3, 1), date(2016, 2, 29),
    ]  # fmt: skip
