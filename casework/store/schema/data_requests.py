"""The register of what was asked about a child's own data: a copy, a correction, erasure; by whom, until when, and what came of it."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from casework.machines.data_rights import APPLICANTS, KINDS, OUTCOMES, SHOWN
from casework.store.schema.columns import metadata, need, one_of, own_id
from casework.store.sealing import Sealed

data_request = Table(
    "data_request",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("kind"),
    need("applicant"),
    need("shown"),
    Column("name", Sealed),
    need("asked_by", ForeignKey("person.id")),
    need("received_at"),
    need("due_at"),
    need("task_id", ForeignKey("task.id")),
    Column("outcome", Text),
    Column("reason_code", Text),
    Column("answer_id", Text),
    Column("decided_by", Text, ForeignKey("person.id")),
    Column("decided_at", Text),
    one_of("kind", *KINDS),
    one_of("applicant", *APPLICANTS),
    one_of("shown", *SHOWN),
    one_of("outcome", *OUTCOMES),
    CheckConstraint("(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)", name="decided"),
    CheckConstraint("decided_by <> asked_by", name="decided_by_another"),
    Index("ix_data_request_case_id", "case_id"),
)
"""`asked_by` is the member of the office who took the request in, `name` the applicant's; `answer_id` the correction that answered it.

`reason_code` says why it was refused, or on which legal basis a child was erased.
"""
