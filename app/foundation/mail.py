"""Mail: one letter to one address over the mail server of the settings. Nothing here waits or repeats.

Sources: RFC 5321 (replies), RFC 5322 (Date, Message-ID), RFC 3834 (Auto-Submitted), RFC 3282
(Content-Language), RFC 2369 and RFC 8058 (List-Unsubscribe, with one click).
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from app.foundation import outgoing
from app.foundation.settings import Settings

# An address in a header must stay in one piece: where it is longer than a line, it would be encoded.
_LINES = policy.default.clone(max_line_length=500)
TIMEOUT = 20.0  # seconds for each answer of the mail server


class MailFailure(Exception):
    """A letter did not go. `code`: why. `for_good`: the same letter would be refused again.

    Neither the server's words nor anything of ours stand in it: they may hold a password or an address.
    """

    def __init__(self, code: str, for_good: bool = False) -> None:
        self.code, self.for_good = code, for_good
        super().__init__(code)


@dataclass(frozen=True)
class Letter:
    """One mail. `number` tells letters of one installation apart; the same number is the same letter.

    `at`: the instant (aware) that it bears. `locale`: the language of its words. `off`: an address where a
    POST switches such letters off; empty for none.
    """

    to: str
    name: str
    subject: str
    text: str
    html: str
    locale: str
    number: str
    at: datetime
    off: str = ""


@dataclass(frozen=True)
class Postman:
    """The way to a mail server; `security` is none, starttls or tls. `greeting`: the name we go by there."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    greeting: str

    def send(self, letter: Letter) -> None:
        """Hand a letter over to the server. Raises MailFailure.

        When the connection breaks after the last byte nobody knows whether it was taken: that is a failure,
        and a repeat bears the same Message-ID.
        """
        message = self.written(letter)
        with _named(), self._connected() as server:
            server.ehlo_or_helo_if_needed()
            if not letter.to.isascii() and not server.has_extn("smtputf8"):
                raise MailFailure("mail_address_refused", for_good=True)
            server.send_message(message, self.sender, [letter.to])

    def check(self) -> None:
        """Nothing, when the server is there, speaks as we want, and knows us. Raises MailFailure."""
        with _named(), self._connected() as server:
            server.noop()

    def written(self, letter: Letter) -> EmailMessage:
        """The letter with its headers, as plain text and as HTML. Raises MailFailure for a bad address."""
        message = EmailMessage(_LINES)
        with _named():
            message["From"] = Address("Kuliss", addr_spec=self.sender)
            message["To"] = Address(_line(letter.name), addr_spec=letter.to)
            message["Subject"] = _line(letter.subject)
            message["Date"] = format_datetime(letter.at)
            message["Message-ID"] = f"<{letter.number}@{self.sender.rsplit('@', 1)[1]}>"
            message["Auto-Submitted"] = "auto-generated"
            message["X-Auto-Response-Suppress"] = "All"
            if letter.off:
                message["List-Unsubscribe"] = f"<{letter.off}>"
                message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            message.set_content(letter.text)
            message.add_alternative(letter.html, subtype="html")
            message["Content-Language"] = letter.locale  # last: what is about content goes to the first part
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._begin()
        try:
            if self.security == "starttls":
                server.starttls(context=outgoing.trust())
            if self.user:
                self._sign_in(server)
            yield server
            with suppress(smtplib.SMTPException, OSError):  # what was to be said has been said
                server.quit()
        finally:
            server.close()

    def _sign_in(self, server: smtplib.SMTP) -> None:
        try:
            server.login(self.user, self.password)
        except UnicodeEncodeError:  # the library sends plain letters only
            raise smtplib.SMTPAuthenticationError(535, b"") from None

    def _begin(self) -> smtplib.SMTP:
        if self.security == "tls":
            safe = outgoing.trust()
            return smtplib.SMTP_SSL(self.host, self.port, self.greeting, timeout=TIMEOUT, context=safe)
        return smtplib.SMTP(self.host, self.port, self.greeting, timeout=TIMEOUT)


def postman_of(settings: Settings) -> Postman | None:
    """The postman that the settings name; None when they name none, and nothing is mailed."""
    if not settings.smtp_host:
        return None
    return Postman(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.mail_from,
        urlsplit(settings.address).hostname or "localhost",
    )


def _line(text: str) -> str:
    """One line: whoever names a thing must not add headers to a mail."""
    return " ".join(text.split())


@contextmanager
def _named() -> Iterator[None]:
    """Whatever goes wrong within gets a code of ours; the first cause is dropped, it may hold a secret."""
    try:
        yield
    except (smtplib.SMTPException, OSError, ValueError, IndexError) as cause:
        raise _failure(cause) from None


_CODES: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "mail_sign_in"),
    (smtplib.SMTPSenderRefused, "mail_sender_refused"),
    (ssl.SSLError, "mail_no_encryption"),
    (smtplib.SMTPNotSupportedError, "mail_no_encryption"),
    (smtplib.SMTPException, "mail_unreachable"),
    (OSError, "mail_unreachable"),
)
_FOR_GOOD = 500  # RFC 5321, 4.2.1: from here on the same would be refused again


def _failure(cause: Exception) -> MailFailure:
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in cause.recipients.values()]
        return MailFailure("mail_address_refused", min(codes, default=0) >= _FOR_GOOD)
    if isinstance(cause, smtplib.SMTPDataError):
        return MailFailure("mail_refused", cause.smtp_code >= _FOR_GOOD)
    code = next((code for kind, code in _CODES if isinstance(cause, kind)), None)
    # What is left is what the library says to an address that is none.
    return MailFailure(code) if code else MailFailure("mail_address_refused", True)
