"""Search, on both engines: names with typing mistakes, numbers, nothing of anybody else's, and nothing readable in the index."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.errors import StoreMismatch, Unavailable
from casework.services import cases, corrections, lists, records, registers, search
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.registers import OfferChild
from casework.store import blind
from casework.store import cases as case_rows
from casework.store import search as index
from casework.store.keys import fingerprint
from casework.store.search import Findable, index_children
from casework.store.statements import Query, Values, as_list
from casework.store.store import Store
from casework.store.unit import Unit
from tests.cells import MASTER
from tests.services.story import PARAMS, SEARCH_KEY, Story
from tests.store.test_spelling import mistyped

NIK, CARD = "6402031203160009", "6402031203160777"
TYPED = {
    "Bayu Saputra": "Bayu Saptura",
    "Intan Permata": "Intan Permta",
    "Citra Dewi": "Citra Dewwi",
    "Siti Aminah": "Sity Aminah",
    "Muhammad Rizky": "M. Rizki",
    "Mochamad Fauzi": "Muhamad Fauzy",
    "Achmad Dahlan": "Ahmad Dahlan",
    "Soekarno Hadi": "Sukarno Hadi",
    "Djoko Susilo": "Joko Susillo",
    "Tjahjadi Wijaya": "Cahjadi Wijaya",
    "Sjarifah Nur": "Syarifah Nur",
    "Nurhayati": "Nur Hayati",
    "Nur Hidayah": "Nurhidayah",
    "Annisa Rahma": "Anisa Rahma",
    "Ramadhan Putra": "Ramadan Putra",
    "Ma'ruf Amin": "Maruf Amin",
    "Khairul Anwar": "Chairul Anwar",
    "Yusuf Maulana": "Yusuf Malana",
    "Rahmawati": "Rahmawait",
    "Wulandari": "Wulandri",
    "Kartika Sari": "Kartka Sari",
    "Dimas Prasetyo": "Dimas Prastyo",
    "Fitriani": "Fitirani",
    "Gunawan": "Gunwan",
    "Hendra Kusuma": "Henda Kusuma",
    "Indah Lestari": "Indah Lestarri",
    "Joanita Tobing": "Juanita Tobing",
    "Krisna Bayu Aji": "Krishna Bayu Aji",
    "Laksmi Puspita": "Laksmi Puspta",
    "Maya Anggraini": "Maya Angraini",
    "Nanda Oktavia": "Nanda Oktafia",
    "Oktaviani": "Oktavaini",
    "Puspa Melati": "Puspa Meltai",
    "Qori Salsabila": "Qori Salsabilla",
    "Rohani binti Umar": "Rohani Umar",
    "Samsudin": "Samsuddin",
    "Taufik Hidayat": "Taufiq Hidayat",
    "Umi Kalsum": "Umi Kalsm",
    "Vina Panduwinata": "Vina Panduwinat",
    "Wahyuningsih": "Wahyuninghsi",
    "Yohana Bura": "Yohanna Bura",
    "Zulkifli Hasan": "Zulkilfi Hasan",
    "Agustinus Doq": "Agustinsu Doq",
    "Elisabet Hurai": "Elisabeth Hurai",
}
"""Invented names, and how somebody who looks for them types them."""


def register(story: Story, name: str, by: str = "sari", **identity: Any) -> str:
    """Register a case for a child, and return its id."""
    ask = story.report(by="sari")
    return story.do(cases.register_case, by, msgspec.structs.replace(ask, child=cases.NewChild(name=name, **identity))).id


def found(story: Story, typed: str, by: str = "sari", **rest: str) -> list[str]:
    """Return the cases that somebody finds, as they are shown."""
    return [line.id for line in lists.list_cases(story.store, story.call(by), named=typed, **rest)]


@pytest.fixture
def neighbours(reported: Story) -> Story:
    """Another office of the same kind, with a worker and a supervisor of its own."""
    office = reported.other_office()
    reported.enrol("lain", "social_worker", office)
    reported.enrol("lain_supervisor", "supervisor", office)
    return reported


def test_names_are_found_with_typing_mistakes(reported: Story) -> None:
    assert len(TYPED) >= 40
    made = {name: register(reported, name) for name in TYPED}
    missed = {name: typed for name, typed in TYPED.items() if made[name] != next(iter(found(reported, typed)), "")}
    assert missed == {}
    again = {name: lists.find_children(reported.store, reported.call("sari"), name=typed) for name, typed in TYPED.items()}
    assert {name: lines[0].name if lines else "" for name, lines in again.items()} == {name: name for name in TYPED}

    @settings(suppress_health_check=[*HealthCheck])
    @given(name=st.sampled_from([name for name in TYPED if len(name.split()[-1]) >= 6]), data=st.data())
    def any_single_mistake_is_forgiven(name: str, data: st.DataObject) -> None:
        *before, last = name.lower().split()
        typed = " ".join([*before, data.draw(mistyped(last))])
        with reported.store.read(reported.call("sari")) as unit:
            assert made[name] in [line.case.id for line in search.search_cases(unit, typed)], typed

    any_single_mistake_is_forgiven()


def test_part_of_a_name_finds_it_and_the_best_comes_first(reported: Story) -> None:
    ayu, ayuni, other = (register(reported, name) for name in ("Rina Ayu", "Rina Ayuni", "Budi Santoso"))
    assert found(reported, "rina ayu") == [ayu, ayuni]
    assert found(reported, "Ri") == [ayuni, ayu]
    assert found(reported, "Santoso") == [other]
    assert found(reported, "Xyz") == found(reported, "?") == []


def test_a_case_is_found_by_its_number_however_it_is_typed(reported: Story) -> None:
    number = str(reported.row["number"])
    prefix, year, running = number.split("-")
    for typed in (number, number.lower(), f"{year}-{running}", running, running.lstrip("0"), f"{prefix} {year} {running}"):
        assert found(reported, typed) == [reported.case], typed
    assert found(reported, f"{prefix}-{year}-0999") == []


def test_a_child_is_found_by_nik_and_a_family_by_its_card(reported: Story) -> None:
    one = register(reported, "Anak Satu", nik=NIK, kk=CARD)
    two = register(reported, "Anak Dua", kk=CARD)
    assert found(reported, NIK) == found(reported, "6402 0312 0316 0009") == [one]
    assert found(reported, CARD) == [two, one]
    assert found(reported, NIK[:-1] + "8") == []
    (line,) = lists.find_children(reported.store, reported.call("sari"), nik=NIK)
    assert (line.name, line.case) == ("Anak Satu", one)


def test_only_the_state_asked_for_is_found(reported: Story) -> None:
    assert found(reported, "Raka", state="reported") == [reported.case]
    assert found(reported, "Raka", state="initial_assessment") == []


def test_pages_follow_each_other_without_gap_or_repetition(reported: Story) -> None:
    made = {register(reported, f"Siti Nurjanah {chr(letter)}") for letter in range(ord("A"), ord("L"))} | {
        register(reported, "Siti Nurjana")
    }
    with reported.store.read(reported.call("sari")) as unit:
        whole = [line.case.id for line in search.search_cases(unit, "Siti Nurjanah")]
        pages, after = [], ""
        while page := [line.case.id for line in search.search_cases(unit, "Siti Nurjanah", after=after, limit=5)]:
            pages.append(page)
            after = page[-1]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert [case for page in pages for case in page] == whole
    assert {*whole} == made


def test_nothing_of_another_office_is_found_counted_or_crowds_out_ones_own(neighbours: Story) -> None:
    theirs = [register(neighbours, "Siti Aminah", by="lain", nik=NIK) for _ in range(6)]
    mine = register(neighbours, "Siti Aminah Putri")
    assert found(neighbours, "Siti Aminah") == [mine]
    assert found(neighbours, NIK) == []
    assert found(neighbours, theirs[0], by="sari") == []
    number = str(neighbours.rows("SELECT number FROM care_case WHERE id = ?", theirs[0])[0][0])
    assert found(neighbours, number) == []
    assert sorted(found(neighbours, "Sity Amina", by="lain_supervisor")) == sorted(theirs)
    with neighbours.store.read(neighbours.call("sari")) as unit:
        assert [row.case_id for row in index.cases_named(unit, "Siti Aminah", case_rows.known_to(unit.call.who, unit.call.at))] == [mine]
        assert search.search_cases(unit, "Siti Aminah", after=theirs[0]) == (), "a case that is not theirs is no place in their list"


def test_an_auditor_finds_by_number_only(neighbours: Story) -> None:
    one = register(neighbours, "Anak Satu", nik=NIK, kk=CARD)
    number = str(neighbours.rows("SELECT number FROM care_case WHERE id = ?", one)[0][0])
    assert found(neighbours, "Anak Satu", by="nadia") == found(neighbours, NIK, by="nadia") == found(neighbours, CARD, by="nadia") == []
    assert found(neighbours, number, by="nadia") == [one]
    assert found(neighbours, "Raka", by="nadia", after=neighbours.case) == []


def test_an_institution_finds_the_children_it_was_asked_about(reported: Story) -> None:
    assert found(reported, "Raka Pratma", by="halimah") == []
    reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=reported.play.cast.hosts["harapan"]))
    assert found(reported, "Raka Pratma", by="halimah") == [reported.case]


def test_the_register_is_searched_across_offices_and_tells_nothing_of_the_case(neighbours: Story) -> None:
    register(neighbours, "Siti Aminah", by="lain")
    (line,) = lists.find_children(neighbours.store, neighbours.call("sari"), name="Siti Amina")
    assert (line.name, line.case, line.number) == ("Siti Aminah", "", "")


def test_a_corrected_name_is_found_and_the_old_one_no_more(reported: Story) -> None:
    paper = records.AttachDocument(case=reported.case, kind="birth_certificate", number="1", issuer="-", issued_on="2026-01-01")
    document = reported.do(records.attach_document, "sari", paper).id
    reported.do(records.compare_document, "maya", records.CompareDocument(case=reported.case, document=document))
    about = {"case": reported.case, "document": document}
    for new in ({"field": "name", "new_value": "Gilang Permadi"}, {"field": "nik", "new_value": NIK}):
        wanted = msgspec.convert(about | new, RequestIdentityChange)
        change = reported.do(corrections.request_identity_change, "sari", wanted).id
        reported.do(corrections.approve_identity_change, "bambang", ApproveIdentityChange(case=reported.case, change=change))
    assert found(reported, "Gilang Premadi") == found(reported, NIK) == [reported.case]
    assert found(reported, "Raka Pratama") == []


def test_neither_name_nor_number_nor_their_plain_hash_stands_in_the_index(reported: Story) -> None:
    register(reported, "Gilang Permadi", nik=NIK, kk=CARD)
    rows = {table: reported.rows(f"SELECT * FROM {table}") for table in ("child_gram", "child_key", "search_key")}  # noqa: S608 - our own
    assert all(rows.values())
    stored = {str(value) for lines in rows.values() for line in lines for value in tuple(line)}
    assert not any(re.search(r"gil|lang|perm|6402", value.lower()) and not value.lstrip("-").isdigit() for value in stored - ids(reported))
    guesses = {"^^g", "^gi", "gil", "=gilang", NIK, CARD, "gram:=gilang", f"nik:{NIK}", f"kk:{CARD}"}
    plain = {
        str(int.from_bytes(digest[:8], "big", signed=signed))
        for guess in guesses
        for digest in (hashlib.new(kind, guess.encode()).digest() for kind in ("md5", "sha1", "sha256", "blake2b"))
        for signed in (True, False)
    }
    assert stored.isdisjoint(plain)
    assert str(blind.gram_key(SEARCH_KEY, "=gilang")) in stored, "or this test looks for the wrong thing"
    assert SEARCH_KEY.hex() not in str(rows)


def ids(story: Story) -> set[str]:
    return {row[0] for row in story.rows("SELECT id FROM child")}


def with_key(story: Story, key: bytes | None) -> Store:
    return Store(story.database.target, PARAMS, case_prefix="UJI", search_key=None if key is None else lambda: key, master_key=MASTER)


@pytest.fixture
def other(reported: Story) -> Iterator[Store]:
    """The same database, opened with another key: the old one was lost."""
    store = with_key(reported, b"n" * 32)
    yield store
    store.close()


def test_another_key_is_refused_until_the_index_is_made_anew(reported: Story, other: Store) -> None:
    register(reported, "Gilang Permadi", nik=NIK)
    reported.store.prepare(reported.now)
    before = {row[0] for row in reported.rows("SELECT gram FROM child_gram")}
    with pytest.raises(StoreMismatch, match="casework db reindex"):
        other.prepare(reported.now)
    with pytest.raises(Unavailable):
        lists.list_cases(other, reported.call("sari"), named="Gilang")
    heard: list[tuple[int, int]] = []
    assert other.reindex(b"n" * 32, lambda done, whole: heard.append((done, whole))) == len(ids(reported))
    assert heard == [(len(ids(reported)),) * 2]
    other.prepare(reported.now)
    for typed in ("Gilang Premadi", NIK):
        assert [line.name for line in lists.list_cases(other, reported.call("sari"), named=typed)] == ["Gilang Permadi"]
    assert before.isdisjoint(row[0] for row in reported.rows("SELECT gram FROM child_gram")), "nothing made with the lost key is left"
    with pytest.raises(Unavailable, match="start the program again"):
        register(reported, "Anak Baru")


def test_making_the_index_anew_goes_on_where_it_was_interrupted(reported: Story, other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind, "BATCH", 2)
    made = [register(reported, name) for name in ("Gilang", "Melati", "Seruni", "Teratai")]

    def interrupt(done: int, _whole: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        other.reindex(b"n" * 32, interrupt)
    rest = other.reindex(b"n" * 32, lambda *_: None)
    assert rest == len(ids(reported)) - 2
    assert lists.list_cases(other, reported.call("sari"), named="Teratia")[0].id == made[-1]


def test_children_written_without_a_key_are_indexed_when_the_program_with_the_key_starts(reported: Story) -> None:
    keyless = with_key(reported, None)
    ask = msgspec.structs.replace(reported.report(), child=cases.NewChild(name="Gilang Permadi"))
    case = cases.register_case(keyless, reported.call("sari"), ask).id
    with pytest.raises(Unavailable):
        lists.list_cases(keyless, reported.call("sari"), named="Gilang")
    keyless.close()
    assert found(reported, "Gilang") == []
    reported.store.prepare(reported.now)
    assert found(reported, "Gilang") == [case]


def test_too_many_unindexed_children_are_for_the_command(reported: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    keyless = with_key(reported, None)
    for name in ("Gilang", "Melati"):
        ask = msgspec.structs.replace(reported.report(), child=cases.NewChild(name=name))
        cases.register_case(keyless, reported.call("sari"), ask)
    keyless.close()
    monkeypatch.setattr(blind, "AT_ONCE", 1)
    with pytest.raises(StoreMismatch, match="casework db reindex"):
        reported.store.prepare(reported.now)
    assert reported.store.reindex(SEARCH_KEY, lambda *_: None) == 2
    reported.store.prepare(reported.now)


def test_many_children_are_indexed_past_a_unit_as_by_one(reported: Story) -> None:
    register(reported, "Gilang Permadi", nik=NIK, kk=CARD)
    by_unit = index_rows(reported)
    children = [Findable(*row) for row in reported.personal("child", "id", "name", "alias", "nik", "kk")]
    reported.store.maintain(lambda connection: index_children(connection, children, SEARCH_KEY))
    assert index_rows(reported) == by_unit
    assert {row[4] for row in by_unit[1]} == {fingerprint(SEARCH_KEY)}


def index_rows(story: Story) -> tuple[list[Any], list[Any]]:
    grams = story.rows("SELECT gram, child_id FROM child_gram ORDER BY gram, child_id")
    return [tuple(row) for row in grams], [tuple(row) for row in story.rows("SELECT * FROM child_key ORDER BY child_id")]


def plan(unit: Unit, query: Query, values: Values) -> str:
    """Return how the engine would answer a query."""
    compiled = query.on(unit._driver.engine)
    return _explained(unit, compiled.sql, compiled.with_values(values))


def _explained(unit: Unit, sql: str, values: Any) -> str:
    raw = unit._connection.connection.driver_connection
    assert raw is not None
    if unit.dialect == "sqlite":
        return "\n".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    for way in ("seqscan", "mergejoin", "hashjoin"):  # so few rows are read whole by anybody: is there an index for every step?
        raw.execute(f"SET LOCAL enable_{way} = off")
    return "\n".join(row[0] for row in raw.execute(f"EXPLAIN {sql}", values or None))


CHILD = r"(?:child|child_gram|child_key)\b"
WHOLE = re.compile(rf"^SCAN (?:{CHILD}|care_case\b)|Seq Scan on (?:{CHILD}|care_case\b)")
BY_INDEX = re.compile(rf"Scan .*\bon {CHILD}")


def scans(told: str) -> list[str]:
    """Return the steps of a plan that read a table, or an index of it, from end to end."""
    lines = told.splitlines()
    unbound = [line for line, then in zip(lines, [*lines[1:], ""], strict=True) if BY_INDEX.search(line) and "Cond:" not in then]
    return [*(line for line in lines if WHOLE.search(line)), *unbound]


def test_no_search_reads_a_table_from_end_to_end(reported: Story) -> None:
    for number in range(30):
        register(reported, f"Siti {'abcdefghij'[number % 10]}minah", nik=f"64020312031600{number:02d}")
    with reported.store.read(reported.call("sari")) as unit:
        values, known = index.sought(unit, "Siti Aminah").values, case_rows.known_to(unit.call.who, unit.call.at)
        nik = blind.number_key(SEARCH_KEY, "nik", NIK)
        plans = [
            plan(unit, index.FREQUENCIES, values | {f"g{place}": 1 for place in range(index.MOST_GRAMS)}),
            plan(unit, index.CHILDREN, values),
            plan(unit, index.NUMBERED, {"nik": nik, "kk": 0}),
            plan(unit, index.NAMES, {"case_id": reported.case}),
            plan(unit, index.NAMED[known.kind], values | known.values),
            plan(unit, index.WITH_NUMBER[known.kind], {"numbers": as_list({"KKR-2026-0001"})} | known.values),
            plan(unit, index.OF_CHILDREN[known.kind], {"children": as_list({reported.case})} | known.values),
        ]
    assert [line for told in plans for line in scans(told)] == []
    assert all(re.search(r"child_gram|child_key|care_case", told) for told in plans), plans


def test_the_rule_about_plans_finds_a_scan(reported: Story) -> None:
    with reported.store.read(reported.call("sari")) as unit:
        assert scans(_explained(unit, "SELECT name FROM child WHERE lower(name) LIKE '%siti%'", ()))
        assert not scans(_explained(unit, "SELECT name FROM child WHERE id = 'x'", ()))
