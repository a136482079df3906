"""Many posts through kills, lost answers and calls that hang: lost, seen twice, recorded wrongly, asked.

Judged by what the public of the practice network saw; each post has words of its own, by which it is known.
BENCH_SHARE=0.1 takes a tenth of the posts and kills, for a quick look.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from app.domain.publications import NEEDS_PERSON, AttemptKind, Status
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from app.models.attempts import Attempt
from app.models.channels import Channel
from app.models.publications import Publication
from tests.benchmarks.killing import Kill, Killer, Workers
from tests.benchmarks.publishing import practice_beside
from tests.benchmarks.serving import serving
from tests.benchmarks.tables import Figure, median, p95, show
from tests.support.databases import Databases
from tests.support.practice import PracticeServer
from tests.support.server import free_port
from tests.support.stand import Shot, Stand, add_profile, build, more_channels

SHARE = float(os.environ.get("BENCH_SHARE", "1"))
SHOTS = (Shot("Anna at the loan desk"), Shot("A cart full of books", "maroon"))
LEAD = 90.0  # seconds from planning to the first one's time
PATIENCE = 400.0  # seconds after the last one's time
LOST, HANGING = 0.1, 0.02
LOSING = ("closed", "code_2", "code_1_99", "http_502")
CALLS = "create show photo container media_publish read container_status media_list"


@dataclass(frozen=True)
class Size:
    """How much: posts, on so many Pages and profiles, over so many seconds; processes; kills."""

    posts: int
    pages: int
    profiles: int
    seconds: float
    workers: int
    at_random: int
    at_worst: int

    def shared(self) -> "Size":
        """The share that was asked for."""
        return Size(
            max(20, int(self.posts * SHARE)), self.pages, self.profiles, max(20.0, self.seconds * SHARE),
            self.workers, max(2, int(self.at_random * SHARE)), max(2, int(self.at_worst * SHARE)),
        )  # fmt: skip


SIZES = {
    "PostgreSQL": Size(1000, 30, 20, 300, 4, 50, 50),
    "SQLite": Size(200, 6, 4, 150, 1, 10, 10),
}


def run(name: str, databases: Databases) -> bool:
    """On one kind of database (`name`); prints as it goes."""
    size = SIZES[name].shared()
    process = f"{size.workers} `kuliss worker`" if size.workers > 1 else "one `kuliss serve`"
    runs = (
        f"{size.posts} posts on {size.pages + size.profiles} channels over {size.seconds:.0f} s, {process}, "
        f"{size.at_random} kills at random and {size.at_worst} when a visible call has just been done; "
        f"{LOST:.0%} of the answers lost, {HANGING:.0%} of the calls hang."
    )
    return show(f"Faults on {name}", runs, ("value",), _figures(databases, size))


def _figures(databases: Databases, size: Size) -> Iterator[Figure]:
    with _house(databases, size) as (stand, workers):
        ids = _plan(stand, size)
        _trouble(stand.practice)
        killer = Killer(stand.database, stand.practice, workers, size.at_random, size.at_worst)
        time.sleep(LEAD / 2)
        threads = killer.run(size.seconds + LEAD / 2)
        _rest(stand, ids, LEAD / 2 + size.seconds)
        killer.stop()
        for thread in threads:
            thread.join()
        stand.practice.ask("script", method="DELETE")
        _rest(stand, ids, PATIENCE)
        yield from _judged(stand, ids)
        yield from _times(stand, ids, killer)


def _judged(stand: Stand, ids: dict[int, str]) -> Iterator[Figure]:
    seen: Counter[str] = Counter()
    objects: dict[str, str] = {}
    for row in stand.practice.public_log():
        if row["event"] == "appeared":
            seen[row["message"]] += 1
            objects[row["message"]] = str(row["object"])
    rows = _rows(stand)
    asked = [one for one in ids if rows[one].status is Status.UNSURE]
    handed = [one for one in ids if rows[one].status in NEEDS_PERSON and one not in asked]
    told = {*asked, *handed}
    wrong = [
        one for one, text in ids.items() if one not in asked and _is_wrong(rows[one], text, seen, objects)
    ]
    lost = [one for one, text in ids.items() if not seen[text] and one not in told]
    yield Figure("lost: not seen, and nobody is told", [(len(lost), 0)])
    yield Figure("seen twice", [(sum(count > 1 for count in seen.values()), 0)])
    yield Figure("wrongly recorded", [(len(wrong), 0)])
    yield Figure(f"asked, of {len(ids)}", [(len(asked), max(1, len(ids) * 5 // 1000))])
    yield Figure("missed, held or sent back", [(len(handed), 0)])


def _is_wrong(row: Publication, text: str, seen: Counter[str], objects: dict[str, str]) -> bool:
    public = row.status is Status.PUBLISHED
    return public != bool(seen[text]) or (public and row.remote_id not in ("", objects[text]))


def _times(stand: Stand, ids: dict[int, str], killer: Killer) -> Iterator[Figure]:
    rows = _rows(stand)
    late = [
        (rows[one].published_at - rows[one].due_at).total_seconds()  # type: ignore[operator]
        for one in ids
        if rows[one].published_at
    ]
    yield Figure("from its time to settled, s: median", [(median(late), None)], ".2f")
    yield Figure("from its time to settled, s: p95", [(p95(late), None)], ".1f")
    yield Figure("from its time to settled, s: the latest", [(max(late), None)], ".1f")
    kills = [*killer.kills["random"], *killer.kills["worst"]]
    yield Figure("kills at random", [(len(killer.kills["random"]), None)])
    yield Figure("kills at the worst moment", [(len(killer.kills["worst"]), None)])
    pages, profiles, looks = _after(stand, kills)
    yield Figure("after a kill, to the next look, s: p95", [(p95(looks or [0]), 5)], ".1f")
    yield Figure("after a kill, a page's post settled, s: p95", [(p95(pages or [0]), None)], ".1f")
    yield Figure("after a kill, a page's post settled, s: the latest", [(max(pages or [0]), 30)], ".1f")
    yield Figure("after a kill, a profile's settled, s: p95", [(p95(profiles or [0]), None)], ".1f")
    yield Figure("after a kill, a profile's settled, s: the latest", [(max(profiles or [0]), 120)], ".1f")


def _after(stand: Stand, kills: list[Kill]) -> tuple[list[float], list[float], list[float]]:
    """Seconds from a kill until what it hit was settled, on pages and profiles, and until the next look."""
    rows = _rows(stand)
    with stand.database.reads() as session:
        networks = dict(session.execute(select(Channel.id, Channel.network)).tuples().all())
        looked = session.execute(
            select(Attempt.publication_id, Attempt.started_at).where(Attempt.kind == AttemptKind.LOOK)
        ).all()
    settled: dict[str, list[float]] = {"facebook": [], "instagram": []}
    looks = []
    for kill in kills:
        for one in kill.hit:
            done = rows[one].published_at
            if done and done >= kill.at:
                settled[networks[rows[one].channel_id]].append((done - kill.at).total_seconds())
                later = [
                    row.started_at for row in looked if row.publication_id == one and row.started_at > kill.at
                ]
                looks += [(min(later) - kill.at).total_seconds()] if later else []
    return settled["facebook"], settled["instagram"], looks


def _rows(stand: Stand) -> dict[int, Publication]:
    with stand.database.reads() as session:
        return {row.id: row for row in session.scalars(select(Publication))}


def _plan(stand: Stand, size: Size) -> dict[int, str]:
    """Posts of every kind, turn by turn on all channels. Returns their ids and their words."""
    channels: list[tuple[int, bool]] = stand.places  # type: ignore[attr-defined]
    begin, ids = clock.now() + timedelta(seconds=LEAD + size.posts * 0.02), {}
    for number in range(size.posts):
        channel_id, on_page = channels[number % len(channels)]
        turn = number // len(channels)
        shots = SHOTS[: turn % 3] if on_page else SHOTS[: 1 + turn % 2]
        due = begin + timedelta(seconds=size.seconds * number / size.posts)
        text = f"Post {number} of many"
        ids[stand.plan_pictures(channel_id, text, shots, (due - clock.now()).total_seconds())] = text
    return ids


def _trouble(practice: PracticeServer) -> None:
    for fault in LOSING:
        for moment in ("before", "after"):
            chance = LOST / len(LOSING) / 2
            practice.script(fault, calls=CALLS, moment=moment, times=None, chance=chance)
    for moment in ("before", "after", "late"):
        practice.script("timeout", calls=CALLS, moment=moment, times=None, chance=HANGING / 3, seconds=45)


def _rest(stand: Stand, ids: dict[int, str], seconds: float) -> None:
    """Wait until nothing is left to do, at most so many seconds."""
    end = time.monotonic() + seconds
    waits = (Status.PROPOSED, Status.PLANNED, Status.STAGED, Status.PUBLISHING, Status.UNSURE)
    while time.monotonic() < end:
        with stand.database.reads() as session:
            left = session.scalars(
                select(Publication.id).where(Publication.status.in_(waits) | (Publication.remote_id == ""))
            ).all()
        if not left:
            return
        time.sleep(0.5)


@contextmanager
def _house(databases: Databases, size: Size) -> Iterator[tuple[Stand, Workers]]:
    """The library, its channels, and the processes that publish. Workers have a server beside them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(databases.fresh())
        practice = stack.enter_context(practice_beside(folder))
        port = free_port()
        settings = Settings(
            data_dir=folder, practice_port=practice.port, database_url=url, port=port, _env_file=None
        )
        database = Database(make_engine(url))
        stack.callback(database.engine.dispose)
        stand = build(database, practice, settings)
        stand.ground = Ground(settings, database, keyring(folder))
        stand.places = _places(stand, size)  # type: ignore[attr-defined]
        practice.switches(latency_ms=200)
        environment = {
            "DATABASE_URL": url, "DATA_DIR": str(folder), "PORT": str(port), "LOG_LEVEL": "error",
            "PRACTICE_PORT": str(practice.port), "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }  # fmt: skip
        if size.workers > 1:
            beside = stack.enter_context(serving(url, folder, "--no-clock", practice_port=practice.port))
            environment["PUBLIC_URL"] = beside.address
        practice.ask("origins", {"origins": [environment["PUBLIC_URL"]]})
        workers = Workers(["worker" if size.workers > 1 else "serve"], environment, size.workers)
        stack.callback(workers.end)
        yield stand, workers


def _places(stand: Stand, size: Size) -> list[tuple[int, bool]]:
    """Ids of channels, and whether each is a Page's."""
    pages = [stand.channel_id, *more_channels(stand, size.pages - 1)]
    profiles = []
    for channel_id in pages[: size.profiles]:
        with stand.database.reads() as session:
            stand.page = session.get_one(Channel, channel_id).remote_id
        profiles.append(add_profile(stand)[0])
    return [*((one, True) for one in pages), *((one, False) for one in profiles)]
