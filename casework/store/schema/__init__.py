"""Every table. The walls (triggers) that make them law stand in `walls/`; the migrations create both.

Where personal values stand, and how they are kept, `inventory.py` says: encrypted (sealing.py), and never in an entry of the journal.
"""

from casework.store.schema.columns import metadata
from casework.store.schema.complaints import complaint, complaint_answer
from casework.store.schema.data_requests import data_request
from casework.store.schema.decisions import ESCALATING, LED, approval_decision, approval_request, glass, task
from casework.store.schema.files import LIVE_PLACEMENT, attachment, document, draft, host_offer, placement, record
from casework.store.schema.journal import actor_event, care_case, case_count, event
from casework.store.schema.keys import data_key, master_key
from casework.store.schema.numbers import report_sum
from casework.store.schema.outbox import letter, outbox
from casework.store.schema.people import (
    access_token,
    account,
    answer,
    assignment,
    delegation,
    external_identity,
    invitation,
    office,
    passkey,
    person,
    read_receipt,
    recovery_code,
    session,
    sign_in_attempt,
    totp,
)
from casework.store.schema.processes import AT_A_DESK, process, process_step
from casework.store.schema.questions import question_answer
from casework.store.schema.registers import body, child, host, host_entry, identity_change, relative, staff
from casework.store.schema.reviews import trail_review, trail_review_end
from casework.store.schema.rules import counter, crossing, edge, machine_version, migration, migration_item, parameter_set, policy_version
from casework.store.schema.search import child_gram, child_key, search_key

__all__ = [
    "AT_A_DESK",
    "ESCALATING",
    "LED",
    "LIVE_PLACEMENT",
    "access_token",
    "account",
    "actor_event",
    "answer",
    "approval_decision",
    "approval_request",
    "assignment",
    "attachment",
    "body",
    "care_case",
    "case_count",
    "child",
    "child_gram",
    "child_key",
    "complaint",
    "complaint_answer",
    "counter",
    "crossing",
    "data_key",
    "data_request",
    "delegation",
    "document",
    "draft",
    "edge",
    "event",
    "external_identity",
    "glass",
    "host",
    "host_entry",
    "host_offer",
    "identity_change",
    "invitation",
    "letter",
    "machine_version",
    "master_key",
    "metadata",
    "migration",
    "migration_item",
    "office",
    "outbox",
    "parameter_set",
    "passkey",
    "person",
    "placement",
    "policy_version",
    "process",
    "process_step",
    "question_answer",
    "read_receipt",
    "record",
    "recovery_code",
    "relative",
    "report_sum",
    "search_key",
    "session",
    "sign_in_attempt",
    "staff",
    "task",
    "totp",
    "trail_review",
    "trail_review_end",
]
