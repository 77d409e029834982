"""Mail as the carrier: against a real server, with and without encryption; what a server says becomes one of four outcomes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from casework.commands.smtp import PASSWORD, Smtp, password_of
from casework.errors import DefinitionError, Invalid
from casework.services.addresses import check_mail
from casework.services.delivery import Answer
from casework.services.letters import Envelope
from casework.settings import Mail, load
from tests.postbox import SECRET, SENDER, USER, Postbox, carrier, certificate, free_port, knows, postbox

LETTER = Envelope(
    to="bambang@dinsos.example",
    language="id",
    subject="Ada hal mendesak — menunggu",
    text="Paling lambat besok.\n",
    message_id="0123456789abcdef",
    at=datetime(2026, 11, 22, 2, tzinfo=UTC),
)
CASEWORK = (USER.decode(), SECRET.decode())


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as found:
        yield found


def test_a_letter_arrives_as_it_was_written(box: Postbox) -> None:
    with carrier(box) as smtp:
        assert smtp.carry(LETTER) == Answer("sent", 250)
    (letter,) = box.letters
    assert {name: letter[name] for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language")} == {
        "From": SENDER,
        "To": "bambang@dinsos.example",
        "Subject": "Ada hal mendesak — menunggu",
        "Message-ID": "<0123456789abcdef@dinsos.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "id",
    }
    assert letter.get_content().splitlines() == ["Paling lambat besok."]


def test_many_letters_go_over_one_connection_and_a_refused_one_stops_none(box: Postbox) -> None:
    box.answers = {"tidak.ada@dinsos.example": "550 no such mailbox", "penuh@dinsos.example": "452 mailbox full"}
    with carrier(box) as smtp:
        assert smtp.carry(msgspec.structs.replace(LETTER, to="tidak.ada@dinsos.example")) == Answer("refused", 550)
        assert smtp.carry(msgspec.structs.replace(LETTER, to="penuh@dinsos.example")) == Answer("later", 452)
        server = smtp._server
        assert smtp.carry(LETTER) == Answer("sent", 250)
        assert smtp._server is server
    assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("554 spam", Answer("refused", 554)),
        ("451 later", Answer("later", 451)),
        ("421 going down", Answer("down", 421, "closing")),
    ],
)
def test_what_is_said_of_the_letter_itself_counts_too(box: Postbox, said: str, answer: Answer) -> None:
    box.data_answer = said
    with carrier(box) as smtp:
        assert smtp.carry(LETTER) == answer


def test_where_nobody_listens_nothing_is_carried_and_nothing_raised() -> None:
    nowhere = Postbox()
    nowhere.port = free_port()
    with carrier(nowhere) as smtp:
        assert smtp.carry(LETTER) == Answer("down", None, "ConnectionRefusedError")


def test_a_server_that_comes_back_is_met_again(box: Postbox) -> None:
    with carrier(box) as smtp:
        box.data_answer = "421 restarting"
        assert smtp.carry(LETTER).outcome == "down"
        box.data_answer = "250 OK"
        assert smtp.carry(LETTER).outcome == "sent"


def test_without_a_letter_nobody_is_called() -> None:
    with Smtp(Mail(host="127.0.0.1", port=free_port(), sender=SENDER, links="https://casework.example", security="none"), "") as smtp:
        assert smtp._server is None


@pytest.fixture
def shown(tmp_path: Path) -> tuple[Path, dict[str, object]]:
    made, context = certificate(tmp_path)
    return made, {"tls_context": context, "require_starttls": True, "authenticator": knows, "auth_required": True}


def test_a_letter_is_encrypted_and_its_sender_signed_in(shown: tuple[Path, dict[str, object]]) -> None:
    made, options = shown
    with postbox(**options) as box, carrier(box, CASEWORK[1], security="starttls", username=CASEWORK[0], authority=str(made)) as smtp:
        assert smtp.carry(LETTER) == Answer("sent", 250)
        assert box.encrypted == [True]


def test_a_wrong_password_or_a_server_that_nobody_vouches_for_gets_no_letter(shown: tuple[Path, dict[str, object]]) -> None:
    made, options = shown
    with postbox(**options) as box:
        with carrier(box, "salah", security="starttls", username=CASEWORK[0], authority=str(made)) as smtp:
            assert smtp.carry(LETTER) == Answer("down", 535, "SMTPAuthenticationError")
        with carrier(box, CASEWORK[1], security="starttls", username=CASEWORK[0]) as smtp:
            assert smtp.carry(LETTER) == Answer("down", None, "SSLCertVerificationError")
        assert box.letters == []


def test_a_server_without_encryption_gets_no_letter_where_it_is_asked_for(box: Postbox) -> None:
    with carrier(box, security="starttls") as smtp:
        assert smtp.carry(LETTER) == Answer("down", None, "SMTPNotSupportedError")


@pytest.mark.parametrize("broken", ["ada@x.example\r\nBcc: lain@x.example", "ada@x.example\nX: y"])
def test_no_header_is_smuggled_in_even_past_the_check(box: Postbox, broken: str) -> None:
    with carrier(box) as smtp, pytest.raises(ValueError, match="Header values"):
        smtp.carry(msgspec.structs.replace(LETTER, to=broken))
    assert box.letters == []


SET = 'host = "mail.example"\nsender = "kasus@dinsos.example"\nlinks = "https://casework.example"\n'


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ('host = "mail.example"\n', "sender"),
        ('host = "mail.example"\nsender = "kasus@dinsos.example\\r\\nBcc: x@y.example"\nlinks = "https://c.example"\n', "sender"),
        ('host = "mail.example"\nsender = "kasus@dinsos.example"\n', "links"),
        ('host = "mail.example"\nsender = "kasus@dinsos.example"\nlinks = "http://casework.example"\n', "links"),
        (SET + 'security = "none"\nusername = "casework"\n', "password"),
        (SET + 'password = "rahasia"\n', "password"),
        (SET + "seconds = 0\n", "seconds"),
    ],
)
def test_mail_that_is_half_set_up_stops_the_program(tmp_path: Path, written: str, named: str) -> None:
    (tmp_path / "casework.toml").write_text(f"[mail]\n{written}", encoding="utf-8")
    with pytest.raises(DefinitionError, match=named):
        load(tmp_path, {})


def test_mail_that_is_set_up_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "casework.toml").write_text(f"[mail]\n{SET}", encoding="utf-8")
    assert load(tmp_path, {}).mail.security == "starttls"


def test_the_password_stands_in_the_environment_or_in_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("rahasia\n", encoding="utf-8")
    mail = Mail(username="casework", password_file=str(file))
    assert password_of(mail, {}) == "rahasia"
    assert password_of(mail, {PASSWORD: "lain"}) == "lain"
    assert password_of(Mail(), {}) == ""
    for without in (Mail(username="casework"), Mail(username="casework", password_file=str(tmp_path / "none"))):
        with pytest.raises(DefinitionError, match="password_file"):
            password_of(without, {})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@x.example",
        "a@b",
        "a b@x.example",
        "ä@x.example",
        "a@x.example\n",
        "a@x.example\r\nBcc: b@y.example",
        "<a@x.example>",
        "a@-x.id",
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        check_mail(address)


@pytest.mark.parametrize("address", ["sari@dinsos.kukarkab.go.id", "peksos.satu+kasus@x-y.example"])
def test_a_plain_address_passes(address: str) -> None:
    check_mail(address)
