"""The results: three questions on one page for a unit and some days, with the posts behind every number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.comparison import Comparison, NoVerdict
from app.domain.networks import Format
from app.domain.posts import Tone
from app.domain.results import Group, Outcome, per_thousand
from app.foundation import clock
from app.foundation.i18n import translations
from app.queries import results as questions
from app.queries.results import Answers, ChannelMix
from app.web import results_charts as charts
from app.web import results_weeks
from app.web.forms import said
from app.web.rendering import render
from app.web.results_choice import Choice, Chosen, choose, period_options, period_words
from app.web.results_figures import figures
from app.words import results as words
from app.words import results_leads, videos
from app.words.results_definitions import definitions

router = APIRouter(prefix="/results")


@dataclass(frozen=True)
class Compared:
    """One outcome, human against informative. address: of the page with it; drawing: its interval, or None.
    primary: it is the outcome that stands under the question already.

    sides: how many posts, human and informative; then the addresses of both lists. fixed: the address of
    the days with a verdict, or "".
    """

    name: str
    address: str
    said: words.Said
    primary: bool
    drawing: Markup | None
    sides: tuple[int, int]
    human: str
    informative: str
    fixed: str


@dataclass(frozen=True)
class Line:
    """One channel or kind of post. part: its share of the highest reach, None when that is not told.
    per_thousand: of a channel, its reach for every 1,000 inhabitants."""

    name: str
    posts: int
    reach: str
    reach_n: int
    rate: str
    rate_n: int
    followers: str
    part: Markup | None
    address: str
    per_thousand: str


@dataclass(frozen=True)
class Mixed:
    """The mix of one channel. drawing: None without posts; untold: posts whose tone nobody has told."""

    channel: ChannelMix
    said: str
    drawing: Markup | None
    address: str


@router.get("")
def overview(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    wanted: Choice,
    by: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Do we reach out, whom do we reach, does it have an effect? by: the outcome that is compared."""
    chosen = choose(session, viewer, wanted)
    asked = [one for one in Outcome if one == by]
    answers = answered(session, viewer, chosen, asked)
    outcome = next(iter(asked), answers.primary)
    locale = viewer.locale
    return render(
        request,
        "results/results.html",
        chosen.refusal.status if chosen.refusal else 200,
        chosen=chosen,
        errors=said(request, chosen.refusal),
        periods=period_options(locale),
        days=period_words(chosen.period, locale),
        before=period_words(chosen.period.before, locale),
        answers=answers,
        leads=_leads(answers, locale),
        reach=figures(answers, 1, chosen, locale),
        weeks=results_weeks.drawn(chosen, answers, locale),
        effect=figures(answers, 3, chosen, locale),
        channels=[
            _line(group, answers.whom, chosen, viewer, "channel", answers.population)
            for group in answers.whom
        ],
        formats=[_line(group, answers.formats, chosen, viewer, "format") for group in answers.formats],
        tones=_tones(answers, chosen),
        compared=_compared(answers.comparisons[outcome], chosen, viewer),
        outcomes=_outcomes(chosen, answers.primary, locale),
        scale=charts.scale,
        mixes=[_mixed(one, chosen, viewer) for one in answers.mixes],
        definitions=definitions(locale),
    )


def _leads(answers: Answers, locale: str) -> dict[str, str]:
    """The sentence under each question."""
    now, before = answers.reach, answers.reach_before
    return {
        "reach": results_leads.reach(now.reach, before.reach, now.against_baseline, locale),
        "whom": results_leads.whom(answers.whom, locale),
        "effect": results_leads.effect(answers.comparison, locale),
    }


def answered(session: Session, viewer: Viewer, chosen: Chosen, outcomes: Collection[Outcome]) -> Answers:
    """The three questions about what is chosen, compared by some outcomes."""
    scope = viewer.actor.scope
    return questions.answers(session, scope, chosen.unit_id, chosen.period, clock.now(), outcomes)


def _outcomes(chosen: Chosen, primary: Outcome, locale: str) -> list[tuple[str, str, None]]:
    """The outcomes to choose from, as tabs: address, name."""
    say = translations(locale).gettext
    return [(_by(one, chosen, primary), say(name), None) for one, name in words.OUTCOMES.items()]


def _by(outcome: Outcome, chosen: Chosen, primary: Outcome) -> str:
    return chosen.address("/results", by="" if outcome is primary else outcome)


def _compared(found: Comparison, chosen: Chosen, viewer: Viewer) -> Compared:
    ratio = found.ratio
    low, high = (ratio.low or 0.01, ratio.high or 100.0) if ratio else (0.0, 0.0)
    behind = {tone: chosen.address("/results/posts", behind=found.outcome, tone=tone) for tone in Tone}
    return Compared(
        translations(viewer.locale).gettext(words.OUTCOMES[found.outcome]),
        _by(found.outcome, chosen, found.primary),
        words.compared(found, viewer.locale),
        found.outcome is found.primary,
        charts.interval(ratio.value, low, high, together=True) if ratio else None,
        (found.human.used, found.informative.used),
        behind[Tone.HUMAN],
        behind[Tone.INFORMATIVE],
        chosen.other("four_quarters") if found.why_not is NoVerdict.NOT_FIXED_DATE else "",
    )


def _line(
    group: Group,
    all_of_them: Sequence[Group],
    chosen: Chosen,
    viewer: Viewer,
    by: str,
    population: int | None = None,
) -> Line:
    most = max((one.reach.value or 0 for one in all_of_them), default=0)
    reach, rate = group.reach, group.rate
    return Line(
        group_name(group, by, viewer.locale),
        group.posts,
        words.amount(reach.value, viewer.locale),
        reach.n,
        words.amount(None, viewer.locale) if rate.value is None else words.percent(rate.value, viewer.locale),
        rate.n,
        words.amount(group.followers, viewer.locale),
        charts.share(reach.value / most) if reach.value and most else None,
        chosen.address("/results/posts", **{by: group.key}),
        words.amount(per_thousand(reach, population), viewer.locale),
    )


def group_name(group: Group, by: str, locale: str) -> str:
    """The name of a channel, or the word for a kind of post."""
    return translations(locale).gettext(videos.SHORT[Format(group.key)]) if by == "format" else group.name


def _tones(answers: Answers, chosen: Chosen) -> list[tuple[str | None, int, str]]:
    """Each tone that posts have, how many, and their address; None for those whose tone is not told."""
    counted = answers.tones
    found: list[tuple[str | None, int, str]] = [
        (tone.value, count, chosen.address("/results/posts", tone=tone))
        for tone, count in ((Tone.HUMAN, counted.human), (Tone.INFORMATIVE, counted.informative))
    ]
    unknown = (None, counted.unknown, chosen.address("/results/posts"))
    return [*found, unknown] if counted.unknown else found


def _mixed(one: ChannelMix, chosen: Chosen, viewer: Viewer) -> Mixed:
    drawing, mix = None, one.mix
    if mix.share is not None and mix.low is not None and mix.high is not None:
        target = (mix.target.low, mix.target.high)
        drawing = charts.mix(f"m{one.channel_id}", mix.share, target, (mix.low, mix.high))
    address = chosen.address("/results/posts", channel=one.channel_id)
    return Mixed(one, words.mixed(mix, viewer.locale), drawing, address)
