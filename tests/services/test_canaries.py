"""A distinctive word in every personal field of every form and register: found by who has the keys, and by nobody who has the database."""

import io
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.logs import configure
from casework.machines.forms import KINDS, code_of
from casework.services import cases, exports, lists, people, records, registers
from casework.services.delivery import deliver
from casework.services.exports import Export
from casework.services.records import CompleteTask
from casework.services.registers import AddHost
from casework.store.call import Call
from tests.databases import Served
from tests.machines.samples import SAMPLES
from tests.postbox import LINKS, carrier, postbox
from tests.postgresql import OWNER, programs
from tests.services.canaries import MARK, NIK, PART_OF_IT, Flock, bytes_of, plant
from tests.services.story import OPERATOR, Story

NAMED = {"name": f"{MARK}100q", "mother_name": f"{MARK}101q", "father_name": f"{MARK}102q"}


@pytest.fixture
def planted(reported: Story) -> tuple[Story, Flock, io.StringIO]:
    log, flock = io.StringIO(), Flock()
    configure(log)
    plant(reported, flock)
    return reported, flock, log


def test_what_was_written_about_people_is_read_by_who_may_and_lies_nowhere_in_clear(planted: tuple[Story, Flock, io.StringIO]) -> None:
    story, flock, log = planted
    assert {code_of(sample) for sample in SAMPLES} == {*KINDS}
    assert len(flock.let_go) > 150
    family = AddHost(name=flock.one(), kind="foster_family", office_id=story.play.cast.offices["dinas"])
    made = story.do(registers.add_host, "bambang", family).id
    assert (made, family.name) in {(host.id, host.name) for host in registers.list_hosts(story.store, story.call("sari"))}
    read = " ".join(str(row) for table in ("record", "draft", "host_entry") for row in story.personal(table, "body"))
    read += " ".join(str(row) for row in story.personal("child", "name", "born_place", "nik", "mother_name"))
    assert sum(word in read for word in flock.let_go) > 140
    assert any(story.row["number"].encode() in content for content in bytes_of(story)), "what is in clear is found there"
    for content in (str(story.dump()).encode(), *bytes_of(story), log.getvalue().encode(), story.bodies()):
        assert MARK.encode() not in content
        assert NIK.encode() not in content
        assert PART_OF_IT not in content


def test_what_is_refused_sought_and_taken_out_tells_none_of_it(planted: tuple[Story, Flock, io.StringIO]) -> None:
    story, flock, log = planted
    word = flock.let_go[0]
    assert lists.list_cases(story.store, story.call("sari"), word)
    assert lists.list_cases(story.store, story.call("sari"), NIK)
    story.refused(records.complete_task, "sari", CompleteTask(case=story.case, task=word, note=word))
    story.refused(cases.advance_case, "sari", story.step(word))
    for chosen in ("jsonl", "csv", "xes"):
        file = io.BytesIO()
        since, until = story.now - timedelta(days=900), story.now + timedelta(days=1)
        exports.export_trail(story.store, story.call("nadia"), Export(format=chosen, since=since, until=until), file)
        assert MARK.encode() not in file.getvalue()
    for content in (story.bodies(), log.getvalue().encode(), str(story.dump()).encode()):
        assert MARK.encode() not in content


def dumped(story: Story) -> Iterator[bytes]:
    """Yield what a server gives out of a database: pg_dump's text, or where there is no such program each table of the catalogue."""
    place = story.database
    if not isinstance(place, Served):
        return
    if (programs() / "pg_dump").exists():
        command = [str(programs() / "pg_dump"), "-h", str(place.server.folder), "-U", OWNER, place.name]
        yield subprocess.run(command, check=True, capture_output=True).stdout
        return
    for (table,) in place.rows("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"):
        with place.raw.cursor().copy(f"COPY {table} TO STDOUT") as rows:
            yield b"".join(bytes(row) for row in rows)


def test_no_dump_and_no_backup_tells_any_of_it(
    planted: tuple[Story, Flock, io.StringIO], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, _, _ = planted
    if (programs() / "pg_dump").exists():
        monkeypatch.setenv("PATH", str(programs()), prepend=":")
    made = CliRunner().invoke(main, ["backup", str(tmp_path / "copy")], env={"CASEWORK_DATABASE": story.database.owner})
    contents = [*dumped(story), *(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())]
    if made.exit_code == 0 and isinstance(story.database, Served):
        dump = next(file for file in tmp_path.rglob("*") if file.read_bytes().startswith(b"PGDMP"))
        contents.append(subprocess.run([programs() / "pg_restore", "-f", "-", dump], check=True, capture_output=True).stdout)
    assert made.exit_code == 0 or not (programs() / "pg_dump").exists(), made.output
    assert any(story.row["number"].encode() in content for content in contents), "what is in clear is found there"
    for content in (*contents, made.output.encode()):
        assert MARK.encode() not in content
        assert NIK.encode() not in content
        assert PART_OF_IT not in content


def test_no_mail_that_leaves_tells_any_of_it(tell: Callable[..., Story]) -> None:
    story, log = tell("reported", child=NAMED), io.StringIO()
    configure(log)
    for name in ("sari", "maya", "bambang", "yusuf", "dian", "halimah"):
        people.set_mail(story.store, Call(who=OPERATOR, at=story.now), name, f"{name}@dinsos.example", None)
    story.sign("F23", "maya", host="rpsa", why=NAMED["name"])
    story.advance("place_in_emergency", "maya", host="rpsa")
    plant(story, Flock())
    with postbox() as box, carrier(box) as smtp:
        sent = deliver(story.store, smtp, lambda: story.now, links=LINKS)
    assert sent.sent == len(box.letters) > 1
    for letter in box.letters:
        parts = [part.get_content() for part in letter.walk() if not part.is_multipart()]
        assert story.case in str(parts) or "http" in str(parts), "a letter says where to look"
        assert MARK not in f"{letter.items()} {parts}"
        assert NIK not in f"{letter.items()} {parts}"
    assert MARK.encode() not in b"".join(box.raw) + log.getvalue().encode()
