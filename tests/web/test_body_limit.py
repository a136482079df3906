"""How much a request may bring: a megabyte; more only by POST, as a form with files, where pictures come."""

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.foundation.settings import Settings
from app.main import MOST_BODY, rooms
from app.web.body_limit import BodyLimit, Room

FORM = "multipart/form-data; boundary=x"


async def _counted(request: Request) -> Response:
    return PlainTextResponse(str(sum([len(part) async for part in request.stream()])))


@pytest.fixture
def client() -> TestClient:
    """An app that takes 10 bytes, and 100 in its room."""
    app = Starlette(routes=[Route("/{path:path}", _counted, methods=["POST", "PATCH"])])
    rooms = (Room(re.compile("/room/[0-9]+"), 100), Room(re.compile("/room/7"), 50))
    app.add_middleware(
        BodyLimit, most=10, rooms=rooms, refuse=lambda _request: PlainTextResponse("told", 413)
    )
    return TestClient(app)


@pytest.mark.parametrize(
    ("method", "path", "kind", "most"),
    [
        ("POST", "/hall", "text/plain", 10),
        ("POST", "/hall", FORM, 10),
        ("POST", "/room/7", FORM, 100),
        ("POST", "/room/7", "Multipart/Form-Data;boundary=x", 100),
        ("POST", "/room/7", "multipart/form-database", 10),
        ("POST", "/room/7", "application/json", 10),
        ("POST", "/room/7", "", 10),
        ("PATCH", "/room/7", FORM, 10),
        ("POST", "/room/7/cellar", FORM, 10),
        ("POST", "/a/room/7", FORM, 10),
    ],
)
def test_more_only_where_there_is_room(
    client: TestClient, method: str, path: str, kind: str, most: int
) -> None:
    def asked(size: int, told: bool) -> Response:
        def parts() -> Iterator[bytes]:
            for _ in range(size):
                yield b"x"

        body = b"x" * size if told else parts()
        answer: Response = client.request(method, path, content=body, headers={"content-type": kind})  # type: ignore[assignment]
        return answer

    for told in (True, False):
        assert asked(most, told).status_code == 200
        assert asked(most + 1, told).status_code == 413


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/v1/assets", 201_000_000),
        ("/api/v1/assets/7", MOST_BODY),
        ("/api/v1/uploads", MOST_BODY),
        ("/api/v1/posts", MOST_BODY),
        ("/pictures/new", 201_000_000),
        ("/pictures/7/cover", MOST_BODY),
        ("/posts/new", 100_000_000),
        ("/posts/17/edit", 100_000_000),
        ("/posts/17/submit", MOST_BODY),
        ("/sign-in", MOST_BODY),
    ],
)
def test_where_there_is_room(path: str, most: int) -> None:
    known = rooms(Settings(upload_video_megabytes=200))
    found = max((room.most for room in known if room.paths.fullmatch(path)), default=MOST_BODY)
    assert found == most
