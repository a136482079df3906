"""`kuliss serve` as a child process, watched from outside: when it answers, its memory, its work."""

import atexit
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from shutil import rmtree

import httpx

from app.actions import sign_ins
from app.dependencies.viewers import SIGN_IN_COOKIE
from app.foundation import clock
from app.foundation.database import Database
from tests.support.server import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
TICKS = os.sysconf("SC_CLK_TCK")


class Served:
    """A running server. started: seconds from its start to the first 200."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port
        self.address = f"http://127.0.0.1:{port}"
        self.started = 0.0

    def client(self, token: str = "") -> httpx.Client:
        """A browser's connection; with a token, signed in."""
        cookies = {SIGN_IN_COOKIE: token} if token else {}
        return httpx.Client(base_url=self.address, cookies=cookies, timeout=PATIENCE)

    def cpu(self) -> float:
        """Seconds of processor that it has used."""
        values = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(values[11]) + int(values[12])) / TICKS

    def memory(self) -> float:
        """Its share of memory (PSS) in MB, without its children's."""
        return _share(self.process.pid)

    def reader_memory(self) -> float:
        """The same of its children, of which there is one at most: what reads pictures. 0.0 without one."""
        return sum(_share(pid) for pid in self.children())

    def children(self) -> list[int]:
        """Process ids of its children."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def files(self, path: Path) -> int:
        """How often it has a file open: on SQLite its connections."""
        found = 0
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                found += link.readlink() == path
        return found


@cache
def _python() -> Path:
    """A Python with what `make run` installs: what only tests need would be loaded and weighed too."""
    folder = Path(tempfile.mkdtemp(prefix="kuliss-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    uv, python = Path(sys.executable).with_name("uv"), folder / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--require-hashes"]
    subprocess.run([*install, "--python", python, "-r", ROOT / "requirements.lock"], check=True)
    next(folder.glob("lib/python*/site-packages")).joinpath("kuliss.pth").write_text(str(ROOT))
    return python


def _share(pid: int) -> float:
    """PSS of a process in MB; 0.0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


@contextmanager
def serving(database_url: str, folder: Path, *arguments: str, practice_port: int = 1) -> Iterator[Served]:
    """The server on that database, with `folder` as its data folder, from its first 200 to its end."""
    port = free_port()
    given = {
        "DATABASE_URL": database_url, "DATA_DIR": str(folder), "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}", "PRACTICE_PORT": str(practice_port),
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    _python()
    began = time.monotonic()
    process = subprocess.Popen(
        [str(_python()), "-m", "app.cli", "serve", *arguments],
        cwd=ROOT,
        env={**kept, **given},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    served = Served(process, port)
    try:
        _wait_for_page(served, began + PATIENCE)
        served.started = time.monotonic() - began
        yield served
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for_page(served: Served, end: float) -> None:
    """Ask for the sign-in page until it comes; by hand, so that the asking costs next to nothing."""
    while served.process.poll() is None and time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", served.port), timeout=5) as line:
                line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if line.recv(12) == b"HTTP/1.1 200":
                    return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError("kuliss serve did not answer")


def token_of(database: Database, person_id: int) -> str:
    """A sign-in of a person, without the work of a password."""
    with database.writes() as session:
        return sign_ins.begin(session, person_id, "Benchmark", clock.now())
