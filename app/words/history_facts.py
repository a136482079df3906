"""The facts of events in words: what each is called, and what stands there for people.

People, units, channels and posts stand in history as numbers; their names are those of the day of reading.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from babel import dates

from app.domain.duties import Kind
from app.domain.history_facts import CHANNELS, PEOPLE, POSTS, UNITS, Known, with_names_of_today
from app.domain.results import Paid
from app.domain.roles import Role
from app.domain.units import UnitKind
from app.foundation.former import FORMER, called
from app.foundation.i18n import N_, NAMES, babel_locale, format_instant, format_number, translations
from app.words import duties, roles
from app.words.results import PAID
from app.words.sentences import sentence, table

LABELS: dict[str, str] = {
    "due_at": N_("time"), "channel_id": N_("channel"), "paid": N_("said"), "at_least": N_("at least"),
    "at_most": N_("at most"), "hours": N_("usual times"), "owner_id": N_("owner"), "deputy_id": N_("deputy"),
    "scope": N_("may"), "locale": N_("language"), "name": N_("name"), "closes_on": N_("last day"),
    "opens_on": N_("first day"), "from_on": N_("from"), "until_on": N_("to and with"), "kind": N_("kind"),
    "zone": N_("time zone"), "country": N_("country"), "said": N_("said"), "reason": N_("reason"),
    "by": N_("goes on with the sign-in of"), "of": N_("whose"), "to": N_("to"), "what": N_("what"),
    "left": N_("sign-ins left"), "before": N_("before"), "after": N_("after"), "copy_of": N_("copy of"),
    "revision": N_("version"), "own": N_("of one's own text"), "link": N_("address"), "note": N_("note"),
    "fields": N_("what"), "app_id": N_("app"), "old_app": N_("app before"), "new_app": N_("app now"),
    "used_by": N_("may be used by"), "units": N_("units"), "counts": N_("how many"), "row": N_("line"),
    "right_of": N_("on the right of"), "wrote": N_("on the right of"), "shared": N_("shared"),
    "second_factor": N_("second factor needed"),
}  # fmt: skip
_WORDS: dict[str, dict[str, str]] = {
    "scope": {"read": N_("only read"), "write": N_("change things")},
    "used_by": {
        "unit": N_("only its unit"), "subtree": N_("every unit below too"), "units": N_("these units"),
    },
    "said": {
        "human": N_("human"), "informative": N_("informative"), "left_out": N_("left out"),
        "none": N_("taken back"), "yes": PAID[Paid.YES], "no": PAID[Paid.NO], "unknown": PAID[Paid.UNKNOWN],
    },
    "fields": {
        "alt_text": N_("description"), "decorative": N_("decorative or not"), "credit": N_("credit"),
        "rights": N_("rights"), "shown": N_("who is shown"), "name": N_("name"),
        "focal": N_("what stays in view"),
        "focal_x": N_("what stays in view"), "focal_y": N_("what stays in view"), "captions": N_("subtitles"),
    },
}  # fmt: skip
_YES, _NO = N_("yes"), N_("no")
NONE_OF_SIGHT = N_("out of your sight")


def without_names(verb: str, facts: Mapping[str, Any], known: Known, locale: str = "en") -> dict[str, Any]:
    """The facts; in the place of a name that nobody has any more stands what is said of erased ones."""
    return with_names_of_today(verb, facts, known, called(FORMER, locale))


def label(name: str, locale: str) -> str:
    """What a fact is called."""
    plain = name.removeprefix("was_")
    words = translations(locale).gettext(LABELS[plain]) if plain in LABELS else plain.replace("_", " ")
    return words if plain == name else translations(locale).gettext(N_("%(what)s before")) % {"what": words}


def told(name: str, value: Any, known: Known, zone: str, locale: str) -> str:
    """What a fact says. `zone`: in which instants are told."""
    plain = name.removeprefix("was_")
    if plain in _NAMED:
        names = _NAMED[plain](known)
        return ", ".join(_name(one, names, locale) for one in _each(value))
    if isinstance(value, bool) or value in ("True", "False"):
        return translations(locale).gettext(_YES if value in (True, "True") else _NO)
    if isinstance(value, Mapping):
        return _counted(plain, value, locale)
    if isinstance(value, str):
        return _word(plain, value, zone, locale)
    if isinstance(value, Iterable):
        return ", ".join(told(plain, one, known, zone, locale) for one in value)
    return format_number(value, locale) if isinstance(value, int | float) else str(value)


_NAMED: dict[str, Callable[[Known], Mapping[int, str]]] = (
    dict.fromkeys(PEOPLE, lambda known: known.people)
    | dict.fromkeys(UNITS, lambda known: known.units)
    | dict.fromkeys(CHANNELS, lambda known: known.channels)
    | dict.fromkeys(POSTS, lambda known: known.posts)
)


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _name(one: Any, names: Mapping[int, str], locale: str) -> str:
    found = names.get(one, "") if isinstance(one, int) else str(one)
    return called(found, locale) or f"{translations(locale).gettext(NONE_OF_SIGHT)} ({one})"


def _counted(name: str, value: Mapping[str, Any], locale: str) -> str:
    """Of several kinds how many: "3 drafts, 1 task"; of words how many were said to be so."""
    if name == "counts":
        return duties.counted(value, locale)
    words = _WORDS.get(name, {})
    say = translations(locale).gettext
    return ", ".join(
        f"{say(words[key]) if key in words else key.replace('_', ' ')}: "
        f"{len(part) if name == 'said' and isinstance(part, list) else ', '.join(map(str, _each(part)))}"
        for key, part in value.items()
    )


def _word(name: str, value: str, zone: str, locale: str) -> str:
    say = translations(locale).gettext
    if value in _WORDS.get(name, {}):
        return say(_WORDS[name][value])
    if name in ("before", "after") and value in set(Role):
        return roles.role_name(Role(value), locale)
    if name == "kind" and value in set(UnitKind):
        return roles.kind_name(UnitKind(value), locale)
    if name == "what" and value in set(Kind):
        return duties.kind(Kind(value), locale)
    if name == "paid" and value in set(Paid):
        return say(PAID[Paid(value)])
    if name == "locale":
        return NAMES.get(value, value)
    if name == "reason" and value in table():
        return sentence(value, locale)
    return called(_time(name, value, zone, locale), locale)


def _time(name: str, value: str, zone: str, locale: str) -> str:
    """Instants and days in local words; everything else as it stands."""
    try:
        if name.endswith("_on"):
            return str(dates.format_date(date.fromisoformat(value), "long", locale=babel_locale(locale)))
        if name in ("due_at", "at", "until"):
            return format_instant(datetime.fromisoformat(value), zone, locale, "long time")
    except ValueError:
        pass
    return value
