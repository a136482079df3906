"""`kuliss check --live`: an evening with a test page, row by row, asked and written down."""

import json
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.connectors import http
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.errands import live_check
from app.errands.ground import Ground, line_to
from app.errands.live_check import Bench, Person, Row, Told
from app.foundation import clock
from app.foundation.crypto import CannotOpen, keyring
from app.foundation.database import open_database
from app.foundation.settings import Settings
from app.models.channels import Channel

SIGNS = {live_check.FINE: "ok   ", live_check.LOOK: "LOOK ", live_check.SKIPPED: "-    "}


class Terminal:
    """Whoever sits there; an empty line is a no."""

    def agrees(self, question: str) -> bool:
        """Whether they typed yes."""
        return input(f"\n{question} Type yes or no: ").strip().lower() in ("yes", "y")

    def says(self, question: str) -> str:
        """What they typed."""
        return input(f"\n{question}\n> ").strip()[:500]


def run(settings: Settings, wanted: str) -> int:
    """Go through the list for a channel, by its number or whole name; 1 when any row is to be looked at."""
    if not sys.stdin.isatty():
        print("This asks before it makes anything public, so that it needs a terminal with a person at it.")
        return 2
    http.set_up(settings.network_timeout_seconds)
    database = open_database(settings.database)
    try:
        ground = Ground(settings, database, keyring(settings.data_dir, settings.secret_keys))
        return go_through(ground, wanted, Terminal())
    finally:
        database.engine.dispose()


def go_through(ground: Ground, wanted: str, person: Person) -> int:
    """The list for a channel with a person; returns the exit code."""
    with ground.database.reads() as session:
        channel = _channel(session, wanted)
        if channel is None:
            return 2
        try:
            line = line_to(session, ground, channel.id)
        except CannotOpen:
            print(f"{channel.name}: no sign-in of it opens. Connect it first.")
            return 2
    where = "the practice network" if channel.realm is Realm.PRACTICE else "the REAL network"
    if not person.agrees(f"“{channel.name}” is on {where}. Is it a test page on which nobody minds a post?"):
        print("Nothing was done.")
        return 2
    bench = Bench(ground, line, channel.network, channel.name, person)
    keeper = _Keeper(ground.settings.data_dir, channel)
    bad = 0
    for row, told in live_check.run(bench, keeper.earlier()):
        keeper.add(row, told)
        bad += told.state == live_check.LOOK
    keeper.finish(bench.left)
    print(f"\n{bad} to look at. Written to {keeper.path}")
    return 1 if bad else 0


def _channel(session: Session, wanted: str) -> Channel | None:
    """The channel that is meant; else what there is to choose from is printed."""
    rows = session.scalars(
        select(Channel)
        .where(Channel.network != NetworkKind.MANUAL, Channel.state != ChannelState.CLOSED)
        .order_by(Channel.id)
    ).all()
    fits = [row for row in rows if wanted in (str(row.id), row.name)]
    if len(fits) == 1:
        return fits[0]
    print("Name one channel by its number:" if rows else "No channel is connected yet.")
    for row in rows:
        print(f"{row.id:6}  {row.name} ({row.network}, {row.realm})")
    return None


class _Keeper:
    """Writes down what each row showed, at once, so that a break loses nothing."""

    def __init__(self, folder: Path, channel: Channel) -> None:
        now = clock.now()
        self.path = folder / f"live-check-{channel.id}-{now:%Y%m%dT%H%M%SZ}.txt"
        self._left = folder / f"live-check-{channel.id}.json"
        head = f"{channel.name} ({channel.network}, {channel.realm}, {channel.remote_id})"
        self.path.touch(mode=0o600)
        self.path.write_text(f"{head}\n{now:%Y-%m-%d %H:%M} UTC\n\n", encoding="utf-8")

    def earlier(self) -> dict[str, str]:
        """What an earlier evening left behind; empty when nothing."""
        try:
            return dict(json.loads(self._left.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def add(self, row: Row, told: Told) -> None:
        """One more row."""
        text = f"{SIGNS[told.state]} {row.title}: {told.words}"
        print(text)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")

    def finish(self, left: dict[str, str]) -> None:
        """Note what is left for the next time."""
        if left:
            self._left.write_text(json.dumps(left), encoding="utf-8")
        else:
            self._left.unlink(missing_ok=True)
