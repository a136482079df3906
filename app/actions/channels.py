"""Channels: a connection begun, places taken into use, sign-ins renewed, the Meta app of a unit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import history, publication_moves
from app.connectors.contract import Place
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import HoldReason, Status, is_too_late
from app.domain.roles import Actor, Right
from app.domain.texts import normalise
from app.foundation import clock
from app.foundation.crypto import Keyring, token_hash
from app.foundation.database import is_id
from app.models.channels import Channel, token_place
from app.models.connections import Connection
from app.models.holds import Hold
from app.models.leases import ChannelLease
from app.models.meta_apps import MetaApp
from app.models.posts import Post, Review
from app.models.publications import Publication
from app.queries import channels as questions

STATE_LIFE = timedelta(minutes=10)
CHOICE_LIFE = timedelta(minutes=15)


class BeginInput(BaseModel):
    """Which unit wants to connect which network, in which realm."""

    model_config = ConfigDict(extra="forbid")

    unit_id: int
    network: NetworkKind = NetworkKind.FACEBOOK
    realm: Realm = Realm.PRACTICE


class MetaAppInput(BaseModel):
    """A Meta app's id and secret, as its page at Meta shows them."""

    model_config = ConfigDict(extra="forbid")

    app_id: Annotated[str, Field(max_length=40)]
    secret: Annotated[str, Field(max_length=200)]


class ChannelEdit(BaseModel):
    """How a channel is called here, who may use it, and whether it is in use."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)]
    used_by: Literal["unit", "subtree"]
    state: Literal[ChannelState.ACTIVE, ChannelState.DORMANT, ChannelState.CLOSED] = ChannelState.ACTIVE


def begin(session: Session, actor: Actor, data: BeginInput, state: str, sign_in_id: int | None) -> Connection:
    """Note that a connection begins, under the hash of a fresh secret `state`. Raises Invalid, Forbidden."""
    if data.unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    if not actor.scope.may(Right.CHANNELS, data.unit_id) or actor.person_id is None:
        raise Forbidden("not_allowed")
    connection = Connection(
        state_hash=token_hash(state),
        person_id=actor.person_id,
        sign_in_id=sign_in_id,
        unit_id=data.unit_id,
        network=data.network,
        realm=data.realm,
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
    """A connection of the actor's that waits for the choice of places. Raises NotFound."""
    found = session.get(Connection, connection_id) if is_id(connection_id) else None
    if (
        found is None
        or found.person_id != actor.person_id
        or found.sealed is None
        or found.finished_at is not None
        or found.returned_at is None
        or found.returned_at + CHOICE_LIFE < clock.now()
    ):
        raise NotFound
    return found


def take_into_use(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    connection: Connection,
    place: Place,
    app: tuple[str, int | None],
) -> Channel:
    """Make a place a channel, or renew the sign-in of the channel that it is, in this one transaction.

    `app`: the app id that the token belongs to, and the unit whose app it is. Raises Forbidden, and Invalid
    when something is missing at the network or another unit has the place.
    """
    channel = _known(session, actor, connection, place)
    now = clock.now()
    sealed = keyring.seal(place.token, token_place(place.network, connection.realm, place.remote_id))
    if channel is None:
        channel = _new(session, connection, place)
    old = channel.state if channel.id else None
    channel.token_sealed, channel.token_state, channel.token_reason = sealed, "ok", ""
    channel.app_id, channel.app_unit_id = app
    channel.page_id = place.page_id
    channel.connected_by_id, channel.connected_at = actor.person_id, now
    session.flush()
    if old is None:
        session.add(ChannelLease(channel_id=channel.id, token=0))
    verb = "connected" if old is None else "reconnected"
    history.record(
        session, actor, "channel", channel.id, verb,
        unit_id=channel.unit_id, old=old, new=channel.state, now=now, name=place.name,
    )  # fmt: skip
    end_reconnect_holds(session, actor, channel, now)
    return channel


def edit(session: Session, actor: Actor, channel_id: int, data: ChannelEdit) -> Channel:
    """Rename a channel, say who may use it, rest or close it. Raises NotFound, Forbidden, Invalid."""
    channel = _own(session, actor, channel_id)
    name = normalise(data.name)
    if not name:
        raise Invalid("name_missing", "name")
    now = clock.now()
    old = channel.state
    channel.name, channel.used_by, channel.state = name, data.used_by, data.state
    history.record(
        session, actor, "channel", channel.id, "edited",
        unit_id=channel.unit_id, old=old, new=channel.state, now=now, name=name, used_by=data.used_by,
    )  # fmt: skip
    return channel


def set_meta_app(
    session: Session, actor: Actor, keyring: Keyring, unit_id: int, data: MetaAppInput
) -> MetaApp:
    """Enter or change the Meta app of a unit; units below inherit it. Raises NotFound, Forbidden, Invalid."""
    if unit_id not in actor.scope.units:
        raise NotFound
    if not actor.scope.may(Right.CHANNELS, unit_id):
        raise Forbidden("not_allowed")
    app_id, secret = data.app_id.strip(), data.secret.strip()
    if not (app_id.isascii() and app_id.isdigit()):
        raise Invalid("bad_app_id", "app_id")
    if len(secret) < 16:
        raise Invalid("bad_app_secret", "secret")
    now = clock.now()
    sealed = keyring.seal(secret, MetaApp.place(unit_id))
    app = session.get(MetaApp, unit_id)
    if app is None:
        app = MetaApp(unit_id=unit_id, app_id=app_id, secret_sealed=sealed, changed_at=now)
        session.add(app)
    app.app_id, app.secret_sealed, app.changed_at = app_id, sealed, now
    history.record(session, actor, "unit", unit_id, "meta_app_set", unit_id=unit_id, now=now, app_id=app_id)
    return app


def _own(session: Session, actor: Actor, channel_id: int) -> Channel:
    channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    return channel


def _known(session: Session, actor: Actor, connection: Connection, place: Place) -> Channel | None:
    """The channel that a place is already, None when it is new. Raises when the actor may not take it."""
    if not actor.scope.may(Right.CHANNELS, connection.unit_id):
        raise Forbidden("not_allowed")
    if place.missing_scopes or place.missing_tasks:
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
