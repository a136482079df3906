"""The keys under which a browser keeps what a person typed and has not saved.

A page gets them as long as its person is signed in, and its script holds them in memory alone: what lies in
the browser's storage can be read by nobody who is not them. They are made of the keyring each time, and are
stored nowhere else either.
"""

import base64
import secrets

from starlette.requests import Request


def of(request: Request, person_id: int) -> str:
    """The keys of a person for a page, newest first, with a blank between; empty where there is no keyring.

    Each is 32 random bytes and then the key under these (exclusive or), as base64: a page is
    compressed, and a secret that repeated itself from answer to answer could be guessed from lengths.
    """
    ground = getattr(request.app.state, "ground", None)
    if ground is None:
        return ""
    return " ".join(_masked(key) for key in ground.keyring.derived(f"unsaved:{person_id}"))


def _masked(key: bytes) -> str:
    pad = secrets.token_bytes(len(key))
    return base64.b64encode(pad + bytes(a ^ b for a, b in zip(key, pad, strict=True))).decode()
