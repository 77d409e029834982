"""Every report of a seeded office, counted once more by hand: slowly, case by case, over the rows and the opened cells."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from statistics import median_low
from typing import Any

import msgspec
import pytest

from casework.machines.care import CARE
from casework.machines.facts import WITA
from casework.services.gist import INCIDENTS
from casework.services.numbers import catalogue
from casework.services.numbers.catalogue import REPORTS, Sought
from casework.services.numbers.children import ORPHANS, PAPERS, REASONS
from casework.services.numbers.sums import count_cells
from tests.databases import dropped
from tests.seed.conftest import Town
from tests.seed.planning import DAY, store_of
from tests.seed.recount import AUDITOR, INSIDE, LIVE, OVER, PERIOD, TABLES, Counting, age, at, busiest, month, read, shown, tallied, within


@pytest.fixture(scope="module")
def counting(town: Town) -> Iterator[Counting]:
    with dropped(town.database.copy()) as database, store_of(database) as store:
        assert len(count_cells(store, DAY)) >= 1
        assert count_cells(store, DAY + timedelta(minutes=1)) == ()
        yield Counting(store, busiest(database), {table: read(database, table) for table in TABLES})


def test_children_by_state_sex_and_age(counting: Counting) -> None:
    found: Counter[tuple[str, str, int]] = Counter()
    for case in counting.cases:
        if case["state"] not in OVER:
            child = counting.children[case["child_id"]]
            band = sum(age(child["born"]) >= begins for begins in (3, 6, 12, 15, 18)) if child["born"] else 6
            found[case["state"], child["sex"], band] += 1
    labels = {state.name: state.label.en for state in CARE.definition.states}
    sexes = {"female": "girls", "male": "boys", "unknown": "not recorded"}
    expected = {
        (labels[state], sexes[sex]): tuple(found[state, sex, band] for band in range(7))
        for state, sex in sorted({(state, sex) for state, sex, _ in found})
    }
    table = counting.report("R1")
    assert shown(table) == {label: (*cells, sum(cells)) for label, cells in expected.items()}
    assert table.total is not None
    assert table.total[-1] == found.total() > 0
    districts = Counter(counting.children[case["child_id"]]["district_code"] for case in counting.cases if case["state"] not in OVER)
    for district, many in districts.items():
        narrowed = counting.report("R1", district=district or "").total
        assert narrowed is not None
        assert narrowed[-1] == many or not district


SETTING = {
    **dict.fromkeys(("family_care", "trial_home_stay", "reintegration"), "family"),
    "kinship_care": "kin",
    **dict.fromkeys(("foster_care", "guardianship", "pre_adoption_care"), "substitute"),
    **dict.fromkeys(INSIDE, "institution"),
    "emergency_care": "emergency",
}
SETTINGS = ("family", "kin", "substitute", "institution", "emergency", "other")


def newest(counting: Counting, case: dict[str, Any], form: str, needs: str = "") -> dict[str, Any] | None:
    bodies = [
        (row["signed_at"], row["id"], msgspec.json.decode(row["body"]))
        for row in counting.rows["record"]
        if row["case_id"] == case["id"] and row["form"] == form and row["status"] != "void" and row["signed_at"]
    ]
    fit = [one for one in sorted(bodies, key=lambda one: one[:2]) if not needs or one[2].get(needs)]
    return fit[-1][2] if fit else None


def test_orphans_and_papers_as_the_newest_personal_data_say(counting: Counting) -> None:
    orphans: Counter[tuple[str, str]] = Counter()
    papers: Counter[tuple[str, str]] = Counter()
    for case in counting.cases:
        if case["state"] in OVER:
            continue
        data = newest(counting, case, "F02")
        status = data["orphan_status"] if data else ""
        orphans[ORPHANS[status].en, SETTING.get(case["state"], "other")] += 1
        for paper, label in PAPERS.items():
            if data is None:
                stands = "unrecorded"
            elif paper == "nik":
                stands = "held" if isinstance(data["nik"], str) else "missing"
            else:
                stands = data.get(paper, {"status": "missing"})["status"]
            papers[label.en, stands] += 1
    assert shown(counting.report("R3")) == tallied(orphans, SETTINGS, total=True)
    told = {label: cells[:-1] for label, cells in shown(counting.report("R8")).items()}
    assert told == tallied(papers, ("held", "applied", "missing", "unrecorded"), total=True)
    assert any("both" in label[0] or "dead" in label[0] for label in shown(counting.report("R3")))


def test_reasons_of_children_away_from_home(counting: Counting) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for case in counting.cases:
        setting = SETTING.get(case["state"], "other")
        if setting not in {"family", "other"}:
            plan = newest(counting, case, "F08", "separation_reason_codes")
            for reason in plan["separation_reason_codes"] if plan else [""]:
                found[REASONS[reason].en, setting] += 1
    assert found
    assert shown(counting.report("R4")) == tallied(found, SETTINGS[1:-1], total=True)


def stays(counting: Counting, states: set[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the episodes of each child in these states, those that touch each other together."""
    by_child = defaultdict(list)
    for row in sorted(counting.of("placement"), key=lambda row: (row["started_at"], row["id"])):
        if row["state"] in states:
            by_child[row["child_id"]].append(row)
    for child, rows in by_child.items():
        together = [rows[0]]
        for row in rows[1:]:
            if together[-1]["ended_at"] is None or row["started_at"] <= together[-1]["ended_at"]:
                together.append(row)
            else:
                yield child, together
                together = [row]
        yield child, together


def test_occupancy_and_length_of_stay(counting: Counting) -> None:
    houses = {row["id"]: row for row in counting.rows["host"]}
    living = Counter(row["host_id"] for row in counting.rows["placement"] if row["status"] in LIVE and row["host_id"])
    table = {line.labels[0].en: line.cells for line in counting.report("R2").lines}
    assert table
    homes = {row["host_id"] for row in counting.of("placement") if row["status"] in LIVE}
    ours = {host for host in homes if host in houses and houses[host]["kind"] == "lksa"}
    assert {houses[host]["name"] for host in ours} <= table.keys()
    for host, row in houses.items():
        if host in ours:
            ratio = round(living[host] / row["caregivers"], 1) if row["caregivers"] else None
            free = row["capacity"] - living[host]
            assert table[row["name"]] == (living[host], row["capacity"], free, row["caregivers"], ratio)
    days = defaultdict(list)
    for _, rows in stays(counting, INSIDE):
        if rows[-1]["ended_at"] is None:
            assert rows[-1]["status"] != "reserved" or at(rows[-1]["reserved_until"]) > DAY
            days[houses[rows[-1]["host_id"]]["name"]].append((DAY - at(rows[0]["started_at"])).days)
    expected = {}
    for name, long in days.items():
        bands = (sum(one <= 365 for one in long), sum(365 < one <= 730 for one in long), sum(one > 730 for one in long))
        expected[name,] = (*bands, len(long), median_low(long))
    assert expected
    assert shown(counting.report("R5")) == expected


def test_entries_exits_and_the_gate(counting: Counting) -> None:
    found: Counter[tuple[str, str]] = Counter()
    before: set[str] = set()
    for child, rows in stays(counting, INSIDE):
        if rows[0]["state"] != "institution_unverified" and within(rows[0]["started_at"]):
            found[month(rows[0]["started_at"]), "again" if child in before else "entries"] += 1
        if rows[-1]["ended_at"] and within(rows[-1]["ended_at"]):
            found[month(rows[-1]["ended_at"]), "exits"] += 1
        before.add(child)
    asked = defaultdict(list)
    for row in counting.of("approval_request"):
        if row["trigger"] == "admit_to_institution" and within(row["requested_at"]):
            asked[row["case_id"]].append(row)
    states = {case["id"]: case["state"] for case in counting.cases}
    family = {*SETTING} - INSIDE - {"emergency_care"}
    kept = 0
    for case, rows in asked.items():
        first = min(row["requested_at"] for row in rows)
        out = all(row["status"] != "consumed" for row in rows) and (
            any(row["status"] == "rejected" for row in rows) or states[case] in family
        )
        found[month(first), "asked"] += 1
        found[month(first), "kept_out"] += out
        kept += out
    told = {label: cells[:-1] for label, cells in shown(counting.report("R6")).items()}
    assert told == tallied(found, ("entries", "again", "exits", "asked", "kept_out"), total=False)
    assert len(counting.report("R6").lines) == 49
    first = catalogue.show_first_page(counting.store, AUDITOR, Sought(office=counting.office, **PERIOD)).first
    figures = {one.code: one for one in first.figures}
    assert figures["gatekeeping"].beside[0].en == f"{kept} of {len(asked)} children were kept out"
    assert len(asked) > 0


def test_who_decided_how_and_how_long_it_took(counting: Counting) -> None:
    asked = {row["id"]: row for row in counting.of("approval_request")}
    made = [row for row in counting.rows["approval_decision"] if row["request_id"] in asked and within(row["at"])]
    names = {row["id"]: row["name"] for row in counting.rows["person"]}
    by = defaultdict(list)
    last: dict[str, timedelta] = {}
    for row in made:
        waited = at(row["at"]).replace(microsecond=0) - at(asked[row["request_id"]]["requested_at"]).replace(microsecond=0)
        by[names[row["person"]]].append((row["decision"], waited))
        if asked[row["request_id"]]["kind"] != "record":
            last[row["request_id"]] = max(waited, last.get(row["request_id"], waited))
    first = catalogue.show_first_page(counting.store, AUDITOR, Sought(office=counting.office, **PERIOD)).first
    expected = {}
    for name, decided in by.items():
        refused = sum(how != "approve" for how, _ in decided)
        quick = sum(how == "approve" and waited < timedelta(seconds=60) for how, waited in decided)
        expected[name] = (len(decided), round(100 * refused / len(decided)), quick)
    assert expected
    assert {line.labels[0].en: line.cells for line in first.approvers} == expected
    figures = {one.code: one for one in first.figures}
    assert figures["time_to_decide"].beside[0].en == f"{len(last)} requests decided"
    middle = median_low(last.values())
    assert figures["time_to_decide"].value.id == f"{round(middle.total_seconds() / 60)} menit" or middle >= timedelta(hours=2)


def test_reviews_by_house_and_how_late_they_are(counting: Counting) -> None:
    named = {row["name"]: row["id"] for row in counting.rows["host"]}
    homes = {row["case_id"]: row["host_id"] for row in counting.of("placement") if row["status"] in LIVE}
    listed = {named[line.labels[0].en] for line in counting.report("R7").lines if line.labels[0].en in named}
    names = {host: name for name, host in named.items()}
    found: Counter[tuple[str, str]] = Counter()
    for row in counting.of("process"):
        if row["machine"] == "periodic_review" and row["state"] not in {"endorsed", "ended"}:
            late = DAY - at(row["due_at"])
            stands = "critical" if late >= timedelta(days=30) else "overdue" if late >= timedelta(days=14) else "due"
            stands = "submitted" if row["state"] == "submitted" else "ahead" if late < timedelta() else stands
            home = homes.get(row["case_id"])
            found[names[home] if home in listed else "in no institution of this office", stands] += 1
    assert found
    assert shown(counting.report("R7")) == tallied(found, ("ahead", "due", "overdue", "critical", "submitted"), total=True)


def steps(counting: Counting, machine: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for row in counting.of("process"):
        if row["machine"] == machine:
            yield row, sorted((one for one in counting.rows["process_step"] if one["process_id"] == row["id"]), key=lambda one: one["n"])


def test_reunifications(counting: Counting) -> None:
    found: Counter[tuple[str, str]] = Counter()
    children = {case["id"]: case["child_id"] for case in counting.cases}
    for process, made in steps(counting, "reunification"):
        for step in made:
            if step["trigger"] in {"start_trial", "break_down", "complete"} and within(step["occurred_at"]):
                found[month(step["occurred_at"]), step["trigger"]] += 1
            if step["trigger"] == "complete" and within(step["occurred_at"]):
                again = [
                    at(row["started_at"]) - at(step["occurred_at"])
                    for row in counting.rows["placement"]
                    if row["child_id"] == children[process["case_id"]] and row["started_at"] >= step["occurred_at"]
                ]
                if again and min(again) <= timedelta(days=365):
                    found[month(step["occurred_at"]), "within_6" if min(again) <= timedelta(days=183) else "within_12"] += 1
    codes = ("start_trial", "break_down", "complete", "within_6", "within_12")
    assert shown(counting.report("R9")) == tallied(found, codes, total=False)
    first = catalogue.show_first_page(counting.store, AUDITOR, Sought(office=counting.office, **PERIOD)).first
    home = sum(many for (_, code), many in found.items() if code == "complete")
    assert next(one.value.en for one in first.figures if one.code == "returns") == f"{home} children"


def test_emergencies_and_incidents(counting: Counting) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for _, rows in stays(counting, {"emergency_care"}):
        ended = rows[-1]["ended_at"]
        late = (at(ended) if ended else DAY) - at(rows[0]["started_at"]) > timedelta(days=14)
        code = ("ended_late" if late else "ended_in_time") if ended else ("too_long" if late else "going_on")
        found[month(rows[0]["started_at"]), code] += within(rows[0]["started_at"])
    codes = ("ended_in_time", "ended_late", "going_on", "too_long")
    assert shown(counting.report("R11")) == tallied(found, codes, total=True)
    told: Counter[tuple[str, str]] = Counter()
    mine = {case["id"] for case in counting.cases}
    for row in counting.rows["record"]:
        if row["form"] == "F17" and row["status"] != "void" and row["case_id"] in mine and row["signed_at"]:
            body = msgspec.json.decode(row["body"])
            happened, heard = at(body["happened_at"]), body.get("reported_to_dinas_at")
            if within(min(happened, at(row["signed_at"])).astimezone(UTC).isoformat()):
                in_time = heard and at(heard) - happened <= timedelta(hours=24)
                told[INCIDENTS[body["type"]].en, "in_time" if in_time else "late" if heard else "untold"] += 1
    assert shown(counting.report("R10")) == tallied(told, ("in_time", "late", "untold"), total=True)


def test_referrals(counting: Counting) -> None:
    bodies = {row["id"]: row["name"] for row in counting.rows["body"]}
    found: Counter[tuple[str, str]] = Counter()
    for process, made in steps(counting, "referral"):
        triggers = [step["trigger"] for step in made]
        if "send" not in triggers or not within(made[triggers.index("send")]["occurred_at"]):
            continue
        heard = [one for one in triggers if one in {"fall_silent", "ask_information", "acknowledge", "accept", "decline"}]
        answered = [one for one in heard if one != "fall_silent"]
        silent = heard[:1] == ["fall_silent"]
        code = ("late" if silent else "in_time") if answered else ("unanswered" if silent else "waiting")
        found[bodies.get(process["body_id"], "receiver not recorded"), code] += 1
    assert shown(counting.report("R12")) == tallied(found, ("in_time", "late", "unanswered", "waiting"), total=True)


def test_compliance_of_houses(counting: Counting) -> None:
    today = DAY.astimezone(WITA).date().isoformat()
    year_ago = (DAY.astimezone(WITA).date() - timedelta(days=366)).isoformat()
    houses = {row["name"]: row for row in counting.rows["host"] if row["kind"] == "lksa"}
    table = {line.labels[0].en: line.cells for line in counting.report("R13").lines}
    assert table
    for name, cells in table.items():
        row = houses[name]
        staff = [one["status"] for one in counting.rows["staff"] if one["host_id"] == row["id"] and one["status"] not in {"left", "barred"}]
        met = (
            row["status"] == "active",
            (row["licence_until"] or "") >= today,
            (row["accredited_until"] or "") >= today or (row["accreditation_waiver_until"] or "") >= today,
            (row["policy_dated"] or "") >= year_ago and bool(row["policy_disseminated"]),
            bool(staff) and {*staff} <= {"cleared", "expiring"},
            bool(row["complaint_channel"]),
        )
        assert cells == (*map(int, met), sum(met)), name


def test_children_served_outside_and_workload(counting: Counting) -> None:
    outside = {*SETTING} - INSIDE - {"emergency_care"} | {"aftercare"}
    served = sum(case["state"] in outside for case in counting.cases)
    table = counting.report("R14")
    assert table.total == (served,)
    assert "not set" in table.notes[0].en
    names = {row["id"]: row["name"] for row in counting.rows["person"]} | {None: "assigned to nobody"}
    load = Counter(names[case["assigned_to"]] for case in counting.cases if case["state"] not in OVER)
    overdue = (row for row in counting.of("task") if not row["settled_at"] and at(row["due_at"]) < DAY)
    late = Counter(names[row["worker"]] for row in overdue)
    told = {line.labels[0].en: (line.cells[0], line.cells[2]) for line in counting.report("R15").lines}
    assert told == {name: (load[name], late[name]) for name in {*load, *late}}
    chain = [line.cells[0] for line in counting.report("R16").lines]
    assert chain == [len(counting.cases), sum(case["seq"] for case in counting.cases), 0]


def test_every_report_was_counted_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [report.code for report in REPORTS] == [f"R{number}" for number in range(1, 17)]
    assert [report.code for report in REPORTS if f'counting.report("{report.code}"' not in source] == []
