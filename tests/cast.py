"""The standing cast: a network with a library and two branches, who works there, and a stranger."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.roles import Actor, Role
from app.domain.units import UnitKind
from app.models.units import Unit
from app.queries.scopes import scope_of
from tests.builders import people, unit


@dataclass(frozen=True)
class Cast:
    """Units by name, and people as actors; where nothing else is said, people of Koivuranta."""

    network: Unit
    library: Unit
    koivuranta: Unit
    myllymaki: Unit
    elsewhere: Unit
    administrator: Actor  # of the whole network
    coordinator: Actor
    editor: Actor
    approver: Actor
    contributor: Actor
    manager: Actor
    sibling_editor: Actor  # of Myllymäki
    stranger: Actor  # administrator of another root


def gather(session: Session) -> Cast:
    """Everybody, in a database that may hold others already."""
    network = unit(session, "Saaristo Libraries", kind=UnitKind.NETWORK)
    library = unit(session, "Saarivesi City Library", network, UnitKind.LIBRARY)
    koivuranta, myllymaki = unit(session, "Koivuranta", library), unit(session, "Myllymäki", library)
    elsewhere = unit(session, "Another Library")

    places = {
        "Aino Lehtinen": (network, Role.ADMINISTRATOR),
        "Mikael Berg": (koivuranta, Role.COORDINATOR),
        "Sara Niemi": (koivuranta, Role.EDITOR),
        "Olli Laine": (koivuranta, Role.APPROVER),
        "Veera Salo": (koivuranta, Role.CONTRIBUTOR),
        "Pirjo Koski": (koivuranta, Role.MANAGER),
        "Jonne Aalto": (myllymaki, Role.EDITOR),
        "Somebody Else": (elsewhere, Role.ADMINISTRATOR),
    }
    rows = people(session, places)
    actors = [Actor(row.id, scope_of(session, row.id), row.name, row.locale) for row in rows]
    return Cast(network, library, koivuranta, myllymaki, elsewhere, *actors)
