"""New passwords: those that are easily guessed are refused, the others come out hashed."""

import re
from threading import Lock

from app.domain.errors import Invalid
from app.foundation.crypto import hash_password

# What somebody who knows where we work would try. Keyboards, common passwords and words of English are known
# to the estimator, those of the Nordic languages are not.
_OF_THE_PLACE = (
    "kuliss", "bibliotek", "biblioteket", "biblioteken", "folkbibliotek", "stadsbibliotek", "library",
    "kirjasto", "kirjaston", "kaupunginkirjasto", "folkebibliotek", "lösenord", "passord", "salasana",
    "sommar", "vinter", "sommer", "kesä", "talvi", "syksy", "kevät", "höst", "vår", "joulu",
    "sommaren", "vintern", "hösten", "våren", "vinteren", "høst", "høsten", "kesäloma", "semester", "ferie",
    "hemlig", "hemligt", "hemmelig", "salainen", "salaisuus", "välkommen", "velkommen", "tervetuloa",
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
    "november", "december", "januar", "februar", "mai", "august", "desember",
    "tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu",
    "kesäkuu", "heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu",
)  # fmt: skip
# The estimator's own scale, from 0 to 4: below 2 stands what takes fewer than a million guesses.
_ENOUGH = 2
_LOOKED_AT = 24  # characters of each end; more take the estimator long
_LETTERS = re.compile(r"[^\W\d_]+")
# The estimator keeps the words that it is told in one place for all, and keeps a processor busy meanwhile.
_ONE_AT_A_TIME = Lock()


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

    told = [*_OF_THE_PLACE, *(word for each in about for word in (each, *each.replace("@", " ").split()))]
    if _is_of(password, told):
        return True
    words = [word.lower()[:_LOOKED_AT] for word in told]
    password = password[: (password * 2).find(password, 1)]  # one and the same again and again is said once
    with _ONE_AT_A_TIME:
        return all(
            zxcvbn(part, user_inputs=words)["score"] < _ENOUGH
            for part in {password[:_LOOKED_AT], password[-_LOOKED_AT:]}
        )


def _is_of(password: str, told: list[str]) -> bool:
    """Whether nothing but words that one was told stands in it, beside digits and signs."""
    known = {part for word in told for part in _LETTERS.findall(word.casefold())}
    known |= {"".join(_LETTERS.findall(word.casefold())) for word in told}
    rest = "".join(_LETTERS.findall(password.casefold()))
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) > 2 else rest
    return not rest and bool(_LETTERS.search(password))
