"""`kuliss practice`: the practice network alone, on its own port."""

import argparse
import os
import sys
import threading

import uvicorn

from app.cli.ports import PortTaken, listening
from app.foundation import logs
from app.foundation.settings import Settings
from app.practice.app import config


def arguments(parser: argparse.ArgumentParser) -> None:
    """One option, for whoever starts it beside something else."""
    parser.add_argument(
        "--until-input-ends",
        action="store_true",
        help="stop when standard input is closed (its parent is gone)",
    )


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped."""
    logs.set_up(settings.log_level, settings.log_format)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        door = listening(settings.practice_host, settings.practice_port, "PRACTICE_PORT")
    except PortTaken as taken:
        print(f"The practice network is not running. {taken}", file=sys.stderr)
        return 1
    server = uvicorn.Server(config(settings))
    if given.until_input_ends:
        threading.Thread(target=_watch, args=(server,), daemon=True).start()
    try:
        with door:
            server.run([door])
    except KeyboardInterrupt:  # shut down already
        pass
    return 0


def _watch(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        continue
    server.should_exit = True
