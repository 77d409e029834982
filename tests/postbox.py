"""A real mail server for tests (aiosmtpd) on a free port of this machine, that keeps what it is given and refuses what it is told to."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from casework.commands.smtp import Smtp
from casework.settings import Mail

SENDER = "kasus@dinsos.example"
LINKS = "https://casework.example"
USER, SECRET = b"casework", b"rahasia-surel"


class Postbox:
    """What a server was given. `answers` are said to a recipient instead of taking a letter; `before_data` is called with each letter."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.encrypted: list[bool] = []
        self.answers: dict[str, str] = {}
        self.after_data: Callable[[], object] | None = None
        self.data_answer = "250 OK"
        self.port = 0

    @property
    def letters(self) -> list[EmailMessage]:
        """What was taken, as mail programs read it."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    def settings(self, **changed: Any) -> Mail:
        """Return the settings of somebody who sends by this server."""
        known = {"host": "127.0.0.1", "port": self.port, "security": "none", "sender": SENDER, "links": LINKS, "seconds": 5}
        return Mail(**{**known, **changed})

    async def handle_RCPT(self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not self.data_answer.startswith("250"):
            return self.data_answer
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.encrypted.append(session.ssl is not None)
        if self.after_data is not None:
            self.after_data()
        return self.data_answer


def free_port() -> int:
    """Return a port at which nobody answers."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=isinstance(given, LoginPassword) and (given.login, given.password) == (USER, SECRET), handled=False)


@contextmanager
def postbox(**options: Any) -> Iterator[Postbox]:
    """Yield a postbox behind a server that listens; `options` are the server's own."""
    box = Postbox()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def carrier(box: Postbox, password: str = "", **changed: Any) -> Smtp:
    """Return what carries letters to a postbox."""
    return Smtp(box.settings(**changed), password)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for this machine, and return it with what a server needs to show it."""
    key, name, now = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
        datetime.now(UTC),
    )
    told = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
    )
    told = told.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    told = told.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    told = told.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made, secret = folder / "mail.crt", folder / "mail.key"
    made.write_bytes(told.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, secret)
    return made, context
