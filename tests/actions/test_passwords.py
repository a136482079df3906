"""New passwords: what a guesser tries first is refused, and what a person chose for themselves is not."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.actions import passwords
from app.domain.errors import Invalid
from app.foundation.crypto import check_password

LONG = "birgitta.lindstrom@biblioteken.stockholm.example"
ABOUT = ("edvin@sjostad.example", "Edvin Redaktör", "Sjöstads bibliotek", LONG)


@pytest.mark.parametrize(
    "guess",
    [
        "1234567890", "qwertyuiop", "password123", "1q2w3e4r5t6y", "abcdefghij",  # the commonest
        "edvin@sjostad.example", "Edvin Redaktör", "edvinedvin", "EdvinRedaktör1", LONG,  # themselves
        "sjöstadsbibliotek", "Bibliotek123", "kirjasto2026", "Lösenord12", "Passord1234",  # the place
        "Sommar2026!!", "kuliss kuliss", "!2026 biblioteket 2026!",
        "marraskuu2026!", "desember2026", "Sommaren2026", "hemligt1234", "Tervetuloa1",
        "1234567890" * 20,
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(guess: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.hashed(guess, ABOUT, 8)
    [fault] = refused.value.faults
    assert (fault.code, fault.field) == ("password_guessable", "password")


@pytest.mark.parametrize(
    "chosen",
    [
        "tre ord tillsammans",
        "kolme sanaa yhdessä",
        "three words together",
        "gK3!vt9Qz#",
        "ö" * 4 + "zebra på tak",
        "a" * 32 + "x7#kQ-correct horse battery",
        "edvin och tre ord till",
    ],
)
def test_what_is_not_is_kept(chosen: str) -> None:
    assert check_password(chosen, passwords.hashed(chosen, ABOUT, 8), 8)


def test_the_longest_is_looked_at_quickly() -> None:
    slowest = "4@({[<36911!1|05$5+7%2" * 9
    assert check_password(slowest, passwords.hashed(slowest, ABOUT, 8), 8)


def test_words_of_one_person_are_not_told_of_another() -> None:
    """The estimator keeps them in one place for all."""
    names = [f"Xqzvw{letter}krnt Bjhfp{letter}xd" for letter in "abcdefgh"]

    def is_refused(name: str) -> bool:
        try:
            passwords.hashed(name.replace(" ", "-"), (name,), 8)
        except Invalid:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(is_refused, names * 4))
