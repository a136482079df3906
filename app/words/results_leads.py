"""The sentence under each of the three questions: what the figures say, and no more than they say."""

from collections.abc import Sequence

from app.domain.comparison import Comparison
from app.domain.results import Group, Median
from app.foundation.i18n import N_, format_number, translations
from app.words.results import amount, compared, times

_NONE_YET = N_(
    "No post has its figure at seven days yet, or the network tells none. What is there so far stands in the "
    "list of posts."
)
_REACHED = N_("A usual post reached %(now)s accounts.")
_REACHED_BEFORE = N_("A usual post reached %(now)s accounts; in the days before it was %(before)s.")
_AGAINST = N_("That is %(times)s times our own usual.")
_FEW = N_("So few posts can mislead.")
_ALL_ON = N_("All posts went out on %(channel)s.")
_MOST_ON = N_("Most posts went out on %(channel)s: %(posts)s of %(all)s.")
_THERE = N_("A usual one there reached %(now)s accounts.")


def reach(now: Median, before: Median, against: Median, locale: str) -> str:
    """How many accounts a usual post reached, beside before and beside our own usual."""
    say = translations(locale).gettext
    if now.value is None:
        return say(_NONE_YET)
    values = {"now": amount(now.value, locale), "before": amount(before.value, locale)}
    told = [say(_REACHED if before.value is None else _REACHED_BEFORE) % values]
    if against.value is not None:
        told.append(say(_AGAINST) % {"times": times(against.value, locale)})
    return " ".join([*told, say(_FEW)] if now.is_few else told)


def whom(channels: Sequence[Group], locale: str) -> str:
    """On which channel most posts went out, and how many accounts a usual one reached there; or ""."""
    say = translations(locale).gettext
    if not channels:
        return ""
    first = max(channels, key=lambda one: one.posts)
    counts = {"posts": first.posts, "all": sum(one.posts for one in channels)}
    values = {name: format_number(count, locale) for name, count in counts.items()}
    told = say(_ALL_ON if len(channels) == 1 else _MOST_ON) % {"channel": first.name, **values}
    if first.reach.value is None:
        return told
    return f"{told} {say(_THERE) % {'now': amount(first.reach.value, locale)}}"


def effect(found: Comparison, locale: str) -> str:
    """Human against informative by the primary outcome: the number, its posts, and that it shows no cause."""
    said = compared(found, locale)
    counts = f"{said.counts}."
    return f"{said.ratio or said.headline} {counts[0].upper()}{counts[1:]} {said.caution}"
