"""Closing a channel: begun with a reason, done in steps that people tick, ended when all are done."""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.actions import history, queue
from app.actions.channel_register import own
from app.actions.inputs import Id, Input
from app.actions.queue import Outcome
from app.domain.channel_register import WORDS_MOST, Step
from app.domain.errors import Conflict, Invalid
from app.domain.networks import ChannelState
from app.domain.roles import Actor, Right
from app.domain.texts import normalise
from app.foundation import clock
from app.foundation.database import lock
from app.models.channel_register import ChannelClosing, ClosingStep
from app.models.channels import Channel
from app.queries import channel_closings as questions

Words = Annotated[str, Field(max_length=WORDS_MOST)]


class ClosingInput(Input):
    """Why a channel is closed, and where its followers find the library instead."""

    why: Annotated[str, Field(min_length=1, max_length=WORDS_MOST)]
    elsewhere: Words = ""


class StepInput(Input):
    """A step that was done, or after all was not."""

    step: Step
    done: bool = True


class ClearInput(Input):
    """What becomes of all that is queued there: another channel, at the same times; without one nothing.

    `sure`: that it is meant for posts of every unit that uses the channel.
    """

    to_channel_id: Id | None = None
    sure: bool = False


def begin(session: Session, actor: Actor, channel_id: int, data: ClosingInput) -> ChannelClosing:
    """Begin to close a channel, or say anew why. It publishes on, for its followers must be told there.

    Raises NotFound, Forbidden, Conflict for one that is only planned, or closed.
    """
    channel = _in_use(session, actor, channel_id)
    closing = session.get(ChannelClosing, channel.id)
    if closing is None or closing.ended_at is not None:
        _forget(session, channel.id)
        closing = ChannelClosing(channel_id=channel.id, begun_at=clock.now(), begun_by_id=actor.person_id)
        session.add(closing)
        _tell(session, actor, channel, "closing_begun")
    closing.why, closing.elsewhere = normalise(data.why), normalise(data.elsewhere)
    session.flush()
    return closing


def tick(session: Session, actor: Actor, channel_id: int, data: StepInput) -> None:
    """Note that a step is done, by whom and when; or take that back.

    Raises NotFound, Forbidden, Conflict where nothing is being closed, or something is still queued.
    """
    channel = _closing(session, actor, channel_id)
    row = session.get(ClosingStep, (channel.id, data.step))
    if not data.done:
        if row is not None:
            session.delete(row)
        return
    if data.step is Step.QUEUE:
        _check_queue(session, actor, channel.id)
    if row is None:
        done_at = clock.now()
        row = ClosingStep(channel_id=channel.id, step=data.step, done_at=done_at, done_by_id=actor.person_id)
        session.add(row)
    session.flush()


def clear(session: Session, actor: Actor, channel_id: int, data: ClearInput) -> Outcome:
    """Cancel everything that is queued on a channel that is being closed, or have it go out on another one.

    Who may close the channel may do this with posts of every unit that uses it, also without a role that
    plans them; in the other channel each needs its yes as always. At most two hundred at once. What can't be
    done is left with its reason, such as what is on its way. Raises NotFound, Forbidden, Conflict where
    nothing is being closed or queued, and Invalid.
    """
    # Whoever holds one of these posts meanwhile, to edit it or to show it, may name the channel in new rows.
    channel = _closing(session, actor, channel_id, others_name_it=True)
    if not data.sure:
        raise Invalid("clear_sure", "sure")
    if data.to_channel_id == channel.id:
        raise Invalid("clear_elsewhere", "to_channel_id")
    waiting = questions.queued(session, actor.scope, channel.id)
    if not waiting:
        raise Conflict("nothing_queued")
    ids, planner = [row.id for row in waiting], _planning(actor, {row.unit_id for row in waiting})
    if data.to_channel_id is None:
        return queue.cancel(session, planner, ids)
    return queue.to_channel(session, planner, ids, data.to_channel_id)


def _planning(actor: Actor, unit_ids: Collection[int]) -> Actor:
    """The same person, who may plan for these units of theirs."""
    rights = {
        unit_id: held | {Right.SCHEDULE} if unit_id in unit_ids else held
        for unit_id, held in actor.scope.rights.items()
    }
    return replace(actor, scope=replace(actor.scope, rights=rights))


def give_up(session: Session, actor: Actor, channel_id: int) -> Channel:
    """Leave it open after all; what was ticked is forgotten. Raises NotFound, Forbidden, Conflict."""
    channel = _closing(session, actor, channel_id)
    _forget(session, channel.id)
    _tell(session, actor, channel, "closing_given_up")
    return channel


def finish(session: Session, actor: Actor, channel_id: int) -> Channel:
    """Close it. Raises NotFound, Forbidden, Conflict while a step is open or something is queued there."""
    channel = _closing(session, actor, channel_id)
    _check_queue(session, actor, channel.id)
    done = questions.steps(session, actor.scope, channel.id)
    if any(step not in done for step in Step):
        raise Conflict("closing_open")
    old, channel.state = channel.state, ChannelState.CLOSED
    session.get_one(ChannelClosing, channel.id).ended_at = clock.now()
    _tell(session, actor, channel, "closed", old)
    return channel


def _in_use(session: Session, actor: Actor, channel_id: int, others_name_it: bool = False) -> Channel:
    channel = own(session, actor, channel_id)
    lock(session, channel, others_name_it)
    if channel.state not in (ChannelState.ACTIVE, ChannelState.DORMANT):
        raise Conflict("not_to_close")
    return channel


def _closing(session: Session, actor: Actor, channel_id: int, others_name_it: bool = False) -> Channel:
    channel = _in_use(session, actor, channel_id, others_name_it)
    closing = session.get(ChannelClosing, channel.id)
    if closing is None or closing.ended_at is not None:
        raise Conflict("not_closing")
    return channel


def _check_queue(session: Session, actor: Actor, channel_id: int) -> None:
    waiting = questions.queued(session, actor.scope, channel_id)
    if waiting:
        raise Conflict("still_queued", "queue", count=len(waiting))


def _forget(session: Session, channel_id: int) -> None:
    session.execute(delete(ClosingStep).where(ClosingStep.channel_id == channel_id))
    session.execute(delete(ChannelClosing).where(ChannelClosing.channel_id == channel_id))
    session.expire_all()


def _tell(
    session: Session, actor: Actor, channel: Channel, verb: str, old: ChannelState | None = None
) -> None:
    history.record(
        session, actor, "channel", channel.id, verb, unit_id=channel.unit_id,
        old=old or channel.state, new=channel.state, now=clock.now(),
    )  # fmt: skip
