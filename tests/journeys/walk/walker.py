"""One walk: a whole case, from the report to an end, along arcs that are drawn, with everything checked after every step."""

from __future__ import annotations

from collections import Counter

from casework.errors import Reason, Refusal, StaleVersion
from casework.ledger.event import Event, decode_event
from casework.machines.care import CARE
from casework.machines.engine import Transition
from casework.machines.facts import Facts, Subject
from casework.services.cases import Advanced
from tests.journeys.walk import chart, history, laws
from tests.journeys.walk.finishing import decide_as, turn_of
from tests.journeys.walk.look import Look
from tests.journeys.walk.remedies import HISTORY, hear_the_child, remedy
from tests.journeys.walk.town import Journey

ATTEMPTS = 6
APPROVAL = frozenset({"approval_missing", "approval_superseded"})
NO_STEP = {"no_such_transition"}
TRIGGERS = tuple(row.trigger for row in CARE.definition.transitions)
HOMES = ("kin_household", "neighbour_household")


class Stuck(Exception):
    """A step could not be brought about here: what stands in its way is not the child's own history."""


class Tally:
    """What all walks together have done: how often each step of each machine was taken, and each trigger asked where it does not exist."""

    def __init__(self) -> None:
        self.taken: chart.Made = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.done: Counter[str] = Counter()
        self.stuck: Counter[tuple[str, str, str]] = Counter()
        self.alarms: Counter[str] = Counter()


class Walker:
    """Takes one case along. `turns` are the draws: each choice takes the next one."""

    def __init__(self, walk: Journey, turns: bytes, tally: Tally, *, turning: bool) -> None:
        self.walk = walk
        self.turns = iter(turns)
        self.tally = tally
        self.here = chart.Standing(turning=turning)
        self.replay = history.Replay()

    def make(self, *triggers: str) -> None:
        """Take exactly these steps, a day apart."""
        if not self.walk.case:
            self.walk.register()
            self.replay.follow(self.walk)
        for trigger in triggers:
            self.walk.next_morning()
            self.take(trigger)

    def _draw(self, count: int) -> int:
        return next(self.turns, 0) % count

    def take(self, trigger: str) -> None:
        """Make one move, with what must be refused before it, and everything that must hold after it."""
        row = chart.ROWS[self.here.state, trigger]
        self._ask_what_does_not_exist()
        subject = self._subject(trigger)
        by = self._who(row)
        done = self._bring_about(row, subject, by)
        self.here = chart.after(self.here, row)
        assert self.here.state == done.state
        self.tally.done["moves"] += 1
        self._ratify(row)
        self._confirm()
        self.follow()
        faults = laws.broken(Look(self.walk.rows, self.walk.at))
        assert not faults, faults

    def follow(self) -> list[Event]:
        """Replay what is new in the journal, and count every step that it tells of."""
        entries = self.replay.follow(self.walk)
        for entry in entries:
            if entry.kind == "moved":
                self.tally.taken[chart.CARE_JOURNEY, entry.source, entry.trigger] += 1
        return entries

    def _ask_what_does_not_exist(self, most: int = 2) -> None:
        """The triggers asked least that do not leave this state: refused as exactly that."""
        illegal = [trigger for trigger in TRIGGERS if (self.here.state, trigger) not in chart.ROWS]
        illegal.sort(key=lambda trigger: self.tally.refused[self.here.state, trigger])
        unasked = sum(not self.tally.refused[self.here.state, trigger] for trigger in illegal)
        for trigger in illegal[: max(1, min(most, unasked))]:
            self._must_refuse(trigger, Subject(), "sari", exactly=NO_STEP)
            self.tally.refused[self.here.state, trigger] += 1

    def _must_refuse(self, trigger: str, subject: Subject, by: str, *, exactly: set[str] | None = None) -> Refusal:
        """Ask, be refused, find nothing changed, and find the attempt in the stream of whoever asked (I12)."""
        refusal = self._ask(trigger, subject, by)
        assert isinstance(refusal, Refusal), f"{self.here.state} {trigger}: {refusal}"
        assert exactly is None or refusal.codes == exactly, f"{self.here.state} {trigger}: {sorted(refusal.codes)}"
        return refusal

    def _ask(self, trigger: str, subject: Subject, by: str) -> Refusal | Advanced:
        """Ask for a step as somebody who has seen the case as it stands."""
        before = self.walk.row
        draw = self._draw(16)
        if draw == 1:
            stale = self.walk.advance(trigger, subject, by, seen=before["seq"] - 1)
            assert isinstance(stale, StaleVersion)
            assert dict(self.walk.row) == dict(before)
        key = f"walk-{before['seq']}-{self.walk.refused}" if draw == 2 else ""
        answer = self.walk.advance(trigger, subject, by, key=key, seen=before["seq"])
        if isinstance(answer, Refusal):
            assert dict(self.walk.row) == dict(before)
            self._check_refusal_is_journalled(answer, trigger, by)
            return answer
        assert isinstance(answer, Advanced), answer
        if key:
            assert self.walk.advance(trigger, subject, by, key=key, seen=before["seq"]) == answer
        return answer

    def _check_refusal_is_journalled(self, refusal: Refusal, trigger: str, by: str) -> None:
        account = self.walk.town.who[by].account
        last = self.walk.rows("SELECT body FROM actor_event WHERE account_id = ? ORDER BY seq DESC LIMIT 1", account)[0]
        entry = decode_event(last["body"])
        told = (entry.kind, entry.outcome, entry.case, entry.trigger, entry.reason_code, entry.codes)
        assert told == ("refused", "refused", self.walk.case, trigger, "advance_case", tuple(sorted(refusal.codes))), "I12"

    def _bring_about(self, row: Transition[Facts], subject: Subject, by: str) -> Advanced:
        """Ask, do what the refusal asks for, and ask again, until the step is made."""
        disturbed = self._draw(8) != 1
        reasons: tuple[Reason, ...] = ()
        for _ in range(ATTEMPTS):
            before = history.sight(self.walk)
            answer = self._ask(row.trigger, subject, by)
            if isinstance(answer, Advanced):
                after = history.sight(self.walk)
                moves = [entry for entry in self.follow() if entry.kind == "moved"]
                assert [(entry.trigger, entry.dest) for entry in moves] == [(row.trigger, answer.state)]
                history.check_move(self.walk, before, after, moves[0])
                return answer
            reasons = answer.reasons
            if wrong := answer.codes & HISTORY:
                raise Stuck(f"{self.here} {row.trigger} {subject}: {[(r.code, r.details) for r in reasons if r.code in wrong]}")
            if answer.codes - APPROVAL:
                remedy(self.walk, answer, row.trigger, subject)
            complete = not answer.codes - APPROVAL
            if complete or (row.before and self._draw(4)):
                self._approve(row, subject)
                if complete and not disturbed and self._rests_on_the_view(row):
                    disturbed = True
                    hear_the_child(self.walk, row.trigger, subject)
                    self._must_refuse(row.trigger, subject, by, exactly={"approval_superseded"})
        still = [(reason.code, [words.en for words in reason.details]) for reason in reasons]
        raise Stuck(f"{self.here.state} {row.trigger} {subject}: still refused: {still}")

    def _rests_on_the_view(self, row: Transition[Facts]) -> bool:
        return any(guard.code == "child_view_recorded" for guard in row.guards)

    def _approve(self, row: Transition[Facts], subject: Subject) -> None:
        """Request, and let each approver open the evidence and sign; one time in eight the first one sends it back first."""
        if self._draw(8) == 1:
            back = self.walk.request(row.trigger, subject)
            decide_as(self.walk, back, row.before[0], "return" if self._draw(2) else "reject")
        request = self.walk.request(row.trigger, subject)
        while role := turn_of(self.walk, request):
            decide_as(self.walk, request, role)

    def _ratify(self, row: Transition[Facts]) -> None:
        """Ratify now, later or never; a ratification that is refused goes to the head of the office."""
        draw = self._draw(4)
        if row.ratification is None or draw == 3:
            return
        request = self._ratification()
        role = turn_of(self.walk, request)
        if draw == 2 and role == "supervisor":
            decide_as(self.walk, request, role, "reject")
            request = self._ratification()
            assert turn_of(self.walk, request) == "dinas_head"
        decide_as(self.walk, request, turn_of(self.walk, request))

    def _ratification(self) -> str:
        found = self.walk.rows(
            "SELECT id FROM approval_request WHERE case_id = ? AND kind = 'ratification' AND status = 'submitted' ORDER BY id DESC",
            self.walk.case,
        )
        return str(found[0]["id"])

    def _confirm(self) -> None:
        """Sign the admission minutes of a child just admitted, every other time."""
        live = self.walk.placement
        if live is not None and live["status"] == "unconfirmed" and self._draw(2):
            self.walk.file("F11", host=live["host_id"])

    def _who(self, row: Transition[Facts]) -> str:
        if "supervisor" in row.by:
            return ("sari", "maya", "lina")[self._draw(3)]
        live = self.walk.placement
        if "lksa_head" in row.by and live is not None and live["host_id"] == self.walk.town.hosts["harapan"]:
            return ("sari", "halimah", "anton")[self._draw(3)]
        return "sari"

    def _subject(self, trigger: str) -> Subject:
        """Choose whom the step is about: never the present carer."""
        hosts = self.walk.town.hosts
        kinds = {
            "place_with_foster_family": ("keluarga_hasan", "keluarga_idris"),
            "change_foster_family": ("keluarga_hasan", "keluarga_idris"),
            "record_guardianship": ("wali", "kin"),
            "start_pre_adoption_care": ("cota",),
            "admit_to_institution": ("harapan", "nur"),
            "change_institution": ("harapan", "nur"),
            "relocate_from_lost_host": ("harapan", "nur"),
            "register_existing_resident": ("harapan", "nur"),
            "place_with_kin": ("kin",),
            "change_kin_family": ("kin",),
        }
        emergency = ("rpsa", "tetangga", "harapan", "keluarga_hasan")
        if trigger == "transfer_out":
            bodies = self.walk.town.cast.bodies
            return Subject(receiver=(bodies["dinas_samarinda"], bodies["provinsi"])[self._draw(2)])
        needs_host = any(guard.code == "host_eligible" for guard in chart.ROWS[self.here.state, trigger].guards)
        names = kinds.get(trigger, emergency if needs_host and chart.ROWS[self.here.state, trigger].dest == "emergency_care" else ())
        free = [name for name in names if name == "kin" or hosts[name] != self.walk.carer]
        if not free:
            return Subject()
        chosen = free[self._draw(len(free))]
        return Subject(relative=self._relative()) if chosen == "kin" else Subject(host=hosts[chosen])

    def _relative(self) -> str:
        free = [relative for relative in self.walk.relatives if relative != self.walk.carer]
        return free[0] if free else self.walk.add_relative()
