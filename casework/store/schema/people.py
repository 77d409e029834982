"""Who acts: offices, natural persons, accounts with their roles, sessions, and what was answered and read."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from casework.store.schema.columns import metadata, need, one_of, own_id

office = Table(
    "office",
    metadata,
    own_id(),
    need("name"),
    need("kind"),
    Column("district_code", Text),
    one_of("kind", "dinas", "lksa", "province", "inspectorate", "other"),
)

person = Table("person", metadata, own_id(), need("name"), need("created_at"))

account = Table(
    "account",
    metadata,
    own_id(),
    need("person_id", ForeignKey("person.id")),
    Column("username", Text, nullable=False, unique=True),
    need("password_hash"),
    Column("active", Integer, nullable=False, server_default=text("1")),
    Column("certificate_until", Text),
    need("created_at"),
    Column("mail", Text),
    Column("language", Text),
    Column("service", Integer, nullable=False, server_default=text("0")),
)
"""`mail` is where somebody who works here is told of urgent things, `language` in which words (None: the installation's).

A `service` is another program: it shows tokens, and has no password.
"""

assignment = Table(
    "assignment",
    metadata,
    own_id(),
    need("account_id", ForeignKey("account.id")),
    need("role"),
    need("office_id", ForeignKey("office.id")),
    Column("host_id", Text, ForeignKey("host.id")),
    Column("body_id", Text, ForeignKey("body.id")),
    Column("area", Text),
    need("valid_from"),
    Column("valid_until", Text),
    Index("ix_assignment_account_id", "account_id"),
    Index("ix_assignment_office_id_role", "office_id", "role"),
    Index("ix_assignment_valid_from_id", "valid_from", "id"),
    Index("ix_assignment_host_id", "host_id", sqlite_where=text("host_id IS NOT NULL"), postgresql_where=text("host_id IS NOT NULL")),
)
"""`area` is the code of the district, or the village, of who works in the field; nobody else's seat has one (walls)."""

delegation = Table(
    "delegation",
    metadata,
    own_id(),
    need("giver", ForeignKey("account.id")),
    need("taker", ForeignKey("account.id")),
    need("role"),
    need("office_id", ForeignKey("office.id")),
    need("actions"),
    need("made_by"),
    need("made_at"),
    need("starts_at"),
    need("ends_at"),
    Column("ended_by", Text),
    Column("ended_at", Text),
    one_of("role", "supervisor", "dinas_head", "social_worker"),
    CheckConstraint("giver <> taker", name="two_accounts"),
    CheckConstraint("starts_at >= made_at AND ends_at > starts_at", name="span"),
    Index("ix_delegation_taker", "taker"),
    Index("ix_delegation_office_id_ends_at", "office_id", "ends_at"),
)
"""Who acts for whom, in which role of which office, and how long: of a social worker it is cover for the caseload.

`actions` are those of the policy that it is limited to, "" for none; `made_by` and `ended_by` are accounts.
"""

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    need("account_id", ForeignKey("account.id")),
    need("csrf"),
    need("created_at"),
    need("seen_at"),
    need("proved_at"),
    Column("ended_at", Text),
    Column("device", Text, nullable=False, server_default=text("''")),
    Column("client", Text, nullable=False, server_default=text("''")),
    Index("ix_session_account_id", "account_id"),
    Index("ix_session_csrf", "csrf"),
)

totp = Table(
    "totp",
    metadata,
    Column("account_id", Text, ForeignKey("account.id"), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("last_step", Integer, nullable=False),
    need("made_at"),
)

access_token = Table(
    "access_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    need("account_id", ForeignKey("account.id")),
    need("name"),
    need("actions"),
    need("offices"),
    need("made_at"),
    need("valid_until"),
    Column("used_at", Text),
    Column("ended_at", Text),
    Index("uq_access_token_account_id_name", "account_id", "name", unique=True),
)

external_identity = Table(
    "external_identity",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    need("account_id", ForeignKey("account.id")),
    need("made_at"),
    Column("ended_at", Text),
    Index("ix_external_identity_account_id", "account_id"),
)
"""Who signs in elsewhere (OIDC): linked by an administrator beforehand, never by signing in."""

passkey = Table(
    "passkey",
    metadata,
    own_id(),
    need("account_id", ForeignKey("account.id")),
    Column("credential", Text, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("uses", Integer, nullable=False),
    need("name"),
    need("made_at"),
    Column("used_at", Text),
    Index("ix_passkey_account_id", "account_id"),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("account_id", Text, ForeignKey("account.id"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("used_at", Text),
)

invitation = Table(
    "invitation",
    metadata,
    Column("token_hash", Text, primary_key=True),
    need("account_id", ForeignKey("account.id")),
    need("made_at"),
    need("valid_until"),
    Column("ended_at", Text),
    Index("ix_invitation_account_id", "account_id"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    own_id(),
    need("who"),
    need("at"),
    Index("ix_sign_in_attempt_who_at", "who", "at"),
)

answer = Table(
    "answer",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    need("request_digest"),
    need("outcome"),
    Column("body", LargeBinary, nullable=False),
    need("at"),
)

read_receipt = Table(
    "read_receipt",
    metadata,
    Column("person", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    need("at"),
)
