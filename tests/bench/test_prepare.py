"""The benchmark can still prepare its cases: a rule that comes later than it must not be found half an hour into a measurement."""

from pathlib import Path

from tests.bench.contenders import make_bed
from tests.bench.databases import Sqlite
from tests.bench.prepare import WORKERS


def test_more_workers_than_supervisors_are_limited_to_and_admissions_are_prepared(tmp_path: Path) -> None:
    bed = make_bed(Sqlite(tmp_path), tmp_path, {"ordinary": WORKERS + 1, "admission": 2})
    assert {move: len(ready) for move, ready in bed.plan.ready.items()} == {"ordinary": WORKERS + 1, "admission": 2}
    assert {one.worker for one in bed.plan.ready["ordinary"]} == {*range(WORKERS)}
