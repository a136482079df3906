"""New passwords: those that are easily guessed are refused, the others come out hashed."""

from app.domain.errors import Invalid
from app.foundation.crypto import hash_password

# What somebody who knows where we work would try. Names of months and keyboards, common passwords
# and words of English are known to the estimator.
_OF_THE_PLACE = (
    "kuliss", "bibliotek", "biblioteket", "biblioteken", "folkbibliotek", "stadsbibliotek", "library",
    "kirjasto", "kirjaston", "kaupunginkirjasto", "folkebibliotek", "lösenord", "passord", "salasana",
    "sommar", "vinter", "sommer", "kesä", "talvi", "syksy", "kevät", "höst", "vår", "joulu",
)  # fmt: skip
# The estimator's own scale, from 0 to 4: below 2 stands what takes fewer than a million guesses.
_ENOUGH = 2
_LOOKED_AT = 32  # characters; what is longer takes the estimator long, and hides no shorter one


def hashed(password: str, about: tuple[str, ...], memory_mib: int) -> str:
    """What to keep of a new password. `about`: names and addresses that it must not consist of.

    Raises Invalid("password_guessable", "password") where a guesser would come to it early: ASVS 5.0,
    6.2.4 and 6.2.11.
    """
    if _guessable(password, about):
        raise Invalid("password_guessable", "password")
    return hash_password(password, memory_mib)


def _guessable(password: str, about: tuple[str, ...]) -> bool:
    # Loaded when it is needed: its lists of words weigh 14 MB.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    words = [each.lower() for told in about for each in (told, *told.replace("@", " ").split())]
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=[*words, *_OF_THE_PLACE])
    return bool(found["score"] < _ENOUGH)
