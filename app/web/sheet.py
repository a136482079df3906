"""The functions that templates call, and the sheet of facts about the page that is being made."""

import gettext as std_gettext
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from app.domain import changes, texts
from app.foundation import i18n
from app.web import csrf, cuts, formats, icons, labels, places
from app.web.frame import Frame
from app.words import videos


@dataclass
class Sheet:
    """What these functions need to know while one page is made, and the symbols and token it has used.

    `keys`: makes the keys under which the browser keeps what is typed; asked when something is `long`.
    """

    frame: Frame
    path: str
    translations: std_gettext.NullTranslations
    now: datetime
    keys: Callable[[], str] = str
    long: bool = False
    symbols: set[str] = field(default_factory=set)
    token: str = ""


# Macros are imported without the page's context, which keeps them compiled once; so what differs from page to
# page can't travel in that context and is found here.
current: ContextVar[Sheet] = ContextVar("sheet")


def gettext(message: str) -> str:
    return current.get().translations.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return current.get().translations.ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    return current.get().translations.pgettext(context, message)


def npgettext(context: str, one: str, many: str, count: int) -> str:
    return current.get().translations.npgettext(context, one, many, count)


def icon(name: str, cls: str = "", label: str = "") -> Markup:
    drawing = icons.use(name, cls, label)
    current.get().symbols.add(name)
    return drawing


def sprite() -> Markup:
    return icons.sprite(current.get().symbols)


def csrf_token() -> str:
    sheet = current.get()
    sheet.token = sheet.token or csrf.mask(sheet.frame.csrf)
    return sheet.token


def keep() -> str:
    """Says that something long is typed on this page, which the browser shall keep until it is saved."""
    current.get().long = True
    return ""


def unsaved_keys() -> str:
    """The keys for that, where anything on the page above needs them and somebody is signed in."""
    sheet = current.get()
    return sheet.keys() if sheet.long and sheet.frame.person_id else ""


def _time(instant: datetime, words: str) -> Markup:
    # Written out: `Markup.format` reads its pattern anew each time, and lists are full of times.
    return Markup(f'<time datetime="{instant.isoformat(timespec="seconds")}">{escape(words)}</time>')  # noqa: S704 - escaped here


def local_time(instant: datetime, zone: str = "") -> Markup:
    frame = current.get().frame
    return _time(instant, formats.clock_time(instant, zone or frame.zone, frame.locale))


def local_seconds(instant: datetime, zone: str = "") -> Markup:
    frame = current.get().frame
    return _time(instant, formats.clock_seconds(instant, zone or frame.zone, frame.locale))


def moment(instant: datetime, zone: str = "") -> Markup:
    sheet = current.get()
    frame, zone = sheet.frame, zone or sheet.frame.zone
    if formats.local_day(instant, zone) == formats.local_day(sheet.now, zone):
        words = gettext("today %(time)s") % {"time": formats.clock_time(instant, zone, frame.locale)}
    else:
        words = formats.moment(instant, zone, frame.locale, sheet.now)
    return _time(instant, words)


def day(when: date | datetime, zone: str = "") -> Markup:
    frame = current.get().frame
    on = formats.local_day(when, zone or frame.zone) if isinstance(when, datetime) else when
    name = formats.day_name(on, frame.locale)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), name)


def full_day(on: date) -> Markup:
    """A day with its year, for what lasts: "1 September 2026"."""
    words = formats.full_day(on, current.get().frame.locale)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), words)


def week(when: date | datetime, zone: str = "") -> int:
    on = formats.local_day(when, zone or current.get().frame.zone) if isinstance(when, datetime) else when
    return formats.week_number(on)


def ago(instant: datetime) -> Markup:
    sheet = current.get()
    return _time(instant, formats.ago(instant, sheet.now, sheet.frame.locale))


def number(value: float) -> str:
    return i18n.format_number(value, current.get().frame.locale)


def faults_of(errors: Sequence[Any], *names: str) -> list[str]:
    return [error.sentence for error in errors if error.field in names]


def attributes(values: Mapping[str, Any]) -> Markup:
    """Attributes of an element: True stands as a bare name; False, None and "" are left out."""
    # Put together by hand: `Markup.format` takes five times as long, and a composer has hundreds of fields.
    return Markup(  # noqa: S704 - every name and value is escaped
        "".join(
            f" {escape(name)}" if value is True else f' {escape(name)}="{escape(value)}"'
            for name, value in values.items()
            if value not in (False, None, "")
        )
    )


GLOBALS: dict[str, Any] = {
    "icon": icon,
    "sprite": sprite,
    "csrf_token": csrf_token,
    "keep": keep,
    "unsaved_keys": unsaved_keys,
    "new_key": lambda: secrets.token_urlsafe(16),
    "local_time": local_time,
    "local_seconds": local_seconds,
    "moment": moment,
    "day": day,
    "full_day": full_day,
    "week": week,
    "ago": ago,
    "number": number,
    "faults_of": faults_of,
    "attributes": attributes,
    "labels": labels,
    "cuts": cuts,
    "forms": videos,
    "length_of": formats.clock,
    "menu": places.menu,
    "dock": places.dock,
    "count_text": texts.count,
    "cut_text": texts.cut,
    "words_between": changes.compare,
    "languages": i18n.NAMES,
}
