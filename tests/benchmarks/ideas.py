"""Fifty thousand ideas beside 20,000 posts, and the example library: made by its command, then looked at."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.actions import examples
from app.domain.publications import Status
from app.domain.roles import Role, Scope
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.models.publications import Publication
from app.models.strategies import Strategy
from app.queries import examples as questions
from tests.benchmarks import slow_line
from tests.benchmarks.filling import HOME, fill, person_in
from tests.benchmarks.pages import COLUMNS, RUNS, WARM, asked
from tests.benchmarks.serving import Served, serving
from tests.benchmarks.slow_line import Screen
from tests.benchmarks.suggestions import RARE, Suggested, suggest
from tests.benchmarks.tables import Figure, show
from tests.support.databases import Databases
from tests.support.server import free_port

IDEAS, POSTS = 50_000, 20_000
MADE_IN = 60.0  # seconds
PATIENCE = 300.0
TIMES = f"{RUNS} runs each after {WARM} to warm up, over HTTP to another process."


def run(name: str, databases: Databases) -> bool:
    """Everything on one kind of database; prints as it goes."""
    good = show(f"Pages among ideas on {name}", f"{IDEAS:,} ideas and {POSTS:,} posts in 40 units; {TIMES}",
                COLUMNS, _many(databases))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        made = [Figure("`kuliss example`, s", [(_make(url, Path(folder)), MADE_IN)], ".1f")]
        told = "With its own practice network, from the command to its last line."
        good = show(f"Making the example library on {name}", told, ("value",), made) and good
        with _looked_at(url, Path(folder)) as (served, database, found):
            pages = _pages(served, database, found)
            good = show(f"Pages of the example library on {name}", TIMES, COLUMNS, pages) and good
            title = f"The example library on a slow line, {name}"
            screens = slow_line.shown(served, _screens(database, found))
            return show(title, slow_line.TOLD, slow_line.COLUMNS, screens) and good


def _many(databases: Databases) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        database = Database(make_engine(url))
        fill(database, keyring(Path(folder)), POSTS)
        suggested = suggest(database, IDEAS, POSTS)
        paths = _paths(suggested)
        with serving(url, Path(folder), "--no-clock") as served:
            for told, who in {
                "editor": person_in(HOME, Role.EDITOR),
                "contributor": person_in(HOME, Role.CONTRIBUTOR),
                "editor of all": person_in(1, Role.EDITOR),
            }.items():
                yield from asked(served, database, who, paths, told)
        database.engine.dispose()


def _paths(suggested: Suggested) -> dict[str, str]:
    return {
        "first screen": "/",
        "ideas, board": "/ideas",
        "board, a word of many": "/ideas?words=lullaby",
        "board, two words, one beyond ASCII": "/ideas?words=%C3%A4iti+Liisa",
        "board, a word of none": "/ideas?words=nowhere",
        "ideas that became a post": "/ideas?show=becoming",
        "answered ideas": "/ideas?show=answered",
        "answered ideas, a word of one": f"/ideas?show=answered&words={RARE}",
        "answered ideas, a word of none": "/ideas?show=answered&words=nowhere",
        "ideas kept for later": "/ideas?show=later",
        "my ideas": "/ideas?show=mine",
        "ideas in numbers": "/ideas/numbers",
        "an idea that waits": f"/ideas/{suggested.waiting}",
        "an idea that became a post": f"/ideas/{suggested.idea}",
        "send an idea": "/ideas/new",
    }


def _make(url: str, folder: Path) -> float:
    """Seconds that the command takes. Raises CalledProcessError."""
    given = {"DATABASE_URL": url, "DATA_DIR": str(folder), "PRACTICE_PORT": str(free_port())}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [str(Path(sys.executable).with_name("kuliss")), "example"]
    began = time.monotonic()
    subprocess.run(command, env={**kept, **given}, check=True, capture_output=True, timeout=PATIENCE)
    return time.monotonic() - began


@dataclass(frozen=True)
class _Example:
    """The first person of each role, and what of it has a page."""

    people: Mapping[Role, int]
    strategy: int
    publication: int

    @classmethod
    def of(cls, database: Database) -> "_Example":
        """The one in a database. Raises NoResultFound."""
        with database.reads() as session:
            faces = questions.faces(session, Scope())
            out = select(Publication.id).where(Publication.status == Status.PUBLISHED)
            return cls(
                {Role(face.role): face.id for face in reversed(faces)},
                session.scalars(select(Strategy.id).order_by(Strategy.id).limit(1)).one(),
                session.scalars(out.order_by(Publication.id.desc()).limit(1)).one(),
            )

    @staticmethod
    def token(database: Database, person: int) -> str:
        """A sign-in of somebody who looks around."""
        with database.writes() as session:
            return examples.look_as(session, person, "Benchmark", clock.now())

    def pages(self) -> dict[str, str]:
        """What people open most."""
        return {
            "results, three questions": "/results",
            "results, posts": "/results/posts",
            "how are we doing": "/health-check",
            "calendar, week": "/calendar",
            "calendar, month": f"/calendar/month/{clock.now():%Y-%m}",
            "queue": "/queue",
            "posts": "/posts",
            "ideas, board": "/ideas",
            "ideas in numbers": "/ideas/numbers",
            "strategy": "/strategy",
            "a version of it": f"/strategy/{self.strategy}",
            "strategy on paper": "/strategy/print",
            "register of channels": "/channels/register",
            "who does what where": "/channels/who",
            "time": "/ledger",
            "composer": "/posts/new",
            "publication": f"/publications/{self.publication}",
            "pictures": "/pictures",
        }


@contextmanager
def _looked_at(url: str, folder: Path) -> Iterator[tuple[Served, Database, _Example]]:
    database = Database(make_engine(url))
    with serving(url, folder, "--no-clock") as served:
        yield served, database, _Example.of(database)
    database.engine.dispose()


def _pages(served: Served, database: Database, found: _Example) -> Iterator[Figure]:
    """First screens of all, the main pages as the editor and the coordinator of the whole library."""
    for role, person in found.people.items():
        first = {"first screen": "/"}
        more = found.pages() if role in (Role.EDITOR, Role.COORDINATOR) else {}
        token = found.token(database, person)
        yield from asked(served, database, person, first | more, role.value, token)


def _screens(database: Database, found: _Example) -> dict[str, Screen]:
    """Each role's first screen, and the contributor's form."""
    tokens = {role: found.token(database, person) for role, person in found.people.items()}
    first = {f"first screen, {role.value}": Screen("/", token) for role, token in tokens.items()}
    return {**first, "send an idea, contributor": Screen("/ideas/new", tokens[Role.CONTRIBUTOR])}
