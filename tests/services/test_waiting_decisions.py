"""The list of what waits for a decision: whose turn it is, and how complete each is, as the decision itself tells it."""

from typing import Any

from casework.machines.care import CARE
from casework.services import decisions, records
from tests.services.story import Story
from tests.services.test_approvals import asked


def test_waiting_decisions_are_shown_to_those_whose_turn_it_is_and_to_nobody_else(admission: Story) -> None:
    request = asked(admission)

    def waiting(by: str) -> list[str]:
        found = decisions.waiting_decisions(admission.store, admission.call(by))
        return [waits.request.id for waits in found if waits.request.id == request]

    assert {by: len(waiting(by)) for by in ("bambang", "lina", "yusuf", "sari", "halimah", "nadia")} == {
        "bambang": 1, "lina": 1, "yusuf": 0, "sari": 0, "halimah": 0, "nadia": 0,
    }  # fmt: skip
    admission.decide(request, "bambang")
    assert (len(waiting("yusuf")), len(waiting("lina"))) == (1, 0)


def test_a_line_of_what_waits_counts_evidence_looks_signatures_and_what_was_lacking_as_the_decision_itself_does(admission: Story) -> None:
    for host in ("", "harapan"):
        request = admission.wish("admit_to_institution", host=host)
        seen, line = decisions.show_decision(admission.store, admission.call("bambang"), request), admission.line(request, "bambang")
        bound: tuple[Any, ...] = (*seen.evidence, *seen.papers, *seen.attachments)
        assert (line.evidence, line.opened, line.signed, line.signatures) == (len(bound), sum(one.opened for one in bound), 0, 2)
        assert seen.step is not None
        assert line.lacking == len(seen.step.missing)
    unread = next(one.id for one in bound if not one.opened)
    admission.do(records.open_evidence, "bambang", records.OpenEvidence(case=admission.case, items=(unread,)))
    assert [admission.line(request, by).opened for by in ("bambang", "lina")] == [line.opened + 1, 0]
    admission.decide(request, "bambang")
    assert (admission.line(request, "yusuf").signed, admission.line(request, "yusuf").opened) == (1, 0)
    admission.decision(request, "yusuf", "approve", reason="", read=True)
    assert admission.line(request, "yusuf").opened == line.evidence > 1


def test_what_stood_and_what_did_not_when_a_step_was_asked_for_is_in_its_entry(admission: Story) -> None:
    for host, unmet in (("", True), ("harapan", False)):
        admission.wish("admit_to_institution", host=host)
        entry = admission.entries()[-1]
        assert entry.kind == "approval_requested"
        assert bool([code for code, held in entry.guards if not held]) is unmet
    row = CARE.transition("care_planning", "admit_to_institution")
    assert row is not None
    assert [code for code, _ in entry.guards] == [guard.code for guard in row.guards]


def test_a_signed_record_that_waits_is_its_own_evidence(kin: Story) -> None:
    kin.sign("F08", setting="family")
    line = kin.line(kin.waiting("record", "countersign:F08"), "bambang")
    assert (line.evidence, line.opened, line.signed, line.signatures, line.lacking) == (1, 0, 0, 1, None)
