"""Questions about posts found on the page: which wait for their tone, and who may say it.

Those who write posts in a unit that a channel may be used by say the tone of what is found there: the
channel's own unit, and where it is shared downwards every unit that it is shared with. Nobody else is told of
them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.networks import ChannelState
from app.domain.posts import Tone
from app.domain.results import Paid
from app.domain.roles import Right, Scope
from app.foundation.database import AnyRow
from app.models.channels import Channel, ChannelUnit
from app.models.found import FoundPost
from app.models.people import Person
from app.models.units import Unit

MOST_COUNTED = 1000


class Told(StrEnum):
    """What was said of a found post."""

    WAITING = "waiting"
    TOLD = "told"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None means no narrowing. `only`: the id of one post."""

    told: Told | None = None
    channel_id: int | None = None
    tone: Tone | None = None
    paid: Paid | None = None
    only: int | None = None


def count_waiting(session: Session, scope: Scope) -> int:
    """How many wait for a tone that the asker may say; counted up to `MOST_COUNTED`."""
    asked = _asked(scope)
    if not asked["units"]:
        return 0
    return session.scalar(Counting.question(), asked) or 0


class Counting:
    """How `count_waiting` counts."""

    @staticmethod
    @cache
    def question() -> Select[int]:
        """For others to put into theirs. `units`: where the asker writes."""
        some = select(FoundPost.id).where(_waits(), _mine(), _in_use()).limit(MOST_COUNTED).subquery()
        return select(func.count()).select_from(some)


def channels(session: Session, scope: Scope) -> Sequence[AnyRow]:
    """Channels with posts that wait for the asker's word (id, name, network, realm, count), by name."""
    asked = _asked(scope)
    return session.execute(_by_channel(), asked).all() if asked["units"] else []


@cache
def _by_channel() -> Select[*tuple[Any, ...]]:
    return (
        select(Channel.id, Channel.name, Channel.network, Channel.realm, func.count().label("count"))
        .join(FoundPost, FoundPost.channel_id == Channel.id)
        .where(_waits(), _mine(), Channel.state != ChannelState.CLOSED)
        .group_by(Channel.id, Channel.name, Channel.network, Channel.realm)
        .order_by(Channel.name, Channel.id)
    )


def listed(
    session: Session,
    scope: Scope,
    wanted: Wanted,
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> Sequence[AnyRow]:
    """Found posts that the asker may say the tone of, the newest first: id, channel_id, channel, network,
    realm, unit_id, zone, made_at, text, permalink, format, tone, left_out, tone_by, tone_at, paid, paid_by,
    paid_at, gone_at.

    `after`: time and id of the last row of the page before. Those in no channel in use are left out.
    """
    asked = _asked(scope)
    if not asked["units"]:
        return []
    question = _rows().where(_in_use())
    if wanted.told is not None:
        question = question.where(_is(wanted.told))
    if wanted.channel_id is not None:
        question = question.where(FoundPost.channel_id == wanted.channel_id)
    if wanted.tone is not None:
        question = question.where(FoundPost.tone == wanted.tone)
    if wanted.paid is not None:
        question = question.where(FoundPost.paid == wanted.paid)
    if wanted.only is not None:
        question = question.where(FoundPost.id == wanted.only)
    if after is not None:
        at, id_ = after
        earlier = FoundPost.made_at < at
        question = question.where(earlier | ((FoundPost.made_at == at) & (FoundPost.id < id_)))
    question = question.order_by(FoundPost.made_at.desc(), FoundPost.id.desc()).limit(limit)
    return session.execute(question, asked).all()


def chosen(session: Session, scope: Scope, ids: Collection[int]) -> dict[int, FoundPost]:
    """Those of some ids that the asker may say the tone of, to be changed."""
    asked = _asked(scope)
    if not ids or not asked["units"]:
        return {}
    found = session.scalars(
        select(FoundPost)
        .join(Channel, Channel.id == FoundPost.channel_id)
        .where(_mine(), FoundPost.id.in_(list(ids)))
        .order_by(FoundPost.id)
        .with_for_update(of=FoundPost),
        asked,
    )
    return {row.id: row for row in found}


def one(session: Session, scope: Scope, found_id: int) -> AnyRow | None:
    """One found post, as in `listed`; None when it is not there or out of reach."""
    asked = _asked(scope)
    if not asked["units"]:
        return None
    return session.execute(_rows().where(FoundPost.id == found_id), asked).one_or_none()


@cache
def _rows() -> Select[*tuple[Any, ...]]:
    payer = aliased(Person)
    return (
        select(
            FoundPost.id, FoundPost.channel_id, Channel.name.label("channel"), Channel.network,
            Channel.realm, Channel.unit_id, Unit.zone, FoundPost.made_at, FoundPost.text, FoundPost.permalink,
            FoundPost.format, FoundPost.tone, FoundPost.left_out, FoundPost.tone_at, FoundPost.gone_at,
            FoundPost.paid, FoundPost.paid_at, Person.name.label("tone_by"), payer.name.label("paid_by"),
        )
        .join(Channel, Channel.id == FoundPost.channel_id)
        .join(Unit, Unit.id == Channel.unit_id)
        .outerjoin(Person, Person.id == FoundPost.tone_by_id)
        .outerjoin(payer, payer.id == FoundPost.paid_by_id)
        .where(_mine())
    )  # fmt: skip


def _asked(scope: Scope) -> dict[str, Any]:
    return {"units": sorted(scope.units_with(Right.WRITE))}


def _is(told: Told) -> ColumnElement[bool]:
    if told is Told.WAITING:
        return _waits()
    return FoundPost.left_out.is_(True) if told is Told.LEFT_OUT else FoundPost.tone.is_not(None)


def _waits() -> ColumnElement[bool]:
    # Written as the index is, which holds these rows alone.
    return FoundPost.tone.is_(None) & FoundPost.gone_at.is_(None) & ~FoundPost.left_out


def _in_use() -> ColumnElement[bool]:
    return FoundPost.channel_id.in_(select(Channel.id).where(Channel.state != ChannelState.CLOSED))


def _mine() -> ColumnElement[bool]:
    """Whether a found post stands on a channel that one of the parameter `units` uses."""
    units: Any = bindparam("units", expanding=True)
    owner, writing = aliased(Unit), aliased(Unit)
    below = (
        select(writing.id)
        .where(
            writing.id.in_(units),
            func.substr(writing.path, 1, func.length(owner.path)) == owner.path,
        )
        .exists()
    )
    channel = aliased(Channel)
    named = select(ChannelUnit.channel_id).where(ChannelUnit.unit_id.in_(units))
    usable = (
        select(channel.id)
        .join(owner, owner.id == channel.unit_id)
        .where(
            or_(
                channel.unit_id.in_(units),
                (channel.used_by == "subtree") & below,
                (channel.used_by == "units") & channel.id.in_(named),
            )
        )
    )
    return FoundPost.channel_id.in_(usable)
