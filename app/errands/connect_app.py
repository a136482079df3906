"""The Meta app of a unit changed: channels that spoke through another stand still until connected again."""

from app.actions import meta_apps
from app.actions.channel_tokens import OTHER_APP
from app.actions.meta_apps import MetaAppInput
from app.connectors import http, meta_app
from app.connectors.meta_app import AppFacts
from app.domain.networks import Realm
from app.domain.roles import Actor
from app.errands import settle
from app.errands.ground import Ground, app_for
from app.queries import meta_apps as questions


def put(ground: Ground, actor: Actor, unit_id: int, data: MetaAppInput) -> int:
    """Enter or change a unit's app; returns how many channels must be connected again. Raises Refusal."""
    with ground.database.writes() as session:
        parted = meta_apps.put(session, actor, ground.keyring, unit_id, data)
        for channel_id in parted:
            settle.sign_in_died(session, channel_id, OTHER_APP)
    return len(parted)


def remove(ground: Ground, actor: Actor, unit_id: int, sure: bool) -> int:
    """Take a unit's own app away; returns how many channels must be connected again. Raises Refusal."""
    with ground.database.writes() as session:
        inherited = questions.inherited(session, actor.scope, unit_id, ground.settings.meta_app_id)
        parted = meta_apps.remove(session, actor, unit_id, inherited, sure)
        for channel_id in parted:
            settle.sign_in_died(session, channel_id, OTHER_APP)
    return len(parted)


def ask(ground: Ground, realm: Realm, unit_id: int, wire: http.Wire | None = None) -> AppFacts | None:
    """What the network tells of the app that holds for a unit; None when there is none. Holds no session."""
    with ground.database.reads() as session:
        found = app_for(session, ground, realm, unit_id)
    return meta_app.facts(found[0], wire) if found else None
