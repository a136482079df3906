"""The weekly mail in words: what is planned, what waits, promises that are short, how last week went."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.results import FEW
from app.domain.results_answers import Answers
from app.foundation.i18n import N_, format_instant, format_number, translations
from app.words import mails, slots
from app.words.mails import Part, Point, Written

PLANNED_MOST = 15
_SUBJECT = N_("Your week %(week)s in Kuliss")
_WHY = N_("Kuliss writes so once a week, when work begins. %(address)s")


def week(name: str, monday: date, parts: Sequence[Part], locale: str, address: str) -> Written:
    """The whole mail of the week that begins on a Monday."""
    subject = translations(locale).gettext(_SUBJECT) % {"week": monday.isocalendar().week}
    return mails.in_parts(name, subject, parts, locale, address, _WHY, choose=True)


def planned(rows: Sequence[Any], locale: str) -> Part:
    """What goes out in the rest of the week, one more than `PLANNED_MOST` when there is more."""
    told = translations(locale)
    points = [
        Point(
            f"{format_instant(row.due_at, row.zone, locale)} · {row.channel}",
            row.title,
            f"/publications/{row.id}",
        )
        for row in rows[:PLANNED_MOST]
    ]
    if len(rows) > PLANNED_MOST:
        points.append(Point(told.gettext(N_("There is more in the calendar.")), "", "/calendar"))
    empty = "" if points else told.gettext(N_("Nothing is planned yet. There is room for something human."))
    return Part(told.gettext(N_("This week")), points, empty)


def waiting(reviews: int, changes: int, questions: int, by_hand: int, locale: str) -> Part:
    """What waits for its reader, as numbers."""
    told, ngettext = translations(locale), translations(locale).ngettext
    lines = (
        (reviews, ngettext("%(num)s post waits for your yes.", "%(num)s posts wait for your yes.", reviews)),
        (
            changes,
            ngettext(
                "Changes are asked in %(num)s post of yours.",
                "Changes are asked in %(num)s posts of yours.",
                changes,
            ),
        ),
        (
            questions,
            ngettext(
                "%(num)s publication waits for a person.",
                "%(num)s publications wait for a person.",
                questions,
            ),
        ),
        (
            by_hand,
            ngettext(
                "%(num)s post is to be posted by hand.", "%(num)s posts are to be posted by hand.", by_hand
            ),
        ),
    )
    points = [Point(words % {"num": count}, "") for count, words in lines if count]
    if points:
        points[-1] = replace(points[-1], path="/")
    return Part(told.gettext(N_("What waits for you")), points)


def ideas(waits: int, late: int, locale: str) -> Part:
    """How many ideas have no answer, and how many of them for more than 14 days."""
    told = translations(locale)
    if not waits:
        return Part("", ())
    what = told.ngettext("%(num)s idea has no answer yet.", "%(num)s ideas have no answer yet.", waits)
    small = told.ngettext(
        "%(num)s of them for more than 14 days.", "%(num)s of them for more than 14 days.", late
    )
    point = Point(what % {"num": waits}, "", "/ideas", small % {"num": late} if late else "")
    return Part(told.gettext(N_("Ideas")), [point])


def short(weeks: Sequence[Any], locale: str) -> Part:
    """Channels that have fewer posts this week than they promise, and the first hour that is still free."""
    say, points = translations(locale).gettext, []
    for one in weeks:
        free = ""
        if one.free:
            hour = format_instant(one.free[0], one.of.zone, locale)
            free = say(N_("Next free hour: %(hour)s")) % {"hour": hour}
        kept = slots.kept(one.of.promise, one.planned, locale)
        points.append(Point(f"{one.of.name}: {kept}", "", f"/channels/{one.of.channel_id}", free))
    return Part(say(N_("Promised and not planned")), points)


def results(last: Answers, settled: Answers, locale: str) -> Part:
    """How last week went, and how the posts of the week before did, whose seven days are full."""
    told = translations(locale)
    count = last.reach.posts
    out = told.ngettext("Last week %(num)s post went out.", "Last week %(num)s posts went out.", count)
    tones = told.gettext(N_("Human: %(human)s, informative: %(informative)s.")) % {
        "human": last.tones.human, "informative": last.tones.informative
    }  # fmt: skip
    points = [Point(out % {"num": count}, "", "/results", tones if count else "")]
    middle = settled.reach.reach
    if middle.value is not None:
        facts = {
            "reach": format_number(round(middle.value), locale), "num": middle.n,
            "all": settled.reach.posts,
        }  # fmt: skip
        what = told.gettext(
            N_("The middle post of the week before reached %(reach)s accounts in its seven days.")
        )
        small = told.gettext(N_("Told of %(num)s of %(all)s posts.")) % facts
        points.append(Point(what % facts, "", "/results", f"{small} {_usual(settled, locale)}".strip()))
    more = (
        told.gettext(N_("All numbers here are simulated by the practice network.")) if last.simulated else ""
    )
    return Part(told.gettext(N_("How it went")), points, more)


def _usual(settled: Answers, locale: str) -> str:
    """Against their own usual, where that is told of enough of them."""
    against = settled.reach.against_baseline
    if against.value is None or against.n < FEW:
        return ""
    times = format_number(round(against.value, 1), locale)
    words = N_("That is %(times)s times your own usual (%(num)s posts).")
    return translations(locale).gettext(words) % {"times": times, "num": against.n}
