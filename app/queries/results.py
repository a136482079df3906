"""Results: every published post with its figures, and the three questions over a unit and a period.

Everything is asked of one realm: Meta's, or in an installation with practice channels only the practice
network's; then every answer says that it is `simulated`. A unit's answers count everything below it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.domain.comparison import Comparison
from app.domain.networks import Realm
from app.domain.results import Outcome, Period
from app.domain.results_answers import SHAPE, Answers, ChannelMix, aimed, from_json
from app.domain.results_sums import Effect, ReachOut, compared
from app.domain.roles import Scope
from app.domain.timing import to_local
from app.models.channels import Channel
from app.models.results import ResultSummary, units_key
from app.queries.results_answers import Asked, lines, worked_out
from app.queries.results_answers import mixes as mixes_of
from app.queries.results_fresh import changed, standing
from app.queries.results_posts import PostRow, Wanted, post, posts
from app.queries.strategies import in_force, in_force_in

__all__ = [
    "Answers", "ChannelMix", "Effect", "PostRow", "ReachOut", "Wanted",
    "answers", "comparison", "kept", "mixes", "post", "posts", "realm",
]  # fmt: skip

MOST_ANEW = 1000  # posts that are worked out while somebody waits; have more changed, what is stored is told
MOST_COUNTED = 4000  # posts that are counted while somebody waits, where answers of some minutes ago are kept


def realm(session: Session, scope: Scope) -> Realm:  # noqa: ARG001 - it is of the installation
    """Whose results are told: Meta's as soon as the installation has one of its channels, else practice."""
    return Realm.META if session.scalar(_any_real()) else Realm.PRACTICE


@cache
def _any_real() -> Select[bool]:
    return select(select(Channel.id).where(Channel.realm == Realm.META).exists())


def answers(
    session: Session,
    scope: Scope,
    unit_id: int,
    period: Period,
    now: datetime,
    outcomes: Collection[Outcome] = (),
) -> Answers:
    """The three questions on one page, compared by some outcomes at least, always by the one that the unit's
    strategy declares. Raises NotFound.

    They are kept for the usual periods, and told as they are kept while nothing has changed since; else they
    are worked out now, with what changed. Where that takes long, because thousands of posts are counted,
    those that are kept are told with how many posts' newer figures wait for the next round.
    """
    asked, waiting = _asked(session, scope, unit_id, period, now)
    kept, made_at = _kept(session, asked)
    units = {unit_id, *(one.unit_id for one in kept.mixes)} if kept else scope.units | scope.shared
    holds = in_force_in(session, scope, units, now, lists=False)
    primary = holds[unit_id].outcome
    if kept and kept.primary is primary and (not asked.anew or _takes_long(kept)):
        since, more = (made_at or asked.at, len(asked.anew)) if asked.anew else (asked.at, waiting)
        return replace(kept, counted_at=since, waiting=more, mixes=aimed(kept.mixes, holds))
    wanted = replace(asked, outcomes={primary, *outcomes}, primary=primary, holds=holds)
    return replace(worked_out(session, scope, wanted), waiting=waiting)


def _takes_long(kept: Answers) -> bool:
    return kept.reach.posts + kept.reach_before.posts > MOST_COUNTED


def kept(session: Session, scope: Scope, unit_id: int, period: Period) -> Answers | None:
    """The three questions as they were last kept, in one question and never worked out anew; None where they
    are not kept, or for another set of units than the asker's."""
    given = {"unit_id": unit_id, "first": period.from_on, "last": period.to_on}
    row = session.execute(_summary(), given).scalar_one_or_none()
    if row is None or row.shape != SHAPE or row.units != units_key(scope.units):
        return None
    return replace(from_json(row.answers), counted_at=row.made_at)


def comparison(
    session: Session,
    scope: Scope,
    unit_id: int,
    period: Period,
    now: datetime,
    outcome: Outcome | None = None,
    channel_id: int | None = None,
) -> Comparison:
    """Informative against human by any of the outcomes, without one by the one that the unit's strategy
    declares; with a channel among its posts only. Raises NotFound.

    Kept and told as `answers` are, but for those of one channel.
    """
    asked, _waiting = _asked(session, scope, unit_id, period, now)
    kept, _made_at = _kept(session, asked) if channel_id is None else (None, None)
    primary = in_force(session, scope, unit_id, now, lists=False).outcome
    outcome = outcome or primary
    if kept and kept.primary is primary and (not asked.anew or _takes_long(kept)):
        return kept.comparisons[outcome]
    found = lines(session, scope, asked.stands, period.from_on, period.to_on, asked.anew)
    if channel_id is not None:
        found = [line for line in found if line.channel_id == channel_id]
    return compared(found, period, asked.today, outcome, primary)


def mixes(session: Session, scope: Scope, unit_id: int, now: datetime) -> Sequence[ChannelMix]:
    """The mix of every channel that a unit or those below published on, over the last 28 days.
    Raises NotFound.
    """
    asked, _waiting = _asked(session, scope, unit_id, None, now)
    return mixes_of(session, scope, asked)


def _asked(
    session: Session, scope: Scope, unit_id: int, period: Period | None, now: datetime
) -> tuple[Asked, int]:
    """What is asked, and how many posts wait because they are too many to be worked out now."""
    stands = standing(session, scope, unit_id)
    today = to_local(now, stands.zone).date()
    ids = changed(session, scope, stands, MOST_ANEW + 1)
    many = len(ids) > MOST_ANEW
    at = stands.ran_at if many and stands.ran_at else now
    asked = Asked(unit_id, stands, period or Period(today, today), at, today, () if many else ids)
    return asked, len(ids) if many else 0


def _kept(session: Session, asked: Asked) -> tuple[Answers | None, datetime | None]:
    """The stored answers and when they were made, if they are of the same units and fit today."""
    period = asked.period
    given = {"unit_id": asked.unit_id, "first": period.from_on, "last": period.to_on}
    row = session.execute(_summary(), given).scalar_one_or_none()
    if row is None or row.realm is not asked.stands.realm or row.units != units_key(asked.stands.units):
        return None, None
    if row.shape != SHAPE:  # kept by another release, until the next round
        return None, None
    made_on = to_local(row.made_at, asked.stands.zone).date()
    if period.is_settled(made_on) != period.is_settled(asked.today):
        return None, None
    return replace(from_json(row.answers), population=asked.stands.population), row.made_at


@cache
def _summary() -> Select[ResultSummary]:
    return select(ResultSummary).where(
        ResultSummary.unit_id == bindparam("unit_id"),
        ResultSummary.from_on == bindparam("first"),
        ResultSummary.to_on == bindparam("last"),
    )
