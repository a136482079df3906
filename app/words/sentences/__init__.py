"""From a code to a sentence in the reader's language. Every feature has its table in a file beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from babel import dates

from app.domain.errors import Refusal
from app.domain.roles import Role
from app.domain.units import UnitKind
from app.foundation import logs
from app.foundation.i18n import N_, babel_locale, format_instant, format_number, translations
from app.words.roles import kind_name, role_name

UNKNOWN = N_("That can't be done. Nothing was changed.")


@dataclass(frozen=True)
class Said:
    """A fault in words: at which field (None: the whole), its code for programs, the sentence for people."""

    field: str | None
    sentence: str
    code: str


class _Params(dict[str, str]):
    """A sentence that lacks a word is still better than a page that breaks."""

    def __missing__(self, name: str) -> str:
        return "…"


@cache
def table() -> Mapping[str, str]:
    """All codes and their English sentences, from every file beside this one (a code stands in one file)."""
    found: dict[str, str] = {}
    for module in iter_modules(__path__):
        found |= import_module(f"{__name__}.{module.name}").SENTENCES
    return found


def sentence(code: str, locale: str, /, **params: Any) -> str:
    """The sentence for a code. Instants are written for the zone in `zone` (UTC without one)."""
    english = table().get(code)
    if english is None:
        logs.get(__name__).warning("no_sentence", of=code)
        return translations(locale).gettext(UNKNOWN)
    zone = str(params.get("zone", "UTC"))
    written = {name: _written(value, locale, zone) for name, value in params.items()}
    return translations(locale).gettext(english) % _Params(written)


def faults(refusal: Refusal, locale: str) -> list[Said]:
    """Every reason of a refusal in words, in its order."""
    return [
        Said(fault.field, sentence(fault.code, locale, **fault.params), fault.code)
        for fault in refusal.faults
    ]


def _written(value: Any, locale: str, zone: str) -> str:
    if isinstance(value, datetime):
        return format_instant(value, zone, locale)
    if isinstance(value, date):
        return str(dates.format_date(value, "long", locale=babel_locale(locale)))
    if isinstance(value, Role):
        return role_name(value, locale)
    if isinstance(value, UnitKind):
        return kind_name(value, locale)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value, locale)
    return str(value)
