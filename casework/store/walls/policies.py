"""Row-level security on PostgreSQL: which rows of a case-bound table a transaction sees, by the scope it set (`store/scope.py`).

Everybody but the owner is bound, whatever the role is called. `(SELECT current_setting(...))` is asked once per statement, not per row.
"""

from collections.abc import Iterator

from casework.store.schema import AT_A_DESK
from casework.store.walls.field import DISTRICT
from casework.store.walls.rules import FIELD_WORK, SLOTS, _listed

BY_CASE = (
    *("event", "record", "document", "attachment", "draft", "task", "approval_request", "host_offer", "placement"),
    "data_request",
)
"""Tables whose rows are seen with their case. `care_case` itself, and decisions by their request, have policies of their own.

So have processes: their office is their case's (walls), so the case is not asked; one that has no case (a host's, a member of staff's) is
seen by every office, and by the house that it is about. A referral on a body's desk is seen by that body; of its case, nothing else is.
Whoever works in the field only sees the cases for which something asked of them is open, in their own district, and not past its day."""

_REACH = "(SELECT current_setting('casework.scope', true))"
_EVERYTHING = f"{_REACH} IN ('writer', 'whole')"
_WRITES = f"{_REACH} = 'writer'"
_OFFICES = "(SELECT string_to_array(current_setting('casework.offices', true), ','))"
_BODIES = "(SELECT string_to_array(current_setting('casework.bodies', true), ','))"
_HOSTS = "(SELECT NULLIF(current_setting('casework.hosts', true), ''))"

_CONCERNED = """
    SELECT EXISTS (SELECT 1 FROM placement AS p WHERE p.case_id = the_case AND p.host_id = ANY (string_to_array(hosts, ','))
                   AND p.status NOT IN ('disrupted', 'ended'))
        OR EXISTS (SELECT 1 FROM host_offer AS o WHERE o.case_id = the_case AND o.host_id = ANY (string_to_array(hosts, ',')))"""

_ASKED = "(SELECT NULLIF(current_setting('casework.asked', true), ''))"
_NOW = "NULLIF(current_setting('casework.now', true), '')"
_ASKED_CASES = f"""
    SELECT array_agg(t.case_id) FROM task AS t
    WHERE t.worker = whom AND t.kind IN {_listed(FIELD_WORK)} AND t.settled_at IS NULL AND t.due_at >= now_is
      AND EXISTS (SELECT 1 FROM assignment AS a JOIN account AS h ON h.id = a.account_id
                  WHERE h.person_id = whom AND h.active = 1 AND a.office_id = t.office_id AND substr(a.area, 1, {DISTRICT}) = t.district
                    AND a.valid_from <= now_is AND (a.valid_until IS NULL OR a.valid_until > now_is))"""

_COUNTS_LOCKED = f"""
    1 FROM case_count AS n
    WHERE (n.office_id, n.state, n.slot) IN (
      SELECT c.office_id, s.state, mod(ascii(right(c.id, 1)), {SLOTS})
      FROM unnest(cases, sources, dests) AS m (id, source, dest) JOIN care_case AS c ON c.id = m.id
        CROSS JOIN LATERAL (VALUES (m.source), (m.dest)) AS s (state))
    ORDER BY n.office_id, n.state, n.slot FOR NO KEY UPDATE"""
"""A batch of moves counts in many rows: locked in the order of their keys beforehand, no two batches wait for each other in a ring."""


def statements(schema: str) -> Iterator[str]:
    """Yield what switches row-level security on. Run again, it puts everything anew."""
    yield (
        f"CREATE OR REPLACE FUNCTION {schema}.lock_counts(cases text[], sources text[], dests text[]) RETURNS void LANGUAGE"
        f" plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $counts$BEGIN PERFORM {_COUNTS_LOCKED}; END$counts$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {schema}.house_concerned(the_case text, hosts text) RETURNS boolean LANGUAGE sql STABLE"
        f" SECURITY DEFINER SET search_path = {schema}, pg_temp AS $concerned${_CONCERNED}$concerned$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {schema}.asked_cases(whom text, now_is text) RETURNS text[] LANGUAGE sql STABLE STRICT"
        f" SECURITY DEFINER SET search_path = {schema}, pg_temp AS $asked${_ASKED_CASES}$asked$"
    )
    for table, seen in _conditions(schema).items():
        yield f"ALTER TABLE {schema}.{table} ENABLE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS seen ON {schema}.{table}"
        yield f"DROP POLICY IF EXISTS written ON {schema}.{table}"
        yield f"CREATE POLICY seen ON {schema}.{table} FOR SELECT USING ({_EVERYTHING} OR {seen})"
        yield f"CREATE POLICY written ON {schema}.{table} USING ({_WRITES}) WITH CHECK ({_WRITES})"


def tables() -> tuple[str, ...]:
    """Return the tables under row-level security."""
    return tuple(_conditions(""))


def _conditions(schema: str) -> dict[str, str]:
    found = {"care_case": f"({_own(schema, 'id')})"}
    for table in BY_CASE:
        found[table] = f"EXISTS (SELECT 1 FROM {schema}.care_case AS c WHERE c.id = {table}.case_id)"
    found["event"] = f"EXISTS (SELECT 1 FROM {schema}.care_case AS c WHERE c.id = event.case_id OFFSET 0)"
    found["case_count"] = f"office_id = ANY ({_OFFICES}::text[])"
    request = f"SELECT 1 FROM {schema}.approval_request AS r WHERE r.id = approval_decision.request_id"
    found["approval_decision"] = f"EXISTS ({request})"
    nobodys = f"cardinality({_OFFICES}) > 0 OR {_ASKED} IS NOT NULL OR host_id = ANY (string_to_array({_HOSTS}, ','))"
    offices = f"office_id = ANY ({_OFFICES}::text[])"
    of_case = f"{_own(schema, 'case_id')} OR (body_id = ANY ({_BODIES}::text[]) AND {AT_A_DESK})"
    found["process"] = f"CASE WHEN case_id IS NOT NULL THEN {of_case} WHEN office_id IS NOT NULL THEN {offices} ELSE {nobodys} END"
    found["complaint"] = offices
    found["complaint_answer"] = f"EXISTS (SELECT 1 FROM {schema}.complaint AS c WHERE c.id = complaint_answer.complaint_id)"
    found["report_sum"] = offices
    found["outbox"] = f"office_id = ANY ({_OFFICES}::text[])"
    found["letter"] = f"EXISTS (SELECT 1 FROM {schema}.outbox AS o WHERE o.stream = letter.stream AND o.seq = letter.seq)"
    found["process_step"] = f"EXISTS (SELECT 1 FROM {schema}.process AS p WHERE p.id = process_step.process_id)"
    return found


def _own(schema: str, case_id: str) -> str:
    """Return the condition that a case is of one's office, concerns one's house, or is one for which one was asked into the field."""
    here = f"office_id = ANY ({_OFFICES}::text[])"
    asked = f"(SELECT {schema}.asked_cases({_ASKED}, {_NOW}))::text[]"
    house = f"{_HOSTS} IS NOT NULL AND {schema}.house_concerned({case_id}, {_HOSTS})"
    return f"{here} OR ({house}) OR ({_ASKED} IS NOT NULL AND {case_id} = ANY ({asked}))"
