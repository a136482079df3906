"""What every input has in common: nothing unknown, nothing unwritable, texts without blanks around them."""

import re
import unicodedata
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from app.foundation.i18n import LOCALES

ID_MOST = 2**31 - 1  # what both databases take as an id
NAME_MOST = 200
EMAIL_MOST = 254
PASSWORD_LEAST, PASSWORD_MOST = 10, 200
_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s.,;<>()\"]+")
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_REGIONS = (
    "Europe/",
    "Atlantic/",
    "Arctic/",
    "Africa/",
    "America/",
    "Asia/",
    "Australia/",
    "Indian/",
    "Pacific/",
)


class Input(BaseModel):
    """The base of input models. A fault raises pydantic's error, which `words.validation` turns into ours."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _writable(cls, value: Any) -> Any:
        """Control characters have no place in a text, and PostgreSQL stores no zero byte."""
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and any(
                unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text
            ):
                raise PydanticCustomError("unwritable", "control characters")
        return value


@cache
def countries() -> frozenset[str]:
    """ISO 3166 codes of countries and territories, as the CLDR names them."""
    known = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in known if re.fullmatch("[A-Z]{2}", code)) - _NO_COUNTRIES


@cache
def zones() -> frozenset[str]:
    """IANA names of time zones that a place on earth can be in."""
    return frozenset(name for name in available_timezones() if name.startswith(_REGIONS))


def _email(value: str) -> str:
    small = value.lower()
    # Small letters may be more than the capitals were: "İ" becomes two.
    if not _EMAIL.fullmatch(value) or len(small) > EMAIL_MOST:
        raise PydanticCustomError("not_an_email", "not an e-mail address")
    return small


def _in_list(value: str, known: frozenset[str]) -> str:
    if value not in known:
        raise PydanticCustomError("not_in_list", "not in the list")
    return value


def _password(value: str) -> str:
    if len(set(value)) < 4:
        raise PydanticCustomError("password_simple", "too few different characters")
    return value


Id = Annotated[int, Field(ge=1, le=ID_MOST)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_MOST)]
Email = Annotated[str, Field(min_length=1, max_length=EMAIL_MOST), AfterValidator(_email)]
LocaleCode = Annotated[str, AfterValidator(lambda value: _in_list(value, frozenset(LOCALES)))]
Country = Annotated[str, AfterValidator(lambda value: _in_list(value, countries()))]
Zone = Annotated[str, AfterValidator(lambda value: _in_list(value, zones()))]
Password = Annotated[
    str,
    Field(min_length=PASSWORD_LEAST, max_length=PASSWORD_MOST),
    AfterValidator(_password),
]
