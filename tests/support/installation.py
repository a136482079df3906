"""A whole installation as a newcomer has it: `kuliss serve --with-practice` as processes of their own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.foundation import practice_keys
from tests.support.server import free_port
from tests.support.waiting import comes


@dataclass
class Installation:
    """Its address and data folder, the link printed for the first person, and ways to the practice."""

    address: str
    data_dir: Path
    first_link: str
    practice: httpx.Client
    environment: dict[str, str]

    def public(self) -> list[dict[str, Any]]:
        """What the public saw appear, in order: rows with message, object, real_at."""
        log = self.practice.get("public-log").raise_for_status().json()["log"]
        return [row for row in log if row["event"] == "appeared"]

    def command(self, *words: str) -> str:
        """What a `kuliss` command prints."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@contextmanager
def installed(data_dir: Path, database_url: str = "") -> Iterator[Installation]:
    """Run an installation for the block. On PostgreSQL the database must have its tables."""
    port, practice_port = free_port(), free_port()
    environment = {
        **os.environ, "DATA_DIR": str(data_dir), "PORT": str(port), "PRACTICE_PORT": str(practice_port),
        "DATABASE_URL": database_url, "LOG_LEVEL": "error", "PYTHONDONTWRITEBYTECODE": "",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--with-practice"],
        env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        link = _first_link(process)
        bearer = {"authorization": f"Bearer {practice_keys.load(data_dir).control_token}"}
        base = f"http://127.0.0.1:{practice_port}/control/api/"
        with httpx.Client(base_url=base, headers=bearer, timeout=60) as practice:
            _until_open(practice)
            yield Installation(f"http://localhost:{port}", data_dir, link, practice, environment)
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest


def _first_link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://\S+/first/\S+", line)
        if found:
            return found[0]
    raise AssertionError("no link was printed")


def _until_open(practice: httpx.Client) -> None:
    def is_open() -> bool:
        try:
            return practice.get("state").raise_for_status().is_success
        except httpx.TransportError:
            return False

    assert comes(is_open, 60, every=0.05), "the practice network did not start"
