"""Where personal values stand: every column of the schema, and how each is kept. docs/personal-data.md is made from it.

A house test refuses a column that is in no row: whoever adds one says here what it may hold about somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

from casework.store.schema import metadata
from casework.words import Words

How: TypeAlias = Literal["encrypted", "keyed", "clear"]
HOW: Mapping[How, Words] = {
    "encrypted": Words("terenkripsi", "encrypted"),
    "keyed": Words("indeks berkunci", "keyed index"),
    "clear": Words("terbaca", "in clear"),
}


class Kept(msgspec.Struct, frozen=True):
    """How columns of a table that may hold something about a person are kept, and why so. `columns` are names between blanks."""

    table: str
    columns: str
    how: How
    why: Words


_IDENTITY = Words("Identitas anak.", "Who the child is.")
_FAMILY = Words("Siapa keluarganya dan di mana mereka.", "Who the family is and where they are.")
_WRITTEN = Words("Tulisan bebas tentang anak atau orang lain.", "Free text about the child or about others.")
_SOUGHT = Words(
    "Yang ditanyakan kepada jejak: kode, nomor kasus, dan siapa yang bertindak karena jabatan.",
    "What the trail was asked: codes, the number of a case, and who acted in office.",
)
_PAPER = Words("Surat yang menyebut orangnya.", "A paper that names its person.")
_OFFICIAL = Words(
    "Nama dan nama pengguna orang yang bertindak karena jabatan; tercantum pada setiap surat dan dibaca pada setiap masuk.",
    "Name and user name of people who act in office; they stand on every paper and are read at every sign-in.",
)
_NEEDED = Words(
    "Dibaca aturan, statistik, dan tenggat di basis data: umur, jenis kelamin, dan wilayah. Tanpa nama tidak menunjuk siapa pun.",
    "Read by rules, numbers and deadlines in the database itself: age, sex and district. Without a name they point at nobody.",
)
_POSITION = Words(
    "Di mana kasus atau proses berada: dinding basis data menegakkannya, jadi harus terbaca. Kode dari daftar tertutup.",
    "Where a case or process stands: the walls of the database enforce it, so it must be readable. Codes of a closed list.",
)
_PROOF = Words(
    "Sidik berkunci suatu isi: mengikat persetujuan padanya. Tanpa kunci isi tidak dapat dicoba-coba.",
    "Keyed fingerprint of a content: it binds approvals to it. Without the key nobody can try contents.",
)
_BINDS = Words(
    "Sidik dari banyak isi sekaligus, atau dari sebuah berkas: mengikat persetujuan atau permintaan padanya.",
    "Fingerprint of many contents together, or of a file: it binds an approval or a request to them.",
)
_DAYS = Words(
    "Tanggal dan status kerja pengurus: daftar jatuh tempo dibuat di basis data.",
    "Dates and standing of a house's staff: lists of what runs out are made in the database.",
)
_CARERS = Words(
    "Nama rumah tangga pengasuh: siapa keluarganya. Nama lembaga terbaca: lembaga ada pada daftar umum.",
    "Names of carers' households: who the family is. Those of institutions are in clear: they are on a public register.",
)
_HOUSE = Words("Izin lembaga: ada pada daftar umum.", "The licence of an institution: on a public register.")
_INDEX = Words(
    "Sidik berkunci; kuncinya di luar basis data. Yang memegang basis data saja melihat kesamaan, bukan nilainya.",
    "Keyed hash; the key is outside the database. Whoever has the database alone sees what is equal, not what it is.",
)
_JOURNAL = Words(
    "Jejak: kode, pengenal, dan sidik bergaram; tidak ada nilai pribadi (diuji).",
    "The trail: codes, ids and salted commitments; no personal value (tested).",
)
_CODES = Words("Kode dari daftar tertutup.", "A code of a closed list.")
_KEYS = Words(
    "Kunci tiap anak, dibungkus kunci induk yang berada di luar basis data.",
    "The key of each child, wrapped by the master key, which is outside the database.",
)
_ANSWERS = Words(
    "Jawaban untuk kunci yang sama: pengenal, versi, kode alasan; tidak ada nilai pribadi (diuji).",
    "What is answered under the same key again: ids, versions, codes of reasons; no personal value (tested).",
)
_SECRETS = Words(
    "Rahasia masuk: disimpan sebagai sidik atau dienkripsi dengan kunci akun.",
    "What people come in with: kept as a digest, or encrypted with the key of accounts.",
)
_THROTTLE = Words(
    "Sidik nama yang diketik atau alamat jaringan, untuk dihitung.",
    "A digest of what was typed as a name, or of a network address, to be counted.",
)
_OWN = Words("Nama yang diberi pemiliknya untuk alatnya sendiri.", "What its owner calls a device of their own.")

ROWS: tuple[Kept, ...] = (
    Kept("child", "name alias born_place religion nik kk mother_name father_name village_code", "encrypted", _IDENTITY),
    Kept("child", "sex born born_precision district_code", "clear", _NEEDED),
    Kept("child_gram", "gram", "keyed", _INDEX),
    Kept("child_key", "nik kk name", "keyed", _INDEX),
    Kept(
        "identity_change",
        "old_value new_value",
        "encrypted",
        Words(
            "Identitas anak; tanggal lahir dan jenis kelamin terbaca seperti pada anak.",
            "Who the child is; date of birth and sex in clear, as they are of the child.",
        ),
    ),
    Kept("identity_change", "field", "clear", _POSITION),
    Kept("relative", "name relation religion address phone", "encrypted", _FAMILY),
    Kept("relative", "degree status", "clear", _POSITION),
    Kept("record", "body", "encrypted", _WRITTEN),
    Kept("record", "digest", "clear", _PROOF),
    Kept("record", "form status dated author_role host_id", "clear", _POSITION),
    Kept("draft", "body", "encrypted", _WRITTEN),
    Kept("document", "number issuer", "encrypted", _PAPER),
    Kept("document", "kind issued_on", "clear", _POSITION),
    Kept("document", "digest", "clear", _BINDS),
    Kept(
        "attachment",
        "content",
        "encrypted",
        Words(
            "Foto surat atau keadaan, tanpa data lokasi, di bawah kunci anaknya.",
            "Photographs of papers or of how things are, without where they were taken, under the key of the child.",
        ),
    ),
    Kept("attachment", "digest", "clear", _PROOF),
    Kept("attachment", "sealed_digest", "clear", _BINDS),
    Kept("attachment", "kind withdrawn_why", "clear", _CODES),
    Kept("host_offer", "reason", "encrypted", _WRITTEN),
    Kept("approval_decision", "reason", "encrypted", _WRITTEN),
    Kept("glass", "reason review", "encrypted", _WRITTEN),
    Kept("data_request", "name", "encrypted", _FAMILY),
    Kept("data_request", "kind applicant shown outcome reason_code due_at", "clear", _POSITION),
    Kept("approval_request", "subject needs", "clear", _POSITION),
    Kept("approval_request", "digest", "clear", _BINDS),
    Kept("approval_decision", "digest", "clear", _BINDS),
    Kept("task", "note", "encrypted", _WRITTEN),
    Kept("task", "settled_how", "clear", _CODES),
    Kept("task", "kind due_at district", "clear", _POSITION),
    Kept("placement", "kind state status ended_by ended_why", "clear", _POSITION),
    Kept("complaint", "body reporter", "encrypted", _WRITTEN),
    Kept("complaint", "channel danger", "clear", _POSITION),
    Kept("complaint", "digest", "clear", _PROOF),
    Kept("complaint", "code_hash", "clear", _SECRETS),
    Kept("complaint_answer", "body", "encrypted", _WRITTEN),
    Kept("complaint_answer", "digest", "clear", _PROOF),
    Kept("care_case", "machine state round closed_reason", "clear", _POSITION),
    Kept("process", "machine state due_at wakes_at", "clear", _POSITION),
    Kept("staff", "name duty", "encrypted", Words("Siapa bekerja di rumah itu.", "Who works in the house.")),
    Kept("staff", "police_record_on code_signed_on entered_on trained_on reviewed_on status", "clear", _DAYS),
    Kept("host", "name", "encrypted", _CARERS),
    Kept("host", "licence_number licence_issuer", "clear", _HOUSE),
    Kept("host_entry", "body", "encrypted", _WRITTEN),
    Kept("trail_review", "notes", "encrypted", _WRITTEN),
    Kept("trail_review", "sought", "clear", _SOUGHT),
    Kept("question_answer", "answer", "encrypted", _WRITTEN),
    Kept("question_answer", "answered_by reference", "clear", _OFFICIAL),
    Kept("host_entry", "digest", "clear", _PROOF),
    Kept("person", "name", "clear", _OFFICIAL),
    Kept("account", "username mail", "clear", _OFFICIAL),
    Kept("account", "password_hash", "clear", _SECRETS),
    Kept("account", "certificate_until", "clear", _DAYS),
    Kept("session", "token_hash csrf", "clear", _SECRETS),
    Kept("session", "device client", "clear", Words("Kata dari daftar tertutup dan sidik.", "Words of a closed list, and a digest.")),
    Kept("totp", "secret", "clear", _SECRETS),
    Kept("passkey", "credential public_key", "clear", _SECRETS),
    Kept("passkey", "name", "clear", _OWN),
    Kept("access_token", "token_hash", "clear", _SECRETS),
    Kept("access_token", "name", "clear", _OWN),
    Kept("external_identity", "subject", "clear", _OFFICIAL),
    Kept("recovery_code", "digest", "clear", _SECRETS),
    Kept("invitation", "token_hash", "clear", _SECRETS),
    Kept("sign_in_attempt", "who", "clear", _THROTTLE),
    Kept("answer", "body", "clear", _ANSWERS),
    Kept("answer", "request_digest", "clear", _BINDS),
    Kept("event", "body", "clear", _JOURNAL),
    Kept("actor_event", "body", "clear", _JOURNAL),
    Kept("letter", "reply", "clear", Words("Angka jawaban server surat.", "The number that the mail server answered.")),
    Kept("data_key", "wrapped", "encrypted", _KEYS),
    Kept("migration", "digest", "clear", _BINDS),
)
"""What may say something about a person."""

NOTHING: Mapping[str, str] = {
    "access_token": "account_id actions offices made_at valid_until used_at ended_at",
    "account": "id person_id active created_at language service",
    "actor_event": "account_id seq case_id kind outcome recorded_at prev hash",
    "answer": "account_id key outcome at",
    "approval_decision": "request_id place decision role person at",
    "approval_request": "id case_id kind trigger record_id requester requested_at due_at status settled_at office_id next_role",
    "assignment": "id account_id role office_id host_id body_id area valid_from valid_until",
    "attachment": "id case_id record_id document_id salt added_by added_at withdrawn_by withdrawn_at",
    "body": "id name kind",
    "care_case": "id number child_id office_id version seq head assigned_to opened_at entered_at round_started_at previous_case_id",
    "case_count": "office_id state slot n case_id",
    "child": "id salt created_at",
    "child_gram": "child_id",
    "child_key": "child_id made_with",
    "complaint": "id office_id received_at salt filed_by host_id case_id incident_id",
    "complaint_answer": "complaint_id n salt author at",
    "counter": "name value",
    "crossing": "machine version from_version source dest",
    "data_key": "holder made_at destroyed_at",
    "data_request": "id case_id asked_by received_at task_id answer_id decided_by decided_at",
    "delegation": "id giver taker role office_id actions made_by made_at starts_at ends_at ended_by ended_at",
    "document": "id case_id round salt attached_by attached_at compared_by compared_role compared_at",
    "draft": "case_id form person supersedes saved_at",
    "edge": "machine version source trigger dest approvals_before new_round",
    "event": "case_id seq kind machine version trigger source dest round approvals_before actor on_behalf_of requester approver_1"
    " approver_2 occurred_at recorded_at prev hash",
    "external_identity": "issuer account_id made_at ended_at",
    "glass": "id case_id account_id person reason_code opened_at ends_at task_id reviewed_by reviewed_at finding",
    "host": "id kind status office_id religion services licence_until accreditation_grade accredited_until accreditation_waiver_until"
    " policy_dated policy_disseminated complaint_channel capacity caregivers known_to_rt district_code revision created_at",
    "host_entry": "id host_id kind salt author author_role entered_at supersedes settles due_on",
    "host_offer": "id case_id host_id round offered_by offered_at accepted answered_by answered_at",
    "identity_change": "id child_id case_id document_id asked_by asked_at approved_by approved_at applied",
    "invitation": "account_id made_at valid_until ended_at",
    "letter": "stream seq account_id state tries created_at next_at settled_at",
    "machine_version": "machine version digest initial published_at about sealed",
    "master_key": "id fingerprint",
    "migration": "id machine version office_id requester requested_at approver approved_at",
    "migration_item": "migration_id subject from_version",
    "office": "id name kind district_code",
    "outbox": "id stream seq urgent about subject case_id office_id due_at created_at addressed_at",
    "parameter_set": "digest body first_used_at",
    "passkey": "id account_id uses made_at used_at",
    "person": "id created_at",
    "placement": "id case_id child_id host_id relative_id started_at started_seq reserved_at reserved_until ended_at",
    "policy_version": "digest body first_used_at",
    "process": "id version steps case_id host_id record_id office_id opened_at entered_at body_id",
    "process_step": "process_id n stream seq machine version trigger source dest occurred_at",
    "question_answer": "id question salt author answered_on made_at",
    "read_receipt": "person item at",
    "record": "id case_id form_version round signed_at author supersedes salt verified_by verifier_role verified_at countersigned_by"
    " countersigned_at voided_at",
    "recovery_code": "account_id used_at",
    "relative": "id child_id added_by created_at",
    "search_key": "id fingerprint complete",
    "report_sum": "office_id report first second third n counted_at",
    "session": "account_id created_at seen_at proved_at ended_at",
    "sign_in_attempt": "id at",
    "staff": "id host_id person_id",
    "task": "id case_id created_at created_seq settled_at office_id worker process_id",
    "trail_review": "id office_id entries salt author made_at signer signed_at",
    "trail_review_end": "review_id stream seq hash",
    "totp": "account_id last_step made_at",
}
"""Columns that say nothing about a person by themselves: ids, moments, counts, salts, and what concerns organisations and the program."""


def told() -> Iterator[tuple[str, str]]:
    """Yield (table, column) of every row of this inventory; one that stands in two rows comes twice."""
    yield from ((row.table, column) for row in ROWS for column in row.columns.split())
    yield from ((table, column) for table, columns in NOTHING.items() for column in columns.split())


def every_column() -> frozenset[tuple[str, str]]:
    """Return (table, column) of everything that the schema has."""
    return frozenset((table.name, column.name) for table in metadata.sorted_tables for column in table.columns)
