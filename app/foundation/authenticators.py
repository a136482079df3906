"""Codes of an authenticator app (TOTP) and the picture with which a phone learns the secret.

Sources: RFC 6238 (time steps of 30 seconds, six digits, SHA-1, which every app knows), its 5.2 (one step
earlier and later for clocks that differ, no code twice); Google Authenticator, key URI format.
"""

import hmac
from base64 import b32encode
from datetime import datetime
from secrets import token_bytes
from typing import Any

STEP = 30  # seconds
_NEARBY = (0, -1, 1)  # steps: phones and people are a little early or late
_HOUSE = "Kuliss"


def new_secret() -> str:
    """A fresh shared secret of 160 bits, base32 (RFC 4226, 4, R6)."""
    return b32encode(token_bytes(20)).decode()


def address(secret: str, email: str) -> str:
    """What the picture says, and what a link on the phone itself opens: otpauth://totp/…"""
    return str(_app(secret).provisioning_uri(name=email, issuer_name=_HOUSE))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code of six digits belongs to; None when it is of none nearby."""
    app = _app(secret)
    current = int(now.timestamp()) // STEP
    fitting = [
        current + away
        for away in _NEARBY
        if hmac.compare_digest(app.generate_otp(current + away).encode(), code.encode())
    ]
    return max(fitting, default=None)


def _app(secret: str) -> Any:
    import pyotp  # noqa: PLC0415 - few requests need it, and it takes long to load

    return pyotp.TOTP(secret)


def drawing(text: str) -> str:
    """A text as a QR code: one inline `<svg>` without style, dark on light also on a dark page."""
    import segno  # noqa: PLC0415 - only this page needs it, and it takes long to load

    return str(segno.make(text, error="m", micro=False).svg_inline(scale=5, dark="#000", light="#fff"))
