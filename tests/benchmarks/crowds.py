"""How late posts are in crowds and beside trouble.

2,000 at once on 200 pages; and lone ones while a page hangs for a minute and many posts' numbers are fetched.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select

from app.domain.publications import Status
from app.errands import fetch
from app.foundation import clock
from app.foundation.database import Database
from app.models.attempts import Attempt
from app.models.channels import Channel
from app.models.publications import Publication
from tests.benchmarks.publishing import LATENCY_MS, lateness, running, settled
from tests.benchmarks.tables import Figure, median, p95, show
from tests.support.databases import Databases
from tests.support.stand import Stand

PAGES, EACH = 200, 10
AHEAD = 240.0  # seconds until the crowd's second: laying 2,000 ready begins two minutes before
BESIDE, LONE, APART = 20, 60, 1.3
HANGS, HANGING = 60.0, 5
ARCHIVE = 15  # posts of each page whose numbers are wanted


def run(name: str, databases: Databases) -> bool:
    """Both, on one kind of database (`name`); prints as it goes."""
    runs = f"The network answers after {LATENCY_MS} ms; its own process, the clock in this one."
    return show(f"Crowds and trouble on {name}", runs, ("value",), _figures(databases))


def _figures(databases: Databases) -> Iterator[Figure]:
    last, starts, connections = crowd(databases)
    told = f"{PAGES * EACH} due at once on {PAGES} pages"
    yield Figure(f"{told}: the last is public, s", [(last, 20)], ".2f")
    yield Figure("their visible calls, s: median", [(median(starts), None)], ".2f")
    yield Figure("database connections of the process, at most", [(connections, 12)])
    late, fetched = beside_a_hanging_page(databases)
    told = f"{len(late)} lone posts while a page hangs {HANGS:.0f} s and {fetched} posts' numbers are fetched"
    yield Figure(f"{told}, s: median", [(median(late), None)], ".3f")
    yield Figure(f"{told}, s: p95", [(p95(late), 0.5)], ".3f")
    yield Figure(f"{told}, s: the latest", [(max(late), None)], ".3f")


def crowd(databases: Databases, pages: int = PAGES, each: int = EACH) -> tuple[float, list[float], int]:
    """Seconds until the last of all is public, the starts of the visible calls, and the most connections."""
    with running(databases, pages) as stand:
        due = clock.now() + timedelta(seconds=AHEAD)
        for number in range(pages * each):
            stand.channel_id = stand.ids[number % pages]  # type: ignore[attr-defined]
            stand.plan(f"Crowd {number}", (due - clock.now()).total_seconds())
        with stand.database.writes() as session:
            for row in session.scalars(select(Publication)):
                row.due_at = due
        connections = settled(stand.ground, pages * each, AHEAD + 120)
        with stand.database.reads() as session:
            last = max(session.scalars(select(Publication.published_at)))  # type: ignore[type-var]
        assert last is not None
        return (last - due).total_seconds(), sorted(lateness(stand.ground)), connections


def beside_a_hanging_page(databases: Databases) -> tuple[list[float], int]:
    """Lateness of lone posts on the other pages, and how many posts' numbers were wanted meanwhile."""
    with running(databases, BESIDE) as stand:
        ids: list[int] = stand.ids  # type: ignore[attr-defined]
        archive = _archive(stand, ids[1:])
        begin = clock.now() + timedelta(seconds=15)
        hanging = [_plan(stand, ids[0], begin.timestamp() + number) for number in range(HANGING)]
        for number in range(LONE):
            _plan(stand, ids[1 + number % (BESIDE - 1)], begin.timestamp() + 2 + number * APART)
        time.sleep(max(0.0, begin.timestamp() - 3 - clock.now().timestamp()))
        stand.practice.switches(page=_remote(stand.database, ids[0]), hang_seconds=HANGS)
        with _fetching(stand):
            _public(stand, archive + LONE, LONE * APART + 60)
        stand.practice.switches(page=_remote(stand.database, ids[0]), hang_seconds=None)
        return sorted(_of_the_rest(stand, hanging)), archive


def _plan(stand: Stand, channel_id: int, at: float) -> int:
    stand.channel_id = channel_id
    return stand.plan(f"At {at:.1f}", at - clock.now().timestamp())


def _archive(stand: Stand, channel_ids: list[int]) -> int:
    """Posts that are out, and whose numbers are due now. Returns how many."""
    now, made = clock.now(), 0
    for channel_id in channel_ids:
        page = _remote(stand.database, channel_id)
        for number in range(ARCHIVE):
            post = stand.practice.ask("posts", {"page": page, "message": f"Of old {number}"})["post"]
            one = _plan(stand, channel_id, now.timestamp() + 86_400)
            with stand.database.writes() as session:
                row = session.get_one(Publication, one)
                row.status, row.remote_id, row.permalink = Status.PUBLISHED, post, "https://example.org/"
                row.due_at = row.published_at = row.network_published_at = now - timedelta(hours=2)
                row.step_at, row.reading_at = None, now
            made += 1
    return made


@contextmanager
def _fetching(stand: Stand) -> Iterator[None]:
    over = threading.Event()

    def work() -> None:
        while not over.wait(1):
            fetch.fetch_all(stand.ground)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _public(stand: Stand, count: int, patience: float) -> None:
    """Wait until so many are public."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with stand.database.reads() as session:
            out = session.scalars(select(Publication.id).where(Publication.status == Status.PUBLISHED)).all()
        if len(out) >= count:
            return
        time.sleep(0.25)
    raise AssertionError(f"only {len(out)} of {count} are public")


def _of_the_rest(stand: Stand, hanging: list[int]) -> list[float]:
    with stand.database.reads() as session:
        rows = session.execute(
            select(Attempt.started_at, Publication.due_at)
            .join(Publication, Publication.id == Attempt.publication_id)
            .where(Attempt.kind == "show", Publication.id.not_in(hanging))
        ).all()
    return [(row[0] - row[1]).total_seconds() for row in rows]


def _remote(database: Database, channel_id: int) -> str:
    with database.reads() as session:
        return session.get_one(Channel, channel_id).remote_id
