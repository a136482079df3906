"""Every route has its guard: strangers are sent to the sign-in, and no form is taken without its proof."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.dependencies.database import read_session
from app.dependencies.viewers import by_token, signed_in, viewer_or_none
from app.domain.roles import Actor
from app.web.areas import Areas
from tests.cast import Cast
from tests.web.visitor import Visitor

# Routes that answer people whom nobody knows, each with its reason.
OPEN = {
    "/healthz": "tells only that the process lives",
    "/readyz": "tells only whether the database answers",
    "/metrics": "guards itself: loopback or a token",
    "/sign-in": "where one becomes known",
    "/sign-in/forgotten": "where one asks for a way back in; it tells nobody who is known",
    "/m/{token}.jpg": "the token in the address is the proof; networks fetch pictures there",
    "/feeds/{token}.ics": "the token in the address is the proof; calendar programs fetch it there",
    "/i/{token}": "the token in the address is the proof; it takes an idea in and shows nothing",
    "/i/follow/{secret}": "the secret in the address is the proof; who sent an idea sees what became of it",
    "/i/follow/{secret}/delete": "the same; whoever sent it deletes it",
    "/sign-in/code": "where the code is asked of somebody whose password was right",
    "/sign-in/provider": "where one goes to the OpenID provider; not there where none is set",
    "/sign-in/provider/callback": "where one comes back from it; a state bound to the browser is the proof",
    "/unlock": "where somebody becomes known again whose browser was idle",
    "/link/{token}": "the token in the address is the proof",
    "/mails/off/{token}": "the token in the address is the proof; it switches mails off",
    "/first/{token}": "the token in the address is the proof",
    "/first/{token}/example": "the same, for the example library",
    "/first/{token}/example/look": "the same",
    "/example/come-in/{token}": "the token in the address is the proof; it leads into the example alone",
    "/practice/{path:path}": "the practice network's own public pages; it guards its control page itself",
    "/api/v1/openapi.json": "describes the API and holds no data",
    "/api/v1/docs": "the same as a page",
    "/api/v1/docs/shapes/{letters}": "the same as a page",
}
# Routes that take a POST without a form of ours, each with its reason.
WITHOUT_FORM = {
    "/mails/off/{token}": "mail programs send one click of their own (RFC 8058)",
    "/practice/{path:path}": "forwarded to the practice network, which has its own forms",
    "/i/{token}": "stands for nobody, so that nothing is bound; where it comes from is looked at",
    "/i/follow/{secret}/delete": "the same",
}


@dataclass(frozen=True)
class Way:
    """One route: its whole path, the methods it answers, what it asks for."""

    path: str
    methods: frozenset[str]
    dependant: Dependant


def routes(app: FastAPI) -> Iterator[Way]:
    """Every route that runs a function of ours."""
    ours = [route for areas in app.routes if isinstance(areas, Areas) for route in areas.all()]
    for route in iter_route_contexts(ours):
        dependant = getattr(route, "dependant", None)
        if isinstance(dependant, Dependant):
            yield Way(route.path or "", frozenset(route.methods or ()), dependant)


def address(route: Way) -> str:
    """A path of the route, with 1 in every gap."""
    return re.sub(r"\{[^}]+\}", "1", route.path)


def calls(dependant: Dependant) -> list[object]:
    """Every dependency of a route, in the order in which they run."""
    found: list[object] = []
    for part in dependant.dependencies:
        found += [*calls(part), part.call]
    return found


def test_whoever_is_not_known_gets_nowhere(app: FastAPI, cast: Cast, visitor: Visitor) -> None:
    strays = []
    for route in routes(app):
        if route.path in OPEN:
            continue
        for method in route.methods:
            answer = visitor.client.request(method, address(route))
            led = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
            if not led and answer.status_code != 401:
                strays.append(f"{method} {route.path}: {answer.status_code}")
    assert strays == []


def test_no_form_is_taken_without_its_proof(
    app: FastAPI, cast: Cast, visit: Callable[[Actor], Visitor]
) -> None:
    strays = []
    known = visit(cast.administrator)
    for route in routes(app):
        if "POST" not in route.methods or route.path in WITHOUT_FORM or route.path.startswith("/api/"):
            continue
        for data in ({}, {"csrf": "wrong"}):
            answer = known.post(address(route), dict(data))
            if answer.status_code != 403:
                strays.append(f"{route.path}: {answer.status_code}")
    assert strays == []


def test_pages_take_no_tokens_and_programs_no_cookies(app: FastAPI) -> None:
    for route in routes(app):
        asked = calls(route.dependant)
        if route.path.startswith("/api/"):
            assert viewer_or_none not in asked, route.path
        else:
            assert by_token not in asked, route.path


def test_nobody_holds_two_connections(app: FastAPI) -> None:
    """The viewer is looked up, and their session given back, before the page's own session is opened."""
    for route in routes(app):
        asked = calls(route.dependant)
        if read_session in asked:
            known = [who for who in (signed_in, by_token, viewer_or_none) if who in asked]
            assert all(asked.index(who) < asked.index(read_session) for who in known), route.path


def test_reasons_are_for_routes_that_are(app: FastAPI) -> None:
    paths = {route.path for route in routes(app)} | {
        "/practice/{path:path}",
        "/api/v1/openapi.json",
    }
    assert OPEN.keys() <= paths
    assert WITHOUT_FORM.keys() <= paths


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "%00"])
def test_numbers_that_are_none_find_nothing(
    app: FastAPI, cast: Cast, visit: Callable[[Actor], Visitor], number: str
) -> None:
    known = visit(cast.administrator)
    for route in routes(app):
        if "{" in route.path and "GET" in route.methods and route.path not in OPEN:
            path = re.sub(r"\{[^}]+\}", number, route.path)
            assert known.get(path).status_code in (401, 404), path
