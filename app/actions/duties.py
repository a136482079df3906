"""Handing over what somebody has in hand: before they leave, after, or when their roles became fewer.

It happens in one transaction. Nobody gets what they have not the rights for; what nobody takes stays behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import channel_tokens, duty_mails, history, people
from app.actions.inputs import Id, Input
from app.domain.duties import Kind, SignIns, Taker, Thing, beyond, by_kind
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right, Scope
from app.foundation import clock
from app.foundation.database import is_id
from app.models.duties import ChannelKeeper, HandOver
from app.models.ideas import Idea
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.queries import channel_tokens as token_questions
from app.queries import duties as questions
from app.queries import people as people_questions
from app.queries.scopes import scope_of
from app.words import mails


class HandingOver(Input):
    """Who takes over: `to` everything that `kinds` does not name; a kind with null stays where it is."""

    to: Id | None = None
    kinds: dict[Kind, Id | None] = Field(default_factory=dict)

    def taker_of(self, kind: Kind) -> tuple[int | None, str]:
        """Who takes a kind over, and the field that says so."""
        return (self.kinds[kind], f"kinds.{kind}") if kind in self.kinds else (self.to, "to")


class Leaving(HandingOver):
    """The same, and what becomes of the person's sign-ins at networks."""

    sign_ins: SignIns = SignIns.KEEP


@dataclass(frozen=True)
class Done:
    """What went to whom, as rows, and what stayed where it was."""

    given: Sequence[HandOver] = ()
    left: Sequence[Thing] = field(default_factory=list)


def in_hand(session: Session, actor: Actor, person_id: int, out_of_reach: bool = False) -> list[Thing]:
    """What a person has in hand in the units whose people the actor looks after.

    `out_of_reach`: only what they have not the rights for any more. Raises NotFound for somebody out of
    sight, Forbidden for whoever looks after nobody.
    """
    mine = actor.scope.units_with(Right.PEOPLE)
    narrowed = Scope({unit_id: actor.scope.rights[unit_id] for unit_id in mine})
    things = questions.things_of(session, narrowed, person_id) if mine and is_id(person_id) else []
    if not things:
        people_questions.person(session, actor.scope, person_id)
    if not mine:
        raise Forbidden("not_allowed")
    return beyond(things, scope_of(session, person_id)) if out_of_reach else things


def hand_over(
    session: Session,
    actor: Actor,
    person_id: int,
    data: HandingOver,
    address: str = "",
    out_of_reach: bool = False,
) -> Done:
    """Give what a person has in hand to others, as far as their rights go. Raises Invalid for strangers.

    `address`: of our pages, where mail is sent; everybody who gets something gets one.
    """
    things = in_hand(session, actor, person_id, out_of_reach)
    takers = takers_of(session, actor, person_id, things)
    given, left = _shared_out(things, takers, data)
    now = clock.now()
    rows = []
    for to_id, theirs in given.items():
        for kind, some in by_kind(theirs).items():
            _give(session, actor, kind, some, (person_id, to_id), now)
        rows.append(_row(session, actor, theirs, (person_id, to_id), now))
    session.flush()
    _note(session, actor, person_id, given, now)
    for row in rows if address else ():
        _write(session, row, actor, address, now)
    return Done(rows, left)


def takers_of(session: Session, actor: Actor, person_id: int, things: Sequence[Thing]) -> dict[int, Taker]:
    """By id everybody whose roles reach a unit of these things, but the person."""
    mine = Scope({one.unit_id: actor.scope.rights.get(one.unit_id, frozenset()) for one in things})
    found = questions.takers(session, mine, mine.units, besides=person_id, locale=actor.locale)
    return {one.id: one for one in found}


def _shared_out(
    things: Sequence[Thing], takers: Mapping[int, Taker], data: HandingOver
) -> tuple[dict[int, list[Thing]], list[Thing]]:
    """What each gets, and what stays. Raises Invalid for somebody who may take none of what they shall."""
    given: dict[int, list[Thing]] = {}
    left: list[Thing] = []
    wanted: dict[str, bool] = {}  # field -> whether whoever stands there gets anything
    for one in things:
        to_id, where = data.taker_of(one.kind)
        taker = takers.get(to_id or 0)
        fits = taker is not None and taker.may_take(one)
        if to_id is not None:
            wanted[where] = wanted.get(where, False) or fits
        given.setdefault(to_id or 0, []).append(one) if fits else left.append(one)
    faults = [Fault("cannot_take_over", where) for where, gets in wanted.items() if not gets]
    if faults:
        raise Invalid.of(faults)
    return given, left


def _note(
    session: Session, actor: Actor, person_id: int, given: Mapping[int, Sequence[Thing]], now: datetime
) -> None:
    """One event for each unit, so that nobody reads there who got how much of what is a sibling's."""
    units: dict[int, dict[int, list[Thing]]] = {}
    for to_id, some in given.items():
        for one in some:
            units.setdefault(one.unit_id, {}).setdefault(to_id, []).append(one)
    for unit_id, here in sorted(units.items()):
        kinds = by_kind(one for some in here.values() for one in some)
        counts = {str(kind): len(some) for kind, some in kinds.items()}
        history.record(
            session, actor, "person", person_id, "handed_over", unit_id=unit_id, now=now,
            to=sorted(here), counts=counts,
        )  # fmt: skip


_POSTS = (Kind.DRAFTS, Kind.REVIEWS, Kind.APPROVED)
_THING = dict.fromkeys(_POSTS, "post") | {
    Kind.PLANNED: "publication", Kind.QUESTIONS: "publication", Kind.TASKS: "publication",
    Kind.PLACES: "channel", Kind.CHANNELS: "channel", Kind.IDEAS: "idea",
}  # fmt: skip


def _give(
    session: Session, actor: Actor, kind: Kind, things: Sequence[Thing], who: tuple[int, int], now: datetime
) -> None:
    """Write the new name where the old one stood, and nowhere else; and that it was done."""
    from_id, to_id = who
    ids = [one.id for one in things]
    if kind in _POSTS:
        _rename(session, Post, Post.id, Post.author_id, ids, who)
    elif kind in (Kind.PLANNED, Kind.QUESTIONS):
        _rename(session, Publication, Publication.id, Publication.planned_by_id, ids, who)
    elif kind is Kind.TASKS:
        _rename(session, Assignment, Assignment.publication_id, Assignment.person_id, ids, who)
    elif kind is Kind.PLACES:
        _rename(session, ManualPlace, ManualPlace.channel_id, ManualPlace.person_id, ids, who)
    elif kind is Kind.IDEAS:
        _rename(session, Idea, Idea.id, Idea.assigned_id, ids, who)
    else:
        for column in (ChannelKeeper.owner_id, ChannelKeeper.deputy_id):
            _rename(session, ChannelKeeper, ChannelKeeper.channel_id, column, ids, who)
        _no_deputy_of_oneself(session, ids)
    for one in things:
        history.record(
            session, actor, _THING[kind], one.id, "handed_over", unit_id=one.unit_id, now=now,
            what=kind.value, of=from_id, to=to_id,
        )  # fmt: skip


def _rename(
    session: Session, model: Any, key: Any, column: Any, ids: Sequence[int], who: tuple[int, int]
) -> None:
    from_id, to_id = who
    session.execute(update(model).where(key.in_(ids), column == from_id).values({column.key: to_id}))


def _no_deputy_of_oneself(session: Session, channel_ids: Sequence[int]) -> None:
    same = ChannelKeeper.owner_id == ChannelKeeper.deputy_id
    both = update(ChannelKeeper).where(ChannelKeeper.channel_id.in_(channel_ids), same)
    session.execute(both.values(deputy_id=None))


def _row(
    session: Session, actor: Actor, things: Sequence[Thing], who: tuple[int, int], now: datetime
) -> HandOver:
    from_id, to_id = who
    kinds = {str(kind): [one.id for one in some] for kind, some in by_kind(things).items()}
    # Whoever hands something to themselves knows of it.
    seen = now if to_id == actor.person_id else None
    row = HandOver(from_id=from_id, to_id=to_id, by_id=actor.person_id, at=now, things=kinds, seen_at=seen)
    session.add(row)
    return row


def _write(session: Session, row: HandOver, actor: Actor, address: str, now: datetime) -> None:
    if row.to_id == actor.person_id:
        return
    who = session.get_one(Person, row.from_id).name
    counts = {kind: len(ids) for kind, ids in row.things.items()}
    path = f"/handed-over/{row.id}"
    duty_mails.lay_out(
        session, row.to_id, lambda to: mails.handed_over(to.name, who, counts, path, to.locale, address), now
    )


def leave(session: Session, actor: Actor, person_id: int, data: Leaving, address: str = "") -> Done:
    """Hand over as asked, then close the account. Raises NotFound, Forbidden, Invalid, Conflict."""
    person = people.governed(session, actor, person_id)
    if not person.active:
        raise Conflict("person_inactive")
    in_reach = actor.scope.units_with(Right.PEOPLE)
    done = hand_over(session, actor, person.id, data, address) if in_reach else Done()
    _sign_ins(session, actor, person.id, data.sign_ins)
    people.deactivate(session, actor, person.id)
    return done


def _sign_ins(session: Session, actor: Actor, person_id: int, which: SignIns) -> None:
    if which is SignIns.KEEP:
        return
    for one in token_questions.tokens_of(session, actor.scope, person_id):
        if (which is SignIns.ALL or one.others) and actor.scope.may(Right.CHANNELS, one.unit_id):
            channel_tokens.remove(session, actor, one.channel_id, one.token_id)


def note_seen(session: Session, actor: Actor, hand_over_id: int) -> HandOver:
    """The receiver has taken note of what came. Raises NotFound for everybody else."""
    row = session.get(HandOver, hand_over_id) if is_id(hand_over_id) else None
    if row is None or row.to_id != actor.person_id:
        raise NotFound
    row.seen_at = row.seen_at or clock.now()
    return row
