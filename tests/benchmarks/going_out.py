"""Pictures on their way out: how late they are, 200 at once and lone ones while people work beside them.

These browse, send more pictures, and one has the list of all posts made as a workbook, again and again.

One `kuliss serve` does everything, as most libraries run it: pages, API, clock, the reading of pictures and
lending them to Instagram. The practice network is a process of its own and answers after 200 ms.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from sqlalchemy import func, select, text

from app.domain.networks import ChannelState
from app.domain.publications import AttemptKind, Outcome, Status
from app.domain.roles import Actor, Role, Scope
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from app.models.attempts import Attempt
from app.models.channels import Channel
from app.models.publications import Publication
from tests.benchmarks import camera
from tests.benchmarks.filling import HOME, Filled, fill, person_in
from tests.benchmarks.pages import pages
from tests.benchmarks.posts import keep, plan
from tests.benchmarks.publishing import LATENCY_MS, practice_beside
from tests.benchmarks.sending import Refused, Sender
from tests.benchmarks.serving import Served, serving, token_of
from tests.benchmarks.tables import Figure, median, p95, show
from tests.support.databases import Databases
from tests.support.practice import PracticeServer
from tests.support.stand import Stand, add_profile, more_channels

POSTS = 2_000
PAGES, EACH = 20, 5
AHEAD = 330.0  # seconds before the second on which all are due: a little more than staging begins before it
LONE, APART, SPREAD = 60, 1.3, 5  # posts, seconds from one to the next, pages and as many profiles
CALM = (
    190.0  # seconds of the AHEAD until the others begin: staging on profiles is under way, on pages not yet
)
TWO_YEARS = 730  # days
PATIENCE = 90.0  # seconds after the last one's second
BROWSING, SENDING, EXPORTING, PAGE_EVERY = 5, 3, 1, 1.0


def run(name: str, databases: Databases) -> bool:
    """Both, on one kind of database (`name`); prints as it goes."""
    runs = (
        f"`kuliss serve` with {POSTS:,} posts; the network answers after {LATENCY_MS} ms. "
        "Of every two posts one has one picture of 12 MP and one has two."
    )
    return show(f"Pictures going out on {name}", runs, ("value",), _figures(databases))


@dataclass
class House:
    """A running server on a filled database, its network, and channels of Pages and profiles on it."""

    served: Served
    database: Database
    filled: Filled
    stand: Stand
    on_pages: list[int]
    on_profiles: list[int]

    @property
    def practice(self) -> PracticeServer:
        """Its network."""
        return self.stand.practice

    def connections(self) -> int:
        """Connections of the server to the database."""
        if self.database.is_sqlite:
            return self.served.files(Path(str(self.database.engine.url.database)))
        with self.database.reads() as session:  # it looks on through one of its own
            asked = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
            return int(session.scalar(text(asked)) or 0)


def _figures(databases: Databases) -> Iterator[Figure]:
    with _house(databases, PAGES) as house:
        yield from _together(house)
    with _house(databases, SPREAD) as house:
        yield from _lone(house)


def _together(house: House) -> Iterator[Figure]:
    """100 posts, each of them on a Page and on its profile, all due in the same second."""
    shots = (camera.another(path.read_bytes()) for path in cycle(camera.pictures()))
    due = clock.now().replace(microsecond=0) + timedelta(seconds=AHEAD)
    publications: list[int] = []
    for number in range(PAGES * EACH):
        kept = keep(house.stand, [next(shots) for _ in range(1 + number % 2)])
        for places in (house.on_pages, house.on_profiles):
            place = places[number % PAGES]
            publications.append(plan(house.stand, place, f"Post {number}", kept, due))
    most = _settled(house, publications, (due - clock.now()).total_seconds() + PATIENCE)
    late = _lateness(house, publications)
    public = _public(house, due)
    told = f"{len(publications)} due at once on {PAGES} pages and {PAGES} profiles"
    begun, ended, in_time = _staging(house, publications, due)
    yield Figure(f"{told}: laid ready in time, of {len(publications)}", [(in_time, None)])
    yield Figure("the first was begun before its second, s", [(begun, None)])
    yield Figure("the last was ready before its second, s", [(ended, None)], ".1f")
    yield Figure("their visible calls, s: median", [(median(late), None)], ".2f")
    yield Figure("their visible calls, s: p95", [(p95(late), None)], ".2f")
    yield Figure("their visible calls, s: the latest", [(late[-1], None)], ".2f")
    yield Figure("the first is public, s", [(public[0], None)], ".2f")
    yield Figure("the last is public, s", [(public[-1], 3)], ".2f")
    yield Figure(
        f"public after {PATIENCE:.0f} s: too many or too few", [(abs(len(public) - len(publications)), 0)]
    )
    yield Figure("database connections of the process, at most", [(most, 12)])


def _lone(house: House) -> Iterator[Figure]:
    """Lone posts, turn by turn on pages and profiles, staged and shown while others are busy."""
    shots = (camera.another(path.read_bytes()) for path in cycle(camera.pictures()))
    begin = clock.now().replace(microsecond=0) + timedelta(seconds=AHEAD)
    places = [place for pair in zip(house.on_pages, house.on_profiles, strict=True) for place in pair]
    publications: list[int] = []
    for number in range(LONE):
        kept = keep(house.stand, [next(shots) for _ in range(1 + number // 2 % 2)])
        due = begin + timedelta(seconds=number * APART)
        publications.append(plan(house.stand, places[number % len(places)], f"Lone {number}", kept, due))
    time.sleep(CALM)
    with _busy(house) as done:
        _settled(house, publications, AHEAD - CALM + LONE * APART + PATIENCE)
    late = _lateness(house, publications)
    told = (
        f"{len(late)} lone posts while {BROWSING} browse, {SENDING} send 12 MP and an export runs, "
        "from the second to the visible call, s"
    )
    yield Figure(f"{told}: median", [(median(late), None)], ".3f")
    yield Figure(f"{told}: p95", [(p95(late), 0.5)], ".3f")
    yield Figure(f"{told}: the latest", [(late[-1], None)], ".3f")
    yield Figure("pages browsed meanwhile, ms: median", [(median(done.pages) * 1000, None)])
    yield Figure("pages browsed meanwhile, ms: p95", [(p95(done.pages) * 1000, None)])
    yield Figure("workbooks of two years made meanwhile", [(len(done.exports), None)])
    yield Figure("each of these, s: median", [(median(done.exports), None)], ".2f")
    yield Figure("pictures sent meanwhile", [(len(done.pictures), None)])
    yield Figure("pictures refused", [(len(done.refused), 0)])
    yield Figure("upload to ready of these, s: median", [(median(done.pictures), None)], ".2f")
    yield Figure("upload to ready of these, s: p95", [(p95(done.pictures), None)], ".2f")


@contextmanager
def _house(databases: Databases, places: int) -> Iterator[House]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(databases.fresh())
        practice = stack.enter_context(practice_beside(folder))
        with serving(url, folder):
            pass  # an installation of its own, before anything could look like a copy
        settings = Settings(data_dir=folder, practice_port=practice.port, _env_file=None)
        keys = keyring(folder)
        database = Database(make_engine(url))
        stack.callback(database.engine.dispose)
        filled = fill(database, keys, POSTS)
        _lay_off(database)
        writer, approver = (
            Actor(person_id, Scope(), "") for person_id in (filled.editor, person_in(HOME, Role.APPROVER))
        )
        stand = Stand(Ground(settings, database, keys), practice, HOME, 0, writer, approver, "")
        on_pages = more_channels(stand, places)
        on_profiles = [_with_profile(stand, channel_id) for channel_id in on_pages]
        served = stack.enter_context(serving(url, folder, practice_port=practice.port))
        practice.ask("origins", {"origins": [served.address]})
        practice.switches(latency_ms=LATENCY_MS)
        yield House(served, database, filled, stand, on_pages, on_profiles)


def _with_profile(stand: Stand, channel_id: int) -> int:
    with stand.database.reads() as session:
        stand.page = session.get_one(Channel, channel_id).remote_id
    return add_profile(stand)[0]


def _lay_off(database: Database) -> None:
    """The filling's own channels have no tokens: nothing is fetched for them while others are measured."""
    with database.writes() as session:
        for channel in session.scalars(select(Channel)):
            channel.state = ChannelState.CLOSED


@dataclass
class Done:
    """Seconds of each page looked at, workbook made and picture sent; answers to those refused."""

    pages: list[float] = field(default_factory=list)
    exports: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@contextmanager
def _busy(house: House) -> Iterator[Done]:
    """For the block: people who open a page each second, who send one picture after the other, who export."""
    over, done = threading.Event(), Done()
    editor = house.filled.editor
    threads = [
        threading.Thread(target=work, args=(house, token_of(house.database, editor), number, over, done))
        for work, people in ((_browse, BROWSING), (_send, SENDING), (_export, EXPORTING))
        for number in range(people)
    ]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _browse(house: House, token: str, number: int, over: threading.Event, done: Done) -> None:
    paths = ["/pictures", *pages(house.filled).values()]
    with house.served.client(token) as client:
        for path in cycle(paths[number:] + paths[:number]):
            began = time.monotonic()
            assert client.get(path).status_code == 200
            done.pages.append(time.monotonic() - began)
            if over.wait(max(0.0, PAGE_EVERY - done.pages[-1])):
                return


def _export(house: House, token: str, _number: int, over: threading.Event, done: Done) -> None:
    today = clock.now().date()
    asked = {"period": "own", "from": str(today - timedelta(days=TWO_YEARS)), "to": str(today)}
    with house.served.client(token) as client:
        while not over.is_set():
            began = time.monotonic()
            assert client.get("/results/posts.xlsx", params=asked).status_code == 200
            done.exports.append(time.monotonic() - began)


def _send(house: House, token: str, number: int, over: threading.Event, done: Done) -> None:
    files = camera.pictures()
    sender = Sender(house.served, token, HOME)
    for path in cycle(files[number * 10 :] + files[: number * 10]):
        try:
            done.pictures.append(sender.send(path.name, camera.another(path.read_bytes())))
        except Refused as refused:
            done.refused.append(refused)
        if over.is_set():
            return


def _settled(house: House, publications: list[int], patience: float) -> int:
    """Wait until all are public, or patience ends. Returns the most connections that were seen meanwhile."""
    end, most, left = time.monotonic() + patience, 0, len(publications)
    while left and time.monotonic() < end:
        with house.database.reads() as session:
            left = session.execute(
                select(func.count()).where(
                    Publication.id.in_(publications), Publication.status != Status.PUBLISHED
                )
            ).scalar_one()
        most = max(most, house.connections())
        time.sleep(0.25)
    return most


def _lateness(house: House, publications: list[int]) -> list[float]:
    """Seconds from their second to the start of the first visible call of each."""
    with house.database.reads() as session:
        rows = session.execute(
            select(func.min(Attempt.started_at, type_=Attempt.started_at.type), Publication.due_at)
            .join(Publication, Publication.id == Attempt.publication_id)
            .where(Attempt.kind == AttemptKind.SHOW, Publication.id.in_(publications))
            .group_by(Publication.id, Publication.due_at)
        ).all()
    return sorted((row[0] - row[1]).total_seconds() for row in rows)


def _staging(house: House, publications: list[int], due: datetime) -> tuple[float, float, int]:
    """How many seconds before theirs the first was begun and the last was ready; how many were in time."""
    with house.database.reads() as session:
        rows = session.execute(
            select(Attempt.publication_id, Attempt.started_at, Attempt.ended_at, Attempt.outcome).where(
                Attempt.kind == AttemptKind.STAGE, Attempt.publication_id.in_(publications)
            )
        ).all()
    ready = [row.ended_at for row in rows if row.outcome is Outcome.OK]
    begun = min(row.started_at for row in rows)
    in_time = len({row.publication_id for row in rows if row.outcome is Outcome.OK and row.ended_at <= due})
    return (due - begun).total_seconds(), (due - max(ready)).total_seconds(), in_time


def _public(house: House, due: datetime) -> list[float]:
    """Seconds after their second at which the public saw each, by the network's clock."""
    times = [
        datetime.fromisoformat(row["real_at"])
        for row in house.practice.public_log()
        if row["event"] == "appeared"
    ]
    return sorted((at - due).total_seconds() for at in times)
