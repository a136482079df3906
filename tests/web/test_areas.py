"""Routes by the first word of their address: none is forgotten, and a file is read when it is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.api.routes import FILES as PROGRAMS
from app.api.routing import API
from app.foundation.modules import read
from app.web.areas import Areas
from app.web.routes import FILES as PAGES
from tests.web.visitor import Visitor

APP = Path(__file__).parents[2] / "app"
TABLES = [("web", PAGES, ""), ("api", PROGRAMS, API)]


@pytest.mark.parametrize(("folder", "files", "under"), TABLES)
def test_each_route_is_found_by_its_first_word(
    folder: str, files: dict[str, tuple[str, ...]], under: str
) -> None:
    there = set()
    for path in (APP / folder).glob("*.py"):
        router = getattr(read(f"app.{folder}.{path.stem}"), "router", None)
        if isinstance(router, APIRouter):
            for route in router.routes:
                assert isinstance(route, APIRoute)
                assert route.path.startswith(f"{under}/")
                there.add((route.path.removeprefix(f"{under}/").partition("/")[0], path.stem))
    assert there == {(word, file) for word, listed in files.items() for file in listed}


def test_all_gives_each_route_once() -> None:
    routes = Areas("app.api", PROGRAMS, under=API).all()
    assert len(routes) == len(set(map(id, routes))) > 100


def test_what_is_not_there_and_what_takes_no_such_method(visitor: Visitor) -> None:
    assert visitor.get("/nothing/here").status_code == 404
    assert visitor.get(f"{API}/nothing").status_code == 404
    assert visitor.get(f"{API}").status_code == 404
    wrong = visitor.client.request("DELETE", "/sign-in")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")


def test_a_start_reads_no_page_that_nobody_asked_for() -> None:
    """Reading all of them takes as long as everything else of the start."""
    told = "import sys, app.cli.serve; print(*(name for name in sys.modules if name.startswith('app.')))"
    read_now = set(
        subprocess.run(
            [sys.executable, "-c", told], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert "app.worker.running" in read_now
    assert not read_now & {"app.web.today", "app.web.results", "app.web.composer", "app.api.posts"}
