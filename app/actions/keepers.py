"""Keepers of a channel: its owner, who answers for it, and the deputy. Being one gives nobody a right."""

from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Id, Input
from app.domain.duties import Kind, may_take
from app.domain.errors import Fault, Forbidden, Invalid
from app.domain.roles import Actor, Right
from app.foundation import clock
from app.models.channels import Channel
from app.models.duties import ChannelKeeper
from app.queries import channels as questions
from app.queries import duties


class KeepersEdit(Input):
    """Who answers for a channel, and who when they are away; null: nobody."""

    owner_id: Id | None = None
    deputy_id: Id | None = None


def edit(session: Session, actor: Actor, channel_id: int, data: KeepersEdit) -> Channel:
    """The channel with these keepers. Raises NotFound, Forbidden, Invalid for whoever has no right there."""
    channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    row = session.get(ChannelKeeper, channel.id)
    if (row.owner_id if row else None, row.deputy_id if row else None) == (data.owner_id, data.deputy_id):
        return channel
    _check(session, actor, channel, data)
    if row is None:
        session.add(ChannelKeeper(channel_id=channel.id, owner_id=data.owner_id, deputy_id=data.deputy_id))
    else:
        row.owner_id, row.deputy_id = data.owner_id, data.deputy_id
    history.record(
        session, actor, "channel", channel.id, "keepers_named", unit_id=channel.unit_id,
        old=channel.state, new=channel.state, now=clock.now(),
        owner_id=data.owner_id, deputy_id=data.deputy_id,
    )  # fmt: skip
    return channel


def _check(session: Session, actor: Actor, channel: Channel, data: KeepersEdit) -> None:
    able = able_for(session, actor, channel.unit_id)
    asked = (("owner_id", data.owner_id), ("deputy_id", data.deputy_id))
    faults = [Fault("person_not_here", field) for field, one in asked if one is not None and one not in able]
    if data.owner_id is not None and data.owner_id == data.deputy_id:
        faults.append(Fault("same_keeper", "deputy_id"))
    if faults:
        raise Invalid.of(faults)


def able_for(session: Session, actor: Actor, unit_id: int) -> dict[int, str]:
    """Id -> name of those who may keep a channel of a unit: they plan posts there, or look after channels."""
    found = duties.takers(session, actor.scope, [unit_id], locale=actor.locale)
    rights = {one.id: one.rights.get(unit_id, frozenset()) for one in found}
    return {one.id: one.name for one in found if may_take(Kind.CHANNELS, rights[one.id])}
