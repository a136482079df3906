"""Whatever a branch has, outsiders are answered as if it had nothing: every route, by its pages and its API.

Lists, counts, pickers, exports, the feed, errors and what is "not there" are compared letter by letter before
and after a branch comes to life. A new route is among them by itself.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from httpx2 import Response
from sqlalchemy.orm import Session
from time_machine import travel

from app.actions import feeds
from app.domain.roles import Actor, Role
from app.errands.results import follow
from app.foundation.database import Database
from app.models.people import Person
from app.models.units import Unit
from tests import plans
from tests.api.program import Program
from tests.builders import actor, person
from tests.cast import Cast
from tests.support.databases import SQLiteDatabases
from tests.web.branch_life import Life, live
from tests.web.scene import Scene
from tests.web.test_sweep import OPEN, Way, routes
from tests.web.visitor import Visitor

NOW = datetime(2030, 2, 20, 9, tzinfo=UTC)
WORD, NOBODY = "Zebra", 987_654_321
FILES = {"csv", "xlsx"}
# What stands in a gap of an address is a thing's number; else one of these, by what the address begins with.
WEEKS = {"/calendar/day": "2030-02-20", "/calendar/month": "2030-02", "/calendar": "2030-W08"}
NUMBERS = ("unit", "channel", "person", "post", "publication", "asset", "id", "thing_id")
QUESTIONS = (("unit",), ("channel",), ("person",), ("q", "words", "find"), NUMBERS[3:])  # each asked alone
# What no two answers share, and the numbers that a form was asked with and gives back.
OWN = re.compile(
    r'data-keys="[^"]*"|name="(csrf|once)" value="[^"]*"'
    r'|"(hidden|id)" name="[\w.]+"( type="text")? value="\d+"'
)


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: who may see what is asked in the same words of both."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@dataclass(frozen=True)
class Asked:
    """One request of a route: how it is told in a failure, and where it goes."""

    name: str
    method: str
    address: str


class Outsider:
    """Somebody of another branch or library, with a browser, a program and a feed."""

    def __init__(self, app: FastAPI, who: Actor) -> None:
        self.browser, self.program = Visitor(app).signed_in(who), Program(app, who)
        with app.state.database.writes() as session:
            self.feed = f"/feeds/{feeds.renew(session, who)[1]}.ics"
        found = re.search(r'name="csrf" value="([^"]+)"', self.browser.get("/account").text)
        assert found
        self.csrf = found[1]
        self.program.get("units")  # a token that was never used is told to be so

    def told(self, app: FastAPI, of: Life | None) -> dict[str, str]:
        """What they are told everywhere, by the name of the request. `of` None: of nobody."""
        asked = [Asked("the feed", "GET", self.feed)]
        for way in routes(app):
            if way.path not in OPEN:
                asked += _requests(way, of)
        return {f"{one.method} {one.name}": self._plain(self._ask(one), one, of) for one in asked}

    def _ask(self, one: Asked) -> Response:
        if one.address.startswith("/api/"):
            return self.program.client.request(one.method, one.address, follow_redirects=False)
        data = None if one.method == "GET" else {"csrf": self.csrf, "once": "x"}
        return self.browser.client.request(one.method, one.address, data=data)

    def _plain(self, answer: Response, one: Asked, of: Life | None) -> str:
        told = f"{answer.status_code} {answer.headers.get('location', '')} {_text(answer)}"
        for name, number in _numbers(of).items():
            told = told.replace(f"{name}={number}", f"{name}=#")
        return OWN.sub("", told.replace(one.address.split("?")[0], one.name.split("?")[0]))


def _requests(way: Way, of: Life | None) -> Iterator[Asked]:
    """Everything that is asked of a route: with the life's numbers in its gaps, or in its questions."""
    names = re.findall(r"{(\w+)", way.path)
    for method in sorted(way.methods - {"HEAD"}):
        if method != "GET" and not names:
            continue
        for kind in FILES if "kind" in names else ("",):
            path = way.path.replace("{kind}", kind)
            address = path
            for name in re.findall(r"{(\w+)", path):
                address = re.sub(rf"{{{name}[^}}]*}}", _gap(name, path, of), address)
            yield Asked(path, method, address)
            if not names or kind:
                for question in _questions(way, of):
                    yield Asked(f"{path}?{question.split('=')[0]}", method, f"{address}?{question}")


def _gap(name: str, path: str, of: Life | None) -> str:
    if name == "key" and path.startswith("/calendar"):
        return next(value for start, value in WEEKS.items() if path.startswith(start))
    if name in ("key", "upload_key"):
        keys = {} if of is None else {"pictures": of.upload, "api": of.upload, "queue": of.receipt}
        return keys.get(path.split("/")[1], "none")
    small = {"number": "1", "place": "0", "network": "facebook"}
    return str(small.get(name) or asdict(of).get(name, NOBODY) if of else small.get(name, NOBODY))


def _numbers(of: Life | None) -> Mapping[str, int]:
    """The life's numbers by the names that questions of lists have."""
    if of is None:
        return dict.fromkeys(NUMBERS, NOBODY)
    whole = asdict(of)
    return {name: whole.get(f"{name}_id", of.publication_id) for name in NUMBERS}


def _questions(way: Way, of: Life | None) -> Iterator[str]:
    """What a list is asked: for one thing of the life, or for its word. Calendars read all that they get."""
    numbers, known = _numbers(of), {one.alias for one in get_flat_params(way.dependant)}
    for names in QUESTIONS:
        if known.intersection(names) or way.path.startswith("/calendar"):
            yield "&".join(f"{name}={numbers.get(name, WORD)}" for name in names)


def _text(answer: Response) -> str:
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


@travel(NOW, tick=False)
def test_outsiders_are_answered_as_if_there_were_nothing(
    app: FastAPI, database: Database, cast: Cast
) -> None:
    scene = Scene(app, cast)
    shared = scene.write(lambda session: plans.channel(session, cast.library, scene.keyring, "All").id)
    who = scene.write(lambda session: actor(session, _everything(session, cast.myllymaki)))
    live(scene, cast.myllymaki, who, "Heron", shared)
    follow(app.state.ground)
    outsider = Outsider(app, who)
    before = outsider.told(app, None)
    there = live(scene, cast.koivuranta, cast.editor, WORD, shared)
    follow(app.state.ground)
    after = outsider.told(app, there)
    assert before.keys() == after.keys()
    assert [name for name, told in after.items() if told != before[name]] == []
    assert sum("Heron" in told for told in after.values()) > 20  # they do see what is theirs


def _everything(session: Session, unit: Unit) -> Person:
    """Somebody who may do all there is, in one branch alone."""
    return person(session, "Jonne Aalto", unit, *Role)
