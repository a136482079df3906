"""The coming two weeks, made as people make them: written, planned, sent, agreed to."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.actions import posts, publications, reviews
from app.domain.examples import Part
from app.domain.networks import NetworkKind
from app.domain.posts import Tone
from app.domain.timing import to_local
from app.errands.examples import plan, strategy
from app.errands.examples.past import Deck, filled
from app.errands.examples.stage import Line, Stage
from app.errands.examples.texts import Words
from app.models.posts import Post

_HOURS = (time(9, 30), time(12), time(15, 30), time(10), time(17))
_WITHOUT_YES = 7  # every so many posts still wait for their yes


def lay(stage: Stage) -> None:
    """A queue for every channel that is in use."""
    wanted = [unit for unit in plan.places() if stage.lines_of(unit) and not plan.place(unit).silent]
    for done, unit in enumerate(wanted):
        stage.told(Part.COMING, done, len(wanted))
        _of_unit(stage, unit)


def _of_unit(stage: Stage, unit: int | None) -> None:
    place, lines = plan.place(unit), stage.lines_of(unit)
    dice, deck = stage.dice(f"coming/{unit}"), Deck(stage, unit)
    many = max(2, round((place.facebook or 1) * plan.WEEKS_AHEAD * stage.share))
    today = to_local(stage.now, stage.library.zone).date()
    days = sorted(dice.sample(range(1, plan.WEEKS_AHEAD * 7), many))
    for n, day in enumerate(days):
        local = datetime.combine(today + timedelta(days=day), dice.choice(_HOURS))
        tone = Tone.HUMAN if dice.random() < place.human else Tone.INFORMATIVE
        words = deck.next(tone, local.month)
        text = filled(stage, dice, unit, words, local)
        on = [line for line in lines if line.network is NetworkKind.FACEBOOK or n % 2 == 0]
        with stage.ground.database.writes() as session:
            post = written(session, stage, unit, words, text)
            planned(session, stage, unit, post, on, local)
            posts.submit(session, stage.actor(session, plan.writer_for(unit)), post.id)
            if n % _WITHOUT_YES != _WITHOUT_YES - 1:
                agreed(session, stage, post)


def written(
    session: Session, stage: Stage, unit: int | None, words: Words, text: str, toned: bool = True
) -> Post:
    """A draft by the unit's writer, with a picture."""
    pictures = stage.assets[words.picture]
    given = posts.PostInput(
        unit_id=stage.unit_id(unit), title=words.title, tone=words.tone if toned else None, text=text,
        asset_ids=[pictures[len(text) % len(pictures)]],
    )  # fmt: skip
    post = posts.create(session, stage.actor(session, plan.writer_for(unit)), given)
    points = strategy.named(stage, words, len(text))
    post.pillar_id, post.goal_id = points["pillar_id"], points["goal_id"]
    return post


def planned(
    session: Session, stage: Stage, unit: int | None, post: Post, on: Sequence[Line], local: datetime
) -> list[int]:
    """The post's publications at a wall time; returns their ids."""
    writer = stage.actor(session, plan.writer_for(unit))
    inputs = [publications.PlanInput(channel_id=line.channel_id, local_due=local) for line in on]
    return [publications.plan(session, writer, post.id, one).id for one in inputs]


def agreed(session: Session, stage: Stage, post: Post) -> None:
    """The approver's yes to the newest revision."""
    reviews.approve(session, stage.actor(session, plan.APPROVER), post.id, reviews.Approval(revision=1))
