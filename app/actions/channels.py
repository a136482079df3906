"""Channels: a connection begun, places taken into use, sign-ins renewed, who may use a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.actions import channel_states, channel_tokens, history, publication_moves
from app.actions.inputs import Id
from app.connectors.contract import Place
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import HoldReason, Status, is_too_late
from app.domain.roles import Actor, Right
from app.domain.texts import normalise
from app.foundation import clock
from app.foundation.crypto import Keyring, token_hash
from app.foundation.database import is_id, lock
from app.models.channels import Channel, ChannelUnit
from app.models.connections import Connection
from app.models.holds import Hold
from app.models.leases import ChannelLease
from app.models.posts import Post, Review
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from app.models.units import Unit
from app.queries import channels as questions
from app.queries import examples

UsedBy = Literal["unit", "subtree", "units"]
STATE_LIFE = timedelta(minutes=10)
CHOICE_LIFE = timedelta(minutes=15)
_LIES_READY = (Status.STAGED, Status.PUBLISHING, Status.UNSURE)


class BeginInput(BaseModel):
    """Which unit wants to connect which network, in which realm.

    `channel_id`: this channel shall be connected again, and no other page in its place. `portfolio`: also
    list pages that come through a business portfolio.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: int
    network: NetworkKind = NetworkKind.FACEBOOK
    realm: Realm = Realm.PRACTICE
    channel_id: Id | None = None
    portfolio: bool = False


class ChannelEdit(BaseModel):
    """How a channel is called here, who may use it, and whether it is in use.

    `used_by`: only its unit, every unit below it too, or those of them that `units` names.
    """

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)]
    used_by: UsedBy
    units: Annotated[list[Id], Field(max_length=2000)] = []
    state: ChannelState = ChannelState.ACTIVE


def begin(session: Session, actor: Actor, data: BeginInput, state: str, sign_in_id: int | None) -> Connection:
    """Note that a connection begins, under the hash of a fresh secret `state`. Raises Invalid, Forbidden."""
    if data.unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    if not actor.scope.may(Right.CHANNELS, data.unit_id) or actor.person_id is None:
        raise Forbidden("not_allowed")
    if data.network is NetworkKind.MANUAL:
        raise Invalid("network_by_hand", "network")
    if data.realm is not Realm.PRACTICE and examples.is_example(session, actor.scope, data.unit_id):
        raise Invalid("example_only_practises", "realm")
    again = _own(session, actor, data.channel_id) if data.channel_id else None
    if again is not None and (again.unit_id, again.realm) != (data.unit_id, data.realm):
        raise NotFound
    connection = Connection(
        state_hash=token_hash(state),
        person_id=actor.person_id,
        sign_in_id=sign_in_id,
        unit_id=data.unit_id,
        network=data.network,
        realm=data.realm,
        channel_id=data.channel_id,
        expires_at=clock.now() + STATE_LIFE,
    )
    session.add(connection)
    session.flush()
    return connection


def take_back(session: Session, actor: Actor, state: str, sign_in_id: int | None) -> Connection:
    """The connection that a callback's state belongs to, spent by this call.

    Raises Invalid ("callback_unknown") when it is not ours, too old, used, or of another person or browser.
    """
    now = clock.now()
    taken = session.execute(
        update(Connection)
        .where(
            Connection.state_hash == token_hash(state),
            Connection.person_id == actor.person_id,
            Connection.sign_in_id.is_not_distinct_from(sign_in_id),
            Connection.returned_at.is_(None),
            Connection.expires_at > now,
        )
        .values(returned_at=now)
        .returning(Connection.id)
    ).scalar_one_or_none()
    if taken is None:
        raise Invalid("callback_unknown", "state")
    return session.get_one(Connection, taken)


def waiting(session: Session, actor: Actor, connection_id: int) -> Connection:
    """A connection of the actor's that waits for the choice of places.

    Raises NotFound, and Conflict ("choice_made", "choice_late") when it was made or its time has passed.
    """
    found = session.get(Connection, connection_id) if is_id(connection_id) else None
    if found is None or found.person_id != actor.person_id or found.returned_at is None:
        raise NotFound
    if found.finished_at is not None:
        raise Conflict("choice_made")
    if found.sealed is None or found.returned_at + CHOICE_LIFE < clock.now():
        raise Conflict("choice_late")
    return found


@dataclass(frozen=True)
class Signed:
    """Whose sign-in it is: the app that its tokens belong to, the unit whose app that is (None: that of the
    settings), and the person as the network knows them. `new_app`: leave the app that a channel had before.
    """

    app_id: str
    app_unit_id: int | None
    remote_person: str = ""
    new_app: bool = False


def take_into_use(
    session: Session, actor: Actor, keyring: Keyring, connection: Connection, place: Place, signed: Signed
) -> Channel:
    """Make a place a channel, or renew the sign-in of the channel that it is, in this one transaction.

    Raises Forbidden, and Invalid when something is missing at the network, another unit has the place, or the
    channel was connected by another app.
    """
    channel = _known(session, actor, connection, place)
    now = clock.now()
    old = channel.state if channel else None
    if channel is None:
        channel = _new(session, connection, place)
    else:
        lock(session, channel)
        _check_app(session, actor, channel, signed, now)
    channel.token_state, channel.token_reason = channel_tokens.OK, ""
    channel.app_id, channel.app_unit_id = signed.app_id, signed.app_unit_id
    channel.page_id = place.page_id
    channel.connected_by_id, channel.connected_at = actor.person_id, now
    session.flush()
    if old is None:
        session.add(ChannelLease(channel_id=channel.id, token=0))
    sealed = keyring.seal(place.token, channel.place)
    channel_tokens.give(session, actor, channel, sealed, now, signed.remote_person)
    channel_tokens.end_others(session, channel, now)
    verb = "connected" if old is None else "reconnected"
    history.record(
        session, actor, "channel", channel.id, verb,
        unit_id=channel.unit_id, old=old, new=channel.state, now=now, name=place.name,
    )  # fmt: skip
    end_reconnect_holds(session, actor, channel, now)
    return channel


def _check_app(session: Session, actor: Actor, channel: Channel, signed: Signed, now: datetime) -> None:
    """Refuse another app than the channel's unless it is meant, and while something lies ready with the old.

    What one app made another may not change (Meta, Pages API, posts). Raises Invalid.
    """
    if channel.app_id == signed.app_id:
        return
    told = {"name": channel.name, "old": channel.app_id, "new": signed.app_id}
    if not signed.new_app:
        raise Invalid("channel_other_app", "new_app", **told)
    under_way = select(Publication.id).where(
        Publication.channel_id == channel.id, Publication.status.in_(_LIES_READY)
    )
    if session.scalar(under_way.limit(1)) is not None:
        raise Invalid("channel_lies_ready", "new_app", **told)
    # What else was prepared is laid ready anew.
    its = select(Publication.id).where(Publication.channel_id == channel.id)
    session.execute(
        update(RemoteObject)
        .where(RemoteObject.publication_id.in_(its), RemoteObject.good_until > now)
        .values(good_until=now),
        execution_options={"synchronize_session": False},
    )
    history.record(
        session, actor, "channel", channel.id, "app_changed",
        unit_id=channel.unit_id, now=now, old_app=channel.app_id, new_app=signed.app_id,
    )  # fmt: skip


def edit(session: Session, actor: Actor, channel_id: int, data: ChannelEdit) -> Channel:
    """Rename a channel, say who may use it, rest it or take it into use again.

    Raises NotFound, Forbidden, Invalid, Conflict; see `channel_states` for what a state needs.
    """
    channel = _own(session, actor, channel_id)
    name = normalise(data.name)
    if not name:
        raise Invalid("name_missing", "name")
    channel_states.check(session, actor, channel, data.state)
    now = clock.now()
    old = channel.state
    channel.name, channel.state = name, data.state
    share(session, channel, data.used_by, data.units)
    history.record(
        session, actor, "channel", channel.id, "edited",
        unit_id=channel.unit_id, old=old, new=channel.state, now=now, name=name, used_by=data.used_by,
        units=sorted(set(data.units)) if data.used_by == "units" else None,
    )  # fmt: skip
    return channel


def share(session: Session, channel: Channel, used_by: UsedBy, unit_ids: Sequence[int]) -> None:
    """Say who may use a channel. The units that are named lie below its own: others never see each other.

    What is planned already stays. Raises Invalid ("units_not_below").
    """
    path = session.scalars(select(Unit.path).where(Unit.id == channel.unit_id)).one()
    below = session.scalars(select(Unit.id).where(Unit.path.startswith(path), Unit.id != channel.unit_id))
    wanted = set(unit_ids) if used_by == "units" else set()
    if not wanted <= set(below):
        raise Invalid("units_not_below", "units")
    if used_by == "units" and not wanted:
        raise Invalid("choose_a_unit", "units")
    channel.used_by = used_by
    session.flush()
    session.execute(delete(ChannelUnit).where(ChannelUnit.channel_id == channel.id))
    session.add_all(ChannelUnit(channel_id=channel.id, unit_id=one) for one in sorted(wanted))
    session.flush()


def _own(session: Session, actor: Actor, channel_id: int) -> Channel:
    channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    return channel


def _known(session: Session, actor: Actor, connection: Connection, place: Place) -> Channel | None:
    """The channel that a place is already, None when it is new. Raises when the actor may not take it."""
    if not actor.scope.may(Right.CHANNELS, connection.unit_id):
        raise Forbidden("not_allowed")
    if place.missing_scopes or place.missing_tasks or not place.token:
        raise Invalid("place_lacks_rights", "places", name=place.name)
    channel = session.scalar(
        select(Channel).where(
            Channel.network == place.network,
            Channel.realm == connection.realm,
            Channel.remote_id == place.remote_id,
        )
    )
    if channel is not None and not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Invalid("channel_taken", "places", name=place.name)
    return channel


def _new(session: Session, connection: Connection, place: Place) -> Channel:
    channel = Channel(
        unit_id=connection.unit_id,
        network=place.network,
        realm=connection.realm,
        remote_id=place.remote_id,
        name=place.name[:200],
        used_by="subtree",
        state=ChannelState.ACTIVE,
        health={},
        clock_offset=0.0,
    )
    session.add(channel)
    return channel


def _end_holds(
    session: Session, actor: Actor, publication_ids: Sequence[int], now: datetime
) -> dict[int, datetime]:
    """End the holds of a dead sign-in; returns since when each publication stood still (UTC)."""
    ended = session.execute(
        update(Hold)
        .where(
            Hold.publication_id.in_(publication_ids),
            Hold.reason == HoldReason.RECONNECT,
            Hold.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by_id=actor.person_id)
        .returning(Hold.publication_id, Hold.since_at),
        execution_options={"synchronize_session": False},
    )
    return {row.publication_id: row.since_at for row in ended}


def _has_the_same_yes(session: Session, post: Post, since: datetime) -> bool:
    """Whether the yes with which it waited stands: nothing was changed, even if who said it has left."""
    if post.status is not PostStatus.APPROVED:
        return False
    said = select(Review.id).where(
        Review.revision_id == post.revision_id, Review.kind == ReviewKind.APPROVED, Review.at <= since
    )
    return session.scalar(said.limit(1)) is not None


def end_reconnect_holds(session: Session, actor: Actor, channel: Channel, now: datetime) -> None:
    """What stood still for the dead sign-in goes on by itself within its lateness limit; the rest asks.

    It waits for a new yes if its post was changed meanwhile: an edit does not touch what is held.
    """
    waiting = select(Publication.post_id).where(
        Publication.channel_id == channel.id, Publication.status == Status.HELD
    )
    # Posts before publications, as everywhere: so no edit and no yes falls between.
    posts = select(Post).where(Post.id.in_(waiting)).order_by(Post.id).with_for_update()
    by_id = {post.id: post for post in session.scalars(posts)}
    rows = session.scalars(
        select(Publication)
        .where(
            Publication.channel_id == channel.id,
            Publication.status == Status.HELD,
            Publication.post_id.in_(list(by_id)),
        )
        .order_by(Publication.due_at)
        .with_for_update()
    ).all()
    since = _end_holds(session, actor, [row.id for row in rows], now)
    for publication in rows:
        if publication_moves.open_holds(session, publication.id):
            continue
        late = is_too_late(publication.due_at, publication.lateness, now)
        post = by_id[publication.post_id]
        if publication.id in since and _has_the_same_yes(session, post, since[publication.id]):
            ready = Status.PLANNED
        else:
            ready = publication_moves.ready_status(session, post, channel)
        new = Status.MISSED if late else ready
        step_at = publication_moves.step_time(session, publication, channel, new)
        publication_moves.step(session, actor, publication, new, "reconnected", now, step_at)
