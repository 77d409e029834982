"""What one installation decides for itself: where the record is, which office this is, on which address it answers.

Defaults stand here, so the first run needs no file. `casework.toml` and `parameters.toml` in a folder (`config/`) may change them. Both are
decoded strictly: an unknown key or a wrong type stops the program at start and names the file and the path in it. They hold values only:
never an expression, never a rule. Read by the roof; the floors below get what they need as arguments.
"""

import string
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from casework.errors import DefinitionError
from casework.machines.parameters import Parameters
from casework.services.addresses import is_mail_address
from casework.store.database import APPLICATION_ROLE
from casework.store.limits import Limits
from casework.words import Language

SETTINGS_FILE = "casework.toml"
PARAMETERS_FILE = "parameters.toml"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Optional = Annotated[str, msgspec.Meta(max_length=2000)]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Role = Annotated[str, msgspec.Meta(pattern="^[a-z_][a-z0-9_]{0,62}$")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Prefix = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2,6}$")]
OfficeKind = Literal["dinas", "lksa", "province", "inspectorate", "other"]

T = TypeVar("T")


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The office whose record this is. `case_prefix` opens every case number (two to six capitals)."""

    name: Text = "Dinas Sosial Kabupaten Kutai Kartanegara"
    kind: OfficeKind = "dinas"
    district: Text = "Kabupaten Kutai Kartanegara"
    case_prefix: Prefix = "KKR"


class Http(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the server answers. The default is this machine only; a wider address is a decision.

    `proxies` are the addresses (or networks) of reverse proxies that are believed when they say for whom they ask: failed sign-ins are
    counted by address.
    """

    host: Text = "127.0.0.1"
    port: Port = 8000
    proxies: tuple[Text, ...] = ("127.0.0.1", "::1")


class EmergencyNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number to call now: who answers there, and what is dialled."""

    name: Text
    number: Annotated[str, msgspec.Meta(pattern=r"^[0-9+][0-9 -]{1,19}$")]


LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How urgent things leave this machine. Off without a `host`: then they are kept, and `casework tick` says so.

    `links` is the address under which people reach the pages. The password comes from CASEWORK_MAIL_PASSWORD or from the first line of
    `password_file`. `authority` is a file with the certificate of the server's own authority, if no public one vouches for it.
    """

    host: Optional = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Optional = ""
    links: Optional = ""
    username: Optional = ""
    password_file: Optional = ""
    authority: Optional = ""
    seconds: Annotated[float, msgspec.Meta(gt=0, le=60)] = 20

    def __post_init__(self) -> None:
        """What is switched on is complete, and sends no password that others on the way can read."""
        if not self.host:
            return
        if not is_mail_address(self.sender):
            msg = "mail needs a sender: an e-mail address"
            raise ValueError(msg)
        if not self.links.startswith(("https://", *(f"http://{name}" for name in LOOPBACK))):
            msg = "mail needs links: the https address under which people reach the pages"
            raise ValueError(msg)
        if self.security == "none" and self.username and self.host not in LOOPBACK:
            msg = "mail: a password is sent over tls or starttls only"
            raise ValueError(msg)


class Oidc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An identity provider that people may sign in with (OpenID Connect). Off without an `issuer`.

    `links` is the address under which people reach the pages: the provider sends them back to `/sign-in/oidc/answer` there. The client's
    secret, if it has one, is the first line of `secret_file`. `name` is what the button says.
    """

    issuer: Optional = ""
    client_id: Optional = ""
    secret_file: Optional = ""
    links: Optional = ""
    name: Text = "akun instansi"

    def __post_init__(self) -> None:
        """What is switched on is complete, and speaks over an encrypted line."""
        if not self.issuer:
            return
        if not self.client_id or not self.may_ask(self.issuer) or not self.may_ask(self.links):
            msg = "oidc needs issuer and links (https addresses) and client_id"
            raise ValueError(msg)

    @property
    def answer(self) -> str:
        """Where the provider sends people back to."""
        return f"{self.links.rstrip('/')}/sign-in/oidc/answer"

    @staticmethod
    def may_ask(address: str) -> bool:
        """Whether an address may be asked: over https, or on this machine."""
        return address.startswith(("https://", *(f"http://{name}{end}" for name in LOOPBACK for end in (":", "/"))))

    def secret(self) -> str:
        """Return the client's secret, "" for a client that has none."""
        return Path(self.secret_file).read_text(encoding="utf-8").splitlines()[0].strip() if self.secret_file else ""


class Papers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands on the office's official papers.

    `letterhead` are its lines, the last one written large; `emblem` is a file (SVG) that stands beside them. `number` is how the office
    numbers letters: {sequence} (case and entry: a reprint has the number of the first), {kind} (BA, SP ...), {month} (Roman), {year}.
    `place` stands before the date; `acknowledged_by` is who signs minutes and agreements for the office, nobody when it is empty.
    """

    letterhead: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=4)] = (
        "Pemerintah Kabupaten Kutai Kartanegara",
        "Dinas Sosial",
    )
    address: Optional = "Tenggarong, Kalimantan Timur"
    emblem: Optional = ""
    number: Text = "463.2/{sequence}/{kind}/DINSOS/{month}/{year}"
    place: Text = "Tenggarong"
    acknowledged_by: Optional = "Kepala Bidang Rehabilitasi Sosial"

    def __post_init__(self) -> None:
        """A number says which paper it is, and nothing that a paper does not know; an emblem that is named is there."""
        try:
            parts = {"" if form or as_is else name for _, name, form, as_is in string.Formatter().parse(self.number) if name is not None}
        except ValueError:
            parts = set()
        if not {"sequence", "year"} <= parts <= {"sequence", "kind", "month", "year"}:
            msg = "papers: a number has {sequence} and {year}, and may have {kind} and {month}"
            raise ValueError(msg)
        if self.emblem and not Path(self.emblem).is_file():
            msg = "papers: the emblem is not there"
            raise ValueError(msg)


class Installation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`casework.toml`, key by key.

    `database` is a file (relative to the working directory) or the address of a PostgreSQL database, of one host or several; there
    `application_role` is the role as which the program serves, and `casework db upgrade` is run with the owner's address. `go_live` is the
    day the office starts to work with this record: the census window for children who already live in an LKSA counts from it.
    `search_key` is the file with the secret key of the search, made at its first use: beside an SQLite database unless it is named here. On
    PostgreSQL every machine that serves needs the same one. Keep a copy apart from the backups of the database.
    `account_key` is the file with the key of what people come in with (second factors), kept in the same way.
    `master_key` is the file with the key that personal data is encrypted under, made with the tables of a new database and kept in the same
    way. A database is not served without its own.
    `emergency_numbers` stand on the complaint page that children use.
    """

    database: Address = "casework.sqlite3"
    application_role: Role = APPLICATION_ROLE
    language: Language = "id"
    go_live: date | None = None
    office: Office = Office()
    http: Http = Http()
    limits: Limits = Limits()
    mail: Mail = Mail()
    oidc: Oidc = Oidc()
    papers: Papers = Papers()
    search_key: Optional = ""
    account_key: Optional = ""
    master_key: Optional = ""
    emergency_numbers: tuple[EmergencyNumber, ...] = (
        EmergencyNumber(name="SAPA 129 (perempuan dan anak)", number="129"),
        EmergencyNumber(name="Polisi", number="110"),
    )


class Settings(Installation, frozen=True, kw_only=True):
    """Everything in force: the installation's own choices, and the numbers its machines count with (`parameters.toml`)."""

    parameters: Parameters = Parameters()

    @property
    def database_url(self) -> str:
        """The database as an SQLAlchemy URL."""
        return self.database if "://" in self.database else f"sqlite:///{self.database}"


def load(folder: Path | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings in `folder`; a file that is not there means the defaults. `CASEWORK_DATABASE` outranks the file.

    Raises DefinitionError naming the file (or the variable) and the path in it.
    """
    written = _read(folder, SETTINGS_FILE, Installation)
    database = environ.get("CASEWORK_DATABASE", written.database).strip()
    if not database:
        raise DefinitionError("CASEWORK_DATABASE is set but empty: name a file or a database URL, or unset it")
    return Settings(
        database=database,
        application_role=written.application_role,
        language=written.language,
        go_live=written.go_live,
        office=written.office,
        http=written.http,
        limits=written.limits,
        mail=written.mail,
        oidc=written.oidc,
        papers=written.papers,
        search_key=written.search_key,
        account_key=written.account_key,
        master_key=written.master_key,
        emergency_numbers=written.emergency_numbers,
        parameters=_read(folder, PARAMETERS_FILE, Parameters),
    )


def _read(folder: Path | None, name: str, kind: type[T]) -> T:
    if folder is None or not (folder / name).exists():
        return kind()
    file = folder / name
    try:
        return msgspec.toml.decode(file.read_bytes(), type=kind, strict=True)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as fault:
        raise DefinitionError(f"{file}: {fault}", file=name) from fault
