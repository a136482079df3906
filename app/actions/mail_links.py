"""Addresses that switch one kind of mail off for one person: whoever has the mail may, without signing in.

They hold nothing but whom and what, and a fingerprint by our keys; they can do nothing else, so that they
need no end. Sources: RFC 8058 (one click, by POST).
"""

import hmac

from app.domain.mails import CHOICES, MailKind
from app.foundation.crypto import Keyring
from app.foundation.database import read_id

PATH = "/mails/off/"
_LENGTH = 32  # hexadecimal digits of the fingerprint: 128 bits


def address(ours: str, keyring: Keyring, person_id: int, kind: MailKind) -> str:
    """The whole address for a person and a kind; an empty text for a kind that can't be switched off."""
    if kind not in CHOICES:
        return ""
    return f"{ours}{PATH}{token(keyring, person_id, kind)}"


def token(keyring: Keyring, person_id: int, kind: MailKind) -> str:
    """What stands at the end of that address."""
    return f"{person_id}-{kind}-{_sign(keyring, person_id, kind)}"


def read(keyring: Keyring, token: str) -> tuple[int, MailKind] | None:
    """The person and the kind that a token is for; None for one that we did not make."""
    person, _, rest = token.partition("-")
    kind, _, sign = rest.partition("-")
    person_id = read_id(person)
    if person_id is None or kind not in CHOICES:
        return None
    right = _sign(keyring, person_id, MailKind(kind))
    return (person_id, MailKind(kind)) if hmac.compare_digest(right.encode(), sign.encode()) else None


def _sign(keyring: Keyring, person_id: int, kind: MailKind) -> str:
    return keyring.sign(f"mail-off:{person_id}:{kind}")[:_LENGTH]
