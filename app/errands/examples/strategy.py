"""The example's strategy, in force all year, and the plans behind its channels."""

from datetime import timedelta

from sqlalchemy import select, update

from app.actions import strategies
from app.domain.channel_register import Decision, Purpose, Rank
from app.domain.networks import NetworkKind
from app.domain.posts import Tone
from app.domain.results import Outcome
from app.domain.strategies import Kind
from app.domain.timing import to_local
from app.errands.examples import plan
from app.errands.examples.stage import Stage
from app.errands.examples.texts import Words
from app.models.channel_register import ChannelPlan
from app.models.strategies import Strategy, StrategyPoint

# Which of the four pillars a post belongs to, by its picture; human ones are mostly about house and people.
_PILLARS = {"stage": 0, "puppets": 0, "music": 0, "table": 0, "shelf": 1, "letter": 1, "computer": 3}
_HOUSE = 2


def lay(stage: Stage) -> None:
    """Written and decided by who coordinates; its first day is moved back, so that the year counts."""
    told = stage.library.strategy
    today, year = to_local(stage.now, stage.library.zone).date(), timedelta(days=plan.DAYS)
    with stage.ground.database.writes() as session:
        actor = stage.actor(session, plan.COORDINATOR)
        lists = {
            name: [{"name": one, "note": note} for one, note in told[name]]
            for name in ("goals", "audiences", "pillars")
        }
        given = strategies.NewStrategy.model_validate({
            "unit_id": stage.root_id, "purpose": told["purpose"], "house_rules": told["house_rules"], **lists,
            "mix_low": 40, "mix_high": 60, "outcome": Outcome.REACH, "interaction_target": "1",
            "hours_per_week": "20", "review_on": today + timedelta(days=120),
        })  # fmt: skip
        draft = strategies.begin(session, actor, given)
        strategies.adopt(session, actor, draft.id, strategies.Adoption())
        session.execute(
            update(Strategy)
            .where(Strategy.id == draft.id)
            .values(from_on=today - year, adopted_at=stage.now - year)
        )
        points = (
            select(StrategyPoint).where(StrategyPoint.unit_id == stage.root_id).order_by(StrategyPoint.id)
        )
        for point in session.scalars(points):
            stage.points.setdefault(point.kind, []).append(point.id)


def named(stage: Stage, words: Words, number: int) -> dict[str, int | None]:
    """Pillar and goal of a post, as columns of `posts`. Some posts serve no goal: nobody is perfect."""
    pillars, goals = stage.points.get(Kind.PILLAR, []), stage.points.get(Kind.GOAL, [])
    if not pillars or not goals:
        return {"pillar_id": None, "goal_id": None}
    usual = _HOUSE if words.tone is Tone.HUMAN else 0
    pillar = pillars[_PILLARS.get(words.picture, usual) % len(pillars)]
    return {"pillar_id": pillar, "goal_id": None if number % 6 == 0 else goals[number % len(goals)]}


def plans(stage: Stage) -> None:
    """A plan for every channel; one lacks its privacy assessment."""
    told = stage.library.strategy
    today = to_local(stage.now, stage.library.zone).date()
    for number, line in enumerate(stage.lines):
        first = line.network is NetworkKind.FACEBOOK
        assessed = number != 1
        row = ChannelPlan(
            channel_id=line.channel_id, purposes=[Purpose.PROMOTE.value, Purpose.RELATIONS.value],
            purpose=told["channel"], audiences=[told["audiences"][0 if first else 2][0]],
            evidence=told["channel"], hours_a_week=6.0 if line.unit is None else 1.5,
            rank=Rank.PRIMARY if first else Rank.COMPLEMENT, risks=told["risk"],
            privacy_on=today - timedelta(days=200) if assessed else None,
            privacy_decision=Decision.LIMITS if assessed else None,
            review_on=today + timedelta(days=90), changed_at=stage.now,
            changed_by_id=stage.people[plan.COORDINATOR],
        )  # fmt: skip
        with stage.ground.database.writes() as session:
            session.merge(row)
