"""The example's ideas: a year of them, those of these weeks answered as people answer them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.actions import ideas
from app.domain.examples import Part
from app.domain.ideas import IdeaState
from app.domain.roles import Actor
from app.domain.timing import to_local
from app.errands.examples import plan
from app.errands.examples.past import Piece
from app.errands.examples.stage import Stage
from app.errands.examples.texts import Suggestion
from app.foundation.database import table_of
from app.models.history import Event
from app.models.ideas import Idea, IdeaPost, IdeaVote
from app.models.search import IDEA, SearchEntry, entry

_BEGAN_AS_IDEAS = 45
_WAIT = (19, 2, 5, 1, 8, 3, 11, 0.2, 6)  # days: one longer than anybody should
_SENDERS = (2, 6, 7, 22, 8, 23, 16, 10, 20)
_ANSWERED = (IdeaState.ACCEPTED, IdeaState.PARKED, IdeaState.DECLINED, IdeaState.MERGED)


def lay(stage: Stage, pieces: Sequence[Piece], posts: Sequence[int]) -> None:
    """Those that became the year's posts, and those that people sent of late."""
    stage.told(Part.IDEAS, 0, 2)
    _long_ago(stage, pieces, posts)
    stage.told(Part.IDEAS, 1, 2)
    sent = _of_late(stage)
    for suggestion, idea_id in sent:
        if suggestion.state in _ANSWERED:
            with stage.ground.database.writes() as session:
                _answer(session, stage, suggestion, idea_id, sent)
    _age(stage, sent)


def _long_ago(stage: Stage, pieces: Sequence[Piece], posts: Sequence[int]) -> None:
    """Posts that began as somebody's idea: human ones more often."""
    dice = stage.dice("ideas")
    chosen = sorted(dice.sample(range(len(pieces)), min(_BEGAN_AS_IDEAS, len(pieces))))
    rows: list[dict[str, Any]] = []
    table = table_of(Idea)
    for at in chosen:
        one = pieces[at]
        sent = one.at - timedelta(days=dice.randrange(9, 20))
        rows.append({
            "unit_id": stage.unit_id(one.unit), "sender_id": dice.choice(stage.people[6:]), "sent_at": sent,
            "title": one.words.title, "why": f"{one.text.split('.')[0]}.", "state": IdeaState.ACCEPTED,
            "since_at": sent + timedelta(days=3), "answered_by_id": stage.people[plan.EDITOR],
        })  # fmt: skip
    if not rows:
        return
    with stage.ground.database.writes() as session:
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = session.scalars(statement, rows).all()
        made = [{"post_id": posts[at], "idea_id": idea_id} for at, idea_id in zip(chosen, ids, strict=True)]
        session.execute(insert(table_of(IdeaPost)), made)
        told = [
            {
                "at": row["sent_at"], "person_id": row["sender_id"], "via": "web", "thing": "idea",
                "thing_id": idea_id, "unit_id": row["unit_id"], "verb": "sent", "old_state": None,
                "new_state": IdeaState.NEW, "facts": {},
            }
            for row, idea_id in zip(rows, ids, strict=True)
        ]  # fmt: skip
        session.execute(insert(table_of(Event)), told)
        found = [
            entry(IDEA, idea_id, row["unit_id"], row["title"], row["why"])
            for row, idea_id in zip(rows, ids, strict=True)
        ]
        session.execute(insert(table_of(SearchEntry)), found)


def _of_late(stage: Stage) -> list[tuple[Suggestion, int]]:
    """Sent by people of the branches and on the way; pictures with every other."""
    sent = []
    for n, suggestion in enumerate(stage.library.ideas):
        # What becomes a part of the next one comes from the same branch.
        turn = n + (suggestion.state is IdeaState.MERGED)
        person = _SENDERS[turn % len(_SENDERS)]
        unit_id = stage.unit_id(plan.PEOPLE[person].unit)
        pictures = stage.assets.get(suggestion.picture, [])[:1]
        given = ideas.IdeaInput(
            unit_id=unit_id, title=suggestion.title, why=suggestion.why,
            asset_ids=tuple(pictures),
        )  # fmt: skip
        with stage.ground.database.writes() as session:
            idea = ideas.send(session, stage.actor(session, person), given)
            sent.append((suggestion, idea.id))
    return sent


def _answer(
    session: Session, stage: Stage, one: Suggestion, idea_id: int, sent: Sequence[tuple[Suggestion, int]]
) -> None:
    editor: Actor = stage.actor(session, plan.EDITOR)
    if one.state is IdeaState.ACCEPTED:
        ideas.accept(session, editor, idea_id, ideas.Accepting(answer=one.answer))
    elif one.state is IdeaState.PARKED:
        until = to_local(stage.now, stage.library.zone).date() + timedelta(days=30)
        ideas.park(session, editor, idea_id, ideas.Parking(answer=one.answer, until=until))
    elif one.state is IdeaState.DECLINED:
        ideas.decline(session, editor, idea_id, ideas.Answer(answer=one.answer))
    else:
        into = next(other for told, other in sent if told.state is IdeaState.NEW)
        ideas.merge(session, editor, idea_id, ideas.Merging(answer=one.answer, into_id=into))


def _age(stage: Stage, sent: Sequence[tuple[Suggestion, int]]) -> None:
    """Give them days: they came over the last weeks, and one has waited longer than anybody should."""
    dice = stage.dice("idea days")
    waited = {IdeaState.NEW: 0}
    for suggestion, idea_id in sent:
        waited[suggestion.state] = waited.get(suggestion.state, 0) + 1
        is_new = suggestion.state is IdeaState.NEW
        days = _WAIT[(waited[suggestion.state] - 1) % len(_WAIT)] if is_new else dice.uniform(9, 40)
        sent_at: datetime = stage.now - timedelta(days=days)
        since_at = sent_at if is_new else sent_at + timedelta(days=dice.uniform(0.5, 6))
        with stage.ground.database.writes() as session:
            session.execute(
                update(Idea).where(Idea.id == idea_id).values(sent_at=sent_at, since_at=since_at),
                execution_options={"synchronize_session": False},
            )
            voters = dice.sample(stage.people[7:], dice.randrange(4)) if is_new else []
            sender = session.get_one(Idea, idea_id).sender_id
            session.add_all(
                IdeaVote(idea_id=idea_id, person_id=one, at=stage.now) for one in voters if one != sender
            )
