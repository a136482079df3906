"""`kuliss serve`: pages, API and clock in one process; `--with-practice`: the practice network beside it."""

import argparse
import gc
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, nullcontext

import uvicorn
from fastapi import FastAPI

from app.cli import beside, lock
from app.cli.create_admin import first_link
from app.cli.ports import PortTaken, listening
from app.cli.ready import prepared
from app.connectors import http
from app.errands.ground import Ground
from app.foundation import logs, outgoing
from app.foundation.settings import Settings
from app.main import create_app
from app.worker.running import running_clock


def arguments(parser: argparse.ArgumentParser) -> None:
    """What runs in this process and beside it; the rest is in the settings."""
    parser.add_argument("--no-clock", action="store_true", help="leave publishing to `kuliss worker`")
    parser.add_argument(
        "--with-practice", action="store_true", help="start the practice network beside it, and end it too"
    )


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped; 1 with the reason when it can't be started."""
    logs.set_up(settings.log_level, settings.log_format)
    trouble = prepared(settings)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    outgoing.set_up(settings)
    http.set_up(settings.network_timeout_seconds)
    _keep_uploads_on_the_disk(settings)
    try:
        with ExitStack() as open_things:
            open_things.enter_context(lock.held(settings.data_dir))
            door = open_things.enter_context(listening(settings.host, settings.port, "PORT"))
            if given.with_practice:
                open_things.enter_context(beside.practice(settings))
            uvicorn.Server(_config(settings, clock=not given.no_clock)).run([door])
    except KeyboardInterrupt:  # uvicorn has shut everything down and passes the signal on
        return 0
    except (lock.Taken, PortTaken) as taken:
        print(taken, file=sys.stderr)
        return 1
    return 0


def _keep_uploads_on_the_disk(settings: Settings) -> None:
    """The system's folder for what is temporary often lies in memory, and pictures come by the dozen."""
    incoming = settings.data_dir / "media" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(incoming)


def _config(settings: Settings, clock: bool) -> uvicorn.Config:
    app = create_app(settings, lifespan=_lifespan(settings, clock))
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=20,
    )


def _lifespan(settings: Settings, clock: bool):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        ground: Ground = app.state.ground
        ticking: AbstractContextManager[object] = running_clock(ground) if clock else nullcontext()
        with ticking as running:
            app.state.wake = getattr(running, "wake", app.state.wake)
            _say(ground, settings)
            # What was loaded stays: without this the collector walks through all of it during requests.
            gc.freeze()
            yield
        ground.close()
        ground.database.engine.dispose()

    return lifespan


def _say(ground: Ground, settings: Settings) -> None:
    print(f"\nKuliss is at {settings.address}", flush=True)
    link = first_link(ground.database, settings)
    if link:
        print(f"Nobody has signed in yet. Begin here (works once, for 24 hours):\n\n    {link}\n", flush=True)
