"""The demo shows LKS of other kinds, looked after and never a place for a child; one of them must see to its licence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.demo import houses
from casework.machines.parameters import Parameters
from casework.rehearsal import cast
from casework.services.audit import verify_trail
from casework.services.house_deadlines import near
from casework.services.sessions import NOBODY
from casework.store import registers
from casework.store.call import Call
from casework.store.store import Store

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=30)


def test_the_demo_has_lks_of_other_kinds_with_inspections_training_and_a_warning(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "demo.sqlite3"), Parameters())
    store.upgrade(BEGAN)
    houses.enter(store, cast.build(store, BEGAN, "kata-sandi-demo-rekaan"), NOW)
    with store.read(Call(who=NOBODY, at=NOW)) as unit, unit.over_everything():
        others = [row for row in registers.all_hosts(unit) if row.kind == "lks"]
        waiting = {one.host_name for one in near(unit) if one.kind == "activation"}
        warned = {one.host_name for one in near(unit) if one.kind == "licence"}
    assert {code for row in others for code in row.services.split()} == {"elderly", "disability", "odgj", "prse", "homeless"}
    assert waiting == {"Keluarga Rahmat (rekaan)"}
    assert all("(rekaan)" in row.name for row in others)
    assert warned == {"LKS Perempuan Berdaya (rekaan)", "LKSA Kasih Etam"}
    assert verify_trail(store, Call(who=NOBODY, at=NOW)).whole
    store.close()
