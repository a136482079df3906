"""`kuliss create-admin`: a one-time link, for the first person of all or for one who can't get in."""

import argparse
import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import links
from app.cli.opening import opened
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.people import Membership
from app.queries import identity

BY_HAND = Actor(None, Scope(), via="cli")


def arguments(parser: argparse.ArgumentParser) -> None:
    """--email names the person once there is somebody."""
    parser.add_argument("--email", default="", help="whose link, once the library is made")


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Print the link alone on standard output; 1 with the reason where none can be made."""
    with opened(settings) as database, database.writes() as session:
        link, trouble = _link(session, given.email, settings)
    print(link or trouble, file=sys.stdout if link else sys.stderr)
    return 0 if link else 1


def _link(session: Session, email: str, settings: Settings) -> tuple[str, str]:
    """(address, "") or ("", what is wrong)."""
    if not identity.has_begun(session):
        return f"{settings.address}/first/{links.make_first(session, BY_HAND, clock.now())}", ""
    if not email:
        return (
            "",
            "The library is made already. Name the person who needs a link: --email name@library.example",
        )
    person = identity.person_named(session, email)
    if person is None:
        return "", f"Nobody has the e-mail {email}. An administrator adds people on the page People."
    if not person.active:
        return "", f"The account of {email} is closed. An administrator opens it on the page People."
    if session.scalar(select(Membership.id).where(Membership.person_id == person.id).limit(1)) is None:
        return "", f"{email} has no role in any unit. An administrator gives roles on the page People."
    return f"{settings.address}/link/{links.make(session, BY_HAND, person, clock.now())}", ""


def first_link(database: Database, settings: Settings) -> str:
    """The address for the very first person; an empty text once a library is made."""
    with database.reads() as session:
        if identity.has_begun(session):
            return ""
    with database.writes() as session:
        return _link(session, "", settings)[0]
