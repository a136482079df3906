"""Connect: the network's sign-in from the click to the channel, and the check of a connected one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import channels
from app.connectors.contract import Connected, Health, Place
from app.connectors.failures import ConnectorFailure, Reconnect
from app.connectors.reasons import Reason
from app.domain.errors import Forbidden, Invalid
from app.domain.networks import NetworkKind, Realm
from app.domain.roles import Actor, Right
from app.errands import reach
from app.errands.ground import CLOCK, Ground, app_for, line_to
from app.foundation import clock
from app.foundation.crypto import CannotOpen, new_token
from app.models.channels import Channel
from app.models.connections import Connection
from app.queries import channels as questions


@dataclass(frozen=True)
class Choice:
    """A finished sign-in: the connection's id, who signed in there, the places to choose from."""

    connection_id: int
    unit_id: int
    realm: Realm
    person_name: str
    declined: tuple[str, ...]
    places: tuple[Place, ...]


def callback_address(ground: Ground) -> str:
    """The address that the network sends the browser back to; it must be entered in the Meta app as it is."""
    return f"{ground.settings.address}/channels/callback"


def begin(
    ground: Ground, actor: Actor, data: channels.BeginInput, sign_in_id: int | None, again: bool = False
) -> str:
    """Start a connection; returns the address of the network's dialog. Raises Refusal ("no_meta_app")."""
    state = new_token()
    with ground.database.writes() as session:
        channels.begin(session, actor, data, state, sign_in_id)
        found = app_for(session, ground, data.realm, data.unit_id)
    if found is None:
        raise Invalid("no_meta_app", "realm")
    network = ground.networks(data.network)
    return network.begin_connection(found[0], callback_address(ground), state, again).url


def finish(ground: Ground, actor: Actor, state: str, code: str, sign_in_id: int | None) -> Choice:
    """Take the callback: spend the state, trade the code, keep what came (sealed, 15 minutes).

    Raises Invalid for a callback that is not ours, or ("sign_in_failed") when the network refuses the code.
    """
    with ground.database.writes() as session:
        connection = channels.take_back(session, actor, state, sign_in_id)
        found = app_for(session, ground, connection.realm, connection.unit_id)
    if found is None:
        raise Invalid("no_meta_app", "realm")
    network = ground.networks(connection.network)
    try:
        connected = network.finish_connection(found[0], callback_address(ground), code)
    except ConnectorFailure as failure:
        raise Invalid("sign_in_failed", "code", reason=failure.reason, message=failure.message) from None
    sealed = ground.keyring.seal(_packed(connected), connection.place)
    with ground.database.writes() as session:
        session.execute(update(Connection).where(Connection.id == connection.id).values(sealed=sealed))
    return _choice(connection, connected.person_name, connected.declined, connected.places)


def spend(ground: Ground, actor: Actor, state: str, sign_in_id: int | None) -> Connection:
    """Spend the state of a callback that says "no", so that it can't be used again. Raises Invalid."""
    with ground.database.writes() as session:
        return channels.take_back(session, actor, state, sign_in_id)


def choices(ground: Ground, actor: Actor, connection_id: int) -> Choice:
    """What there is to choose from in a finished sign-in. Raises NotFound after 15 minutes or the choice."""
    with ground.database.reads() as session:
        connection = channels.waiting(session, actor, connection_id)
    return _unpacked(ground, connection)


def choose(ground: Ground, actor: Actor, connection_id: int, remote_ids: Sequence[str]) -> list[int]:
    """Take the chosen places into use; returns the channels' ids. Raises Refusal; then nothing was taken."""
    if not remote_ids:
        raise Invalid("choose_a_place", "places")
    with ground.database.writes() as session:
        connection = channels.waiting(session, actor, connection_id)
        offered = {place.remote_id: place for place in _unpacked(ground, connection).places}
        if not set(remote_ids) <= offered.keys():
            raise Invalid("place_unknown", "places")
        found = app_for(session, ground, connection.realm, connection.unit_id)
        if found is None:
            raise Invalid("no_meta_app", "places")
        made = [
            channels.take_into_use(
                session, actor, ground.keyring, connection, offered[one], (found[0].app_id, found[1])
            )
            for one in dict.fromkeys(remote_ids)
        ]
        connection.finished_at, connection.sealed = clock.now(), None
        ids = [channel.id for channel in made]
    for channel_id in ids:
        check(ground, channel_id)
        reach.begin(ground, channel_id)
    return ids


def check(ground: Ground, channel_id: int) -> Health | None:
    """Ask the network about a channel and keep the answer. None when it did not answer."""
    with ground.database.reads() as session:
        sealed = session.get_one(Channel, channel_id).token_sealed
    try:
        with ground.database.reads() as session:
            line = line_to(session, ground, channel_id)
        health = line.network.check(line.access)
    except CannotOpen:
        health = Health(False, True, (), (), (), None, None, "", Reason.TOKEN_INVALID)
    except Reconnect as failure:
        health = Health(False, True, (), (), (), None, None, "", failure.reason)
    except ConnectorFailure:
        return None
    with ground.database.writes() as session:
        _keep(session, channel_id, sealed, health)
    return health


def check_as(ground: Ground, actor: Actor, channel_id: int) -> Health | None:
    """A check that a person asks for. Raises NotFound, Forbidden."""
    with ground.database.reads() as session:
        channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    return check(ground, channel_id)


def _keep(session: Session, channel_id: int, sealed: str, health: Health) -> None:
    """Keep what a check told, unless another sign-in came meanwhile: it told of the old one."""
    facts = asdict(health)
    for name in ("expires_at", "data_access_until"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    usable = health.valid and health.app_matches and not health.missing_scopes and not health.missing_tasks
    now = clock.now()
    kept = session.execute(
        update(Channel)
        .where(Channel.id == channel_id, Channel.token_sealed == sealed)
        .values(
            health=facts,
            checked_at=now,
            data_access_until=health.data_access_until,
            token_state="ok" if usable else "dead",
            token_reason="" if usable else (health.reason or "permission_missing"),
        )
        .returning(Channel.id)
    ).scalar_one_or_none()
    if kept and usable:
        # The cause is gone, by whatever means: a password was confirmed at the network, a role given back.
        channels.end_reconnect_holds(session, CLOCK, session.get_one(Channel, channel_id), now)


def _packed(connected: Connected) -> str:
    return json.dumps(
        {
            "person": connected.person_name,
            "declined": connected.declined,
            "places": [asdict(place) for place in connected.places],
        }
    )


def _unpacked(ground: Ground, connection: Connection) -> Choice:
    assert connection.sealed is not None
    kept = json.loads(ground.keyring.open(connection.sealed, connection.place))
    places = tuple(_place(one) for one in kept["places"])
    return _choice(connection, kept["person"], tuple(kept["declined"]), places)


def _place(kept: dict[str, Any]) -> Place:
    lists = {name: tuple(kept[name]) for name in ("tasks", "missing_scopes", "missing_tasks")}
    return Place(**{**kept, **lists, "network": NetworkKind(kept["network"])})


def _choice(
    connection: Connection, person_name: str, declined: tuple[str, ...], places: tuple[Place, ...]
) -> Choice:
    return Choice(connection.id, connection.unit_id, connection.realm, person_name, declined, places)
