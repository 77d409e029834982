"""What goes on beside a placement: identity that turns out otherwise, the carer's name, and what the case's page costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.services import corrections, records, registers, views
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.records import AttachDocument, CompareDocument
from casework.services.registers import AddBody
from tests.services.beside import report, whole
from tests.services.story import PARAMS, Story
from tests.services.test_budget import counted
from tests.services.ways import IN_CARE, KIN


def corrected(story: Story, field: str, value: str) -> None:
    """Have one identity field corrected, on a paper that was compared."""
    paper = AttachDocument(case=story.case, kind="birth_certificate", number="AL-1", issuer="Disdukcapil", issued_on="2014-01-02")
    made = story.do(records.attach_document, "sari", paper).id
    story.do(records.compare_document, "maya", CompareDocument(case=story.case, document=made))
    ask = RequestIdentityChange(case=story.case, field=field, new_value=value, document=made)  # type: ignore[arg-type]
    change = story.do(corrections.request_identity_change, "sari", ask).id
    story.do(corrections.approve_identity_change, "bambang", ApproveIdentityChange(case=story.case, change=change))


@pytest.mark.parametrize(
    ("field", "value", "looked_at"), [("religion", "hindu", True), ("born", "2016-02-03", True), ("name", "Baru", False)]
)
def test_where_a_child_lives_is_looked_at_anew_when_its_religion_or_age_was_otherwise(
    tell: Callable[..., Story], field: str, value: str, *, looked_at: bool
) -> None:
    story = tell(*IN_CARE)
    before = story.rows("SELECT due_at FROM process WHERE machine = 'periodic_review'")
    corrected(story, field, value)
    after = story.rows("SELECT due_at FROM process WHERE machine = 'periodic_review'")
    told = story.entries()[-1].effects
    assert ("due: review (identity_review_days)" in told) == looked_at
    assert (before != after) == looked_at
    if looked_at:
        assert after[0]["due_at"][:10] == (story.now + timedelta(days=PARAMS.identity_review_days)).date().isoformat()
    assert whole(story)


def test_a_child_at_home_has_no_place_to_look_at(tell: Callable[..., Story]) -> None:
    story = tell("reported", "initial_assessment")
    corrected(story, "religion", "hindu")
    assert story.entries()[-1].effects == ()


def test_the_placement_with_an_aunt_says_her_name(tell: Callable[..., Story]) -> None:
    story = tell(*KIN, "kinship_care")
    shown = next(
        process for process in views.show_case(story.store, story.call("sari"), story.case).processes if process.machine == "placement"
    )
    placed = views.show_case(story.store, story.call("sari"), story.case).placements[0]
    assert shown.about == placed.carer != ""


def asked(story: Story) -> int:
    """Return how often a page asks over a warm connection."""
    with counted(story) as told:
        views.show_case(story.store, story.call("sari"), story.case)
        before = len(told())
        views.show_case(story.store, story.call("sari"), story.case)
        return len(told()) - before


def test_the_page_of_a_case_asks_the_database_no_oftener_the_more_goes_on_beside_it(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE)
    report(story)
    story.sign("F13", receiver=story.do(registers.add_body, "sari", AddBody(name="Polres", kind="police")).id)
    few = asked(story)
    for kind in ("neglect", "physical", "sexual"):
        report(story, type=kind)
    story.sign("F13", receiver=story.do(registers.add_body, "sari", AddBody(name="Puskesmas", kind="ngo")).id)
    assert asked(story) == few
