"""The map and the help: everything on them is in the tables, everything in the tables is on them, and a house sees its own children."""

import re
from xml.etree import ElementTree as ET

import pytest

from casework.http.pages.help_forms import LADDER, form_help
from casework.http.pages.help_laws import MEANT, WHY
from casework.http.pages.help_rules import form_facts, rules
from casework.http.pages.rendering import MARKS
from casework.machines.book import journey, newest_machines
from casework.machines.draw_map import Arrow, Taken, View, bands_of, map_of
from casework.machines.engine import HELD
from casework.machines.forms import KINDS, RIGHTS
from tests.pages.conftest import Office, Reception, Visitor

SVG = "{http://www.w3.org/2000/svg}"


def drawing(source: str) -> ET.Element:
    return ET.fromstring(re.findall(r"<svg.*?</svg>", source, re.DOTALL)[-1])  # noqa: S314 - our own page


def told(svg: ET.Element) -> list[str]:
    return [group.get("aria-label", "") for group in svg.iter(f"{SVG}g") if group.get("role") == "img"]


@pytest.mark.parametrize("name", [*newest_machines()])
def test_every_state_of_every_machine_has_its_place_on_its_map(name: str) -> None:
    machine = newest_machines()[name]
    assert sorted(state for band in bands_of(machine) for state in band.states) == sorted(machine.states)


def test_the_rows_of_the_journey_stand_in_the_order_of_the_ladder() -> None:
    machine = journey()
    rungs = [machine.states[state].rung for band in bands_of(machine) for state in band.states]
    assert [rung for rung in rungs if rung] == sorted(rung for rung in rungs if rung)
    assert len(rungs) == 18


@pytest.mark.parametrize("name", [*newest_machines()])
def test_every_arc_is_drawn_at_its_source_with_its_role_and_its_law(stranger: Visitor, name: str) -> None:
    machine = newest_machines()[name]
    drawn = 0
    for state in machine.states:
        page = stranger.see(f"/map/{name}?state={state}")
        labels = " ".join(told(drawing(page.source)))
        for arc in (arc for arc in machine.arcs if arc.source == state):
            row = machine.transition(state, arc.trigger)
            assert row is not None
            assert row.label.id in labels
            assert row.label.id[1:] in page.text
            assert all(law.to("id") in labels and law.to("id") in page.text for law in row.law)
            drawn += 1
    assert drawn == len(machine.arcs)


def test_the_map_is_the_same_drawing_every_time_and_has_no_style_of_its_own(stranger: Visitor) -> None:
    first, again = (stranger.see("/map?state=care_planning").source for _ in range(2))
    assert first == again
    svg = drawing(first)
    assert svg.find(f"{SVG}title") is not None
    assert svg.find(f"{SVG}desc") is not None
    assert not any("style" in element.attrib for element in svg.iter())
    assert len(list(svg.iter(f"{SVG}a"))) == 18


def test_steps_that_were_taken_between_the_same_states_do_not_lie_on_one_another() -> None:
    path = (("reported", "initial_assessment"), ("initial_assessment", "closed"), ("closed", "initial_assessment"), ("reported", "missing"))
    taken = tuple(Taken(number, source, dest, "") for number, (source, dest) in enumerate(path, start=1))
    view = View(here="missing", title="", description="", taken=taken, after=(Arrow("a", HELD, ""),))
    text = map_of(journey(), "id", view, str)
    tracks = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="8"/>', text)
    assert len({*tracks}) == len(path)
    assert "tempat yang ditahan" in text.lower()


def test_a_place_that_is_held_is_only_where_a_child_can_have_lived(stranger: Visitor) -> None:
    assert "Kembali ke penempatan" in stranger.see("/map?state=institutional_care").text
    assert "Kembali ke penempatan" not in stranger.see("/map?state=care_planning").text


def test_a_childs_map_shows_where_it_is_what_was_taken_and_what_is_closed_and_why(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/cases/{office.blocked}/map")
    labels = told(drawing(page.source))
    taken = [label for label in labels if re.match(r"\d", label)]
    assert [label.split(",")[0] for label in taken] == ["1. mulai asesmen", "2. mulai asesmen lanjutan", "3. mulai perencanaan"]
    assert "Perencanaan pengasuhan" in "".join(drawing(page.source).itertext())
    assert "terima di LKSA → pengasuhan di LKSA (belum terbuka)" in " ".join(labels)
    assert "Belum semua pilihan pengasuhan keluarga tersingkir." in page.text
    assert "/help/rules/all_family_options_ruled_out" in page.links
    assert f"/cases/{office.blocked}/map" in worker.see(f"/cases/{office.blocked}").links


def test_a_childs_map_is_not_found_by_who_may_not_see_the_child(enter: Reception, stranger: Visitor, office: Office) -> None:
    assert enter("fauzan").open(f"/cases/{office.asked}/map").status_code == 404
    assert stranger.open(f"/cases/{office.asked}/map").status_code in {303, 401}
    masked = enter("nadia").see(f"/cases/{office.blocked}/map").text
    assert "Bayu" not in masked
    assert "B. S." in masked


def test_maps_and_help_are_for_everybody_and_a_strangers_copy_may_be_kept(stranger: Visitor, enter: Reception) -> None:
    for address in ("/map", "/map/referral", "/help", "/help/forms/F16", "/help/rules/host_accepts"):
        answer = stranger.open(address)
        assert answer.headers["cache-control"].startswith("public")
        assert "Cookie" in answer.headers["vary"]
        assert stranger.open(f"{address}?lang=en").headers["cache-control"] == "no-store"
        stranger.cookies.clear()
        assert enter("halimah").open(address).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", ["/map/nothing", "/help/forms/F99", "/help/rules/nothing"])
def test_what_is_not_there_is_not_found(stranger: Visitor, address: str) -> None:
    assert stranger.open(address).status_code == 404


def test_every_form_has_its_help_in_plain_words_and_names_only_fields_it_has() -> None:
    known = form_help()
    assert [*known] == sorted(known)
    assert {*known} == {*KINDS}
    for code, help_ in known.items():
        texts = (help_.what, help_.when, help_.heed, *help_.fields.values())
        assert all(len(words.id) > 20 and len(words.en) > 20 for words in texts), code
        assert help_.place in range(len(LADDER))
        assert help_.rights
        assert {*help_.fields} <= {control.path for control in form_facts(code).controls}, code
    assert {right for help_ in known.values() for right in help_.rights} == {*RIGHTS}


def test_sentences_of_the_help_are_short() -> None:
    said = [words for help_ in form_help().values() for words in (help_.what, help_.when, help_.heed, *help_.fields.values())]
    long = [sentence for words in (*said, *WHY.values()) for sentence in re.split(r"[.:;?]\s", words.id) if len(sentence.split()) > 28]
    assert long == []


def test_every_source_that_a_rule_cites_says_what_it_asks() -> None:
    cited = {law for rule in rules().values() for law in rule.law}
    assert {law.source for law in cited} - {*WHY} == set()
    assert {law.mark for law in cited} <= {*MEANT} == {*MARKS}


def test_every_form_and_every_rule_has_its_page(stranger: Visitor) -> None:
    index = stranger.see("/help")
    assert {f"/help/forms/{code}" for code in KINDS} <= {*index.links}
    assert {f"/help/rules/{code}" for code in rules()} <= {*index.links}
    assert len(rules()) > 160
    for language in ("id", "en"):
        for code, kind in KINDS.items():
            page = stranger.see(f"/help/forms/{code}?lang={language}")
            assert kind.title.to("en" if language == "en" else "id") in page.text
            assert page.inline == []
            assert len(page.ids) == len({*page.ids})


def test_a_rules_page_says_what_to_do_why_and_which_steps_ask(stranger: Visitor) -> None:
    page = stranger.see("/help/rules/all_family_options_ruled_out")
    for words in (
        "Lengkapi F05 untuk setiap tingkat",
        "LKSA hanya untuk anak yang keluarga inti",
        "naskah",
        "Terima di LKSA",
        "Pindah LKSA",
    ):
        assert words in page.text, words
    for rule in rules().values():
        assert rule.fix.id in stranger.see(f"/help/rules/{rule.code}").text


def test_a_reason_and_a_form_lead_to_their_help(worker: Visitor, office: Office) -> None:
    assert "/help/rules/all_family_options_ruled_out" in worker.see(f"/cases/{office.blocked}").links
    assert "/help/forms/F05" in worker.see(f"/cases/{office.blocked}/file/F05").links
