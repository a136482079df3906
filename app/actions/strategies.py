"""Strategies: a draft is begun, written, opened for comments, and taken into force from a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Id, Input
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.results import Outcome
from app.domain.roles import Actor, Right
from app.domain.strategies import (
    COMMENT_MOST,
    HOURS_MOST,
    INTERACTION_LEAST,
    INTERACTION_MOST,
    LISTS,
    NAME_MOST,
    NOTE_MOST,
    POINTS_MOST,
    TEXT_MOST,
    Kind,
    Standing,
    lacking,
)
from app.domain.texts import normalise
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.database import lock
from app.models.posts import Post
from app.models.strategies import Strategy, StrategyComment, StrategyLine, StrategyPoint
from app.models.units import Unit
from app.queries import strategies as questions

Percent = Annotated[int, Field(ge=0, le=100)]
Hours = Annotated[Decimal, Field(ge=0, le=HOURS_MOST, max_digits=6, decimal_places=2)]
Ratio = Annotated[Decimal, Field(ge=INTERACTION_LEAST, le=INTERACTION_MOST, max_digits=4, decimal_places=2)]


class PointInput(Input):
    """A row of a list. `id`: of a row that was there in an earlier version, or in this one; None: a new one.

    `note`: of a goal the task of the library plan that it serves, of an audience where they are.
    """

    id: Id | None = None
    name: Annotated[str, Field(min_length=1, max_length=NAME_MOST)]
    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""


Points = Annotated[tuple[PointInput, ...], Field(max_length=POINTS_MOST)]


class StrategyEdit(Input):
    """What a draft says. Only what is sent is changed; null: as the units above say.

    `mix_low`, `mix_high`: the wanted share of human posts in percent. `interaction_target`: minutes with
    people by minutes of making posts. A list that is sent takes the place of the draft's own; with `own_…` it
    stands instead of the one from above, else it goes on with that. `seen_at`: `changed_at` of the draft that
    the writer had before their eyes.
    """

    purpose: Annotated[str, Field(max_length=TEXT_MOST)] | None = None
    goals: Points = ()
    audiences: Points = ()
    pillars: Points = ()
    own_goals: bool = False
    own_audiences: bool = False
    own_pillars: bool = False
    mix_low: Percent | None = None
    mix_high: Percent | None = None
    outcome: Outcome | None = None
    interaction_target: Ratio | None = None
    hours_per_week: Hours | None = None
    house_rules: Annotated[str, Field(max_length=TEXT_MOST)] | None = None
    review_on: date | None = None
    seen_at: datetime | None = None


class NewStrategy(StrategyEdit):
    """A draft of a unit. What is not sent is taken over from the version before it."""

    unit_id: Id


class Adoption(Input):
    """The first day in force, in the unit's calendar; today without it."""

    from_on: date | None = None


class CommentInput(Input):
    """What somebody says about a draft."""

    text: Annotated[str, Field(min_length=1, max_length=COMMENT_MOST)]


def begin(session: Session, actor: Actor, data: NewStrategy) -> Strategy:
    """A draft that says what the unit's newest version says, but for what is sent.

    Raises Forbidden, Invalid, and Conflict ("strategy_has_draft").
    """
    if data.unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    if not actor.scope.may(Right.STRATEGY, data.unit_id) or actor.person_id is None:
        raise Forbidden("not_allowed")
    lock(session, session.get_one(Unit, data.unit_id))  # of two who begin at once one finds the other's
    found = session.scalars(
        select(Strategy).where(Strategy.unit_id == data.unit_id).order_by(Strategy.number.desc())
    ).all()
    if drafts := [one.id for one in found if one.from_on is None]:
        raise _has_draft(drafts[0])
    now = clock.now()
    draft = Strategy(
        unit_id=data.unit_id, number=found[0].number + 1 if found else 1,
        created_by_id=actor.person_id, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    if found:
        _carry_over(session, found[0], draft)
    _write(session, draft, data)
    _record(session, actor, draft, "created")
    return draft


def _has_draft(strategy_id: int) -> Conflict:
    """The refusal, which names the draft that is there."""
    refusal = Conflict("strategy_has_draft")
    refusal.beside = {"strategy_id": strategy_id}
    return refusal


# What a version says besides its lists.
_SAID = (
    "purpose", "mix_low", "mix_high", "outcome", "interaction_percent", "minutes_per_week", "house_rules",
    "own_goals", "own_audiences", "own_pillars",
)  # fmt: skip


def _carry_over(session: Session, old: Strategy, new: Strategy) -> None:
    """All but the day of review, which the new version must name itself."""
    for name in _SAID:
        setattr(new, name, getattr(old, name))
    for line in session.scalars(select(StrategyLine).where(StrategyLine.strategy_id == old.id)):
        session.add(
            StrategyLine(
                strategy_id=new.id, point_id=line.point_id, position=line.position,
                name=line.name, note=line.note,
            )
        )  # fmt: skip
    session.flush()


def edit(session: Session, actor: Actor, strategy_id: int, data: StrategyEdit) -> Strategy:
    """Change a draft. Raises NotFound, Forbidden, Invalid, Conflict ("strategy_not_draft"), and Conflict
    ("stale_strategy") when somebody else saved meanwhile.
    """
    draft = _draft(session, actor, strategy_id)
    if data.seen_at is not None and data.seen_at != draft.changed_at:
        raise Conflict("stale_strategy", "seen_at")
    _write(session, draft, data)
    _record(session, actor, draft, "edited")
    return draft


def _write(session: Session, draft: Strategy, data: StrategyEdit) -> None:
    sent = data.model_fields_set
    for name in sent & {"purpose", "house_rules"}:
        setattr(draft, name, normalise(getattr(data, name) or "") or None)
    for name in sent & _AS_IT_IS:
        setattr(draft, name, getattr(data, name))
    if "interaction_target" in sent:
        draft.interaction_percent = _times(data.interaction_target, 100)
    if "hours_per_week" in sent:
        draft.minutes_per_week = _times(data.hours_per_week, 60)
    _check_mix(draft)
    for part, kind in LISTS.items():
        if part.value in sent:
            _List(session, draft, kind).put(getattr(data, part.value), part.value)
    draft.changed_at = clock.now()
    session.flush()


def _check_mix(draft: Strategy) -> None:
    low, high = draft.mix_low, draft.mix_high
    if (low is None) != (high is None):
        raise Invalid("missing", "mix_high" if high is None else "mix_low")
    if low is not None and high is not None and high < low:
        raise Invalid("mix_upside_down", "mix_high")


_AS_IT_IS = {"mix_low", "mix_high", "outcome", "review_on", "own_goals", "own_audiences", "own_pillars"}


def _times(value: Decimal | None, by: int) -> int | None:
    return None if value is None else round(value * by)


@dataclass(frozen=True)
class _List:
    """One list of a draft."""

    session: Session
    draft: Strategy
    kind: Kind

    def put(self, rows: Sequence[PointInput], field: str) -> None:
        """Let it be these rows. Raises Invalid for a row of another unit, or one that stands there twice."""
        lines = {line.point_id: line for line in self._lines()}
        known = self._known()
        ids = [row.id for row in rows if row.id is not None]
        if len(set(ids)) < len(ids) or not known.keys() >= set(ids):
            raise Invalid("point_not_here", field)
        for point_id in lines.keys() - set(ids):
            self.session.delete(lines[point_id])
        for position, row in enumerate(rows):
            point = known[row.id] if row.id is not None else self._new(normalise(row.name))
            line = lines.get(point.id) or StrategyLine(strategy_id=self.draft.id, point_id=point.id)
            line.position, line.name, line.note = position, normalise(row.name), normalise(row.note)
            self.session.add(line)
        self.session.flush()

    def _lines(self) -> Sequence[StrategyLine]:
        rows = (
            select(StrategyLine)
            .join(StrategyPoint, StrategyPoint.id == StrategyLine.point_id)
            .where(StrategyLine.strategy_id == self.draft.id, StrategyPoint.kind == self.kind)
        )
        return self.session.scalars(rows).all()

    def _known(self) -> Mapping[int, StrategyPoint]:
        """Every row that the unit's list ever had: a retired one can be taken up again."""
        rows = select(StrategyPoint).where(
            StrategyPoint.unit_id == self.draft.unit_id, StrategyPoint.kind == self.kind
        )
        return {point.id: point for point in self.session.scalars(rows)}

    def _new(self, name: str) -> StrategyPoint:
        point = StrategyPoint(unit_id=self.draft.unit_id, kind=self.kind, name=name)
        self.session.add(point)
        self.session.flush()
        return point


def adopt(session: Session, actor: Actor, strategy_id: int, data: Adoption) -> Strategy:
    """Take a draft into force from a day.

    Raises NotFound, Forbidden, Conflict ("strategy_not_draft"), and Invalid for a day that is past and for
    what it lacks: a purpose, a goal, of each of its goals the task that it serves, a day of review to come.
    """
    draft = _draft(session, actor, strategy_id)
    now = clock.now()
    today = to_local(now, session.get_one(Unit, draft.unit_id).zone).date()
    from_on = data.from_on or today
    if from_on < today:
        raise Invalid("day_is_past", "from_on")
    found = questions.version(session, actor.scope, draft.id)
    holds = questions.would_hold(session, actor.scope, found, now)
    if faults := [Fault(code, field) for code, field in lacking(found, holds, from_on)]:
        raise Invalid.of(faults)
    draft.from_on, draft.open_since = from_on, None
    draft.adopted_by_id, draft.adopted_at, draft.changed_at = actor.person_id, now, now
    points = session.scalars(select(StrategyPoint).where(StrategyPoint.unit_id == draft.unit_id))
    names = {point.id: point.name for point in found.points}
    for point in points:
        point.name = names.get(point.id, point.name)
    session.flush()
    _record(session, actor, draft, "adopted", from_on=from_on.isoformat())
    return draft


def take_back(session: Session, actor: Actor, strategy_id: int) -> Strategy:
    """Make a version whose day has not come a draft again. Raises NotFound, Forbidden, and Conflict
    ("strategy_in_force", "strategy_has_draft").
    """
    coming = _to_change(session, actor, strategy_id)
    rows = questions.listed(session, actor.scope, coming.unit_id)
    standing = {row.source.strategy_id: row.standing for row in rows}
    if standing[coming.id] is not Standing.COMING:
        raise Conflict("strategy_in_force")
    if drafts := [each for each, stands in standing.items() if stands is Standing.DRAFT]:
        raise _has_draft(drafts[0])
    coming.from_on = coming.adopted_at = coming.adopted_by_id = None
    coming.changed_at = clock.now()
    session.flush()
    _record(session, actor, coming, "strategy_taken_back")
    return coming


def discard(session: Session, actor: Actor, strategy_id: int) -> int:
    """Throw a draft away with what was said about it; the id of its unit.

    Raises NotFound, Forbidden, Conflict ("strategy_not_draft").
    """
    draft = _draft(session, actor, strategy_id)
    unit_id = draft.unit_id
    _record(session, actor, draft, "discarded")
    points = set(session.scalars(select(StrategyLine.point_id).where(StrategyLine.strategy_id == draft.id)))
    session.execute(delete(StrategyComment).where(StrategyComment.strategy_id == draft.id))
    session.execute(delete(StrategyLine).where(StrategyLine.strategy_id == draft.id))
    session.delete(draft)
    session.flush()
    _forget(session, points)
    return unit_id


def _forget(session: Session, points: set[int]) -> None:
    """Take away rows of lists that no other version has and no post names."""
    kept = set(session.scalars(select(StrategyLine.point_id).where(StrategyLine.point_id.in_(points))))
    for column in (Post.goal_id, Post.pillar_id):
        kept |= set(session.scalars(select(column).where(column.in_(points - kept)).distinct()))
    session.execute(delete(StrategyPoint).where(StrategyPoint.id.in_(points - kept)))


def open_for_comments(session: Session, actor: Actor, strategy_id: int, wanted: bool) -> Strategy:
    """Let everybody on staff read and discuss a draft, or no longer. Twice is as good as once.

    Raises NotFound, Forbidden, Conflict ("strategy_not_draft").
    """
    draft = _draft(session, actor, strategy_id)
    if wanted is (draft.open_since is not None):
        return draft
    draft.open_since = clock.now() if wanted else None
    session.flush()
    _record(session, actor, draft, "opened_for_comments" if wanted else "closed_for_comments")
    return draft


def comment(session: Session, actor: Actor, strategy_id: int, data: CommentInput) -> StrategyComment:
    """Say something about a draft that is open for it. Raises NotFound, Forbidden, and Conflict
    ("strategy_not_open").
    """
    draft = questions.strategy(session, actor.scope, strategy_id)
    if not actor.scope.units_with(Right.SUGGEST) or actor.person_id is None:
        raise Forbidden("not_allowed")
    if draft.from_on is not None or draft.open_since is None:
        raise Conflict("strategy_not_open")
    row = StrategyComment(
        strategy_id=draft.id, person_id=actor.person_id, text=normalise(data.text), at=clock.now()
    )
    session.add(row)
    session.flush()
    return row


def _to_change(session: Session, actor: Actor, strategy_id: int) -> Strategy:
    found = questions.strategy(session, actor.scope, strategy_id)
    if not actor.scope.may(Right.STRATEGY, found.unit_id):
        raise Forbidden("not_allowed")
    lock(session, found)
    return found


def _draft(session: Session, actor: Actor, strategy_id: int) -> Strategy:
    found = _to_change(session, actor, strategy_id)
    if found.from_on is not None:
        raise Conflict("strategy_not_draft")
    return found


def _record(session: Session, actor: Actor, strategy: Strategy, verb: str, **facts: str) -> None:
    history.record(
        session, actor, "strategy", strategy.id, verb,
        unit_id=strategy.unit_id, now=clock.now(), revision=strategy.number, **facts,
    )  # fmt: skip
