"""A practice network per worker, a library per test."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app.errands import leases
from app.errands.ground import Ground
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.images import Pictures
from app.foundation.settings import Settings
from tests.cast import Cast, gathered
from tests.support.lender import Lender
from tests.support.mail_server import MailServer, mail_server
from tests.support.practice import PracticeServer
from tests.support.stand import Hand, Stand, begin_time, build


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the practice network and the app share."""
    return tmp_path_factory.mktemp("practice")


@pytest.fixture(scope="session")
def practice_server(practice_folder: Path) -> Iterator[PracticeServer]:
    """The practice network, on a real socket."""
    with PracticeServer(practice_folder) as server:
        yield server


@pytest.fixture
def practice(practice_server: PracticeServer) -> PracticeServer:
    """The practice network with nothing in it and no delays."""
    practice_server.reset("world")
    practice_server.reset("behaviour")
    practice_server.app.world.offset = timedelta(0)  # for one test after another; the network never goes back
    practice_server.switches(latency_ms=1, list_lag_seconds=0)
    return practice_server


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """Time that passes, and that a test may move."""
    with time_machine.travel(begin_time(), tick=True) as coordinates:
        yield coordinates


@pytest.fixture(scope="session")
def lender(practice_server: PracticeServer) -> Iterator[Lender]:
    """The address from which the practice network may fetch pictures."""
    with Lender() as lender:
        practice_server.ask("origins", {"origins": [lender.url]})
        yield lender


@pytest.fixture
def stand(
    database: Database,
    practice: PracticeServer,
    practice_folder: Path,
    traveller: time_machine.Traveller,
    lender: Lender,
) -> Iterator[Stand]:
    """The small library."""
    settings = Settings(
        data_dir=practice_folder,
        practice_port=practice.port,
        network_timeout_seconds=30,
        public_url=lender.url,
        _env_file=None,
    )
    stand = build(database, practice, settings)
    lender.ground, lender.closed = stand.ground, False
    yield stand
    stand.ground.close()


@pytest.fixture
def hand(stand: Stand, traveller: time_machine.Traveller) -> Iterator[Hand]:
    """The hand that drives the clock's steps."""
    hand = Hand(stand, traveller)
    yield hand
    leases.end(stand.database, hand.life)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    """One reader of pictures for all: to start it takes longer than a test."""
    pictures = Pictures(tmp_path_factory.mktemp("reader"))
    yield pictures
    pictures.close()


@pytest.fixture
def ground(database: Database, tmp_path: Path, reader: Pictures) -> Ground:
    """An empty library's ground."""
    ground = Ground(Settings(_env_file=None, data_dir=tmp_path), database, keyring(tmp_path, ""))
    vars(ground)["pictures"] = reader
    return ground


@pytest.fixture
def cast(database: Database) -> Cast:
    """The standing cast, in the database."""
    return gathered(database)


@pytest.fixture(scope="module")
def mail_house() -> Iterator[MailServer]:
    """A mail server, one for all tests of a file."""
    with mail_server() as server:
        yield server


@pytest.fixture
def mailbox(mail_house: MailServer) -> MailServer:
    """The server, empty and friendly."""
    mail_house.mails.clear()
    mail_house.refuse.clear()
    mail_house.seen.clear()
    return mail_house
