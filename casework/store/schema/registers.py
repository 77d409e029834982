"""The registers: children and their families, hosts and their staff, receiving bodies. Personal values live here."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from casework.machines.guards.hosts import HOUSEHOLDS
from casework.store.schema.columns import metadata, need, one_of, own_id, personal
from casework.store.sealing import VERSION, Sealed, SealedAsChild, SealedBytes, SealedOfHousehold

_HOUSEHOLDS = ", ".join(f"'{kind}'" for kind in sorted(HOUSEHOLDS))

child = Table(
    "child",
    metadata,
    own_id(),
    personal("name"),
    Column("alias", Sealed),
    need("sex"),
    Column("born", Text),
    need("born_precision"),
    Column("born_place", Sealed),
    personal("religion"),
    Column("nik", Sealed),
    Column("kk", Sealed),
    Column("mother_name", Sealed),
    Column("father_name", Sealed),
    Column("district_code", Text),
    Column("village_code", Sealed),
    Column("salt", LargeBinary, nullable=False),
    need("created_at"),
    one_of("sex", "male", "female", "unknown"),
    one_of("born_precision", "day", "month", "year", "unknown"),
)

identity_change = Table(
    "identity_change",
    metadata,
    own_id(),
    need("child_id", ForeignKey("child.id")),
    need("case_id", ForeignKey("care_case.id")),
    need("field"),
    Column("old_value", SealedAsChild),
    Column("new_value", SealedAsChild),
    need("document_id", ForeignKey("document.id")),
    need("asked_by", ForeignKey("person.id")),
    need("asked_at"),
    Column("approved_by", Text, ForeignKey("person.id")),
    Column("approved_at", Text),
    Column("applied", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="four_eyes"),
    one_of("field", "name", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name", "sex"),
    Index("ix_identity_change_case_id", "case_id"),
    Index("ix_identity_change_child_id", "child_id"),
)

relative = Table(
    "relative",
    metadata,
    own_id(),
    need("child_id", ForeignKey("child.id")),
    personal("name"),
    personal("relation"),
    Column("degree", Integer, nullable=False),
    need("status"),
    personal("religion"),
    Column("address", Sealed),
    Column("phone", Sealed),
    need("added_by"),
    need("created_at"),
    Index("ix_relative_child_id", "child_id"),
    CheckConstraint("degree BETWEEN 1 AND 3", name="degree"),
)

host = Table(
    "host",
    metadata,
    own_id(),
    need("kind"),
    Column("name", SealedOfHousehold, nullable=False),
    need("status"),
    Column("office_id", Text, ForeignKey("office.id")),
    Column("religion", Text),
    Column("services", Text, nullable=False, server_default=text("''")),
    Column("licence_number", Text),
    Column("licence_issuer", Text),
    Column("licence_until", Text),
    Column("accreditation_grade", Text),
    Column("accredited_until", Text),
    Column("accreditation_waiver_until", Text),
    Column("policy_dated", Text),
    Column("policy_disseminated", Integer, nullable=False, server_default=text("0")),
    Column("complaint_channel", Integer, nullable=False, server_default=text("0")),
    Column("capacity", Integer, nullable=False, server_default=text("0")),
    Column("caregivers", Integer, nullable=False, server_default=text("0")),
    Column("known_to_rt", Integer, nullable=False, server_default=text("0")),
    Column("district_code", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    need("created_at"),
    CheckConstraint("capacity >= 0", name="capacity"),
    CheckConstraint("kind = 'lksa' OR services = replace(services, 'children', '')", name="services"),
    CheckConstraint(f"kind NOT IN ({_HOUSEHOLDS}) OR substr(name, 1, 3) = '{VERSION}.'", name="household"),
)
"""The name of a household is a cell: an institution is on a public register. `services` are codes between blanks (machines/register.py)."""

staff = Table(
    "staff",
    metadata,
    own_id(),
    need("host_id", ForeignKey("host.id")),
    Column("person_id", Text, ForeignKey("person.id")),
    personal("name"),
    personal("duty"),
    Column("police_record_on", Text),
    Column("code_signed_on", Text),
    Column("entered_on", Text),
    Column("trained_on", Text),
    Column("reviewed_on", Text),
    need("status"),
    Index("ix_staff_host_id", "host_id"),
    one_of("status", "pending", "cleared", "expiring", "expired", "suspended", "barred", "left"),
)

host_entry = Table(
    "host_entry",
    metadata,
    own_id(),
    need("host_id", ForeignKey("host.id")),
    need("kind"),
    Column("body", SealedBytes, nullable=False),
    need("digest"),
    Column("salt", LargeBinary, nullable=False),
    need("author", ForeignKey("person.id")),
    need("author_role"),
    need("entered_at"),
    Column("supersedes", Text, ForeignKey("host_entry.id")),
    Column("settles", Text, ForeignKey("host_entry.id")),
    Column("due_on", Text),
    Index("ix_host_entry_host_id", "host_id"),
    Index("uq_host_entry_supersedes", "supersedes", unique=True),
    Index("ix_host_entry_due_on", "due_on", sqlite_where=text("due_on IS NOT NULL"), postgresql_where=text("due_on IS NOT NULL")),
)
"""What was entered about a house (machines/register.py): added, never changed. `settles` names the inspection whose follow-up it is."""

body = Table("body", metadata, own_id(), need("name"), need("kind"))
