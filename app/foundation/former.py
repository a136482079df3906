"""The name of somebody whose name was erased: words instead of a name, in the language of whoever reads."""

from contextvars import ContextVar

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.foundation.i18n import N_, translations

FORMER = N_("a former colleague")
# The language of the page that is being made; programs read English.
reading: ContextVar[str] = ContextVar("reading", default="en")


def called(name: str, locale: str) -> str:
    """A person's name; the words that stand for an erased one in a language."""
    return translations(locale).gettext(FORMER) if name == FORMER else name


class Former(str):
    """The words, which find their language when they are written into a page."""

    __slots__ = ()

    def __str__(self) -> str:
        return called(FORMER, reading.get())

    def __html__(self) -> str:
        return str(self)


class PersonName(TypeDecorator[str]):
    """A person's name of at most 200 characters. An erased one comes back as `Former`."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - their signature
        return FORMER if isinstance(value, Former) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - their signature
        return Former(value) if value == FORMER else value
