"""Looking back on the first screen and on a page of its own: the three circles and the three questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import NotFound
from app.domain.health_check import HealthCheck, check
from app.domain.mix import Mix
from app.domain.mix import mix as mix_of
from app.domain.results import Period, ToneCount
from app.domain.slots import Kept
from app.domain.strategies import StrategyInForce
from app.foundation import clock
from app.queries import channel_register, results, strategies, today, today_month
from app.queries.channel_register import Entry
from app.queries.results import Answers
from app.queries.today_month import ChannelMonth
from app.web.rendering import render
from app.web.results_charts import mix as drawn_mix
from app.words import health_check as words
from app.words import results as result_words
from app.words import results_leads

router = APIRouter()
LEAST_TOGETHER = 2  # channels
KEPT_DAYS = 90  # of the periods that are summed up beforehand


@dataclass(frozen=True)
class Month:
    """A channel's week and mix as a page shows them. `drawing`: made with the page; None without posts."""

    of: ChannelMonth
    said: str
    drawing: Markup | None

    @property
    def short(self) -> bool:
        """Whether this week has fewer posts than were promised."""
        return self.of.promise is not None and self.of.promise.kept(self.of.week) is Kept.SHORT

    @property
    def outside(self) -> bool:
        """Whether the whole interval lies outside of what is wanted."""
        return self.of.mix.too_little_human or self.of.mix.too_much_human


@dataclass(frozen=True)
class Whole:
    """The mix of all channels together, in words and as a drawing."""

    mix: Mix
    said: str
    drawing: Markup


@dataclass(frozen=True)
class Circles:
    """The health check in words. `said`: which circle is missing and what comes of it; `lines`: for each
    circle its name, whether it is there, and the figures behind it."""

    check: HealthCheck
    said: tuple[str, str]
    lines: list[tuple[str, bool | None, list[tuple[bool | None, str]]]]


@dataclass(frozen=True)
class Questions:
    """The three questions, small: a sentence for each; when counted. None of them where nothing is kept."""

    answers: Answers | None
    leads: list[str]


@router.get("/health-check")
def show(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """The three circles with every figure, and the three questions with what is known so far."""
    scope, now = viewer.actor.scope, clock.now()
    home = today.home(session, scope)
    if home is None:
        raise NotFound
    strategy = strategies.in_force(session, scope, home, now, lists=False)
    found = today_month.months(session, scope, now, viewer.zone, strategy.target)
    entries = channel_register.entries(session, scope)
    return render(
        request,
        "today/health_check.html",
        circles=circles(session, viewer, now, strategy, found, entries),
        questions=questions(session, viewer, home, now),
        months=[month(one, viewer.locale) for one in found],
        whole=whole(found, viewer.locale),
        strategy=strategy,
    )


def month(one: ChannelMonth, locale: str) -> Month:
    """One channel in words and as a drawing."""
    return Month(one, result_words.mixed(one.mix, locale), _drawn(one.mix, f"m{one.id}"))


def whole(months: Sequence[ChannelMonth], locale: str) -> Whole | None:
    """All channels together; None where that says no more than the one that there is."""
    told = [one.mix for one in months if one.mix.share is not None]
    if len(told) < LEAST_TOGETHER:
        return None
    mix = _together(told)
    drawing = _drawn(mix, "whole")
    return Whole(mix, result_words.mixed(mix, locale), drawing) if drawing else None


def _together(mixes: Sequence[Mix]) -> Mix:
    """The mix of several channels as one, against the first one's target. There must be at least one."""
    names = ("informative", "human", "unknown")
    counts = {name: sum(getattr(one.counted, name) for one in mixes) for name in names}
    return mix_of(ToneCount(**counts), mixes[0].target)


def _drawn(mix: Mix, name: str) -> Markup | None:
    if mix.share is None or mix.low is None or mix.high is None:
        return None
    return drawn_mix(name, mix.share, (mix.target.low, mix.target.high), (mix.low, mix.high))


def circles(
    session: Session,
    viewer: Viewer,
    now: datetime,
    strategy: StrategyInForce,
    months: list[ChannelMonth],
    entries: list[Entry],
) -> Circles:
    """The three circles of everything that the viewer sees."""
    there = timing.to_local(now, viewer.zone).date()
    facts = today_month.facts(
        session, viewer.actor.scope, viewer.person_id, now, strategy, months, entries, there
    )
    found = check(facts)
    figure = partial(words.figure, locale=viewer.locale)
    lines = [
        (words.CIRCLES[one.circle], one.there, [(each.good, figure(each)) for each in one.measures])
        for one in found.circles
    ]
    return Circles(found, words.said(found, viewer.locale), lines)


def questions(session: Session, viewer: Viewer, home: int, now: datetime) -> Questions:
    """The three questions over the last 90 days, as they were last kept; nothing is worked out here."""
    there = timing.to_local(now, viewer.zone).date()
    period = Period(there - timedelta(days=KEPT_DAYS - 1), there)
    answers = results.kept(session, viewer.actor.scope, home, period)
    if answers is None:
        return Questions(None, [])
    reach, before = answers.reach, answers.reach_before
    return Questions(
        answers,
        [
            results_leads.reach(reach.reach, before.reach, reach.against_baseline, viewer.locale),
            results_leads.whom(answers.whom, viewer.locale),
            results_leads.effect(answers.comparison, viewer.locale),
        ],
    )
