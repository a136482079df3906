"""Results in words that can be said to politicians: what goes together, how sure we are, what is not told."""

from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Any

from babel import numbers

from app.domain.comparison import Comparison, NoVerdict, Ratio, Verdict
from app.domain.mix import LEAST, Mix
from app.domain.results import FEW, Median, Outcome, Paid, Total
from app.foundation.i18n import N_, babel_locale, format_number, translations

NOT_TOLD = N_("not told")
GOES_TOGETHER = N_("This goes together; it does not show why.")
# (clear more, clear less, not clear, the sentence of the ratio)
_SAID: dict[Outcome, tuple[str, str, str, str]] = {
    Outcome.REACH: (
        N_("Human posts reached more accounts."),
        N_("Human posts reached fewer accounts."),
        N_("We see no clear difference in reach."),
        N_("Human posts reached %(times)s times as many accounts as informative ones (%(between)s)."),
    ),
    Outcome.ENGAGEMENT: (
        N_("People engaged more with human posts."),
        N_("People engaged less with human posts."),
        N_("We see no clear difference in engagement."),
        N_("Human posts got %(times)s times as much engagement as informative ones (%(between)s)."),
    ),
    Outcome.RATE: (
        N_("Of those reached, more engaged with human posts."),
        N_("Of those reached, fewer engaged with human posts."),
        N_("We see no clear difference in the engagement rate."),
        N_("The engagement rate of human posts was %(times)s times that of informative ones (%(between)s)."),
    ),
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.REACH: N_("Reach"),
    Outcome.ENGAGEMENT: N_("Engagement"),
    Outcome.RATE: N_("Engagement rate"),
}
PAID: dict[Paid, str] = {
    Paid.YES: N_("paid"),
    Paid.NO: N_("not paid"),
    Paid.UNKNOWN: N_("not known whether paid"),
}
_BETWEEN = N_("somewhere between %(low)s and %(high)s")
_AT_LEAST = N_("at least %(low)s; the posts set no upper end")
_AT_MOST = N_("at most %(high)s; the posts set no lower end")
_OPEN = N_("the posts set no limits")
_WHY_NOT: dict[NoVerdict, str] = {
    NoVerdict.TOO_FEW: N_("Nothing is compared before at least %(few)s of each stand beside each other."),
    NoVerdict.UNDER_THIRTY: N_("It is a first hint and no verdict: that takes 30 posts of each."),
    NoVerdict.NOT_COMPARABLE: N_(
        "No channel had human and informative posts of the same kind in the same quarter, so nothing can be "
        "held side by side."
    ),
    NoVerdict.FEW_WEEKS: N_(
        "It is no verdict: the posts come from too few weeks or campaigns to know how much those differ by "
        "themselves."
    ),
    NoVerdict.NOT_FIXED_DATE: N_(
        "It is no verdict: that is given on four whole quarters alone, so that nobody chooses days that fit."
    ),
    NoVerdict.NOT_SETTLED: N_("It is no verdict yet: the latest posts are not a week old."),
    NoVerdict.WITHHELD_UNLIKE: N_(
        "It is no verdict: on one side many more posts reached too few accounts for a rate. Look at reach."
    ),
}
_NOT_PRIMARY: dict[Outcome, str] = {
    Outcome.REACH: N_("It is no verdict: the library gives its verdict on reach alone."),
    Outcome.ENGAGEMENT: N_("It is no verdict: the library gives its verdict on engagement alone."),
    Outcome.RATE: N_("It is no verdict: the library gives its verdict on the engagement rate alone."),
}
_CLEAR_WITHOUT = N_("A difference shows, but it is no verdict.")
TOO_FEW = N_("Too few posts.")


@dataclass(frozen=True)
class Said:
    """A comparison in words. headline: what may be said; ratio: the number and its interval, or "".

    counts: the posts on both sides; caution: why it is no more than that; missing: what was left out.
    """

    headline: str
    ratio: str
    counts: str
    caution: str
    missing: str


def compared(found: Comparison, locale: str) -> Said:
    """A comparison as it may be told."""
    say = translations(locale).gettext
    return Said(
        say(_headline(found)),
        _ratio(found, locale) if found.ratio else "",
        sides(found, locale),
        _caution(found, locale),
        _missing(found, locale),
    )


def _headline(found: Comparison) -> str:
    more, less, same, _ = _SAID[found.outcome]
    if found.ratio is None:
        return TOO_FEW
    if found.verdict:
        return {Verdict.HUMAN_MORE: more, Verdict.HUMAN_LESS: less, Verdict.NOT_CLEAR: same}[found.verdict]
    return _CLEAR_WITHOUT if found.ratio.is_clear else same


def _ratio(found: Comparison, locale: str) -> str:
    assert found.ratio
    sentence = translations(locale).gettext(_SAID[found.outcome][3])
    return sentence % {"times": times(found.ratio.value, locale), "between": between(found.ratio, locale)}


def between(ratio: Ratio, locale: str) -> str:
    """The 95 % interval of a ratio in words; where the posts set no end, that is said."""
    say = translations(locale).gettext
    low = None if ratio.low is None else times(ratio.low, locale)
    high = None if ratio.high is None else times(ratio.high, locale)
    if low is None:
        return say(_OPEN) if high is None else say(_AT_MOST) % {"high": high}
    return say(_AT_LEAST) % {"low": low} if high is None else say(_BETWEEN) % {"low": low, "high": high}


def sides(found: Comparison, locale: str) -> str:
    """ "34 human against 41 informative posts": those that could be held side by side."""
    words = translations(locale).gettext(N_("%(human)s human against %(informative)s informative posts"))
    used = {"human": found.human.used, "informative": found.informative.used}
    return words % {tone: format_number(count, locale) for tone, count in used.items()}


def _caution(found: Comparison, locale: str) -> str:
    say = translations(locale).gettext
    if found.why_not is None:
        return say(GOES_TOGETHER)
    words = _WHY_NOT.get(found.why_not) or _NOT_PRIMARY[found.primary]
    why = say(words) % {"few": FEW}
    return f"{why} {say(GOES_TOGETHER)}" if found.ratio and found.ratio.is_clear else why


def _missing(found: Comparison, locale: str) -> str:
    """What stands on neither side: figures that are not told, rates that would say nothing, and posts that
    have no counterpart of the other tone.
    """
    left = {"human": found.human.posts - found.human.used}
    left["informative"] = found.informative.posts - found.informative.used
    if not any(left.values()):
        return ""
    words = N_(
        "Left out: %(human)s human and %(informative)s informative posts, for want of a figure or of a post "
        "like them with the other tone."
    )
    return translations(locale).gettext(words) % left


@lru_cache(4096)  # Babel takes long, and the same numbers stand in list after list
def times(value: float, locale: str) -> str:
    """ "1.4"; close to 1 and below a half with two places, so that 1.02 does not read as 1.0."""
    close = round(value, 1) == 1 or value < 0.5
    return str(numbers.format_decimal(value, "0.00" if close else "0.0", locale=babel_locale(locale)))


@lru_cache(4096)
def percent(value: float, locale: str, places: int = 1) -> str:
    """A share of 1 in percent, with a space before the sign."""
    pattern = "0\N{NO-BREAK SPACE}%" if not places else f"0.{'0' * places}\N{NO-BREAK SPACE}%"
    return str(numbers.format_percent(value, pattern, locale=babel_locale(locale)))


@lru_cache(4096)
def amount(value: float | None, locale: str) -> str:
    """A count or a middle value, without false precision; "not told" for None."""
    if value is None:
        return translations(locale).gettext(NOT_TOLD)
    # A half counts up, as people and spreadsheets do it; round() would go to the even number.
    parts = 1 if abs(value) >= 20 or value == int(value) else 10
    return format_number(floor(value * parts + 0.5) / parts, locale)


def behind(found: Median | Total, locale: str) -> str:
    """How many posts stand behind a number: "middle value of 34 posts", "34 posts together"."""
    if not found.n:
        return translations(locale).gettext(N_("no post has it yet"))
    ngettext = translations(locale).ngettext
    if isinstance(found, Median):
        words = ngettext("the figure of one post", "middle value of %(num)s posts", found.n)
    else:
        words = ngettext("of one post", "%(num)s posts together", found.n)
    return words % {"num": format_number(found.n, locale)}


def untold(found: Median | Total, locale: str) -> str:
    """How many posts are not in a number because they have no figure; "" when all have one."""
    if not found.missing:
        return ""
    words = translations(locale).ngettext("%(num)s not told", "%(num)s not told", found.missing)
    return words % {"num": found.missing}


def mixed(found: Mix, locale: str) -> str:
    """The mix of one channel: its share, how sure it is, and whether that is a reason to act."""
    say = translations(locale).gettext
    if found.share is None or found.low is None or found.high is None:
        return say(N_("No post with a known tone in these 28 days."))
    counted = say(N_("%(share)s human (%(low)s–%(high)s), wanted %(from)s–%(to)s.")) % _shares(found, locale)
    return f"{counted} {say(_judged(found)) % {'least': LEAST}}"


def _shares(found: Mix, locale: str) -> dict[str, Any]:
    assert found.share is not None
    assert found.low is not None
    assert found.high is not None
    ends = {"low": found.low, "from": found.target.low}
    closed = {"share": found.share, "high": found.high, "to": found.target.high}
    whole = {name: f"{value * 100:.0f}" for name, value in ends.items()}
    return {**whole, **{name: percent(value, locale, 0) for name, value in closed.items()}}


def _judged(found: Mix) -> str:
    if found.too_little_human:
        return N_("Less human than wanted, also when chance is allowed for.")
    if found.too_much_human:
        return N_("Less informative than wanted, also when chance is allowed for.")
    if found.counted.known < LEAST:
        return N_("Too few posts to judge: it takes %(least)s in 28 days.")
    return N_("Nothing to mend, as far as so many posts can tell.")
