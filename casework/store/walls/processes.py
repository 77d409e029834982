"""What raw SQL may never do to the processes beside the journey, in the grammar of `rules.py`.

A process is inserted at the beginning of a sealed definition, with no steps made. Its first step is `open`, from nowhere to where it
stands; every later one leads over an edge from where it stands. A step needs the entry of the journal that names it, word for word, and
inserting it is the only way in which the process moves. `names_step(x.body)` stands for that entry's bytes naming the step,
`occurred_in(x.body)` for when they say that it happened.

A process passes into a newer version by a step `migrate`, over a crossing, and only as an approved migration lets it.
"""

from collections.abc import Iterator

from casework.store.walls.rules import LIVE_PLACEMENT, Rule, _changed, _frozen, _listed, _never, _no_replace
from casework.store.walls.versions import VERSION_RULES

REGISTERS = ("placement", "host", "staff")
"""Tables whose rows have a process of the machine of that name, under the same id; `status` is its state."""

STEP_FOLLOW = """
    UPDATE process SET
      state = NEW.dest, version = NEW.version, steps = NEW.n, entered_at = CASE
        WHEN NEW.source <> NEW.dest AND NEW."trigger" <> 'migrate' THEN NEW.occurred_at ELSE entered_at END
    WHERE id = NEW.process_id;
    UPDATE host SET status = NEW.dest WHERE id = NEW.process_id AND NEW.machine = 'host' AND status <> NEW.dest;
    UPDATE staff SET status = NEW.dest WHERE id = NEW.process_id AND NEW.machine = 'staff' AND status <> NEW.dest;
    UPDATE placement SET
      status = NEW.dest, ended_at = CASE
        WHEN NEW.dest NOT IN ('disrupted', 'ended') THEN NULL
        WHEN NEW."trigger" = 'lapse' THEN reserved_until
        ELSE NEW.occurred_at END,
      reserved_at = CASE WHEN NEW.dest IN ('reserved', 'disrupted', 'ended') THEN reserved_at END,
      reserved_until = CASE WHEN NEW.dest IN ('reserved', 'disrupted', 'ended') THEN reserved_until END
    WHERE id = NEW.process_id AND NEW.machine = 'placement' AND status <> NEW.dest;"""
"""What the database itself does after a step is inserted: the process stands there, and its register says so. A step that leads back to
where it began restarts no clock; a bed that was held in vain was given up on the day until which it was held, and one that is needed
again is held no longer."""

_PROCESS = "SELECT {} FROM process WHERE id = NEW.process_id"
_ADVANCE = """
    SELECT 1 FROM process_step AS s
    WHERE s.process_id = OLD.id AND s.n = NEW.steps AND NEW.steps = OLD.steps + 1 AND s.dest = NEW.state
      AND s.version = NEW.version
      AND NEW.entered_at = CASE WHEN s.source <> s.dest AND s."trigger" <> 'migrate' THEN s.occurred_at ELSE OLD.entered_at END"""
_EDGE = """
    SELECT 1 FROM edge AS e
    WHERE e.machine = NEW.machine AND e.version = NEW.version AND e.source = NEW.source AND e."trigger" = NEW."trigger"
      AND e.dest = NEW.dest AND e.approvals_before = 0 AND e.new_round = 0"""
_MIGRATED = """
    SELECT 1 FROM process AS p JOIN migration_item AS i ON i.subject = p.id AND i.from_version = p.version
      JOIN migration AS m ON m.id = i.migration_id AND m.machine = p.machine
      JOIN crossing AS x ON x.machine = m.machine AND x.version = m.version AND x.from_version = p.version
    WHERE p.id = NEW.process_id AND m.version = NEW.version AND m.version > p.version AND m.approved_at <= NEW.occurred_at
      AND m.requester <> m.approver AND x.source = NEW.source AND x.dest = NEW.dest"""
_ENTRY = """
    SELECT 1 FROM event AS e
    WHERE e.case_id = substr(NEW.stream, 6) AND 'case:' || e.case_id = NEW.stream AND e.seq = NEW.seq
      AND occurred_in(e.body) = NEW.occurred_at AND names_step(e.body)
    UNION ALL
    SELECT 1 FROM actor_event AS a
    WHERE a.account_id = substr(NEW.stream, 7) AND 'actor:' || a.account_id = NEW.stream AND a.seq = NEW.seq AND a.outcome = 'done'
      AND occurred_in(a.body) = NEW.occurred_at AND names_step(a.body)"""


def _processes() -> Iterator[Rule]:
    yield _no_replace("process", "id")
    sealed = (
        "SELECT 1 FROM machine_version AS m WHERE m.machine = NEW.machine AND m.version = NEW.version AND m.sealed = 1"
        " AND m.about <> 'journey'"
    )
    yield Rule(
        "process",
        "insert",
        f"NOT EXISTS ({sealed} AND m.initial = NEW.state) OR NEW.steps <> 0 OR NEW.entered_at <> NEW.opened_at",
        "process: it begins at the beginning of a sealed definition",
    )
    concerns = (
        "CASE m.about WHEN 'case' THEN NEW.case_id IS NOT NULL"
        " WHEN 'office' THEN NEW.case_id IS NULL AND NEW.host_id IS NULL AND NEW.office_id IS NOT NULL"
        " ELSE NEW.case_id IS NULL AND NEW.host_id IS NOT NULL END"
    )
    yield Rule("process", "insert", f"NOT EXISTS ({sealed} AND {concerns})", "process: it is about what its definition is about")
    here = "SELECT 1 FROM record AS r WHERE r.id = NEW.record_id AND r.case_id = NEW.case_id"
    yield Rule("process", "insert", f"NEW.record_id IS NOT NULL AND NOT EXISTS ({here})", "process: its record is of its case")
    office = "SELECT office_id FROM care_case WHERE id = NEW.case_id"
    others = f"NEW.office_id IS DISTINCT FROM ({office}) AND NOT EXISTS ({sealed} AND m.about = 'office')"
    yield Rule("process", "insert", others, "process: it belongs to its case's office")
    known = "SELECT 1 FROM office AS o WHERE o.id = NEW.office_id"
    nowhere = f"EXISTS ({sealed} AND m.about = 'office') AND NOT EXISTS ({known})"
    yield Rule("process", "insert", nowhere, "process: it belongs to an office")
    yield _frozen("process", "id", "machine", "case_id", "host_id", "record_id", "office_id", "opened_at")
    moving = _changed("version", "state", "steps", "entered_at")
    yield Rule("process", "update", f"{moving} AND NOT EXISTS ({_ADVANCE})", "process: only its next step moves a process")
    yield from _never("process", "delete")


def _steps() -> Iterator[Rule]:
    def refuse(when: str, words: str) -> Rule:
        return Rule("process_step", "insert", when, f"process_step: {words}")

    yield _no_replace("process_step", "process_id", "n")
    yield refuse(f"NEW.n IS DISTINCT FROM ({_PROCESS.format('steps + 1')})", "it must be the next one of an existing process")
    yield refuse(
        f"NEW.machine IS DISTINCT FROM ({_PROCESS.format('machine')})"
        f" OR (NEW.\"trigger\" <> 'migrate' AND NEW.version IS DISTINCT FROM ({_PROCESS.format('version')}))",
        "it must use the definition the process is pinned to",
    )
    yield refuse(
        "(NEW.n = 1) <> (NEW.\"trigger\" = 'open' AND NEW.source = '')"
        f" OR (NEW.n = 1 AND (NEW.dest IS DISTINCT FROM ({_PROCESS.format('state')})"
        f" OR NEW.occurred_at IS DISTINCT FROM ({_PROCESS.format('opened_at')})))",
        "a process begins at its beginning",
    )
    yield refuse(f"NEW.n > 1 AND NEW.source IS DISTINCT FROM ({_PROCESS.format('state')})", "it must start where the process is")
    yield refuse(f"NEW.n > 1 AND NEW.\"trigger\" <> 'migrate' AND NOT EXISTS ({_EDGE})", "the definition has no such edge")
    yield refuse(f"NEW.\"trigger\" = 'migrate' AND NOT EXISTS ({_MIGRATED})", "no approved migration lets it pass into that version")
    own = "SELECT 1 FROM process AS p WHERE p.id = NEW.process_id AND (p.case_id IS NULL OR NEW.stream = 'case:' || p.case_id)"
    yield refuse(f"NOT EXISTS ({own})", "a case's process is told of in its case's stream")
    yield refuse(f"NOT EXISTS ({_ENTRY})", "no entry of the journal names it")
    yield from _never("process_step", "update", "delete")


def _registers() -> Iterator[Rule]:
    """A register says what its process says, and only a step changes that. Where no definition is published yet, there is no law to follow.

    A host and a member of staff are entered before their process begins, at its beginning; a placement once it is in force.
    """
    for table, whose in (("host", ()), ("staff", ("host_id",))):
        yield _no_replace(table, "id")
        yield _frozen(table, "id", *whose)
        yield from _never(table, "delete")
    for table in REGISTERS:
        newest = f"SELECT max(m.version) FROM machine_version AS m WHERE m.machine = '{table}' AND m.sealed = 1"
        stands = f"SELECT p.state FROM process AS p WHERE p.id = NEW.id AND p.machine = '{table}'"
        first = f"SELECT m.initial FROM machine_version AS m WHERE m.machine = '{table}' AND m.version = ({newest})"
        state = f"({stands})" if table == "placement" else f"COALESCE(({stands}), ({first}))"
        differs = f"NEW.status IS DISTINCT FROM {state} AND ({newest}) IS NOT NULL"
        yield Rule(table, "insert", differs, f"{table}: its status is what its process says")
        yield Rule(table, "update", f"{_changed('status')} AND {differs}", f"{table}: only a step of its process changes its status")
        other = f"SELECT 1 FROM {table} AS r WHERE r.id = NEW.id AND r.status <> NEW.state"
        yield Rule("process", "insert", f"NEW.machine = '{table}' AND EXISTS ({other})", "process: its register says otherwise")
    in_force = _listed((*LIVE_PLACEMENT, "disrupted", "ended"))
    yield Rule("placement", "insert", f"NEW.status NOT IN {in_force}", "placement: it is in force, or was")
    alone = f"{_changed('ended_at')} AND NOT ({_changed('status')})"
    yield Rule("placement", "update", alone, "placement: it ends by a step of its process")


PROCESS_RULES = (*_processes(), *_steps(), *_registers(), *VERSION_RULES)
"""Every rule about processes, and about what passes into another version, in the order in which a table's own are tried."""
