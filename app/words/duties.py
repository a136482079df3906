"""What people have in hand, in words: kinds, how many of each, days, and what to do about a sign-in."""

import gettext as std_gettext
from collections.abc import Callable, Mapping
from datetime import date

from babel import dates

from app.domain.duties import Kind
from app.foundation.i18n import N_, babel_locale, translations

KINDS: dict[Kind, str] = {
    Kind.DRAFTS: N_("Drafts"),
    Kind.REVIEWS: N_("Posts in review"),
    Kind.APPROVED: N_("Approved posts that are not out"),
    Kind.PLANNED: N_("Planned to go out"),
    Kind.QUESTIONS: N_("Questions that wait for an answer"),
    Kind.TASKS: N_("To be posted by hand"),
    Kind.PLACES: N_("Where they usually post by hand"),
    Kind.CHANNELS: N_("Channels whose owner or deputy they are"),
    Kind.IDEAS: N_("Ideas to look after"),
}
# What comes of it when nobody takes them over.
STAYS: dict[Kind, str] = {
    Kind.DRAFTS: N_("They stay as they are; any editor there can go on with them."),
    Kind.REVIEWS: N_("An approver can still say yes; nobody is asked for changes."),
    Kind.APPROVED: N_("They stay as they are; any editor there can give them a time."),
    Kind.PLANNED: N_(
        "They go out at their time. If something is wrong, whoever looks after the channel is told."
    ),
    Kind.QUESTIONS: N_("They wait until an editor or an approver there answers."),
    Kind.TASKS: N_(
        "They stand in the name of somebody who can't do them. Hand them over, or post them yourself."
    ),
    Kind.PLACES: N_("New tasks there would go to nobody who can see them."),
    Kind.CHANNELS: N_("Nobody answers for these channels then."),
    Kind.IDEAS: N_("They wait; any editor there can answer them."),
}
_Told = std_gettext.NullTranslations
_COUNTED: dict[Kind, Callable[[_Told, int], str]] = {
    Kind.DRAFTS: lambda told, num: told.ngettext("%(num)s draft", "%(num)s drafts", num),
    Kind.REVIEWS: lambda told, num: told.ngettext("%(num)s post in review", "%(num)s posts in review", num),
    Kind.APPROVED: lambda told, num: told.ngettext("%(num)s approved post", "%(num)s approved posts", num),
    Kind.PLANNED: lambda told, num: told.ngettext("%(num)s planned post", "%(num)s planned posts", num),
    Kind.QUESTIONS: lambda told, num: told.ngettext("%(num)s question", "%(num)s questions", num),
    Kind.TASKS: lambda told, num: told.ngettext("%(num)s task", "%(num)s tasks", num),
    Kind.PLACES: lambda told, num: told.ngettext(
        "%(num)s place to post to by hand", "%(num)s places to post to by hand", num
    ),
    Kind.CHANNELS: lambda told, num: told.ngettext(
        "%(num)s channel to look after", "%(num)s channels to look after", num
    ),
    Kind.IDEAS: lambda told, num: told.ngettext("%(num)s idea", "%(num)s ideas", num),
}


def kind(name: Kind, locale: str) -> str:
    """A kind of things: "Drafts"."""
    return translations(locale).gettext(KINDS[name])


def stays(name: Kind, locale: str) -> str:
    """What comes of things of a kind that nobody takes over."""
    return translations(locale).gettext(STAYS[name])


def counted(counts: Mapping[str, int], locale: str) -> str:
    """How many of each kind, by the kinds' names: "3 drafts, 1 task"."""
    told = translations(locale)
    parts = [_COUNTED[one](told, counts[one]) % {"num": counts[one]} for one in Kind if counts.get(one)]
    return ", ".join(parts)


def day(when: date, locale: str) -> str:
    """A day: "5 December 2030"."""
    return str(dates.format_date(when, "long", locale=babel_locale(locale)))
