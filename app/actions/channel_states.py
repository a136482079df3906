"""What a person's choice of a channel's state needs: a whole plan to be active, its steps to be closed.

A channel that is connected, or added as a place for hands, is active at once and publishes, as it always did:
whoever begins tries a page first, and an upgrade stops nothing. Until its plan is whole the register and the
first screen say what is missing. The rule is asked where somebody chooses: a planned channel that is opened,
or one that rests or is closed and is taken into use again.
"""

from sqlalchemy.orm import Session

from app.domain.channel_register import FIELDS
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.networks import ChannelState
from app.domain.roles import Actor
from app.models.channels import Channel
from app.queries import channel_register


def check(session: Session, actor: Actor, channel: Channel, new: ChannelState) -> None:
    """Nothing, when a person may give a channel this state.

    Raises Invalid: for each thing that its plan lacks, at that field of the plan. Raises Conflict for closing
    it without its steps, and for planning what was connected already.
    """
    if new is channel.state:
        return
    if new is ChannelState.ACTIVE:
        check_whole(session, actor, channel.id)
    elif new is ChannelState.PLANNED:
        raise Conflict("channel_was_opened", "state")
    elif new is ChannelState.CLOSED and channel.state is not ChannelState.PLANNED:
        raise Conflict("close_by_steps", "state")


def check_whole(session: Session, actor: Actor, channel_id: int) -> None:
    """Nothing, when a channel's plan is whole. Raises Invalid with everything that it lacks."""
    session.flush()
    lacks = channel_register.entry(session, actor.scope, channel_id).lacks
    if lacks:
        raise Invalid.of([Fault(f"plan_lacks_{lack}", FIELDS[lack]) for lack in lacks])
