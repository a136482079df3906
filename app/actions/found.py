"""The tone of posts found on the page: said for many at once, and taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Id
from app.domain.errors import Forbidden, NotFound
from app.domain.posts import Tone
from app.domain.roles import Actor, Right
from app.foundation import clock
from app.models.channels import Channel
from app.models.found import FoundPost
from app.queries import found

MOST_AT_ONCE = 200
LEFT_OUT = "left_out"
Word = Literal["informative", "human", "left_out"]


class Said(BaseModel):
    """What one found post does; `left_out`: it shall not count; null: it waits for its tone again."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    tone: Word | None


class TonesInput(BaseModel):
    """The tones of many."""

    model_config = ConfigDict(extra="forbid")

    posts: Annotated[list[Said], Field(min_length=1, max_length=MOST_AT_ONCE)]


@dataclass(frozen=True)
class Outcome:
    """Ids of those that have their word now, and of those to which somebody else had said one meanwhile."""

    done: tuple[int, ...]
    meanwhile: tuple[int, ...] = ()


def say(session: Session, actor: Actor, data: TonesInput, *, only_waiting: bool = False) -> Outcome:
    """Say the tones of many. Raises Forbidden, and NotFound when one of them is out of reach: then none is.

    `only_waiting`: those that have their tone by now stay as they are.
    """
    if not actor.scope.units_with(Right.WRITE):
        raise Forbidden("not_allowed")
    wanted = {one.id: one.tone for one in data.posts}
    rows = found.chosen(session, actor.scope, wanted)
    if rows.keys() != wanted.keys():
        raise NotFound
    now = clock.now()
    meanwhile = {id_ for id_, row in rows.items() if only_waiting and _has_word(row)}
    todo = {id_: row for id_, row in rows.items() if id_ not in meanwhile}
    for id_, row in todo.items():
        _set(row, wanted[id_], actor, now)
    _record(session, actor, {id_: wanted[id_] for id_ in todo}, todo.values(), now)
    return Outcome(tuple(sorted(todo)), tuple(sorted(meanwhile)))


def take_back(session: Session, actor: Actor, ids: Iterable[int]) -> Outcome:
    """Let posts wait again whose word the actor said. Others' words stay. Raises Forbidden."""
    if not actor.scope.units_with(Right.WRITE):
        raise Forbidden("not_allowed")
    rows = found.chosen(session, actor.scope, list(ids)[:MOST_AT_ONCE])
    mine = {id_: row for id_, row in rows.items() if _has_word(row) and row.tone_by_id == actor.person_id}
    now = clock.now()
    for row in mine.values():
        _set(row, None, actor, now)
    _record(session, actor, dict.fromkeys(mine), mine.values(), now)
    return Outcome(tuple(sorted(mine)))


def _has_word(row: FoundPost) -> bool:
    return row.tone is not None or row.left_out


def _set(row: FoundPost, word: Word | None, actor: Actor, now: datetime) -> None:
    row.tone = Tone(word) if word and word != LEFT_OUT else None
    row.left_out = word == LEFT_OUT
    row.tone_by_id, row.tone_at = actor.person_id if word else None, now


def _record(
    session: Session, actor: Actor, words: Mapping[int, Word | None], rows: Iterable[FoundPost], now: datetime
) -> None:
    """One event a channel: which posts, and what was said of them."""
    by_channel: dict[int, dict[str, list[int]]] = {}
    for row in rows:
        said = by_channel.setdefault(row.channel_id, {})
        said.setdefault(words[row.id] or "none", []).append(row.id)
    owners = session.execute(select(Channel.id, Channel.unit_id).where(Channel.id.in_(by_channel)))
    units = {row.id: row.unit_id for row in owners}
    for channel_id, said in sorted(by_channel.items()):
        history.record(
            session, actor, "channel", channel_id, "tones_said", unit_id=units[channel_id], now=now, said=said
        )
