"""Personal values at rest: cells that open only where they were written, under keys that are wrapped by a key outside the database."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import select, union_all
from sqlalchemy.exc import StatementError

from casework.cli import main
from casework.errors import MasterKeyGone, StoreMismatch, Unavailable
from casework.machines.parameters import Parameters
from casework.store import keys, registers
from casework.store.call import Call, Who
from casework.store.keyring import REGISTER, Keyring
from casework.store.keys import MasterKey, fingerprint
from casework.store.schema import child, identity_change, metadata, relative
from casework.store.sealing import CLEAR_OF_CHILD, DataKey, is_sealed, naming_their_rows, new_key, unwrapped
from casework.store.statements import Query
from casework.store.store import Store
from casework.store.unit import Unit
from casework.store.walls.rules import IDENTITY
from tests.cells import MASTER
from tests.databases import Database, Databases, dropped, wreck

MOMENT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NOBODY = Call(who=Who(person="p", account="a", name="", seats=()), at=MOMENT)
SITI = {"name": "Siti Rahmah", "sex": "female", "born_precision": "unknown", "religion": "islam", "nik": "6402031203160009"}


class Place(msgspec.Struct):
    """A database and the store that serves it."""

    database: Database
    store: Store


@pytest.fixture
def place(databases: Databases) -> Iterator[Place]:
    with dropped(databases.new()) as database:
        owner = Store(database.owner, Parameters(), master_key=MASTER)
        owner.upgrade(MOMENT)
        owner.close()
        store = Store(database.target, Parameters(), master_key=MASTER)
        yield Place(database, store)
        store.close()


def entered(store: Store, **otherwise: str) -> str:
    """Enter a child and return its id."""
    return store.carry_out(NOBODY, lambda unit: registers.add_child(unit, **{**SITI, **otherwise}))


def named(store: Store, child_id: str) -> str:
    with store.read(NOBODY) as unit:
        return registers.get_child(unit, child_id).name


def test_a_name_is_read_as_it_was_written_and_stands_nowhere_in_the_database(place: Place) -> None:
    made = entered(place.store)
    assert named(place.store, made) == "Siti Rahmah"
    held = str(place.database.dump())
    assert not any(word in held for word in ("Siti", "Rahmah", "6402031203160009", "islam"))


@pytest.mark.parametrize("change", ["name = (SELECT name FROM child AS o WHERE o.id = '{other}')", "name = mother_name", "name = 'Siti'"])
def test_a_cell_that_was_moved_or_replaced_past_the_program_does_not_open(place: Place, change: str) -> None:
    made, other = entered(place.store, mother_name="Aminah"), entered(place.store, name="Bayu")
    wreck(place.database, f"UPDATE child SET {change.format(other=other)} WHERE id = '{made}'")  # noqa: S608 - our own ids
    with pytest.raises(Unavailable, match="does not open"):
        named(place.store, made)
    assert named(place.store, other) == "Bayu"


def test_clear_text_cannot_be_written_into_a_personal_column(place: Place) -> None:
    def careless(unit: Unit) -> None:
        unit.run(child.insert().values(id="x", salt=b"", created_at="", **SITI))

    with pytest.raises((StatementError, Unavailable)):
        place.store.carry_out(NOBODY, careless)
    assert place.database.rows("SELECT * FROM child") == []


def test_without_a_childs_key_its_values_are_gone(place: Place) -> None:
    made, other = entered(place.store), entered(place.store)
    wreck(place.database, f"DELETE FROM data_key WHERE holder = '{made}'")  # noqa: S608 - our own ids
    place.store.keyring.forget(made)
    with pytest.raises(Unavailable):
        named(place.store, made)
    assert named(place.store, other) == "Siti Rahmah"


def test_another_master_key_serves_nobody_and_says_what_to_do(place: Place) -> None:
    stranger = Store(place.store.target, Parameters(), master_key=MasterKey(None, b"o" * 32))
    with pytest.raises(StoreMismatch, match="put the right file back"):
        stranger.prepare(MOMENT)
    stranger.close()


def test_a_missing_master_key_is_not_made_anew(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "gone.key"
    stranger = Store(place.store.target, Parameters(), master_key=MasterKey(file))
    with pytest.raises(StoreMismatch, match=r"the master key is not there .*gone\.key"):
        stranger.prepare(MOMENT)
    stranger.close()
    assert not file.exists()


def test_the_key_of_a_new_database_is_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    made = MasterKey(tmp_path / "m.key")
    assert made.make() == made.read() == MasterKey(tmp_path / "m.key").read()
    assert (tmp_path / "m.key").stat().st_mode & 0o777 == 0o600


def test_an_exchanged_master_key_opens_everything_and_the_old_one_nothing(tmp_path: Path) -> None:
    database = tmp_path / "casework.sqlite3"
    (tmp_path / "casework.toml").write_text(f'database = "{database}"\n', encoding="utf-8")
    run = ["--config", str(tmp_path), "db"]
    assert CliRunner().invoke(main, [*run, "upgrade"], catch_exceptions=False).exit_code == 0
    store = Store(str(database), Parameters())
    made = entered(store)
    store.close()
    file = Path(f"{database}.master.key")
    old = file.read_bytes()
    for _ in range(2):
        assert CliRunner().invoke(main, [*run, "rekey"], catch_exceptions=False).exit_code == 0
    assert file.read_bytes() != old
    assert old in {kept.read_bytes() for kept in tmp_path.glob("*.master.key.*")}
    store = Store(str(database), Parameters())
    assert named(store, made) == "Siti Rahmah"
    store.close()
    shutil.copy(next(kept for kept in tmp_path.glob("*.master.key.*") if kept.read_bytes() == old), file)
    store = Store(str(database), Parameters())
    with pytest.raises(StoreMismatch):
        store.prepare(MOMENT)
    store.close()


def test_an_exchange_that_ended_before_the_new_file_had_its_name_is_finished_by_the_same_command(tmp_path: Path) -> None:
    database = tmp_path / "casework.sqlite3"
    (tmp_path / "casework.toml").write_text(f'database = "{database}"\n', encoding="utf-8")
    run = ["--config", str(tmp_path), "db"]
    CliRunner().invoke(main, [*run, "upgrade"], catch_exceptions=False)
    store = Store(str(database), Parameters())
    made = entered(store)
    new = keys.next_to(keys.master_kept(str(database)))
    assert store.rekey(new) == 2
    store.close()
    with pytest.raises(StoreMismatch, match="casework db rekey"):
        Store(str(database), Parameters()).prepare(MOMENT)
    assert CliRunner().invoke(main, [*run, "rekey"], catch_exceptions=False).exit_code == 0
    store = Store(str(database), Parameters())
    assert named(store, made) == "Siti Rahmah"
    store.close()


@pytest.fixture
def filed(databases: Databases, tmp_path: Path) -> Iterator[tuple[Database, Path]]:
    """A database whose master key is a file, as an office has it."""
    with dropped(databases.new()) as database:
        owner = Store(database.owner, Parameters(), master_key=MasterKey(tmp_path / "master.key"))
        owner.upgrade(MOMENT)
        owner.close()
        yield database, tmp_path / "master.key"


@pytest.mark.parametrize("named_already", [True, False], ids=["in place", "before it has its name"])
def test_who_serves_while_the_master_key_is_exchanged_notices_and_loses_nothing(
    filed: tuple[Database, Path],
    named_already: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    database, file = filed
    serving, beside = (Store(database.target, Parameters(), master_key=MasterKey(file)) for _ in range(2))
    known = entered(serving)
    unread = entered(beside, name="Bayu")
    owner = Store(database.owner, Parameters(), master_key=MasterKey(file))
    new = keys.next_to(MasterKey(file))
    owner.rekey(new)
    owner.close()
    if named_already:
        keys.put_in_place(new, file)
    made = entered(serving, name="Citra")
    assert (named(serving, known), named(serving, unread), named(serving, made)) == ("Siti Rahmah", "Bayu", "Citra")
    if not named_already:
        keys.put_in_place(new, file)
    fresh = Store(database.target, Parameters(), master_key=MasterKey(file))
    fresh.prepare(MOMENT)
    assert [named(fresh, one) for one in (known, unread, made)] == ["Siti Rahmah", "Bayu", "Citra"]
    assert named(beside, made) == "Citra", "and who only reads notices as well"
    for store in (serving, beside, fresh):
        store.close()


def test_who_has_only_the_old_master_key_writes_no_key_that_nobody_could_open(filed: tuple[Database, Path], tmp_path: Path) -> None:
    """Another host, to which the new file was not brought: what it knows it reads on, everything else is a clear no."""
    database, file = filed
    elsewhere = shutil.copy(file, tmp_path / "elsewhere.key")
    serving = Store(database.target, Parameters(), master_key=MasterKey(Path(elsewhere)))
    known = entered(serving)
    assert named(serving, known) == "Siti Rahmah"
    owner = Store(database.owner, Parameters(), master_key=MasterKey(file))
    new = keys.next_to(MasterKey(file))
    owner.rekey(new)
    unread = entered(owner, name="Bayu")
    held = database.dump()
    assert named(serving, known) == "Siti Rahmah"
    with pytest.raises(MasterKeyGone, match="casework db rekey"):
        entered(serving, name="Citra")
    with pytest.raises(MasterKeyGone):
        named(serving, unread)
    assert database.dump() == held, "nothing was written"
    shutil.copy(keys.put_in_place(new, file).with_name(file.name), elsewhere)
    assert named(serving, unread) == "Bayu", "with the file it goes on, not started again"
    assert named(owner, entered(serving, name="Citra")) == "Citra"
    for store in (serving, owner):
        store.close()


def test_a_wrapped_key_belongs_to_its_holder() -> None:
    key = new_key("one")
    assert unwrapped(MASTER.read(), "one", key.wrapped(MASTER.read())).digest(b"x") == key.digest(b"x")
    with pytest.raises(Unavailable):
        unwrapped(MASTER.read(), "two", key.wrapped(MASTER.read()))


def test_equal_values_are_different_cells_and_equal_contents_of_two_children_different_digests() -> None:
    one, two = DataKey("one", b"1" * 32), DataKey("two", b"2" * 32)
    assert len({key.seal("child.name:x", "Siti") for key in (one, one, two)}) == 3
    assert one.digest(b"x") != two.digest(b"x")


def test_personal_values_of_two_tables_are_not_asked_for_as_one() -> None:
    with pytest.raises(TypeError, match="ask twice"):
        Query(union_all(select(child.c.name), select(relative.c.name)))


def test_every_identity_field_that_stands_in_clear_is_named_and_corrections_follow() -> None:
    assert {field for field in IDENTITY if not is_sealed(child.c[field])} == CLEAR_OF_CHILD
    assert is_sealed(identity_change.c.new_value)


def test_every_encrypted_column_of_the_inventory_is_sealed_and_no_other() -> None:
    from casework.store.inventory import ROWS  # noqa: PLC0415 - only this test needs it

    told = {(row.table, name) for row in ROWS if row.how == "encrypted" for name in row.columns.split()} - {("data_key", "wrapped")}
    assert {(table.name, column.name) for table in metadata.sorted_tables for column in table.c if is_sealed(column)} == told


def test_what_asks_for_no_personal_value_is_left_as_it_is() -> None:
    plain = select(child.c.id, child.c.born)
    assert naming_their_rows(plain) == (plain, ())
    assert fingerprint(MASTER.read()) != MASTER.read().hex()[:16]
    assert Keyring(MASTER).known(REGISTER) is None
