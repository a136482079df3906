"""A library, its Page and profile, its workers, and the trouble around them."""

import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import structlog
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.typing import EventDict

from app.actions import posts, publications, reviews
from app.connectors.contract import Network
from app.connectors.facebook.network import Facebook
from app.connectors.failures import NotYet
from app.connectors.http import Wire
from app.connectors.instagram.network import Instagram
from app.domain.networks import NetworkKind
from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.videos import Captions
from app.errands import leases, outgoing, settle
from app.errands.ground import Ground, line_to
from app.foundation import clock
from app.foundation.database import Base, Database
from app.foundation.settings import Settings
from app.models.assets import Asset
from app.models.holds import Hold
from app.models.posts import Post, Revision
from app.models.publications import Publication
from tests.builders import with_pictures
from tests.faults.inside import LENDER, PracticeInside
from tests.faults.kinds import BY_NAME, Kind
from tests.faults.passage import Passage
from tests.faults.trouble import Killed, Trouble
from tests.faults.workers import Worker, pause_until_next
from tests.practice.films import HIGH, film
from tests.support import plain_logs
from tests.support import stand as stands
from tests.support.stand import Shot

_TAKE_LOCK = leases._take_lock
PATIENT = 20  # turns in which nothing gets better before the pauses grow


class Scene:
    """`stand`: the library; `channels`: network -> id of its channel, `places`: its Page or profile there.

    `beside`: the id of a channel of another Page, which nothing may touch. `workers`: those that are alive.
    `kinds`: publication -> its kind.
    """

    def __init__(self, database: Database, practice: PracticeInside, settings: Settings) -> None:
        self.practice, self.passage = practice, practice.passage
        practice.begin_anew()
        self.stand = stands.build(database, practice, settings)
        wire = Wire(settings.network_timeout_seconds, practice.line)
        networks: dict[NetworkKind, Network] = {
            NetworkKind.FACEBOOK: Facebook(wire),
            NetworkKind.INSTAGRAM: Instagram(wire),
        }
        self.stand.ground = replace(self.stand.ground, networks=networks.__getitem__)
        practice.ground = self.stand.ground
        profile_id, profile = stands.add_profile(self.stand)
        self.channels = {NetworkKind.FACEBOOK: self.stand.channel_id, NetworkKind.INSTAGRAM: profile_id}
        self.places = {NetworkKind.FACEBOOK: self.stand.page, NetworkKind.INSTAGRAM: profile}
        self.beside = stands.more_channels(self.stand, 1)[0]
        self.trouble = Trouble(database.engine)
        practice.line.moment = self.trouble.moment
        self.kinds: dict[int, Kind] = {}
        self.workers: list[Worker] = []
        self._locks: list[Connection] = []

    @property
    def ground(self) -> Ground:
        """What errands stand on."""
        return self.stand.ground

    @property
    def database(self) -> Database:
        """Its database."""
        return self.stand.database

    def close(self) -> None:
        """End everything."""
        for worker in self.workers:
            worker.die()
        self._let_go(self._locks)
        self.trouble.close()
        self.ground.close()

    # What people do, here and at the network

    def show_by_hand(self, publication_id: int) -> None:
        """A colleague publishes what we laid ready, past us. Raises ConnectorFailure."""
        with self.database.reads() as session:
            case = settle.load(session, publication_id)
            line = line_to(session, self.ground, case.channel_id)
            ready = outgoing.ready(session, case)
        before, self.practice.mark = self.practice.mark, publication_id
        try:
            with suppress(NotYet):
                line.network.show(line.access, ready)
        finally:
            self.practice.mark = before

    def delete_by_hand(self, remote_id: str) -> None:
        """A colleague deletes something."""
        self.practice.ask(f"objects/{remote_id}", method="DELETE")

    def plan(
        self, kind: Kind | str, text: str = "Three dogs listen", due_in: float = 600, lateness: int = 60
    ) -> int:
        """An approved post of a kind, planned on its channel. Returns the publication's id."""
        kind = BY_NAME[kind] if isinstance(kind, str) else kind
        return self.plan_on(self.channels[kind.network], kind, text, due_in, lateness)

    def plan_on(
        self, channel_id: int, kind: Kind, text: str = "Beside", due_in: float = 600, lateness: int = 60
    ) -> int:
        """The same on any channel of the kind's network."""
        due_at = clock.now() + timedelta(seconds=due_in)
        with self.database.writes() as session:
            post_id = self._post(session, kind, text)
            given = publications.PlanInput(
                channel_id=channel_id, due_at=due_at, lateness_limit_minutes=lateness
            )
            publication_id = publications.plan(session, self.stand.writer, post_id, given).id
        self.kinds[publication_id] = kind
        return publication_id

    def _post(self, session: Session, kind: Kind, text: str) -> int:
        post = stands.approved_post(session, self.stand, text)
        assert post.revision_id is not None
        said = {"link": kind.link, "format": kind.format, "first_comment": kind.comment}
        session.execute(update(Revision).where(Revision.id == post.revision_id).values(**said))
        shots = [stands.keep_picture(session, self.stand, shot) for shot in kind.shots]
        if kind.film:
            shots.append(keep_film(session, self.stand))
        if shots:
            with_pictures(session, post.revision_id, shots)
        return post.id

    def act(self, action: Callable[..., Any], publication_id: int, *given: Any) -> Any:
        """A person's deed on a publication, in its own transaction."""
        with self.database.writes() as session:
            return action(session, self.stand.writer, publication_id, *given)

    def edit(self, publication_id: int, words: str, approved: bool = True) -> None:
        """Other words for its post; approved at once or not. Raises Refusal."""
        with self.database.writes() as session:
            post = session.get_one(Post, session.get_one(Publication, publication_id).post_id)
            before = session.get_one(Revision, post.revision_id)
            data = posts.PostEdit(
                revision=before.number, title="x", tone=Tone.HUMAN, text=words, link=before.link
            )
            posts.edit(session, self.stand.writer, post.id, data)
            if approved:
                posts.submit(session, self.stand.writer, post.id)
                said_yes = reviews.Approval(revision=before.number + 1)
                reviews.approve(session, self.stand.approver, post.id, said_yes)

    # What the machine does

    def start(self) -> Worker:
        """One more worker. Raises Killed when it dies while it begins."""
        before = len(self._locks)
        try:
            with self.trouble.at_work(), mock.patch.object(leases, "_take_lock", self._take_lock):
                worker = Worker(self.ground, self.practice)
        except Killed:
            self._let_go(self._locks[before:])
            raise
        self.workers.append(worker)
        return worker

    def _take_lock(self, database: Database, run_id: int) -> Connection | None:
        lock = _TAKE_LOCK(database, run_id)
        if lock is not None:
            self._locks.append(lock)
        return lock

    def _let_go(self, locks: Sequence[Connection]) -> None:
        """What a process holds goes with it."""
        for lock in locks:
            with suppress(Exception):
                lock.close()

    @contextmanager
    def beside_it(self, database: Database, folder: Path) -> Iterator[Worker]:
        """For the block a worker of another installation, with a database and a data folder of its own."""
        settings = self.ground.settings.model_copy(update={"data_dir": folder})
        worker = Worker(replace(self.ground, database=database, settings=settings), self.practice)
        self.workers.append(worker)
        yield worker
        self.workers.remove(worker)
        worker.die()

    def advance(self, seconds: float) -> None:
        """Let time pass, with the workers at their work. Raises Killed when the one at work dies."""
        ends_at, idle = self.passage.passed + seconds, 0
        while True:
            for worker in list(self.workers):
                self._turn(worker)
            wait = pause_until_next(self.database)
            left = ends_at - self.passage.passed
            if left <= 0:
                return
            idle = idle + 1 if wait is not None and wait <= 1 else 0
            growing = 1 + max(0, idle - PATIENT)
            self.passage.wait(min(left, growing if idle else wait if wait is not None else left))

    def _turn(self, worker: Worker) -> None:
        try:
            with self.trouble.at_work():
                worker.turn()
        except Killed:
            self.workers.remove(worker)
            worker.die()
            raise

    def run_to(self, publication_id: int, *wanted: Status, most: float = 7200) -> Publication:
        """Let time pass until a publication is in one of these statuses, at most so many seconds."""
        ends_at = self.passage.passed + most
        while self.read(publication_id).status not in wanted and self.passage.passed < ends_at:
            wait = pause_until_next(self.database)
            self.advance(min(wait if wait is not None else most, ends_at - self.passage.passed))
        return self.read(publication_id)

    # What there is to see

    def read(self, publication_id: int) -> Publication:
        """A publication as it is recorded."""
        return self.stand.read(publication_id)

    def seen(self, publication_id: int) -> list[dict[str, Any]]:
        """What the public has seen appear that was made for a publication."""
        return [row for mark, row in self.practice.appeared() if mark == publication_id]

    def comments(self, publication_id: int) -> list[dict[str, Any]]:
        """The comments that appeared for a publication."""
        return [row for mark, row in self.practice.appeared(comments=True) if mark == publication_id]

    def holds(self, publication_id: int) -> list[str]:
        """The reasons of the holds that stand."""
        with self.database.reads() as session:
            rows = select(Hold.reason).where(Hold.publication_id == publication_id, Hold.ended_at.is_(None))
            return [str(reason) for reason in session.scalars(rows)]

    def shown_at(self, row: dict[str, Any]) -> datetime:
        """When the public saw it, by a right clock (UTC)."""
        return datetime.fromisoformat(row["at"])


@contextmanager
def set_up(database: Database, practice: PracticeInside, folder: Path) -> Iterator[Scene]:
    """A scene for the block, in an empty database. Time stands; the clock's own short pauses pass like it."""
    settings = Settings(data_dir=folder, practice_port=1, public_url=LENDER, _env_file=None)
    passage = practice.passage
    structlog.configure(processors=[_unsaid])
    FAULTS.clear()
    try:
        with passage.standing(), _by_hand(passage):
            scene = Scene(database, practice, settings)
            try:
                yield scene
            finally:
                scene.close()
    finally:
        plain_logs.set_up()


@contextmanager
def _by_hand(passage: Passage) -> Iterator[None]:
    """The clock that never jumps is the passage's too, and the clock's own short pauses pass like it."""

    def passed() -> float:
        return passage.passed

    with mock.patch.object(clock, "pause", passage.wait), mock.patch.object(clock, "monotonic", passed):
        yield


FAULTS: list[str] = []  # of our own, that the clock came upon in this scene: their traces


def _unsaid(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Trouble is what these tests are about: to print each takes longer than all the rest."""
    if event.get("exc_info") and not isinstance(sys.exc_info()[1], OperationalError):
        FAULTS.append(traceback.format_exc())
    raise structlog.DropEvent


def keep_film(session: Session, stand: stands.Stand) -> Asset:
    """A video of the unit with its cover, both in the store."""
    film = _film()
    asset = stands.keep_picture(session, stand, Shot("Aino reads aloud", "navy", *HIGH))
    asset.video_sha256, asset.video_size = sha256(film).hexdigest(), len(film)
    asset.duration_ms, asset.frame_rate, asset.video_codec = 4000, 24.0, "h264"
    asset.captions = Captions.SILENT
    file = stand.ground.store.path("video", asset.video_sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(film)
    session.flush()
    return asset


@cache
def _film() -> bytes:
    return film()


def make_empty(database: Database) -> None:
    """Take out every row; quicker than another database, and what the engine has learnt stays."""
    if not database.is_sqlite:
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        return
    database.engine.dispose()
    here = Path(str(database.engine.url.database))
    pristine = here.with_suffix(".pristine")
    if not pristine.exists():
        shutil.copyfile(here, pristine)
    shutil.copyfile(pristine, here)


def ids(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of what was seen."""
    return [str(row["object"]) for row in rows]


__all__ = ["Killed", "Scene", "ids", "make_empty", "set_up"]
