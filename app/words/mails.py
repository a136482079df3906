"""Mails in words: a heading, its points with what to do and where, as plain text and as small HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.mails import MailKind
from app.foundation.former import called
from app.foundation.i18n import N_, translations
from app.words import duties

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class Point:
    """One thing that a mail tells. `path`: of our page for it, an empty text for none. `small`: time left."""

    what: str
    to_do: str
    path: str = ""
    small: str = ""


@dataclass(frozen=True)
class Part:
    """Some points of a mail below a heading, or without one; `more`: a sentence before them."""

    heading: str
    points: Sequence[Point]
    more: str = ""


@dataclass(frozen=True)
class Written:
    """A mail's words: its subject, the plain text and the HTML."""

    subject: str
    text: str
    html: str


HELLO = N_("Hello %(name)s,")
OPEN = N_("Open it in Kuliss")
WHY = N_("Kuliss writes once about each thing, and again only when it becomes urgent. %(address)s")
AT = N_("Kuliss is at %(address)s")
CHOOSE = N_("Choose which mails you get")
OUTSIDE = N_("You sent an idea to your library and asked to hear of it. Kuliss is at %(address)s")
TRY = N_("This is a try of Kuliss. Mail works.")
INVITED = N_("%(who)s invites you to Kuliss")
MOST = 20  # points that are written out


def warnings(name: str, points: Sequence[Point], locale: str, address: str) -> Written:
    """One mail about one or several things; with one its own words are the subject. `address`: of Kuliss."""
    told = translations(locale)
    count = {"num": len(points)}
    subject = points[0].what.removesuffix(".")
    if len(points) > 1:
        subject = told.ngettext("%(num)s thing needs you", "%(num)s things need you", len(points)) % count
    more = ""
    if len(points) > MOST:
        rest = len(points) - MOST
        words = told.ngettext(
            "And %(num)s thing more, on the first page of Kuliss.",
            "And %(num)s things more, on the first page of Kuliss.",
            rest,
        )
        more = words % {"num": rest}
    return _written(name, _cut(subject), points[:MOST], more, locale, address, WHY, choose=True)


def invitation(name: str, who: str, unit: str, path: str, locale: str, address: str) -> Written:
    """To a new person: `who` invites them to work in `unit`. `path`: of the link, good for seven days."""
    say = translations(locale).gettext
    what = say(N_("You have an account in Kuliss now, where %(unit)s plans what it posts.")) % {"unit": unit}
    to_do = say(N_("Open the link and choose a password. It works once, for seven days."))
    subject = _cut(say(INVITED) % {"who": who})
    return _written(name, subject, [Point(what, to_do, path)], "", locale, address, AT)


def new_password(name: str, path: str, locale: str, address: str) -> Written:
    """To somebody who forgot theirs. `path`: of the link, good for an hour."""
    say = translations(locale).gettext
    what = say(N_("Somebody, probably you, asked for a new password."))
    to_do = say(
        N_(
            "Open the link and choose one. It works once, for an hour. "
            "If it was not you, do nothing: your password stays as it is."
        )
    )
    subject = say(N_("A new password for Kuliss"))
    return _written(name, subject, [Point(what, to_do, path)], "", locale, address, AT)


def second_factor_removed(name: str, who: str, locale: str, address: str) -> Written:
    """To somebody whose second factor was taken away by `who`. `address`: of Kuliss."""
    say = translations(locale).gettext
    what = say(N_("%(who)s took away the second factor of your account.")) % {"who": who}
    to_do = say(
        N_(
            "You sign in with your password alone now. Set it up again with your new phone. "
            "If you did not ask for this, tell your administrator at once."
        )
    )
    subject = say(N_("Your second factor in Kuliss was removed"))
    point = Point(what, to_do, "/account/second-factor")
    return _written(name, subject, [point], "", locale, address, AT)


def corrected(name: str, who: str, title: str, post_id: int, locale: str, address: str) -> Written:
    """To somebody whose yes is asked: `who`, an approver, corrected the words of a post."""
    say = translations(locale).gettext
    facts = {"who": who, "title": title}
    what = say(N_("%(who)s corrected the words of “%(title)s”.")) % facts
    to_do = say(N_("Read what changed. With your yes it counts as approved."))
    path = f"/posts/{post_id}/review"
    point = Point(what, to_do, path)
    return _written(name, _cut(what.removesuffix(".")), [point], "", locale, address, AT, choose=True)


def handed_over(
    name: str, who: str, counts: Mapping[str, int], path: str, locale: str, address: str
) -> Written:
    """To somebody who got what `who` had in hand; `counts`: how many of each kind. `path`: of its page."""
    say, things = translations(locale).gettext, duties.counted(counts, locale)
    facts = {"who": called(who, locale), "things": things}
    what = say(N_("You have taken over from %(who)s: %(things)s.")) % facts
    point = Point(what, say(N_("Look through it, so that nothing waits.")), path)
    subject = _cut(say(N_("You have taken over from %(who)s")) % facts)
    return _written(name, subject, [point], "", locale, address, AT, choose=True)


def stand_in(name: str, who: str, days: tuple[date, date], locale: str, address: str) -> Written:
    """To somebody who stands in for `who` from one day to another."""
    say = translations(locale).gettext
    begin, last = (duties.day(one, locale) for one in days)
    facts = {"who": called(who, locale), "from": begin, "until": last}
    what = say(N_("You stand in for %(who)s from %(from)s to %(until)s.")) % facts
    to_do = say(
        N_(
            "What %(who)s would be told, you are told too. What you may do stays as it is. "
            "If you can't, say so in Kuliss, under My settings."
        )
    )
    subject = _cut(say(N_("You stand in for %(who)s")) % facts)
    point = Point(what, to_do % facts, "/account/deputy")
    return _written(name, subject, [point], "", locale, address, AT, choose=True)


def gathered(kind: MailKind, name: str, points: Sequence[Point], locale: str, address: str) -> Written:
    """One mail about one or several things of a kind; with one its own words are the subject."""
    told = translations(locale)
    subject = points[0].what.removesuffix(".")
    if len(points) > 1:
        subject = _several(kind, len(points), told) % {"num": len(points)}
    more = ""
    if len(points) > MOST:
        rest = len(points) - MOST
        words = told.ngettext(
            "And %(num)s thing more, in Kuliss.", "And %(num)s things more, in Kuliss.", rest
        )
        more = words % {"num": rest}
    parts = [Part("", points[:MOST]), Part("", (), more)]
    return in_parts(name, _cut(subject), parts, locale, address, AT, choose=True)


def _several(kind: MailKind, num: int, told: NullTranslations) -> str:
    if kind is MailKind.REVIEWS:
        return told.ngettext("%(num)s post waits for your yes", "%(num)s posts wait for your yes", num)
    if kind is MailKind.OUTCOMES:
        return told.ngettext("%(num)s answer to your posts", "%(num)s answers to your posts", num)
    if kind is MailKind.IDEAS:
        return told.ngettext("News of %(num)s idea of yours", "News of %(num)s ideas of yours", num)
    if kind is MailKind.TALK:
        return told.ngettext("%(num)s comment for you", "%(num)s comments for you", num)
    return told.ngettext("%(num)s thing needs you", "%(num)s things need you", num)


def outside(point: Point, locale: str, address: str) -> Written:
    """To somebody without an account: what became of what they sent."""
    return in_parts("", _cut(point.what.removesuffix(".")), [Part("", [point])], locale, address, OUTSIDE)


def trial(locale: str, address: str) -> Written:
    """The mail with which somebody tries whether mail works."""
    words = translations(locale).gettext(TRY)
    return _written("", words, [Point(words, "")], "", locale, address, WHY)


def _cut(subject: str) -> str:
    most = 150
    return subject if len(subject) <= most else subject[: most - 1].rstrip() + "…"


def _written(
    name: str,
    subject: str,
    points: Sequence[Point],
    more: str,
    locale: str,
    address: str,
    end: str,
    choose: bool = False,
) -> Written:
    return in_parts(name, subject, [Part("", points), Part("", (), more)], locale, address, end, choose)


def in_parts(
    name: str, subject: str, parts: Sequence[Part], locale: str, address: str, end: str, choose: bool = False
) -> Written:
    """A mail made of parts. `end`: a marked sentence, why it came; `choose`: it can be switched off."""
    say = translations(locale).gettext
    told = {
        "subject": subject,
        "hello": say(HELLO) % {"name": name} if name else "",
        "parts": [part for part in parts if part.points or part.more],
        "why": say(end) % {"address": address},
        "choose": say(CHOOSE) if choose else "",
        "link": say(OPEN),
        "address": address,
        "locale": locale,
    }
    html = _template().render(told)
    return Written(subject, _plain(told), html)


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - for mails alone

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return made.get_template("mail.html")


def _plain(told: Mapping[str, Any]) -> str:
    address, end = told["address"], f"-- \n{told['why']}"
    if told["choose"]:
        end += f"\n{told['choose']}: {address}/account/mails"
    blocks = [told["hello"]]
    for part in told["parts"]:
        blocks += [_underlined(part.heading), part.more, *(_lines(point, address) for point in part.points)]
    return "\n\n".join(block for block in (*blocks, end) if block) + "\n"


def _underlined(heading: str) -> str:
    return f"{heading}\n{'-' * len(heading)}" if heading else ""


def _lines(point: Point, address: str) -> str:
    lines = [point.what, point.small, point.to_do, f"{address}{point.path}" if point.path else ""]
    return "\n".join(line for line in lines if line)
