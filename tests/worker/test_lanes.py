"""Lanes: what fails is taken up again without haste, and a token that doesn't open holds and tells."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.connectors.contract import Staged
from app.domain.networks import NetworkKind
from app.domain.publications import HoldReason, Status
from app.errands.ground import Line
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.holds import Hold
from app.worker.clock import PublishingClock
from app.worker.lanes import Job, Lane, Lanes
from tests.support.practice import PracticeServer
from tests.support.stand import Stand, build, more_channels
from tests.support.waiting import comes


@pytest.fixture(scope="module")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lanes")


@pytest.fixture
def stand(database: Database, practice_folder: Path):  # type: ignore[no-untyped-def]
    """A library with a quick network."""
    with PracticeServer(practice_folder) as practice:
        practice.switches(latency_ms=1, list_lag_seconds=0)
        settings = Settings(data_dir=practice_folder, practice_port=practice.port, _env_file=None)
        yield build(database, practice, settings)


@pytest.mark.parametrize("fails", [True, False])
def test_after_a_failure_nobody_is_wakened(stand: Stand, fails: bool) -> None:
    wakened: list[bool] = []
    lanes = Lanes(stand.ground, 2, lambda: wakened.append(True))

    def work(_line: Line) -> None:
        if fails:
            raise ZeroDivisionError

    lanes.take(Job("one", stand.channel_id, Lane.QUIET, work, lambda: None))
    lanes.close()
    assert wakened == ([] if fails else [True])


def test_a_token_that_does_not_open_holds_and_stops_no_other(stand: Stand) -> None:
    broken, sound = stand.channel_id, more_channels(stand, 1)[0]
    with stand.database.writes() as session:
        session.execute(update(ChannelToken).where(ChannelToken.channel_id == broken).values(sealed="AAAA"))
    shut = stand.plan("Shut", due_in=0.5)
    stand.channel_id = sound
    out = stand.plan("Out", due_in=0.5)
    clock = PublishingClock(stand.ground)
    clock.start()
    assert comes(lambda: stand.read(out).status is Status.PUBLISHED)
    assert comes(lambda: stand.read(shut).status is Status.HELD)
    clock.stop()
    with stand.database.reads() as session:
        assert session.scalars(select(Hold.reason)).all() == [HoldReason.RECONNECT]
        assert session.get_one(Channel, broken).token_state == "dead"


def test_an_error_of_ours_is_not_tried_again_at_once(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    network = stand.ground.networks(NetworkKind.FACEBOOK)
    tries: list[int] = []

    def broken(*_given: object) -> Staged:
        tries.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(network, "stage", broken)
    planned = stand.plan("Broken", due_in=0.5)
    begun = stand.read(planned).step_at
    clock = PublishingClock(stand.ground)
    clock.start()
    assert comes(lambda: stand.read(planned).step_at != begun)
    clock.stop()
    assert len(tries) == 1
