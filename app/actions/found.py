"""The tone of posts found on the page, and whether they were paid for: said for many, and taken back."""

from collections.abc import Collection, Iterable, Mapping
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
from app.domain.results import Paid
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


class SaidPaid(BaseModel):
    """Whether money was spent on showing one found post to more people."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    paid: Paid


class PaidInput(BaseModel):
    """What is said of money behind many."""

    model_config = ConfigDict(extra="forbid")

    posts: Annotated[list[SaidPaid], Field(min_length=1, max_length=MOST_AT_ONCE)]


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
    wanted = {one.id: one.tone for one in data.posts}
    rows = _all_of(session, actor, wanted)
    now = clock.now()
    meanwhile = {id_ for id_, row in rows.items() if only_waiting and _has_word(row)}
    todo = {id_: row for id_, row in rows.items() if id_ not in meanwhile}
    for id_, row in todo.items():
        _set(row, wanted[id_], actor, now)
    told = {id_: wanted[id_] or "none" for id_ in todo}
    _record(session, actor, "tones_said", told, todo.values(), now)
    return Outcome(tuple(sorted(todo)), tuple(sorted(meanwhile)))


def _all_of(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, FoundPost]:
    """Every one of some ids. Raises Forbidden, and NotFound when one of them is out of reach."""
    if not actor.scope.units_with(Right.WRITE):
        raise Forbidden("not_allowed")
    rows = found.chosen(session, actor.scope, ids)
    if rows.keys() != set(ids):
        raise NotFound
    return rows


def say_paid(
    session: Session, actor: Actor, data: PaidInput, seen: Mapping[int, Paid] | None = None
) -> tuple[Mapping[int, Paid], int]:
    """Say of many whether they were paid for; their results are worked out anew.

    `seen`: what the actor saw before; what has another word by now stays as it is. Returns those that had
    another word before, each with that one, to be put back; and how many stayed. Raises Forbidden, and
    NotFound when one of them is out of reach: then none is changed.
    """
    wanted = {one.id: one.paid for one in data.posts}
    rows = _all_of(session, actor, wanted)
    changing = {id_: row.paid for id_, row in rows.items() if row.paid is not wanted[id_]}
    before = {id_: word for id_, word in changing.items() if seen is None or seen.get(id_) is word}
    now = clock.now()
    for id_ in before:
        rows[id_].paid, rows[id_].paid_by_id, rows[id_].paid_at = wanted[id_], actor.person_id, now
    _record(session, actor, "found_paid_said", {id_: wanted[id_] for id_ in before},
            [rows[id_] for id_ in before], now)  # fmt: skip
    return before, len(changing) - len(before)


def put_back_paid(session: Session, actor: Actor, before: Mapping[int, Paid]) -> None:
    """Put back what stood before the actor said something. Others' words stay. Raises Forbidden, NotFound."""
    rows = found.chosen(session, actor.scope, list(before)[:MOST_AT_ONCE])
    mine = [id_ for id_, row in rows.items() if row.paid_by_id == actor.person_id]
    if mine:
        say_paid(session, actor, PaidInput(posts=[SaidPaid(id=id_, paid=before[id_]) for id_ in mine]))


def take_back(session: Session, actor: Actor, ids: Iterable[int]) -> Outcome:
    """Let posts wait again whose word the actor said. Others' words stay. Raises Forbidden."""
    if not actor.scope.units_with(Right.WRITE):
        raise Forbidden("not_allowed")
    rows = found.chosen(session, actor.scope, list(ids)[:MOST_AT_ONCE])
    mine = {id_: row for id_, row in rows.items() if _has_word(row) and row.tone_by_id == actor.person_id}
    now = clock.now()
    for row in mine.values():
        _set(row, None, actor, now)
    _record(session, actor, "tones_said", dict.fromkeys(mine, "none"), mine.values(), now)
    return Outcome(tuple(sorted(mine)))


def _has_word(row: FoundPost) -> bool:
    return row.tone is not None or row.left_out


def _set(row: FoundPost, word: Word | None, actor: Actor, now: datetime) -> None:
    row.tone = Tone(word) if word and word != LEFT_OUT else None
    row.left_out = word == LEFT_OUT
    row.tone_by_id, row.tone_at = actor.person_id if word else None, now


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    words: Mapping[int, str],
    rows: Iterable[FoundPost],
    now: datetime,
) -> None:
    """One event a channel: which posts, and what was said of them."""
    by_channel: dict[int, dict[str, list[int]]] = {}
    for row in rows:
        said = by_channel.setdefault(row.channel_id, {})
        said.setdefault(str(words[row.id]), []).append(row.id)
    owners = session.execute(select(Channel.id, Channel.unit_id).where(Channel.id.in_(by_channel)))
    units = {row.id: row.unit_id for row in owners}
    for channel_id, said in sorted(by_channel.items()):
        history.record(
            session, actor, "channel", channel_id, verb, unit_id=units[channel_id], now=now, said=said
        )
