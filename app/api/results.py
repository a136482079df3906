"""Results: the three questions, informative against human, and every published post with its figures."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from app.actions.inputs import ID_MOST
from app.api.paging import Listed, Paged
from app.api.results_shapes import ComparisonOut, MixOut, OverviewOut, ResultOut
from app.api.routing import api_router
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.comparison import Comparison
from app.domain.errors import Invalid, NotFound
from app.domain.networks import Format, Realm
from app.domain.posts import Tone
from app.domain.results import Outcome, Period, Quarter, per_thousand
from app.domain.timing import to_local
from app.foundation import clock
from app.queries import results as questions
from app.queries import units
from app.queries.results import ChannelMix, Wanted
from app.queries.results_fresh import standing
from app.words import results_leads

router = api_router(prefix="/results", tags=["results"])
MOST_DAYS, FIRST_YEAR = 3660, 2000
Number = Annotated[int | None, Query(ge=1, le=ID_MOST)]
Unit = Annotated[int | None, Query(ge=1, le=ID_MOST, description="Your highest unit without one.")]
Since = Annotated[date | None, Query(alias="from", description="First day; without it the quarter's first.")]
To = Annotated[date | None, Query(description="Last day; without it today.")]


@dataclass(frozen=True)
class About:
    """What is asked about: a unit with everything below it, and days; None where nothing was said."""

    unit_id: int | None
    since: date | None
    to: date | None

    def period(self, session: Session, viewer: Viewer, unit_id: int) -> Period:
        """The days; this quarter so far, where the unit is, unless told otherwise. Raises Invalid."""
        to = self.to or _today(session, viewer, unit_id)
        period = Period(self.since or Quarter.of(to).begins_on, to)
        if period.to_on < period.from_on:
            raise Invalid("period_backwards", "to")
        if period.days > MOST_DAYS or period.from_on.year < FIRST_YEAR:
            raise Invalid("period_long", "from")
        if period.is_too_far:
            raise Invalid("period_day", "to")
        return period

    def unit(self, session: Session, viewer: Viewer) -> int:
        """The unit; the asker's highest unless told otherwise. Raises NotFound."""
        scope = viewer.actor.scope
        if self.unit_id is None:
            rows = units.tree(session, scope)
            return next((row.id for row in rows if row.open), 0) or _nothing()
        return self.unit_id if self.unit_id in scope.units else _nothing()


def _nothing() -> int:
    raise NotFound


def _today(session: Session, viewer: Viewer, unit_id: int) -> date:
    """The day that it is where the unit is: soon after its midnight UTC still has yesterday."""
    return to_local(clock.now(), standing(session, viewer.actor.scope, unit_id).zone).date()


def _about(unit: Unit = None, since: Since = None, to: To = None) -> About:
    return About(unit, since, to)


Asked = Annotated[About, Depends(_about)]


def _wanted(
    channel: Number = None,
    format: Format | None = None,  # noqa: A002 - the word in the address
    tone: Tone | None = None,
    behind: Annotated[
        Outcome | None, Query(description="Only posts that stand behind the comparison by this figure.")
    ] = None,
) -> Wanted:
    return Wanted(channel, format, tone, behind)


@router.get("/overview")
def overview(viewer: ByToken, session: Reads, about: Asked) -> OverviewOut:
    """The three questions about a unit and some days."""
    now = clock.now()
    scope, unit_id = viewer.actor.scope, about.unit(session, viewer)
    found = questions.answers(session, scope, unit_id, about.period(session, viewer, unit_id), now)
    values = {
        **vars(found),
        "comparison": _comparison(found.comparison, viewer),
        "mixes": [_mix(one) for one in found.mixes],
        "whom": [
            {**vars(one), "reach_per_1000": per_thousand(one.reach, found.population)} for one in found.whom
        ],
    }
    return OverviewOut.model_validate(values)


@router.get("/comparison")
def comparison(
    viewer: ByToken, session: Reads, about: Asked, outcome: Outcome | None = None, channel: Number = None
) -> ComparisonOut:
    """Human against informative posts by one figure, on all channels or on one.

    Without a figure it is the one that the strategy in force declares.
    """
    now = clock.now()
    scope, unit_id = viewer.actor.scope, about.unit(session, viewer)
    found = questions.comparison(
        session, scope, unit_id, about.period(session, viewer, unit_id), now, outcome, channel
    )
    return _comparison(found, viewer)


@router.get("/posts")
def posts(
    viewer: ByToken, session: Reads, page: Paged, about: Asked, wanted: Annotated[Wanted, Depends(_wanted)]
) -> Listed[ResultOut]:
    """Every published post with its figures, the latest first."""
    scope, unit_id = viewer.actor.scope, about.unit(session, viewer)
    period = about.period(session, viewer, unit_id)
    rows = questions.posts(session, scope, unit_id, period, wanted, page.moment(), page.limit + 1)
    simulated = questions.realm(session, scope) is Realm.PRACTICE
    return page.cut(
        rows,
        lambda row: (row.published_at, row.id),
        lambda row: ResultOut.model_validate({**vars(row), "simulated": simulated}),
    )


def _comparison(found: Comparison, viewer: Viewer) -> ComparisonOut:
    words = results_leads.effect(found, viewer.locale)
    return ComparisonOut.model_validate({**vars(found), "sentence": words})


def _mix(one: ChannelMix) -> MixOut:
    mix = one.mix
    judged = {"too_little_human": mix.too_little_human, "too_much_human": mix.too_much_human}
    about = {"channel_id": one.channel_id, "channel": one.name, "network": one.network}
    return MixOut.model_validate({**vars(mix), **about, **judged, "decided": one.decided})
