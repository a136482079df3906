"""The register of channels in words: purposes, ranks, decisions, what is missing, what is due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from babel import dates

from app.domain import timing
from app.domain.channel_register import Decision, Lack, Matter, Purpose, Rank, Step
from app.domain.networks import NetworkKind
from app.foundation.i18n import N_, babel_locale, translations

PURPOSES: Mapping[Purpose, str] = {
    Purpose.PROMOTE: N_("Promote activities"),
    Purpose.SPREAD: N_("Spread digital content"),
    Purpose.INSPIRE: N_("Inspire"),
    Purpose.RELATIONS: N_("Build relations"),
    Purpose.VIEWS: N_("Gather views and wishes"),
    Purpose.REACH: N_("Reach new users"),
    Purpose.ANSWER: N_("Answer questions"),
    Purpose.WORK: N_("Show what we do"),
}
RANKS: Mapping[Rank, str] = {Rank.PRIMARY: N_("Primary"), Rank.COMPLEMENT: N_("Complement")}
RANK_HINTS: Mapping[Rank, str] = {
    Rank.PRIMARY: N_("Here its audience is reached first."),
    Rank.COMPLEMENT: N_("It stands beside another channel or the website."),
}
DECISIONS: Mapping[Decision, str] = {
    Decision.USE: N_("We can be there"),
    Decision.LIMITS: N_("We can be there, with limits"),
    Decision.LEAVE: N_("We should leave"),
}
LACKS: Mapping[Lack, str] = {
    Lack.PURPOSE: N_("purpose"),
    Lack.AUDIENCE: N_("audience"),
    Lack.OWNER: N_("owner"),
    Lack.DEPUTY: N_("deputy"),
    Lack.HOURS: N_("hours a week"),
    Lack.RHYTHM: N_("rhythm"),
    Lack.REVIEW: N_("day of review"),
}
# Each step of closing, and what it means.
STEPS: Mapping[Step, tuple[str, str]] = {
    Step.EXPORT: (
        N_("Keep what was posted"),
        N_("Take the file below, and the network's own copy if your archive wants one."),
    ),
    Step.FOLLOWERS: (
        N_("Tell the followers"),
        N_("Some weeks before, in a post there: that you close, when, and where they find you."),
    ),
    Step.QUEUE: (
        N_("Deal with what is queued"),
        N_("Nothing may wait to go out there. Cancel it or move it to another channel."),
    ),
    Step.ELSEWHERE: (
        N_("Say where to go"),
        N_("Write it in the account's own text, and take the account off your website and posters."),
    ),
    Step.NETWORK: (
        N_("Close it at the network, or hand it over"),
        N_("So that nobody else speaks there in your name, and no question waits for ever."),
    ),
}
_MATTERS: Mapping[Matter, str] = {
    Matter.REVIEW: N_("The day of review has passed"),
    Matter.PRIVACY_MISSING: N_("Privacy assessment missing"),
    Matter.PRIVACY_OLD: N_("Privacy assessment older than a year"),
    Matter.CLOSING: N_("Being closed"),
}


def matter(kind: Matter, count: int, days: int | None, locale: str) -> str:
    """One matter: "Plan incomplete: 4 things missing". `days`: since how many days."""
    words = translations(locale)
    if kind is Matter.PLAN:
        said = words.ngettext(
            "Plan incomplete: one thing missing", "Plan incomplete: %(num)s things missing", count
        )
        return said % {"num": count}
    if kind is Matter.SILENT:
        said = words.ngettext("No post for one day", "No post for %(num)s days", days or 0)
        return said % {"num": days or 0}
    return words.gettext(_MATTERS[kind])


def address(kind: Matter, channel_id: int) -> str:
    """The page on which a matter is put right."""
    if kind is Matter.SILENT:
        return f"/calendar?channel={channel_id}"
    page = {Matter.CLOSING: "closing", Matter.PLAN: "plan"}.get(kind)
    field = {Matter.REVIEW: "#review_on"}.get(kind, "#privacy_on")
    return f"/channels/{channel_id}/{page or 'plan' + field}"


def lacking(lacks: Sequence[Lack], locale: str) -> str:
    """What is missing, on one line."""
    say = translations(locale).gettext
    return ", ".join(say(LACKS[lack]) for lack in lacks)


def purposes(chosen: Sequence[str], own: str, locale: str) -> str:
    """What a channel is for, on one line; values that nobody knows any more are left out.

    "Build relations, inspire. To be the neighbour one asks"
    """
    say = translations(locale).gettext
    known = {str(purpose): say(words) for purpose, words in PURPOSES.items()}
    named = [known[one] for one in chosen if one in known]
    listed = ", ".join([*named[:1], *(f"{one[:1].lower()}{one[1:]}" for one in named[1:])])
    return ". ".join(part for part in (listed, own) if part)


def on(when: date | datetime, zone: str, locale: str) -> str:
    """A day with its year, for plans reach far: "14 Sept 2031". Of an instant, the day in a zone."""
    day = timing.to_local(when, zone).date() if isinstance(when, datetime) else when
    return str(dates.format_date(day, "medium", locale=babel_locale(locale)))


def language(code: str, locale: str) -> str:
    """A language by its name, as the reader calls it."""
    return str(babel_locale(locale).languages.get(code, code))


def network(kind: NetworkKind, service: str, label: str, locale: str) -> str:
    """What the network is called: of a place for hands in the library's own words, if there are any."""
    if kind is NetworkKind.MANUAL and service:
        return service
    return translations(locale).gettext(label)


def options(words: Mapping[Any, str], locale: str) -> list[tuple[str, str]]:
    """Pairs of value and words, for choosing."""
    say = translations(locale).gettext
    return [(str(value), say(each)) for value, each in words.items()]
