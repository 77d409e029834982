"""What raw SQL may never do, as one table: on which table, at which change, refused when, in which words.

Conditions are SQL that both dialects read, over `OLD` and `NEW`; `reason_code(x.body)` stands for the reason that an event's body names,
`slot_of(x.case_id)` for the slot in which a case is counted, `days_between(a, b)` for the days from one instant to another.
Nothing here leans on foreign keys or CHECKs: SQLite can switch both off, so what matters is said again.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from casework.ledger.event import NO_HASH

Change: TypeAlias = Literal["insert", "update", "delete"]

MARK = "wall: "
"""How every refusal begins, so that the reader of a log knows a wall from a key."""

IDENTITY = ("name", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name", "sex")
"""The columns of `child` that change only by an approved identity change: nobody's identity is altered (UUPA 27, 28)."""

LIVE_PLACEMENT = ("active", "unconfirmed", "on_leave", "reserved")
SETTLED_REQUEST = ("consumed", "rejected", "withdrawn", "expired", "superseded", "lapsed")


_WRITTEN: tuple[Change, ...] = ("insert", "update")


class Rule(msgspec.Struct, frozen=True):
    """One refusal: a `change` of `table` for which `when` is true. `words` carry no values: they end up in the driver's error."""

    table: str
    change: Change
    when: str
    words: str


def _listed(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def _changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns) + ")"


def _never(table: str, *changes: Change) -> Iterator[Rule]:
    for change in changes:
        yield Rule(table, change, "1 = 1", f"{table}: {change} is refused")


def _frozen(table: str, *columns: str, when: str = "1 = 1", words: str = "written once, never changed") -> Rule:
    return Rule(table, "update", f"{when} AND {_changed(*columns)}", f"{table}: {words}")


ERASED = ("erased", "unknown", "")
"""What an erased text may read; of bytes, no more than the word is left."""
CHILD_OF_CASE = "(SELECT c.child_id FROM care_case AS c WHERE c.id = OLD.case_id)"


def gone(holder: str) -> str:
    """Return the condition that the key of somebody was destroyed: only then is anything erased."""
    return f"EXISTS (SELECT 1 FROM data_key AS k WHERE k.holder = {holder} AND k.destroyed_at IS NOT NULL)"


def erasing(holder: str, *texts: str, of_bytes: tuple[str, ...] = ()) -> str:
    """Return the condition that a change of these columns only takes away what was written about somebody whose key was destroyed."""
    left = [f"(NEW.{name} IS NULL OR NEW.{name} IN {_listed(ERASED)} OR NOT ({_changed(name)}))" for name in texts]
    left += [f"(length(NEW.{name}) <= {len(ERASED[0])} OR NOT ({_changed(name)}))" for name in of_bytes]
    return f"({gone(holder)} AND {' AND '.join(left)})"


def _frozen_until_erased(table: str, holder: str, *texts: str, of_bytes: tuple[str, ...] = (), when: str = "1 = 1") -> Rule:
    kept = f"{_changed(*texts, *of_bytes)} AND NOT {erasing(holder, *texts, of_bytes=of_bytes)}"
    return Rule(table, "update", f"{when} AND {kept}", f"{table}: what was written goes with its key only")


def _set_once(table: str, *columns: str) -> Rule:
    again = " OR ".join(f"(OLD.{column} IS NOT NULL AND {_changed(column)})" for column in columns)
    return Rule(table, "update", f"({again})", f"{table}: a signature is given once")


def _no_replace(table: str, *columns: str) -> Rule:
    """INSERT OR REPLACE fires no delete trigger, so an existing key is refused before it is met."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return Rule(table, "insert", f"EXISTS (SELECT 1 FROM {table} WHERE {same})", f"{table}: it exists already")


_CASE = "SELECT {} FROM care_case WHERE id = NEW.case_id"
_EDGE = """
    SELECT 1 FROM edge JOIN care_case ON care_case.id = NEW.case_id
    WHERE edge.machine = NEW.machine AND edge.version = NEW.version AND edge.source = NEW.source AND edge."trigger" = NEW."trigger"
      AND edge.dest = NEW.dest AND edge.approvals_before = NEW.approvals_before AND NEW.round = care_case.round + edge.new_round"""
_MIGRATED = """
    SELECT 1 FROM care_case AS c JOIN migration_item AS i ON i.subject = c.id AND i.from_version = c.version
      JOIN migration AS m ON m.id = i.migration_id AND m.machine = c.machine
      JOIN crossing AS x ON x.machine = m.machine AND x.version = m.version AND x.from_version = c.version
    WHERE c.id = NEW.case_id AND m.version = NEW.version AND m.version > c.version AND m.approved_at <= NEW.occurred_at
      AND m.requester = NEW.requester AND m.approver = NEW.approver_1 AND m.requester <> m.approver AND NEW.approvals_before = 1
      AND x.source = NEW.source AND x.dest = NEW.dest"""
_ADVANCE = """
    SELECT 1 FROM event AS e
    WHERE e.case_id = OLD.id AND e.seq = NEW.seq AND NEW.seq = OLD.seq + 1
      AND e.dest = NEW.state AND e.hash = NEW.head AND e.round = NEW.round AND e.version = NEW.version
      AND NEW.entered_at = CASE WHEN e.kind = 'moved' THEN e.occurred_at ELSE OLD.entered_at END
      AND NEW.round_started_at = CASE WHEN e.round <> OLD.round THEN e.occurred_at ELSE OLD.round_started_at END
      AND NEW.closed_reason IS NOT DISTINCT FROM CASE WHEN e.kind = 'moved' THEN reason_code(e.body) ELSE OLD.closed_reason END"""

_DELEGATED = """
    SELECT 1 FROM delegation AS d JOIN account AS g ON g.id = d.giver JOIN account AS t ON t.id = d.taker
      JOIN care_case AS c ON c.id = NEW.case_id AND c.office_id = d.office_id
    WHERE g.person_id = NEW.on_behalf_of AND t.person_id = NEW.actor AND d.starts_at <= NEW.recorded_at AND d.ends_at > NEW.recorded_at
      AND (d.ended_at IS NULL OR d.ended_at > NEW.recorded_at)"""

SLOTS = 8
"""A state's cases of an office are counted in so many rows, so that cases which move at once do not wait for one another."""
_COUNTS = """
    SELECT 1 FROM event AS e JOIN care_case AS c ON c.id = e.case_id
    WHERE e.case_id = NEW.case_id AND e.seq = c.seq + 1 AND c.office_id = NEW.office_id AND NEW.slot = slot_of(NEW.case_id)
      AND {step} = CASE NEW.state WHEN e.dest THEN 1 WHEN e.source THEN -1 END"""
"""An entry that its case has not followed yet: there is none but while the database itself follows it (below), so nobody else counts."""

FOLLOW = """
    INSERT INTO case_count (office_id, state, slot, n, case_id)
      SELECT c.office_id, counted.state, slot_of(NEW.case_id), counted.step, NEW.case_id
      FROM (SELECT NEW.source AS state, -1 AS step WHERE NEW.seq > 1 UNION ALL SELECT NEW.dest, 1) AS counted
        JOIN care_case AS c ON c.id = NEW.case_id
      WHERE NEW.seq = 1 OR NEW.source <> NEW.dest
      ORDER BY counted.state
    ON CONFLICT (office_id, state, slot) DO UPDATE SET n = case_count.n + excluded.n, case_id = excluded.case_id;
    UPDATE care_case SET
      state = NEW.dest, seq = NEW.seq, head = NEW.hash, round = NEW.round, version = NEW.version,
      entered_at = CASE WHEN NEW.kind = 'moved' THEN NEW.occurred_at ELSE entered_at END,
      round_started_at = CASE WHEN NEW.round <> round THEN NEW.occurred_at ELSE round_started_at END,
      closed_reason = CASE WHEN NEW.kind = 'moved' THEN reason_code(NEW.body) ELSE closed_reason END
    WHERE id = NEW.case_id;"""
"""What the database itself does after an event is inserted: the only way a case's position changes, and how cases are counted.

A case counts from its first entry on. Both its rows are counted in the order of their key, so that two moves never wait for each other.
"""


def _journal() -> Iterator[Rule]:
    def refuse(when: str, words: str) -> Rule:
        return Rule("event", "insert", when, f"event: {words}")

    yield _no_replace("event", "case_id", "seq")
    yield refuse(f"NEW.seq IS DISTINCT FROM ({_CASE.format('seq + 1')})", "it must be the next one of an existing case")
    yield refuse(f"NEW.prev IS DISTINCT FROM ({_CASE.format('head')})", "it must follow the case's last entry")
    yield refuse(f"NEW.source IS DISTINCT FROM ({_CASE.format('state')})", "it must start where the case is")
    yield refuse(
        f"NEW.machine IS DISTINCT FROM ({_CASE.format('machine')})"
        f" OR (NEW.kind <> 'migrated' AND NEW.version IS DISTINCT FROM ({_CASE.format('version')}))",
        "it must use the definition the case is pinned to",
    )
    yield refuse(f"NEW.kind = 'moved' AND NOT EXISTS ({_EDGE})", "the definition has no such edge with these approvals and round")
    yield refuse(
        "NEW.kind NOT IN ('moved', 'migrated') AND (NEW.dest <> NEW.source OR NEW.\"trigger\" <> '' OR NEW.approvals_before <> 0"
        f" OR NEW.round IS DISTINCT FROM ({_CASE.format('round')}))",
        "only a move moves",
    )
    yield refuse(
        "NEW.kind = 'migrated' AND (NEW.\"trigger\" <> ''"
        f" OR NEW.round IS DISTINCT FROM ({_CASE.format('round')}) OR NOT EXISTS ({_MIGRATED}))",
        "no approved migration lets the case pass into that version",
    )
    yield refuse(
        "(NEW.approvals_before >= 1 AND (COALESCE(NEW.approver_1, '') = '' OR COALESCE(NEW.requester, '') = ''))"
        " OR (NEW.approvals_before >= 2 AND COALESCE(NEW.approver_2, '') = '')"
        " OR NEW.approver_1 IN (NEW.actor, NEW.requester) OR NEW.approver_2 IN (NEW.actor, NEW.requester, NEW.approver_1)",
        "four eyes",
    )
    yield refuse(f"NEW.on_behalf_of IS NOT NULL AND NOT EXISTS ({_DELEGATED})", "nobody delegated to who acts on their behalf")
    yield refuse("NEW.on_behalf_of IN (NEW.actor, NEW.approver_1, NEW.approver_2)", "four eyes, also on somebody's behalf")
    yield from _never("event", "update", "delete")
    last = "SELECT {} FROM actor_event WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1"
    yield Rule("actor_event", "insert", f"NEW.seq <> COALESCE(({last.format('seq')}), 0) + 1", "actor_event: it must be the next one")
    yield Rule(
        "actor_event",
        "insert",
        f"NEW.prev <> COALESCE(({last.format('hash')}), '{NO_HASH}')",
        "actor_event: it must follow the account's last entry",
    )
    yield from _never("actor_event", "update", "delete")


def _cases() -> Iterator[Rule]:
    yield _no_replace("care_case", "id")
    yield _no_replace("care_case", "number")
    yield Rule(
        "care_case",
        "insert",
        "NOT EXISTS (SELECT 1 FROM machine_version AS m WHERE m.machine = NEW.machine AND m.version = NEW.version AND m.sealed = 1"
        " AND m.initial = NEW.state AND m.about = 'journey')"
        f" OR NEW.seq <> 0 OR NEW.round <> 1 OR NEW.head <> '{NO_HASH}' OR NEW.closed_reason IS NOT NULL",
        "care_case: a case begins at the beginning of a sealed definition",
    )
    yield _frozen("care_case", "id", "number", "child_id", "office_id", "machine", "opened_at")
    moving = _changed("version", "state", "seq", "head", "round", "entered_at", "round_started_at", "closed_reason")
    yield Rule("care_case", "update", f"{moving} AND NOT EXISTS ({_ADVANCE})", "care_case: only its next event moves a case")
    yield from _never("care_case", "delete")


def _counts() -> Iterator[Rule]:
    words = "case_count: only a case's next event is counted"
    yield Rule("case_count", "insert", f"NOT EXISTS ({_COUNTS.format(step='NEW.n')})", words)
    yield _frozen("case_count", "office_id", "state", "slot")
    yield Rule("case_count", "update", f"NOT EXISTS ({_COUNTS.format(step='NEW.n - OLD.n')})", words)
    yield from _never("case_count", "delete")


def _definitions() -> Iterator[Rule]:
    yield _no_replace("machine_version", "machine", "version")
    yield _frozen("machine_version", "machine", "version")
    yield _frozen("machine_version", "digest", "initial", "published_at", "sealed", "about", when="OLD.sealed = 1", words="it is sealed")
    yield Rule("machine_version", "delete", "OLD.sealed = 1", "machine_version: it is sealed")
    open_version = "SELECT 1 FROM machine_version AS m WHERE m.machine = {0}.machine AND m.version = {0}.version AND m.sealed = 0"
    new, old = (f"NOT EXISTS ({open_version.format(row)})" for row in ("NEW", "OLD"))
    yield Rule("edge", "insert", new, "edge: its version is sealed or missing")
    yield Rule("edge", "update", f"{new} OR {old}", "edge: its version is sealed or missing")
    yield Rule("edge", "delete", old, "edge: its version is sealed or missing")
    for table in ("parameter_set", "policy_version"):
        yield _no_replace(table, "digest")
        yield from _never(table, "update", "delete")


def _records() -> Iterator[Rule]:
    yield _no_replace("record", "id")
    yield _no_replace("record", "supersedes")
    yield Rule(
        "record",
        "insert",
        "NEW.status NOT IN ('draft', 'signed') OR NEW.verified_by IS NOT NULL OR NEW.countersigned_by IS NOT NULL",
        "record: it begins as its author's own",
    )
    yield _frozen("record", "id", "case_id", "author")
    yield _frozen(
        "record",
        *("form", "form_version", "round", "dated", "signed_at", "author_role", "supersedes", "host_id"),
        when="OLD.status <> 'draft'",
        words="what is signed is never changed",
    )
    yield _frozen_until_erased("record", CHILD_OF_CASE, "digest", of_bytes=("body", "salt"), when="OLD.status <> 'draft'")
    yield Rule(
        "record",
        "update",
        "NEW.supersedes IS DISTINCT FROM OLD.supersedes AND EXISTS (SELECT 1 FROM record WHERE supersedes = NEW.supersedes)",
        "record: it is superseded already",
    )
    steps = "('draft>signed', 'signed>countersigned', 'signed>void', 'countersigned>void')"
    step = f"{_changed('status')} AND OLD.status || '>' || NEW.status NOT IN {steps}"
    yield Rule("record", "update", step, "record: its status only goes forward")
    yield _set_once("record", "verified_by", "verifier_role", "verified_at", "countersigned_by", "countersigned_at", "voided_at")
    yield Rule(
        "record",
        "update",
        "NEW.verified_by = NEW.author OR NEW.countersigned_by = NEW.author"
        " OR (NEW.status = 'countersigned' AND NEW.countersigned_by IS NULL)"
        " OR (NEW.status IN ('draft', 'signed') AND NEW.countersigned_by IS NOT NULL)",
        "record: four eyes",
    )
    yield Rule("record", "delete", "OLD.status <> 'draft'", "record: what is signed is never deleted")
    yield _no_replace("document", "id")
    yield Rule("document", "insert", "NEW.compared_by IS NOT NULL", "document: it begins uncompared")
    yield _frozen("document", *("id", "case_id", "round", "kind", "issued_on", "attached_by", "attached_at"))
    yield _frozen_until_erased("document", CHILD_OF_CASE, "number", "issuer", "digest", of_bytes=("salt",))
    yield _set_once("document", "compared_by", "compared_role", "compared_at")
    yield Rule("document", "update", "NEW.compared_by = NEW.attached_by", "document: four eyes")
    yield from _never("document", "delete")


def _approvals() -> Iterator[Rule]:
    yield _no_replace("approval_request", "id")
    yield _frozen(
        "approval_request", "id", "case_id", "kind", '"trigger"', "subject", "record_id", "needs", "digest", "requester", "requested_at"
    )
    yield _frozen("approval_request", "office_id")
    yield from _of_its_case("approval_request")
    open_one = "NEW.status IN ('submitted', 'in_second_approval')"
    first = "substr(NEW.needs || ',', 1, length(NEW.next_role) + 1) = NEW.next_role || ','"
    last = "substr(',' || NEW.needs, length(NEW.needs) - length(NEW.next_role) + 1) = ',' || NEW.next_role"
    turn = f"CASE WHEN NEW.next_role IS NULL THEN NOT {open_one} WHEN NEW.status = 'submitted' THEN {first} ELSE {open_one} AND {last} END"
    for change in _WRITTEN:
        yield Rule("approval_request", change, f"NOT ({turn})", "approval_request: it waits for the role whose turn it is, or for none")
    settled = f"OLD.status IN {_listed(SETTLED_REQUEST)}"
    yield _frozen("approval_request", "status", "settled_at", when=settled, words="it is settled")
    yield from _never("approval_request", "delete")
    yield _no_replace("approval_decision", "request_id", "place")
    yield _no_replace("approval_decision", "request_id", "person")
    yield Rule(
        "approval_decision",
        "insert",
        "NOT EXISTS (SELECT 1 FROM approval_request AS r WHERE r.id = NEW.request_id AND r.requester <> NEW.person)",
        "approval_decision: four eyes",
    )
    yield _frozen("approval_decision", "request_id", "place", "person", "role", "decision", "digest", "at")
    asked = "(SELECT c.child_id FROM care_case AS c JOIN approval_request AS r ON r.case_id = c.id WHERE r.id = OLD.request_id)"
    yield _frozen_until_erased("approval_decision", asked, "reason")
    yield from _never("approval_decision", "delete")


def _of_its_case(table: str) -> Iterator[Rule]:
    """Lists are read by office without asking the case: so its office is what the row must say."""
    other = f"NEW.office_id IS DISTINCT FROM ({_CASE.format('office_id')})"
    yield Rule(table, "insert", other, f"{table}: it belongs to its case's office")


FIELD_WORK = ("field_tracing", "field_visit", "field_check")
"""Tasks that are not the case's worker's but of one person who works in the field (field.py)."""


def _tasks() -> Iterator[Rule]:
    yield _no_replace("task", "id")
    yield from _of_its_case("task")
    yield from _never("task", "delete")
    yield _frozen("task", "id", "case_id", "office_id", "process_id")
    theirs = "SELECT 1 FROM process AS p WHERE p.id = NEW.process_id AND p.case_id = NEW.case_id"
    yield Rule("task", "insert", f"NEW.process_id IS NOT NULL AND NOT EXISTS ({theirs})", "task: its process is of its case")
    worker = f"NEW.kind NOT IN {_listed(FIELD_WORK)} AND NEW.worker IS DISTINCT FROM ({_CASE.format('assigned_to')})"
    yield Rule("task", "insert", f"NEW.settled_at IS NULL AND {worker}", "task: it is its case's worker's")
    yield Rule("task", "update", f"NEW.worker IS DISTINCT FROM OLD.worker AND {worker}", "task: it is its case's worker's")


def _identities() -> Iterator[Rule]:
    yield _no_replace("identity_change", "id")
    yield Rule("identity_change", "insert", "NEW.approved_by IS NOT NULL OR NEW.applied <> 0", "identity_change: it begins unapproved")
    yield _frozen("identity_change", "id", "child_id", "case_id", "field", "document_id", "asked_by", "asked_at")
    yield _frozen_until_erased("identity_change", "OLD.child_id", "old_value", "new_value")
    yield _set_once("identity_change", "approved_by", "approved_at")
    yield Rule(
        "identity_change",
        "update",
        "NEW.approved_by = NEW.asked_by OR (NEW.applied <> 0 AND NEW.approved_by IS NULL) OR (OLD.applied = 1 AND NEW.applied <> 1)",
        "identity_change: four eyes, applied once",
    )
    yield from _never("identity_change", "delete")
    yield _no_replace("child", "id")
    yield _frozen("child", "id", "created_at")
    for field in IDENTITY:
        approved = (
            f"SELECT 1 FROM identity_change AS i WHERE i.child_id = OLD.id AND i.field = '{field}'"
            f" AND i.new_value IS NOT DISTINCT FROM NEW.{field}"
            " AND i.applied = 0 AND i.approved_by IS NOT NULL AND i.approved_by <> i.asked_by"
        )
        when = f"{_changed(field)} AND NOT EXISTS ({approved}) AND NOT {erasing('OLD.id', field)}"
        yield Rule("child", "update", when, f"child: {field} changes only by an approved identity change")
    yield _frozen_until_erased("child", "OLD.id", of_bytes=("salt",))
    yield from _never("child", "delete")


def _placements() -> Iterator[Rule]:
    live = f"NEW.status IN {_listed(LIVE_PLACEMENT)}"
    other = f"SELECT 1 FROM placement AS p WHERE p.child_id = NEW.child_id AND p.id <> NEW.id AND p.status IN {_listed(LIVE_PLACEMENT)}"
    yield _no_replace("placement", "id")
    yield Rule("placement", "insert", f"{live} AND EXISTS ({other})", "placement: the child is placed already")
    yield _frozen("placement", "id", "case_id", "child_id", "kind", "host_id", "relative_id", "started_at", "started_seq")
    renamed = """
        SELECT 1 FROM care_case AS c JOIN crossing AS x ON x.machine = c.machine AND x.version = c.version
        WHERE c.id = NEW.case_id AND x.source = OLD.state AND x.dest = NEW.state"""
    words = "placement: its way of care is called otherwise only in a newer version"
    yield Rule("placement", "update", f"{_changed('state')} AND NOT EXISTS ({renamed})", words)
    ending = ("status", "ended_at", "ended_by", "ended_why")
    yield _frozen("placement", *ending, when="OLD.status IN ('disrupted', 'ended')", words="what has ended is over")
    yield from _never("placement", "delete")


def _accounts() -> Iterator[Rule]:
    """What opened the door once does not open it again: neither an ended session nor a link that was used."""
    for table, *kept in (("session", "account_id", "created_at"), ("invitation", "account_id", "made_at", "valid_until")):
        yield _no_replace(table, "token_hash")
        yield _frozen(table, *kept)
        yield _frozen(table, "ended_at", when="OLD.ended_at IS NOT NULL", words="what has ended is over")
        yield from _never(table, "delete")
    yield _frozen("session", "token_hash", "proved_at", when="OLD.ended_at IS NOT NULL", words="what has ended is over")
    yield _no_replace("access_token", "token_hash")
    yield _no_replace("access_token", "account_id", "name")
    yield _frozen("access_token", "token_hash", "account_id", "name", "actions", "offices", "made_at", "valid_until")
    yield _no_replace("external_identity", "issuer", "subject")
    yield _frozen("external_identity", "issuer", "subject", "account_id", "made_at")
    for table in ("access_token", "external_identity"):
        yield _set_once(table, "ended_at")
        yield from _never(table, "delete")
    yield _frozen("account", "service")
    yield _no_replace("passkey", "id")
    yield _no_replace("passkey", "credential")
    yield _frozen("passkey", "id", "account_id", "credential", "public_key", "made_at")
    yield Rule("passkey", "update", "NEW.uses < OLD.uses", "passkey: it counts upwards")
    yield _no_replace("totp", "account_id")
    yield _frozen("totp", "account_id", "secret", "made_at")
    yield Rule("totp", "update", "NEW.last_step <= OLD.last_step", "totp: a code is used once")
    yield _no_replace("recovery_code", "account_id", "digest")
    yield _frozen("recovery_code", "account_id", "digest")
    yield _set_once("recovery_code", "used_at")


RULES = (
    *(*_journal(), *_cases(), *_counts(), *_definitions(), *_records(), *_approvals(), *_tasks(), *_identities(), *_placements()),
    *_accounts(),
)
"""Every rule, in the order in which a table's own are tried."""
