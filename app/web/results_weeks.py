"""Reach week by week: the drawing, the sentence under it, and the same as lines of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from babel import dates
from markupsafe import Markup

from app.domain.metrics import About, Break, breaks
from app.domain.networks import NetworkKind
from app.domain.results import SETTLED, Period
from app.domain.results_weeks import Week
from app.foundation.i18n import N_, babel_locale, format_number, translations
from app.queries.results import Answers
from app.web.labels import NETWORKS
from app.web.results_charts import SPARSE, Bar, bars
from app.web.results_choice import Chosen
from app.words.results import amount

LEAST, MOST = 2, 60  # weeks: one is no course, and more would be too thin to see
_BEFORE = N_("The broken line is the usual post of the days before: %(value)s.")
_OUTLINED = N_("Outlined: some posts of that week are not a week old yet.")
_NONE = N_("“none” means that no post has a figure, not that it is 0.")
_BREAK = N_(
    "From %(day)s on %(network)s counts reach in another way (upright line): what lies before is apart."
)


@dataclass(frozen=True)
class Line:
    """One week of the table."""

    label: str
    posts: str
    reach: str


@dataclass(frozen=True)
class Drawn:
    """The chart, drawn while its page is made, and its twin."""

    drawing: Callable[[], Markup]
    said: str
    lines: Sequence[Line]


def drawn(chosen: Chosen, answers: Answers, locale: str) -> Drawn | None:
    """The weeks of a period; None when there are too few or too many to draw."""
    found = answers.weeks
    if not LEAST <= len(found) <= MOST or not any(week.reach.n for week in found):
        return None
    own = answers.reach_before.reach.value
    networks = {mix.network for mix in answers.mixes} or {NetworkKind.FACEBOOK}
    cuts = [(network, cut) for network in sorted(networks) for cut in _breaks(network, chosen.period)]
    settled = chosen.today - SETTLED
    points = [
        Bar(_number(week), week.reach.value, week.begins_on + timedelta(days=6) > settled) for week in found
    ]
    places = [_place(cut.day, found) for _, cut in cuts]
    return Drawn(
        partial(bars, points, own, places),
        _said(points, own, cuts, locale),
        [_line(week, locale) for week in found],
    )


def _breaks(network: NetworkKind, period: Period) -> list[Break]:
    return breaks(network, About.POST, "reach", period.from_on, period.to_on)


def _place(day: date, found: Sequence[Week]) -> int:
    return sum(week.begins_on <= day for week in found) - 1


def _number(week: Week) -> str:
    return str(week.begins_on.isocalendar().week)


def _said(
    points: Sequence[Bar], own: float | None, cuts: Sequence[tuple[NetworkKind, Break]], locale: str
) -> str:
    say = translations(locale).gettext
    told = [] if own is None else [say(_BEFORE) % {"value": amount(own, locale)}]
    if any(point.unfinished and point.value is not None for point in points):
        told.append(say(_OUTLINED))
    if len(points) <= SPARSE and any(point.value is None for point in points):
        told.append(say(_NONE))
    for network, cut in cuts:
        day = dates.format_date(cut.day, "long", locale=babel_locale(locale))
        told.append(say(_BREAK) % {"day": day, "network": say(NETWORKS[network].name)})
    return " ".join(told)


def _line(week: Week, locale: str) -> Line:
    begins = dates.format_date(week.begins_on, "short", locale=babel_locale(locale))
    reach = amount(week.reach.value, locale)
    if week.reach.n:
        reach += f" ({format_number(week.reach.n, locale)})"
    return Line(f"{_number(week)} · {begins}", format_number(week.posts, locale), reach)
