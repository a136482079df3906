"""Mails in words: a heading, its points with what to do and where, as plain text and as small HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from app.foundation.former import called
from app.foundation.i18n import N_, translations
from app.words import duties


@dataclass(frozen=True)
class Point:
    """One thing that a mail tells. `path`: of our page for it, an empty text for none. `small`: time left."""

    what: str
    to_do: str
    path: str = ""
    small: str = ""


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
    return _written(name, _cut(subject), points[:MOST], more, locale, address, WHY)


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
    return _written(name, _cut(what.removesuffix(".")), [Point(what, to_do, path)], "", locale, address, AT)


def handed_over(
    name: str, who: str, counts: Mapping[str, int], path: str, locale: str, address: str
) -> Written:
    """To somebody who got what `who` had in hand; `counts`: how many of each kind. `path`: of its page."""
    say, things = translations(locale).gettext, duties.counted(counts, locale)
    facts = {"who": called(who, locale), "things": things}
    what = say(N_("You have taken over from %(who)s: %(things)s.")) % facts
    point = Point(what, say(N_("Look through it, so that nothing waits.")), path)
    subject = _cut(say(N_("You have taken over from %(who)s")) % facts)
    return _written(name, subject, [point], "", locale, address, AT)


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
    return _written(name, subject, [point], "", locale, address, AT)


def trial(locale: str, address: str) -> Written:
    """The mail with which somebody tries whether mail works."""
    words = translations(locale).gettext(TRY)
    return _written("", words, [Point(words, "")], "", locale, address, WHY)


def _cut(subject: str) -> str:
    most = 150
    return subject if len(subject) <= most else subject[: most - 1].rstrip() + "…"


def _written(
    name: str, subject: str, points: Sequence[Point], more: str, locale: str, address: str, end: str
) -> Written:
    say = translations(locale).gettext
    hello = say(HELLO) % {"name": name} if name else ""
    why = say(end) % {"address": address}
    blocks = [hello, *(_plain(point, address) for point in points), more, f"-- \n{why}"]
    body = [escape(hello), *(_marked(point, address, say(OPEN)) for point in points), escape(more)]
    return Written(
        subject,
        "\n\n".join(block for block in blocks if block) + "\n",
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8"><title>{escape(subject)}</title>'
        f"</head><body>{''.join(_paragraph(one) for one in body)}<hr><p><small>{escape(why)}</small></p>"
        "</body></html>\n",
    )


def _paragraph(marked: str) -> str:
    return f"<p>{marked}</p>" if marked else ""


def _plain(point: Point, address: str) -> str:
    lines = [point.what, point.small, point.to_do, f"{address}{point.path}" if point.path else ""]
    return "\n".join(line for line in lines if line)


def _marked(point: Point, address: str, words: str) -> str:
    what = f"<strong>{escape(point.what)}</strong>"
    link = f'<a href="{escape(address + point.path)}">{escape(words)}</a>' if point.path else ""
    return "<br>".join(part for part in (what, escape(point.small), escape(point.to_do), link) if part)
