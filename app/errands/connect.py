"""Connect: the network's sign-in from the click to the channel."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import channels
from app.connectors import meta_places
from app.connectors.contract import Connected, Place
from app.connectors.failures import ConnectorFailure
from app.domain.errors import Invalid
from app.domain.networks import NetworkKind, Realm
from app.domain.roles import Actor
from app.errands import reach
from app.errands.connect_check import check, check_as
from app.errands.ground import Ground, app_for
from app.foundation import clock
from app.foundation.crypto import new_token
from app.models.channels import Channel
from app.models.connections import Connection

__all__ = ["Choice", "begin", "callback_address", "check", "check_as", "choices", "choose", "finish", "spend"]


@dataclass(frozen=True)
class Choice:
    """A finished sign-in: the connection's id, who signed in there, the places to choose from.

    `person_id`: as the network's app knows them. `portfolios`: pages of business portfolios were asked for
    and allowed. `channel_id`: the channel that shall be connected again, if it is about one.
    """

    connection_id: int
    unit_id: int
    realm: Realm
    person_name: str
    declined: tuple[str, ...]
    places: tuple[Place, ...]
    person_id: str = ""
    portfolios: bool = False
    channel_id: int | None = None


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
    return network.begin_connection(found[0], callback_address(ground), state, again, data.portfolio).url


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
    return _unpacked(ground, connection, sealed)


def spend(ground: Ground, actor: Actor, state: str, sign_in_id: int | None) -> Connection:
    """Spend the state of a callback that says "no", so that it can't be used again. Raises Invalid."""
    with ground.database.writes() as session:
        return channels.take_back(session, actor, state, sign_in_id)


def choices(ground: Ground, actor: Actor, connection_id: int) -> Choice:
    """What there is to choose from in a finished sign-in.

    Raises NotFound, and Conflict after 15 minutes or the choice.
    """
    with ground.database.reads() as session:
        connection = channels.waiting(session, actor, connection_id)
    return _unpacked(ground, connection)


def choose(
    ground: Ground, actor: Actor, connection_id: int, remote_ids: Sequence[str], new_app: bool = False
) -> list[int]:
    """Take the chosen places into use; returns the channels' ids. Raises Refusal; then nothing was taken.

    `new_app`: channels that another app connected leave it.
    """
    if not remote_ids:
        raise Invalid("choose_a_place", "places")
    with ground.database.writes() as session:
        connection = channels.waiting(session, actor, connection_id)
        choice = _unpacked(ground, connection)
        offered = {place.remote_id: place for place in choice.places}
        if not set(remote_ids) <= offered.keys():
            raise Invalid("place_unknown", "places")
        _check_same_place(session, connection, remote_ids)
        found = app_for(session, ground, connection.realm, connection.unit_id)
        if found is None:
            raise Invalid("no_meta_app", "places")
        signed = channels.Signed(found[0].app_id, found[1], choice.person_id, new_app)
        made = [
            channels.take_into_use(session, actor, ground.keyring, connection, offered[one], signed)
            for one in dict.fromkeys(remote_ids)
        ]
        connection.finished_at, connection.sealed = clock.now(), None
        ids = [channel.id for channel in made]
    for channel_id in ids:
        check(ground, channel_id)
        reach.begin(ground, channel_id)
    return ids


def _check_same_place(session: Session, connection: Connection, remote_ids: Sequence[str]) -> None:
    """Refuse to connect another page in the place of the one that was meant. Raises Invalid."""
    if connection.channel_id is None:
        return
    channel = session.get_one(Channel, connection.channel_id)
    if channel.remote_id not in remote_ids:
        raise Invalid("other_place", "places", name=channel.name)


def _packed(connected: Connected) -> str:
    return json.dumps(
        {
            "person": connected.person_name,
            "person_id": connected.person_id,
            "scopes": connected.scopes,
            "declined": connected.declined,
            "places": [asdict(place) for place in connected.places],
        }
    )


def _unpacked(ground: Ground, connection: Connection, sealed: str = "") -> Choice:
    """What a finished sign-in gave. `sealed`: what is about to be kept; else what the connection keeps."""
    text = sealed or connection.sealed
    assert text is not None
    kept = json.loads(ground.keyring.open(text, connection.place))
    return Choice(
        connection.id,
        connection.unit_id,
        connection.realm,
        kept["person"],
        tuple(kept["declined"]),
        tuple(_place(one) for one in kept["places"]),
        kept.get("person_id", ""),
        meta_places.PORTFOLIO_SCOPE in kept.get("scopes", ()),
        connection.channel_id,
    )


def _place(kept: dict[str, Any]) -> Place:
    lists = {name: tuple(kept[name]) for name in ("tasks", "missing_scopes", "missing_tasks")}
    return Place(**{**kept, **lists, "network": NetworkKind(kept["network"])})
