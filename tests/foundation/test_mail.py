"""Mail against a real server: what stands in a letter, and what each refusal is called."""

import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from app.foundation.mail import Letter, MailFailure, postman_of
from app.foundation.settings import Settings
from tests.support.mail_server import PASSWORD, USER, MailServer, knows, mail_server

AT = datetime(2030, 1, 7, 9, 30, tzinfo=UTC)
LETTER = Letter(
    "sara@library.example", "Sara Niemi", "Kirjasto käy: ääkköset", "Hei!\n", "<p>Hei!</p>", "fi", "7.abc", AT
)


@pytest.fixture(scope="module")
def module_server() -> Iterator[MailServer]:
    """One server for all."""
    with mail_server() as server:
        yield server


@pytest.fixture
def server(module_server: MailServer) -> MailServer:
    """The server, as if nothing had come yet."""
    module_server.mails.clear()
    module_server.refuse.clear()
    return module_server


def send(settings: Settings, letter: Letter = LETTER) -> None:
    """Send a letter as the settings say."""
    postman = postman_of(settings)
    assert postman is not None
    postman.send(letter)


def test_a_letter_arrives_as_it_was_meant(server: MailServer) -> None:
    send(server.settings())
    [mail] = server.mails
    assert mail["From"] == "Kuliss <kuliss@library.example>"
    assert mail["To"] == "Sara Niemi <sara@library.example>"
    assert mail["Subject"] == LETTER.subject
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<7.abc@library.example>"
    assert mail["Content-Language"] == "fi"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert plain.get_content().strip() == "Hei!"
    assert html
    assert html.get_content().strip() == "<p>Hei!</p>"


def test_names_add_no_headers(server: MailServer) -> None:
    send(
        server.settings(),
        replace(LETTER, name="Sara\r\nBcc: all@x.example", subject="A\nBcc: all@x.example"),
    )
    [mail] = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "A Bcc: all@x.example"


def test_letters_can_be_switched_off_by_one_click(server: MailServer) -> None:
    """The address stays in one piece, however long it is."""
    off = f"https://{'very-long-name.' * 8}library.example/mails/off/12-warnings-{'0' * 32}"
    send(server.settings(), replace(LETTER, off=off))
    [mail] = server.mails
    assert mail["List-Unsubscribe"] == f"<{off}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_server_there_is_no_postman() -> None:
    assert postman_of(Settings(_env_file=None)) is None


@pytest.mark.parametrize(
    ("answer", "code", "for_good"),
    [
        ("550 nobody here", "mail_address_refused", True),
        ("450 come again", "mail_address_refused", False),
    ],
)
def test_a_refused_address_is_for_good_or_not(
    server: MailServer, answer: str, code: str, for_good: bool
) -> None:
    server.refuse[LETTER.to] = answer
    with pytest.raises(MailFailure) as failed:
        send(server.settings())
    assert (failed.value.code, failed.value.for_good) == (code, for_good)


def test_an_address_that_is_none_is_for_good(server: MailServer) -> None:
    with pytest.raises(MailFailure) as failed:
        send(server.settings(), replace(LETTER, to="nobody"))
    assert (failed.value.code, failed.value.for_good) == ("mail_address_refused", True)


def test_a_server_that_is_away_may_be_tried_again(server: MailServer) -> None:
    server.stop()
    try:
        with pytest.raises(MailFailure) as failed:
            send(server.settings())
    finally:
        server.start()
    assert (failed.value.code, failed.value.for_good) == ("mail_unreachable", False)


def test_a_way_that_can_not_be_encrypted_is_not_used(server: MailServer) -> None:
    with pytest.raises(MailFailure) as failed:
        send(server.settings(smtp_security="starttls"))
    assert failed.value.code == "mail_no_encryption"
    assert server.mails == []


def test_a_password_stands_nowhere() -> None:
    with mail_server(authenticator=knows, auth_require_tls=False) as server:
        good = server.settings(smtp_user=USER, smtp_password=PASSWORD)
        send(good)
        assert len(server.mails) == 1
        postman = postman_of(good)
        assert PASSWORD not in repr(postman) + repr(good)
        wrong = "not the very secret one"
        with pytest.raises(MailFailure) as failed:
            send(server.settings(smtp_user=USER, smtp_password=wrong))
        assert failed.value.code == "mail_sign_in"
        told = "".join(traceback.format_exception(failed.value))
        assert wrong not in told
        assert "535" not in told, "the server's own words may repeat what it was told"


def test_letters_that_mail_does_not_know_are_called_what_they_are() -> None:
    """One person's address stops nobody else's mail, and a password is not taken for an address."""
    with mail_server(authenticator=knows, auth_require_tls=False, enable_SMTPUTF8=False) as server:
        with pytest.raises(MailFailure) as failed:
            send(server.settings(), replace(LETTER, to="åsa@library.example"))
        assert (failed.value.code, failed.value.for_good) == ("mail_address_refused", True)
        with pytest.raises(MailFailure) as failed:
            send(server.settings(smtp_user=USER, smtp_password="lösenord"))
        assert (failed.value.code, failed.value.for_good) == ("mail_sign_in", False)


def test_settings_that_can_not_work_are_refused() -> None:
    with pytest.raises(ValidationError, match="MAIL_FROM"):
        Settings(_env_file=None, smtp_host="mail.example")
    with pytest.raises(ValidationError, match="encrypted only"):
        Settings(
            _env_file=None, smtp_host="mail.example", mail_from="a@b.example", smtp_user="u",
            smtp_security="none",
        )  # fmt: skip
