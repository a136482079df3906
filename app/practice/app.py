"""The practice network as one ASGI app, and how to start it.

    serve(settings)                         blocks; what `kuliss practice` does
    uvicorn.Server(config(settings)).run()  the same, for whoever wants the server object

The server's own Date header must be off (`date_header=False`), because ours tells the practice clock's time.
"""

from email.utils import format_datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from app.foundation import practice_keys
from app.foundation.settings import Settings
from app.practice import (
    control,
    control_api,
    dialog,
    happening,
    public_profiles,
    public_stories,
    public_view,
    wire,
)
from app.practice.clips import Clips
from app.practice.fetching import origin
from app.practice.pictures import Pictures
from app.practice.store import Store
from app.practice.wire import Message, Receive, Scope, Send
from app.practice.world import World

STATIC = Path(__file__).parent / "static"
METHODS = ["GET", "POST", "DELETE", "PUT"]


class Practice:
    """The app with the practice clock's Date on every answer. world: its state, for tests in one process."""

    def __init__(self, inner: Starlette, world: World) -> None:
        self._inner, self.world = inner, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        happening.advance(self.world)
        # uvicorn's `send` belongs to the object that holds the socket; a cut line needs that.
        scope["practice.transport"] = getattr(getattr(send, "__self__", None), "transport", None)

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self.world.now(), usegmt=True)
                message["headers"] = [*message["headers"], (b"date", date.encode())]
            await send(message)

        await self._inner(scope, receive, dated)


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _root(request: Request) -> Response:
    """GET /: a person's browser is led to the Pages; a program gets Meta's answer."""
    if "text/html" in request.headers.get("accept", "") and not request.url.query:
        return Response(status_code=303, headers={"location": "public"})
    return await wire.answer(request)


def origins(settings: Settings) -> frozenset[str]:
    """Where the network may fetch pictures from: our own address and the bucket's, if there is one."""
    found = {origin(settings.address)}
    if settings.media_bucket:
        amazon = f"https://s3.{settings.media_bucket_region}.amazonaws.com"
        found.add(origin(settings.media_bucket_endpoint or amazon))
    return frozenset(found - {""})


def create_practice(settings: Settings, public_base: str | None = None) -> Practice:
    """The app. public_base: the address under which browsers reach it, without a slash at the end."""
    keys = practice_keys.load(settings.data_dir)
    store = Store(settings.data_dir / "practice.db")
    base = (public_base or settings.practice_public_address).rstrip("/")
    pictures = Pictures(settings.data_dir / "practice-pictures")
    clips = Clips(settings.data_dir / "practice-videos", pictures)
    world = World(keys, base, store, settings.graph_api_version, pictures, clips, origins(settings))
    inner = Starlette(
        routes=[
            Route("/healthz", _health),
            Mount("/static", StaticFiles(directory=STATIC)),
            *public_view.ROUTES,
            *public_profiles.ROUTES,
            *public_stories.ROUTES,
            *control.ROUTES,
            *control_api.ROUTES,
            *dialog.ROUTES,
            Route("/", _root, methods=["GET"]),
            Route("/{path:path}", wire.answer, methods=METHODS),
        ]
    )
    inner.state.world = world
    return Practice(inner, world)


def config(settings: Settings, public_base: str | None = None, port: int | None = None) -> uvicorn.Config:
    """How uvicorn must run it. port: another than the settings say; 0 takes any free one."""
    return uvicorn.Config(
        create_practice(settings, public_base),
        host=settings.practice_host,
        port=settings.practice_port if port is None else port,
        date_header=False,
        server_header=False,
        access_log=False,
        lifespan="off",
        log_level="warning",
        backlog=2048,
        timeout_keep_alive=30,
    )


def serve(settings: Settings, public_base: str | None = None) -> None:
    """Run until stopped."""
    uvicorn.Server(config(settings, public_base)).run()
