"""`kuliss worker`: a clock alone, beside `kuliss serve --no-clock`. Any number of them on one PostgreSQL."""

import argparse
import gc
import signal
import sys
import threading

from app.cli.ready import prepared
from app.connectors import http
from app.errands.ground import Ground
from app.foundation import logs, outgoing
from app.foundation.crypto import keyring
from app.foundation.database import open_database
from app.foundation.settings import Settings
from app.worker.running import running_clock


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: the settings say which database."""
    parser.set_defaults(command="worker")


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Work until stopped; 1 with the reason when it can't be started."""
    logs.set_up(settings.log_level, settings.log_format)
    if settings.database.startswith("sqlite"):
        print(
            "A worker needs PostgreSQL: set DATABASE_URL. On SQLite, `kuliss serve` has the clock inside.",
            file=sys.stderr,
        )
        return 1
    trouble = prepared(settings)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    outgoing.set_up(settings)
    http.set_up(settings.network_timeout_seconds)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    keys = keyring(settings.data_dir, settings.secret_keys)
    ground = Ground(settings, open_database(settings.database), keys)
    with running_clock(ground):
        print("The worker is ready.", flush=True)
        # As in `kuliss serve`: what was loaded stays, and the collector need not walk through it.
        gc.freeze()
        stop.wait()
    ground.close()
    ground.database.engine.dispose()
    return 0
