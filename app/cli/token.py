"""`kuliss token create | list | revoke`: keys for programs that work in a person's name."""

import argparse
import sys

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.actions import tokens
from app.cli.opening import opened
from app.domain.errors import Invalid, Refusal
from app.domain.roles import Actor, Scope
from app.foundation.settings import Settings
from app.models.people import Person
from app.queries import identity
from app.queries import tokens as questions
from app.words.sentences import faults
from app.words.validation import invalid

BY_HAND = Actor(None, Scope(), via=tokens.COMMAND_LINE)


def arguments(parser: argparse.ArgumentParser) -> None:
    """One verb each, with whose tokens they are."""
    verbs = parser.add_subparsers(dest="verb", metavar="create | list | revoke", required=True)
    create = verbs.add_parser("create", help="make a token and print it, this one time")
    create.add_argument("--email", required=True, help="whose name the program works in")
    create.add_argument("--name", required=True, help="what the token is for")
    create.add_argument("--scope", choices=["read", "write"], default="read", help="read (usual) or write")
    listed = verbs.add_parser("list", help="the working tokens of a person")
    listed.add_argument("--email", required=True)
    revoke = verbs.add_parser("revoke", help="have a token stop working")
    revoke.add_argument("id", type=int, help="its number, as `list` shows it")


def run(given: argparse.Namespace, settings: Settings) -> int:
    """0, or 1 with what is wrong on standard error."""
    try:
        with opened(settings) as database, database.writes() as session:
            said = _do(session, given)
    except Refusal as refusal:
        for fault in faults(refusal, "en"):
            print(f"--{fault.field}: {fault.sentence}" if fault.field else fault.sentence, file=sys.stderr)
        return 1
    print(said)
    return 0


def _do(session: Session, given: argparse.Namespace) -> str:
    if given.verb == "revoke":
        tokens.revoke(session, BY_HAND, given.id)
        return f"Token {given.id} doesn't work any more."
    person = identity.person_named(session, given.email)
    if person is None or not person.active:
        raise Invalid("nobody_named", "email")
    return _create(session, person, given) if given.verb == "create" else _list(session, person)


def _create(session: Session, person: Person, given: argparse.Namespace) -> str:
    try:
        data = tokens.NewToken(name=given.name, scope=given.scope)
    except ValidationError as error:
        raise invalid(error) from None
    return tokens.create(session, BY_HAND, person.id, data)[1]


def _list(session: Session, person: Person) -> str:
    rows = questions.tokens(session, BY_HAND.scope, person.id)
    lines = [f"{row.id:>5}  {row.scope:<5}  {row.created_at:%Y-%m-%d}  {row.name}" for row in rows]
    return "\n".join(lines) or f"{person.email} has no tokens."
