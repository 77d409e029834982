"""What the application's role may do on PostgreSQL: read, add, and change only the columns that the program changes.

It owns nothing: no DDL, no TRUNCATE, no trigger to switch off. Where a case, a process or a register stands is no column of it: the wall
that follows an inserted event or step moves it, with its owner's rights.
"""

from collections.abc import Iterator, Mapping

from casework.store.schema import metadata

READ_ONLY = frozenset({"case_count", "crossing", "machine_version", "edge"})
"""Definitions are published by the owner (`casework db upgrade`); cases are counted by the wall that moves them."""
_HOST, _STAFF = (metadata.tables[name].columns.keys() for name in ("host", "staff"))
CHANGED: Mapping[str, tuple[str, ...]] = {
    "access_token": ("used_at", "ended_at"),
    "account": ("active", "password_hash", "certificate_until", "mail", "language"),
    "approval_request": ("status", "settled_at", "next_role"),
    "attachment": ("withdrawn_by", "withdrawn_at", "withdrawn_why", "content"),
    "care_case": ("assigned_to",),
    "child": (
        *("name", "alias", "sex", "born", "born_precision", "born_place", "religion", "nik", "kk", "mother_name", "father_name"),
        *("district_code", "village_code", "salt"),
    ),
    "approval_decision": ("reason",),
    "complaint": ("case_id", "incident_id", "body", "digest", "salt", "reporter"),
    "complaint_answer": ("body", "digest", "salt"),
    "counter": ("value",),
    "data_key": ("wrapped", "destroyed_at"),
    "data_request": ("name", "outcome", "reason_code", "answer_id", "decided_by", "decided_at"),
    "delegation": ("ended_at", "ended_by"),
    "document": ("compared_by", "compared_role", "compared_at", "number", "issuer", "digest", "salt"),
    "external_identity": ("ended_at",),
    "glass": ("reviewed_by", "reviewed_at", "finding", "review", "reason"),
    "host": tuple(name for name in _HOST if name not in {"id", "kind", "status", "created_at"}),
    "host_offer": ("accepted", "reason", "answered_by", "answered_at"),
    "identity_change": ("approved_by", "approved_at", "applied", "old_value", "new_value"),
    "invitation": ("ended_at",),
    "master_key": ("fingerprint",),
    "letter": ("state", "tries", "reply", "next_at", "settled_at"),
    "office": ("name",),
    "outbox": ("addressed_at",),
    "process": ("due_at", "wakes_at", "body_id"),
    "placement": ("state", "reserved_at", "reserved_until", "ended_by", "ended_why"),
    "migration": ("approver", "approved_at"),
    "record": (
        *("status", "verified_by", "verifier_role", "verified_at", "countersigned_by", "countersigned_at", "voided_at"),
        *("form_version", "round", "dated", "signed_at", "host_id", "body", "digest", "salt"),
    ),
    "relative": ("name", "relation", "religion", "address", "phone"),
    "search_key": ("fingerprint", "complete"),
    "passkey": ("uses", "used_at"),
    "recovery_code": ("used_at",),
    "session": ("token_hash", "seen_at", "proved_at", "ended_at"),
    "staff": tuple(name for name in _STAFF if name not in {"id", "host_id", "status"}),
    "assignment": ("valid_until",),
    "trail_review": ("notes", "salt", "signer", "signed_at"),
    "totp": ("last_step",),
    "task": ("settled_at", "settled_how", "note", "worker"),
}
"""Columns that may be updated; the walls say when. A table that is not here is never updated."""
REMOVED = ("draft", "sign_in_attempt", "child_gram", "child_key", "totp", "recovery_code", "passkey", "report_sum")
"""Tables of which rows may be deleted: what claims nothing, or can be made again (the index of the search, sums)."""


def statements(role: str, schema: str) -> Iterator[str]:
    """Yield what gives a role its rights, and no others. `role` and `schema` are quoted names."""
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON {schema}.alembic_version TO {role}"
    for table in metadata.sorted_tables:
        yield f"GRANT SELECT{'' if table.name in READ_ONLY else ', INSERT'} ON {schema}.{table.name} TO {role}"
    for name, columns in CHANGED.items():
        yield f"GRANT UPDATE ({', '.join(columns)}) ON {schema}.{name} TO {role}"
    for name in REMOVED:
        yield f"GRANT DELETE ON {schema}.{name} TO {role}"
