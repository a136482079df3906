"""Secrets: credentials sealed to their row, passwords hashed, tokens that are stored only as hashes."""

import base64
import hashlib
import hmac
import os
import secrets
import threading
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

# Each check takes the configured memory; four at once bound it (OWASP Password Storage, argon2id).
_AT_ONCE = threading.BoundedSemaphore(4)


class CannotOpen(Exception):
    """A sealed value does not open: another key, or moved to another row."""


class Keyring:
    """AES-GCM keys, newest first. The newest seals; any may open."""

    def __init__(self, keys: list[bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("SECRET_KEYS needs keys of 32 bytes, base64, comma between")
        self._keys = keys

    def seal(self, secret: str, place: str) -> str:
        """Encrypt text for one place, for example "channels:7:token". Returns URL-safe text."""
        nonce = os.urandom(12)
        box = AESGCM(self._keys[0]).encrypt(nonce, secret.encode(), place.encode())
        return base64.urlsafe_b64encode(nonce + box).decode()

    def open(self, sealed: str, place: str) -> str:
        """The text that was sealed for this very place. Raises CannotOpen."""
        for key in self._keys:
            try:
                box = base64.urlsafe_b64decode(sealed)
                return AESGCM(key).decrypt(box[:12], box[12:], place.encode()).decode()
            except (InvalidTag, ValueError):  # sealed by another key, or cut short
                continue
        raise CannotOpen(place)

    def sign(self, text: str) -> str:
        """A keyed fingerprint of a text, hexadecimal."""
        return hmac.new(self._keys[0], text.encode(), hashlib.sha256).hexdigest()

    def derived(self, purpose: str) -> list[bytes]:
        """Keys of 32 bytes for one purpose alone, newest first; they tell nothing of ours (RFC 5869, 2.3)."""
        return [HKDFExpand(SHA256(), 32, purpose.encode()).derive(key) for key in self._keys]


def keyring(data_dir: Path, given: str = "") -> Keyring:
    """The keys given in settings, else those of DATA_DIR/keys, made the first time (never in a database)."""
    if not given:
        path = data_dir / "keys"
        if not path.exists():
            _make_key(path)
        given = path.read_text()
    return Keyring([base64.b64decode(part) for part in given.replace("\n", ",").split(",") if part.strip()])


def _make_key(path: Path) -> None:
    """Write a fresh key beside its place and link it there whole: two processes may start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"keys.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(base64.b64encode(os.urandom(32)).decode())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def new_token(size: int = 32) -> str:
    """An unguessable URL-safe token of `size` random bytes."""
    return secrets.token_urlsafe(size)


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256, hexadecimal (the token itself has full entropy)."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher(memory_mib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=memory_mib * 1024, parallelism=1)


def hash_password(password: str, memory_mib: int = 64) -> str:
    """An argon2id hash."""
    with _AT_ONCE:
        return _hasher(memory_mib).hash(password)


def check_password(password: str, stored: str | None, memory_mib: int = 64) -> bool:
    """Whether a password fits. With nothing stored the same work is done, so that time tells nothing."""
    hasher = _hasher(memory_mib)
    with _AT_ONCE:
        try:
            hasher.verify(stored or _nobody(memory_mib), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def hash_code(code: str, salt: str) -> str:
    """What is stored of a code that is short enough to be typed: argon2id, hexadecimal.

    One salt for all codes of a person, so that a try costs one hash and not ten. The cost is fixed, because
    a hash doesn't tell with which one it was made, and less than a password's: codes are random, of 60 bits.
    """
    with _AT_ONCE:
        return hash_secret_raw(code.encode(), salt.encode(), 1, 8 * 1024, 1, 32, Type.ID).hex()


@cache
def _nobody(memory_mib: int) -> str:
    return _hasher(memory_mib).hash(new_token())
