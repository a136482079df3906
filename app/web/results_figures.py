"""The figures of the three questions: one list for page and exports, so that they never differ."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.results import Median, Total
from app.foundation.i18n import N_, translations
from app.queries.results import Answers
from app.web.results_choice import Chosen
from app.words import results as words

Found = Median | Total


class Kind(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    PERCENT = "percent"
    TIMES = "times"


@dataclass(frozen=True)
class Measure:
    """One figure. question: 1 to 3. base: what it is counted on. now, before: where it is in the answers."""

    code: str
    question: int
    name: str
    base: str
    kind: Kind
    now: Callable[[Answers], Found]
    before: Callable[[Answers], Found]


MEASURES = (
    Measure(
        "posts", 1, N_("Posts that went out"), N_("on all channels"), Kind.COUNT,
        lambda a: Total(a.reach.posts, a.reach.posts),
        lambda a: Total(a.reach_before.posts, a.reach_before.posts),
    ),
    Measure(
        "reach", 1, N_("Reach of a usual post"), N_("accounts, not people"), Kind.COUNT,
        lambda a: a.reach.reach, lambda a: a.reach_before.reach,
    ),
    Measure(
        "reach_usual", 1, N_("Reach against our own usual"), N_("1 is as usual"), Kind.TIMES,
        lambda a: a.reach.against_baseline, lambda a: a.reach_before.against_baseline,
    ),
    Measure(
        "views", 1, N_("Times shown"), N_("one person may count several times"), Kind.COUNT,
        lambda a: a.reach.views, lambda a: a.reach_before.views,
    ),
    Measure(
        "engagement", 3, N_("Engagement of a usual post"), N_("reactions, comments, shares and saves"),
        Kind.COUNT, lambda a: a.effect.engagement_middle, lambda a: a.effect_before.engagement_middle,
    ),
    Measure(
        "rate", 3, N_("Engagement rate of a usual post"), N_("of the accounts reached"), Kind.PERCENT,
        lambda a: a.effect.rate, lambda a: a.effect_before.rate,
    ),
    Measure(
        "engagement_usual", 3, N_("Engagement against our own usual"), N_("1 is as usual"), Kind.TIMES,
        lambda a: a.effect.against_baseline, lambda a: a.effect_before.against_baseline,
    ),
    Measure(
        "engagements", 3, N_("Engagement of all posts"), N_("reactions, comments, shares and saves"),
        Kind.COUNT, lambda a: a.effect.engagement, lambda a: a.effect_before.engagement,
    ),
    Measure(
        "comments", 3, N_("Comments"), N_("by others than us"), Kind.COUNT,
        lambda a: a.effect.comments, lambda a: a.effect_before.comments,
    ),
    Measure(
        "clicks", 3, N_("Clicks"), N_("where the network counts them"), Kind.COUNT,
        lambda a: a.effect.clicks, lambda a: a.effect_before.clicks,
    ),
)  # fmt: skip
_SORTED_BY = {
    "reach": "reach",
    "reach_usual": "reach",
    "views": "views",
    "engagement": "engagement",
    "engagement_usual": "engagement",
    "engagements": "engagement",
    "rate": "rate",
}


@dataclass(frozen=True)
class Figure:
    """One figure in words. told: there is a value. few: under 8 posts. address: the posts behind it."""

    code: str
    name: str
    base: str
    value: str
    told: bool
    behind: str
    untold: str
    before: str
    few: bool
    address: str


def figures(answers: Answers, question: int, chosen: Chosen, locale: str) -> list[Figure]:
    """The figures of one of the questions."""
    return [_figure(one, answers, chosen, locale) for one in MEASURES if one.question == question]


def _figure(measure: Measure, answers: Answers, chosen: Chosen, locale: str) -> Figure:
    say = translations(locale).gettext
    found = measure.now(answers)
    return Figure(
        measure.code,
        say(measure.name),
        say(measure.base),
        written(found.value, measure.kind, locale),
        found.value is not None,
        words.behind(found, locale),
        words.untold(found, locale),
        _before(measure, answers, locale),
        isinstance(found, Median) and found.is_few,
        chosen.address("/results/posts", sort=_SORTED_BY.get(measure.code, "")),
    )


def _before(measure: Measure, answers: Answers, locale: str) -> str:
    """The same figure of the days before, with its posts: "before: 365 (31 posts)"."""
    found, told = measure.before(answers), translations(locale)
    if measure.code == "posts" or not found.n:
        sentence = told.gettext(N_("before: %(value)s"))
    else:
        sentence = told.ngettext("before: %(value)s (one post)", "before: %(value)s (%(num)s posts)", found.n)
    return sentence % {"value": written(found.value, measure.kind, locale), "num": found.n}


def written(value: float | None, kind: Kind, locale: str) -> str:
    """A figure's value; "not told" for None."""
    if value is None or kind is Kind.COUNT:
        return words.amount(value, locale)
    return words.percent(value, locale) if kind is Kind.PERCENT else words.times(value, locale)
