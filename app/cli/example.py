"""`kuliss example`: make the example library, or remove it, a line for each part; links to look around."""

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext

from app.actions import links
from app.cli import beside
from app.cli.opening import opened
from app.domain.errors import Refusal
from app.domain.examples import Part, percent
from app.domain.roles import Actor, Scope
from app.errands.examples import making, network, removing, texts
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.people import Person
from app.queries import examples
from app.words.examples import PARTS, people
from app.words.sentences import faults

BY_HAND = Actor(None, Scope(), via="cli")
_WAIT = 60  # tries, a quarter of a second apart, until the practice network answers


def arguments(parser: argparse.ArgumentParser) -> None:
    """--language of its texts; --remove."""
    parser.add_argument(
        "--language", choices=texts.LOCALES, default="sv", help="of its texts; sv unless said otherwise"
    )
    parser.add_argument("--remove", action="store_true", help="take it away again, with everything in it")
    parser.add_argument("--links", action="store_true", help="print fresh links for looking around in it")


def run(given: argparse.Namespace, settings: Settings) -> int:
    """0, or 1 with what is wrong on standard error."""
    try:
        with opened(settings) as database:
            ground = Ground(settings, database, keyring(settings.data_dir))
            try:
                _do(ground, given)
            finally:
                ground.close()
    except Refusal as refusal:
        for fault in faults(refusal, "en"):
            print(fault.sentence, file=sys.stderr)
        return 1
    return 0


def _do(ground: Ground, given: argparse.Namespace) -> None:
    if given.links:
        _print_links(ground.database, ground.settings)
        return
    with _practice(ground):
        if given.remove:
            rows = removing.remove(ground, BY_HAND)
            print(f"The example library is gone: {rows} rows, its pictures, its pages. Nothing else changed.")
            return
        making.make(ground, BY_HAND, given.language, _Progress())
    print("\nThe example library is made. Its numbers are simulated, and nothing in it can reach the public.")
    _print_links(ground.database, ground.settings)


class _Progress:
    """One line for each part, on standard error."""

    def __init__(self) -> None:
        self._part = ""

    def __call__(self, part: str, done: int, total: int) -> None:
        if part != self._part:
            self._part = part
            print(f"{percent(part, done, total):>4} %  {PARTS[Part(part)]}", file=sys.stderr, flush=True)


def _print_links(database: Database, settings: Settings) -> None:
    """A link for each role, good once and for seven days."""
    with database.reads() as session:
        faces = people(examples.faces(session, Scope()), "en")
    first = {face.role: face for face in reversed(faces)}
    print("Look around as (each link works once, for seven days):\n")
    for face in sorted(first.values(), key=lambda one: one.id):
        with database.writes() as session:
            token = links.make(session, BY_HAND, session.get_one(Person, face.id), clock.now())
        print(f"  {face.role:<16}{settings.address}/example/come-in/{token}")


def _practice(ground: Ground) -> AbstractContextManager[None]:
    """The practice network: the one that runs, else one of our own for as long as this takes."""
    if _answers(ground):
        return nullcontext()
    return _Own(ground)


def _answers(ground: Ground) -> bool:
    try:
        network.ask(ground, "switches", {"switches": {}})
    except Refusal:
        return False
    return True


class _Own(AbstractContextManager[None]):
    """A practice network beside us, once it answers."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._child = ground, beside.practice(ground.settings)

    def __enter__(self) -> None:
        self._child.__enter__()
        for _ in range(_WAIT):
            if _answers(self._ground):
                return
            clock.pause(0.25)

    def __exit__(self, *told: object) -> None:
        self._child.__exit__(None, None, None)
