"""The worked cases of the law as stories: played through the real services, compared exactly, and able to fail."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.commands.rehearse import command
from casework.errors import Invalid
from casework.rehearsal.account import account
from casework.rehearsal.cast import sheet
from casework.rehearsal.format import VERBS, Expect
from casework.rehearsal.run import Difference, Theatre
from casework.rehearsal.script import read, stage_names

HERE = Path(__file__).parent
STORIES = sorted(HERE.glob("*.toml"))
ROWS_OF_THE_LAW = 22
"""DOMAIN 8 has 22 rows; stories with higher numbers are our own."""
ADMISSION = 'after = ["care_planning", "family_options_ruled_out", "ready_for_admission"]'


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    with Theatre() as stage:
        yield stage


def differences(theatre: Theatre, text: str) -> tuple[Difference, ...]:
    return theatre.play(read(text)).differences


def asked(refused: str, extra: str = "") -> str:
    """A story in which poverty alone is the reason for an admission, expecting exactly these codes."""
    return f"""
title = "uji"
{ADMISSION}
{extra}
[change."rencana".with]
separation_reason_codes = ["economic_hardship"]
[[step]]
do = "ask"
at = "+1d 09:00"
trigger = "admit_to_institution"
host = "harapan"
approved_by = ["bambang", "yusuf"]
expect = {{ refused = [{refused}] }}
"""


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_goes_as_its_file_says(theatre: Theatre, path: Path) -> None:
    assert differences(theatre, path.read_text(encoding="utf-8")) == ()


def test_every_row_of_the_law_stands_as_a_story() -> None:
    numbers = [int(path.name.partition("_")[0]) for path in STORIES]
    assert numbers[:ROWS_OF_THE_LAW] == list(range(1, ROWS_OF_THE_LAW + 1))
    assert len(numbers) == len({*numbers}), "a number stands for one story"
    assert len(numbers) >= ROWS_OF_THE_LAW


@pytest.mark.parametrize("name", stage_names())
def test_every_stage_can_be_replayed_on_its_own_foundations(theatre: Theatre, name: str) -> None:
    foundations = {
        "family_options_ruled_out": "care_planning",
        "ready_for_admission": "care_planning",
        "ready_for_family_support": "care_planning",
        "ready_for_kinship_care": "care_planning",
        "assessed_in_emergency": "emergency_care",
    }
    after = ", ".join(f'"{stage}"' for stage in (foundations.get(name), name) if stage)
    assert differences(theatre, f'title = "uji"\nafter = [{after}]\n[[step]]\ndo = "look"\nexpect = {{}}\n') == ()


def test_the_exact_set_of_codes_matters(theatre: Theatre) -> None:
    assert differences(theatre, asked('"reason_not_poverty_alone"')) == ()
    for wrong in ("", '"host_eligible"', '"reason_not_poverty_alone", "host_eligible"'):
        assert [difference.path for difference in differences(theatre, asked(wrong))] == ["$.step[0].expect.refused"]


def test_a_refusal_nobody_expects_is_a_difference_even_in_a_stage(theatre: Theatre) -> None:
    story = f'title = "uji"\n{ADMISSION}\nwithout = ["penawaran"]\n[[step]]\ndo = "look"\nexpect = {{}}\n'
    assert [difference.path for difference in differences(theatre, story)] == ["stages/ready_for_admission.toml $.step[5].expect.refused"]


KIN = """
title = "uji"
after = ["care_planning", "ready_for_kinship_care"]
[[step]]
do = "look"
at = "+1d 09:00"
[[step]]
do = "ask"
trigger = "place_with_kin"
relative = "bibi"
approved_by = ["bambang"]
"""
FEWER = (
    '"placement started: kin", '
    '"due: review (review_first_days)", '
    '"opened: periodic_review", '
    '"due: first_visit (first_visit_hours)", '
    '"due: contact (contact_medium_days)", '
    '"due: exit_after_18 (adult_exit_days)", '
    '"due: leaving_care_final (leaving_plan_final_months)", '
    '"due: leaving_care_plan (leaving_plan_months)"'
)
BROUGHT = f'{FEWER}, "opened: reunification"'


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        (f"effects = [{BROUGHT}]", []),
        (f"effects = [{FEWER}]", ["effects"]),
        (f'effects = [{BROUGHT}, "opened: incident"]', ["effects"]),
        ('processes = { reunification = "opened", placement = "active", incident = "none" }', []),
        ('processes = { reunification = "tracing" }', ["processes.reunification"]),
        ('processes = { incident = "reported" }', ["processes.incident"]),
        ('host_standing = { harapan = "active" }, clearance = { "Anton Wijaya" = "cleared" }', []),
        ('host_standing = { harapan = "restricted" }', ["host_standing.harapan"]),
        ('clearance = { "Anton Wijaya" = "suspended" }', ["clearance.Anton Wijaya"]),
        ('tasks = ["review"], no_tasks = ["triage"]', []),
        ('no_tasks = ["review"]', ["no_tasks"]),
        ('tasks = ["triage"]', ["tasks"]),
    ],
)
def test_what_a_step_brings_is_compared_exactly(theatre: Theatre, expected: str, path: list[str]) -> None:
    story = f'{KIN}expect = {{ state = "kinship_care", {expected} }}\n'
    assert [difference.path for difference in differences(theatre, story)] == [f"$.step[1].expect.{each}" for each in path]


BEATEN = """
title = "uji"
after = ["institutional_care"]
[world.others.lala]
name = "Lala Safitri"
after = ["institutional_care"]
[[step]]
do = "file"
at = "+5d 09:00"
name = "laporan"
form = "F17"
with = { subject_household = "harapan", accused_staff = ["Anton Wijaya"], what_happened = "Anak dipukul." }
"""


def test_an_incident_reaches_the_other_children_of_the_house(theatre: Theatre) -> None:
    there = '[[step]]\ndo = "look"\nchild = "lala"\nexpect = { tasks = ["review"], processes = { incident = "none" } }\n'
    assert differences(theatre, BEATEN + there) == ()


def test_a_newer_version_of_a_form_says_only_what_changed(theatre: Theatre) -> None:
    newer = '[[step]]\ndo = "file"\nform = "F17"\nsupersedes = "laporan"\nwith = { crime = "yes" }\n'
    left = '[[step]]\ndo = "clearance"\nhost = "harapan"\nperson = "Anton Wijaya"\ntrigger = "leave"\n'
    assert differences(theatre, f'{BEATEN}{newer}{left}expect = {{ refused = ["nothing_accuses"] }}\n') == ()


def test_time_brings_nothing_twice(theatre: Theatre) -> None:
    story = """
title = "uji"
after = ["reported"]
[[step]]
do = "host"
host = "nur"
set = { licence_until = "today+1d" }
[[step]]
do = "clock"
at = "+2d 06:00"
expect = { host_standing = { nur = "expired" } }
[[step]]
do = "clock"
at = "+1d 06:00"
expect = { host_standing = { nur = "expired" } }
"""
    played = theatre.play(read(story))
    assert played.differences == ()
    clocks = [line.did.en for scened in played.scenes for line in scened.lines if line.role == "clock"]
    assert clocks == ["the clock runs: 1 steps", "the clock runs: 0 steps"]


@pytest.mark.parametrize(
    ("written", "path", "choice"),
    [
        ('title = "x"\ntitel = "y"\n[[step]]\ndo="look"\nexpect={}', "$.titel", "title"),
        ('title = "x"\nafter = ["nowhere"]\n[[step]]\ndo="look"\nexpect={}', "$.after[0]", "care_planning"),
        ('title = "x"\nwithout = ["laporann"]\nafter=["reported"]\n[[step]]\ndo="look"\nexpect={}', "$.without[0]", "laporan"),
        ('title = "x"\nafter=["missing"]\n[params]\nhosts="nur"\n[[step]]\ndo="look"\nexpect={}', "$.params.hosts", "host"),
        ('title = "x"\n[[step]]\ndo="jump"\nexpect={}', "$.step[0].do", "file"),
        ('title = "x"\n[[step]]\ndo="file"\nform="F99"\nexpect={}', "$.step[0].form", "F05"),
        ('title = "x"\n[[step]]\ndo="file"\nform="F05"\nwith={ rungs="kin" }\nexpect={}', "$.step[0].with.rungs", "rung"),
        (
            'title = "x"\n[[step]]\ndo="file"\nform="F05"\nwith={ rung="kin", candidate="nobody" }\nexpect={}',
            "$.step[0].with.candidate",
            "rpsa",
        ),
        ('title = "x"\n[[step]]\ndo="ask"\ntrigger="admit"\nexpect={}', "$.step[0].trigger", "admit_to_institution"),
        ('title = "x"\n[[step]]\ndo="ask"\nexpect={}', "$.step[0].trigger", "Wajib"),
        ('title = "x"\n[[step]]\ndo="look"\nby="nobody"\nexpect={}', "$.step[0].by", "bambang"),
        ('title = "x"\n[[step]]\ndo="look"\nat="tomorrow"\nexpect={}', "$.step[0].at", "+3d 10:00"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ state="home" }', "$.step[0].expect.state", "family_care"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ refused="four_eyes" }', "$.step[0].expect.refused", "daftar"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ tasks=["visit"] }', "$.step[0].expect.tasks[0]", "first_visit"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ processes={ trial="active" } }', "$.step[0].expect.processes.trial", "incident"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ processes={ incident="open" } }', "$.step[0].expect.processes.incident", "triaged"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ host_standing={ x="active" } }', "$.step[0].expect.host_standing.x", "harapan"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ host_standing={ nur="ok" } }', "$.step[0].expect.host_standing.nur", "restricted"),
        ('title = "x"\n[[step]]\ndo="look"\nexpect={ clearance={ Budi="cleared" } }', "$.step[0].expect.clearance.Budi", "Anton Wijaya"),
        ('title = "x"\n[[step]]\ndo="process"\nmachine="host"\ntrigger="lift"\nexpect={}', "$.step[0].machine", "incident"),
        ('title = "x"\n[[step]]\ndo="process"\nmachine="incident"\ntrigger="send"\nexpect={}', "$.step[0].trigger", "triage"),
        ('title = "x"\n[[step]]\ndo="standing"\nhost="nur"\ntrigger="bar"\nexpect={}', "$.step[0].trigger", "revoke"),
        ('title = "x"\n[[step]]\ndo="clearance"\nhost="nur"\nperson="Budi"\ntrigger="bar"\nexpect={}', "$.step[0].person", "Laila Sari"),
        ('title = "x"\n[[step]]\ndo="look"\nchild="adik"\nexpect={}', "$.step[0].child", "–"),
        ('title = "x"\n[world.others.adik]\nafter=["home"]\n[[step]]\ndo="look"\nexpect={}', "$.world.others.adik.after[0]", "reported"),
        ('title = "x"\n[world.child]\nsex="boy"\n[[step]]\ndo="look"\nexpect={}', "$.world.child.sex", "female"),
        ('title = "x"\n[[step]]\ndo="look"', "$.step", "expect"),
        ("title = ", "$", "TOML"),
    ],
)
def test_a_faulty_file_is_told_where_and_what_may_stand_there(written: str, path: str, choice: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(written)
    assert [fault.path for fault in caught.value.faults] == [path]
    assert choice in caught.value.faults[0].words.id


def test_the_account_is_readable_in_both_languages(theatre: Theatre) -> None:
    played = theatre.play(read((HERE / "03_uncle_never_contacted.toml").read_text(encoding="utf-8")))
    indonesian, english = ("\n".join(account(played, language)) for language in ("id", "en"))
    assert "kerabat: paman Jamal Basri (Samarinda) belum pernah dihubungi" in indonesian
    assert "kin: paman Jamal Basri (Samarinda) was never contacted" in english
    assert "Kepala Dinas Sosial" in indonesian


def test_the_account_tells_what_processes_did_in_both_languages(theatre: Theatre) -> None:
    played = theatre.play(read((HERE / "30_an_incident_from_report_to_closing.toml").read_text(encoding="utf-8")))
    indonesian, english = ("\n".join(account(played, language)) for language in ("id", "en"))
    assert "insiden perlindungan: dimulai → dilaporkan" in indonesian
    assert "status tempat pengasuhan: aktif → dibatasi" in indonesian
    assert "safeguarding incident: begins → reported" in english
    assert "standing of a house: active → restricted" in english
    assert "safeguarding incident: sanction imposed → closed" in english


def test_the_command_exits_0_when_as_expected_and_1_when_not(tmp_path: Path) -> None:
    story = (HERE / "14_no_reintegration_from_an_institution.toml").read_text(encoding="utf-8")
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text(story, encoding="utf-8")
    wrong.write_text(re.sub('refused = ."no_such_transition".', 'refused = ["four_eyes"]', story), encoding="utf-8")
    good = CliRunner().invoke(command, [str(right), "--language", "en"])
    assert good.exit_code == 0
    assert good.output.endswith("1 of 1 as expected\n")
    bad = CliRunner().invoke(command, [str(right), str(wrong), "--brief"])
    assert bad.exit_code == 1
    expected, got = (
        "Pemohon dan penyetuju harus orang yang berbeda [four_eyes]",
        "Langkah itu tidak ada dari tahap ini [no_such_transition]",
    )
    assert f"Diharapkan: {expected}; yang terjadi: {got}." in bad.output
    assert bad.output.endswith("1 dari 2 sesuai harapan\n")


def test_a_file_that_cannot_be_played_counts_as_not_as_expected(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('title = "x"\n', encoding="utf-8")
    result = CliRunner().invoke(command, [str(broken)])
    assert result.exit_code == 1
    assert "$.step" in result.output


def test_the_example_that_new_writes_goes_as_it_says(tmp_path: Path) -> None:
    target = tmp_path / "contoh.toml"
    assert CliRunner().invoke(command, ["--new", str(target)]).exit_code == 0
    assert CliRunner().invoke(command, [str(target)]).exit_code == 0
    again = CliRunner().invoke(command, ["--new", str(target)])
    assert again.exit_code == 2, "an existing file is never overwritten"


def test_the_guide_names_every_step_every_stage_and_everybody() -> None:
    guide = (HERE.parents[1] / "docs" / "rehearsals.md").read_text(encoding="utf-8")
    words = {*VERBS, *stage_names(), *sheet().person, *sheet().host, *sheet().body, *Expect.__struct_fields__}
    assert {word for word in words if f"`{word}`" not in guide} == set()
