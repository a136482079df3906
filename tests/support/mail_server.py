"""A mail server on this machine that keeps what it is given, and may be away, refuse, or want a password."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from app.foundation.settings import Settings
from tests.support.server import free_port

USER, PASSWORD = "kuliss", "a very secret word"
# It logs from a thread of its own, also when the test that it served is over and its output closed.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@dataclass
class MailServer:
    """`mails`: what came, in order. `refuse`: addresses with the answer that each gets at RCPT."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    _controller: Any = None

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take an address, or not."""
        self.seen.append(address)
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        """Keep a mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address."""
        return [mail for mail in self.mails if address in mail["To"]]

    def start(self, **options: Any) -> None:
        """Be there."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30, **options)
        self._controller.start()

    def stop(self) -> None:
        """Be away."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def settings(self, **more: Any) -> Settings:
        """Settings that send mail here."""
        values = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": "none",
            "mail_from": "kuliss@library.example",
            "public_url": "https://kuliss.library.example",
            **more,
        }
        return Settings(_env_file=None, **values)


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A running mail server; `options` as for aiosmtpd's Controller."""
    server = MailServer(free_port())
    server.start(**options)
    try:
        yield server
    finally:
        server.stop()


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    """An authenticator that knows one name and password."""
    right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)
