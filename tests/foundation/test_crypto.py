"""Secrets: sealed to their place, keys that change, passwords, tokens."""

import base64
import stat
from pathlib import Path

import pytest

from app.foundation.crypto import (
    CannotOpen,
    Keyring,
    check_password,
    hash_password,
    keyring,
    new_token,
    token_hash,
)

OLD, NEW = b"o" * 32, b"n" * 32


def test_opens_only_at_its_place() -> None:
    ring = Keyring([NEW])
    sealed = ring.seal("a token", "channels:1")
    assert "a token" not in sealed
    assert ring.open(sealed, "channels:1") == "a token"
    with pytest.raises(CannotOpen):
        ring.open(sealed, "channels:2")


def test_older_keys_still_open_and_the_newest_seals() -> None:
    sealed = Keyring([OLD]).seal("a token", "here")
    assert Keyring([NEW, OLD]).open(sealed, "here") == "a token"
    with pytest.raises(CannotOpen):
        Keyring([OLD]).open(Keyring([NEW, OLD]).seal("a token", "here"), "here")


def test_a_key_for_one_purpose_says_nothing_of_another_and_follows_the_ring() -> None:
    first, older = Keyring([NEW, OLD]).derived("unsaved:7")
    assert Keyring([OLD]).derived("unsaved:7") == [older]
    assert len({first, older, NEW, OLD, *Keyring([NEW]).derived("unsaved:8")}) == 5
    assert len(first) == 32


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    sealed = keyring(tmp_path).seal("a token", "here")
    assert keyring(tmp_path).open(sealed, "here") == "a token"
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600


def test_given_keys_need_32_bytes(tmp_path: Path) -> None:
    given = f"{base64.b64encode(NEW).decode()},{base64.b64encode(OLD).decode()}"
    sealed = keyring(tmp_path, given).seal("x", "here")
    assert Keyring([NEW]).open(sealed, "here") == "x"
    with pytest.raises(ValueError, match="32 bytes"):
        keyring(tmp_path, base64.b64encode(b"short").decode())


def test_passwords() -> None:
    stored = hash_password("three blue bicycles", 8)
    assert stored.startswith("$argon2id$")
    assert check_password("three blue bicycles", stored, 8)
    assert not check_password("three red bicycles", stored, 8)
    assert not check_password("anything", None, 8)
    assert not check_password("anything", "not a hash", 8)


def test_tokens_differ_and_only_hashes_are_kept() -> None:
    one, other = new_token(), new_token()
    assert one != other
    assert len(token_hash(one)) == 64
    assert one not in token_hash(one)
