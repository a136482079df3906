"""Yesterday's backup is put back, or a copy is started beside the first: what went out since is found.

It is asked about; nothing is published by itself, and nothing goes out twice.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.actions import publications, queue
from app.actions.publications import SettleInput
from app.domain.publications import Status
from app.errands import backups, installations, restored
from app.errands.ground import Ground
from app.errands.installations import Found
from app.foundation import clock
from app.foundation.database import Database, open_database
from app.foundation.settings import Settings
from app.models.holds import Hold
from app.models.publications import Publication
from app.worker.plan import soon
from tests.errands.test_backups import put_back, quiet
from tests.support.databases import Databases
from tests.support.stand import Hand, Shot, Stand, add_profile


class Copy:
    """An installation that a backup was put back into, with its clock begun."""

    def __init__(self, stand: Stand, backup: Path, url: str, folder: Path) -> None:
        folder.mkdir()
        shutil.copy(stand.ground.settings.data_dir / "practice-keys.json", folder)
        put_back(backup, url, folder)
        settings: Settings = stand.ground.settings.model_copy(update={"data_dir": folder})
        self.database: Database = open_database(url)
        self.ground = Ground(settings, self.database, stand.ground.keyring, stand.ground.networks)
        assert installations.begin(self.ground) is Found.COPIED

    def read(self, publication_id: int) -> Publication:
        """A publication as it is in the copy."""
        with self.database.reads() as session:
            return session.get_one(Publication, publication_id)

    def hold(self, publication_id: int) -> Hold:
        """Its hold."""
        with self.database.reads() as session:
            return session.scalars(select(Hold).where(Hold.publication_id == publication_id)).one()


@pytest.fixture
def place(databases: Databases) -> Iterator[str]:
    """The database that the backup is put back into."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def ids(stand: Stand) -> dict[str, int]:
    """Three that go out after the backup is made, on a page and a profile, and one that is due tomorrow."""
    profile, _ = add_profile(stand)
    return {
        "page": stand.plan("Open\ntonight"),
        "with a picture": stand.plan_pictures(stand.channel_id, "Seen from above", [Shot("Roof")], 300),
        "profile": stand.plan_pictures(profile, "A look inside", [Shot("Inside")]),
        "tomorrow": stand.plan("Tomorrow", due_in=24 * 3600),
    }


@pytest.fixture
def copy(stand: Stand, hand: Hand, ids: dict[str, int], place: str, tmp_path: Path) -> Iterator[Copy]:
    """The copy, after the first has gone on for some hours."""
    installations.begin(stand.ground)
    backups.make(stand.database, tmp_path, tmp_path / "b.tar", False, quiet)
    hand.run()
    assert stand.read(ids["profile"]).status is Status.PUBLISHED
    hand.later(3 * 3600)
    copy = Copy(stand, tmp_path / "b.tar", place, tmp_path / "copy")
    yield copy
    copy.database.engine.dispose()


def test_what_went_out_since_is_found_and_asked_about(stand: Stand, copy: Copy, ids: dict[str, int]) -> None:
    stand.practice.script("code_2")
    assert restored.look_up(copy.ground) == 1  # the profile's; the page did not answer
    assert copy.hold(ids["page"]).looked_at is None
    stand.practice.reset("behaviour")
    assert restored.look_up(copy.ground) == 3
    assert copy.hold(ids["tomorrow"]).found_id == ""
    assert restored.look_up(copy.ground) == 0
    for name in ("page", "with a picture", "profile"):
        first, hold = stand.read(ids[name]), copy.hold(ids[name])
        assert hold.found_id == first.remote_id, name
        assert copy.read(ids[name]).status is Status.HELD
        with copy.database.writes() as session:
            publications.settle(session, stand.approver, ids[name], SettleInput(public=True))
        now = copy.read(ids[name])
        assert now.status is Status.PUBLISHED
        assert (now.remote_id, now.permalink) == (first.remote_id, hold.found_link)
        assert now.permalink
        assert now.published_at == now.due_at
    # What belongs to one is not another's, even with the same words.
    with copy.database.writes() as session:
        session.execute(
            update(Publication).where(Publication.id == ids["tomorrow"]).values(post_id=now.post_id)
        )
        session.execute(update(Hold).values(looked_at=None, found_id="", found_link=""))
    assert restored.look_up(copy.ground) == 1
    assert copy.hold(ids["tomorrow"]).found_id == ""


def test_a_copy_beside_the_first_publishes_nothing(
    stand: Stand, hand: Hand, copy: Copy, ids: dict[str, int]
) -> None:
    """The first lives on with the same plan; the copy finds what it publishes when the time has come."""
    assert restored.look_up(copy.ground) == 4
    with copy.database.writes() as session:
        both = queue.release(session, stand.approver, [ids["page"], ids["profile"]])
    assert [one.fault.code for one in both.left] == ["looks_out_already", "looks_out_already"]
    hand.run(within=48 * 3600)
    hand.later(600)
    assert soon(copy.database, clock.now() + timedelta(days=3)) == []
    assert stand.read(ids["tomorrow"]).status is Status.PUBLISHED
    assert restored.look_up(copy.ground) == 1
    assert copy.hold(ids["tomorrow"]).found_id == stand.read(ids["tomorrow"]).remote_id
    with copy.database.writes() as session:
        publications.settle(session, stand.approver, ids["page"], SettleInput(public=False))
    assert copy.read(ids["page"]).status is Status.MISSED  # released, and its time is past
    assert sorted(stand.public()) == ["Open\ntonight", "Seen from above", "Tomorrow"]
