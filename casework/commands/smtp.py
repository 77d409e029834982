"""Mail as the carrier of letters: one connection for a run, plain text, and never a word about what a server said beyond its code."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from casework.errors import DefinitionError
from casework.services.delivery import Answer
from casework.services.letters import Envelope
from casework.settings import Mail

PERMANENT = 500
PASSWORD = "CASEWORK_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
CLOSING = frozenset({421})
"""The server says good-bye whatever it was asked."""


def password_of(mail: Mail, environ: Mapping[str, str]) -> str:
    """Return the password: of the environment, else the first line of the file that the settings name. Raises DefinitionError."""
    if not mail.username or PASSWORD in environ:
        return environ.get(PASSWORD, "")
    if not mail.password_file:
        raise DefinitionError(f"[mail] username is set: set {PASSWORD}, or name a password_file")
    try:
        return Path(mail.password_file).read_text(encoding="utf-8").split("\n", 1)[0]
    except (OSError, UnicodeDecodeError) as fault:
        raise DefinitionError(f"[mail] password_file cannot be read: {type(fault).__name__}") from fault


class Smtp:
    """A mail server, met at the first letter. Left as a context manager, it is told good-bye."""

    def __init__(self, mail: Mail, password: str) -> None:
        self._mail = mail
        self._password = password
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is opened yet: without a letter nobody is called."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Say good-bye."""
        self._leave()

    def carry(self, envelope: Envelope) -> Answer:
        """Hand one letter over."""
        try:
            server = self._server = self._server or self._greet()
            server.send_message(self._message(envelope))
        except smtplib.SMTPRecipientsRefused as refused:
            return self._answered(next(iter(refused.recipients.values()))[0])
        except smtplib.SMTPDataError as refused:
            return self._answered(refused.smtp_code)
        except smtplib.SMTPResponseException as fault:  # who we are, or for whom we write, is not accepted: no letter's fault
            self._leave()
            return Answer("down", fault.smtp_code, type(fault).__name__)
        except (smtplib.SMTPException, OSError) as fault:
            self._leave()
            return Answer("down", None, type(fault).__name__)
        return Answer("sent", 250)

    def _answered(self, code: int) -> Answer:
        if code in CLOSING:
            self._leave()
            return Answer("down", code, "closing")
        return Answer("refused" if code >= PERMANENT else "later", code)

    def _greet(self) -> smtplib.SMTP:
        mail = self._mail
        trust = ssl.create_default_context(cafile=mail.authority or None)
        server: smtplib.SMTP
        if mail.security == "tls":
            server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.seconds, context=trust)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=mail.seconds)
        try:
            if mail.security == "starttls":
                server.starttls(context=trust)
            if mail.username:
                server.login(mail.username, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _message(self, envelope: Envelope) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._mail.sender
        message["To"] = envelope.to
        message["Subject"] = envelope.subject
        message["Date"] = format_datetime(envelope.at)
        message["Message-ID"] = f"<{envelope.message_id}@{self._mail.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(envelope.text)
        message["Content-Language"] = envelope.language
        return message
