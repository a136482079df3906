"""`kuliss check` tells whether mail works, and sends a try."""

import pytest

from app.cli import check_mail
from tests.support.mail_server import USER, mail_server


def test_mail_is_looked_at_and_tried(capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        settings = server.settings()
        assert check_mail.finding(settings).well
        assert check_mail.try_to(settings, "aino@library.example") == 0
        assert [mail["To"] for mail in server.mails] == ["aino@library.example"]
        assert "took a mail to aino@library.example" in capsys.readouterr().out
        wrong = check_mail.finding(server.settings(smtp_user=USER, smtp_password="no"))
        assert not wrong.well, "the server knows no names at all"
    away = check_mail.finding(settings)
    assert (away.well, away.words) == (False, "Mail over 127.0.0.1: The mail server does not answer.")
    assert check_mail.try_to(settings, "aino@library.example") == 1
    mute = server.settings(smtp_host="")
    assert check_mail.finding(mute).well
    assert check_mail.try_to(mute, "aino@library.example") == 1
    assert capsys.readouterr().out.splitlines() == [
        "The mail server does not answer.", "No mail is sent: SMTP_HOST is empty.",
    ]  # fmt: skip
