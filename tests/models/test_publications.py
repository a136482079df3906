"""A publication moves by the clock only with the lease, from where it was, unchanged by people."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Conflict
from app.domain.publications import Status
from app.errands import leases
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import Publication, move_fenced
from tests.support.stand import Stand


@pytest.fixture
def planned(stand: Stand) -> tuple[int, Lease]:
    """A planned publication and the lease on its channel."""
    publication_id = stand.plan()
    life = leases.begin(stand.database)
    leases.claim(stand.database, life, {stand.channel_id})
    if life.lock is not None:
        life.lock.close()
    return publication_id, life.leases[stand.channel_id]


def _move(
    stand: Stand, publication_id: int, lease: Lease, old: Status, new: Status, version: int = 1
) -> bool:
    with stand.database.writes() as session:
        return move_fenced(
            session, publication_id, old, new, lease, clock.now(), version=version, step_at=None
        )


def test_with_the_lease(stand: Stand, planned: tuple[int, Lease]) -> None:
    assert _move(stand, *planned, Status.PLANNED, Status.STAGED)
    assert stand.read(planned[0]).status is Status.STAGED


def test_not_with_an_older_lease(stand: Stand, planned: tuple[int, Lease]) -> None:
    publication_id, lease = planned
    older = Lease(lease.channel_id, lease.run_id, lease.token - 1)
    assert not _move(stand, publication_id, older, Status.PLANNED, Status.STAGED)


def test_not_from_another_state_nor_after_a_persons_change(stand: Stand, planned: tuple[int, Lease]) -> None:
    assert not _move(stand, *planned, Status.STAGED, Status.PUBLISHING)
    assert not _move(stand, *planned, Status.PLANNED, Status.STAGED, version=7)
    assert stand.read(planned[0]).status is Status.PLANNED


def test_not_against_the_table(stand: Stand, planned: tuple[int, Lease]) -> None:
    with pytest.raises(Conflict):
        _move(stand, *planned, Status.PLANNED, Status.PUBLISHED)


def test_a_post_is_open_once_on_a_channel(stand: Stand) -> None:
    first, second = stand.plan(), stand.plan()
    with stand.database.reads() as session:
        post_id = session.scalars(select(Publication.post_id).where(Publication.id == first)).one()
    with pytest.raises(IntegrityError), stand.database.writes() as session:
        session.execute(update(Publication).where(Publication.id == second).values(post_id=post_id))
