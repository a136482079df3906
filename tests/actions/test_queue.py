"""Many at once: what each row is answered, what takes it back, and a whole queue stopped and let go."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import publications, queue
from app.actions.queue import Outcome, Shift, StopInput
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.networks import NetworkKind
from app.domain.publications import HoldReason, Status
from app.foundation import clock
from app.foundation.crypto import Keyring, keyring
from app.models.assets import Lending
from app.models.channels import Channel
from app.models.history import Event
from app.models.holds import Hold
from app.models.publications import Publication
from tests import plans
from tests.cast import Cast, gather
from tests.support.days import today


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return keyring(tmp_path, "")


@pytest.fixture
def page(session: Session, cast: Cast, keys: Keyring) -> Channel:
    return plans.channel(session, cast.koivuranta, keys)


def plan(
    session: Session, cast: Cast, page: Channel, status: Status = Status.PLANNED, minutes: float = 300
) -> Publication:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    return plans.publication(session, post, page, status, minutes)


def left(outcome: Outcome) -> dict[int, str]:
    return {one.publication_id: one.fault.code for one in outcome.left}


def verbs(session: Session, row: Publication) -> list[str]:
    told = select(Event.verb).where(Event.thing == "publication", Event.thing_id == row.id)
    return list(session.scalars(told.order_by(Event.id)))


def reasons(session: Session, row: Publication) -> list[HoldReason]:
    stand = select(Hold.reason).where(Hold.publication_id == row.id, Hold.ended_at.is_(None))
    return list(session.scalars(stand.order_by(Hold.id)))


def test_each_row_has_its_own_answer(session: Session, cast: Cast, page: Channel) -> None:
    first, second = plan(session, cast, page), plan(session, cast, page)
    going = plan(session, cast, page, Status.PUBLISHING, -1)
    told = queue.hold(session, cast.editor, [going.id, second.id, first.id, 999_999], "Storm")
    assert [one.publication_id for one in told.done] == [first.id, second.id]
    assert left(told) == {going.id: "on_its_way", 999_999: "not_found"}
    assert (first.status, second.status, going.status) == (Status.HELD, Status.HELD, Status.PUBLISHING)
    assert verbs(session, first)[-1] == "held"


def test_a_bulk_hold_is_taken_back_and_nothing_else(session: Session, cast: Cast, page: Channel) -> None:
    first, second, third = (plan(session, cast, page) for _ in range(3))
    publications.hold(session, cast.approver, second.id, "Mine")
    told = queue.hold(session, cast.editor, [first.id, second.id, third.id])
    publications.release(session, cast.editor, third.id)
    back = queue.undo(session, cast.editor, told)
    assert [one.publication_id for one in back.done] == [first.id, second.id]
    assert left(back) == {third.id: "not_held"}
    assert (first.status, second.status) == (Status.PLANNED, Status.HELD)
    assert reasons(session, second) == [HoldReason.PERSON]
    assert verbs(session, second)[-1] == "hold_ended"


def test_many_move_by_days_and_back(session: Session, cast: Cast, page: Channel) -> None:
    first, second = plan(session, cast, page), plan(session, cast, page)
    before = {row.id: row.local_due for row in (first, second)}
    told = queue.move(session, cast.editor, [first.id, second.id], Shift(days=2, hours=1))
    assert first.local_due == before[first.id] + timedelta(days=2, hours=1)
    publications.move(
        session, cast.editor, second.id, publications.MoveInput(due_at=clock.now() + timedelta(days=9))
    )
    back = queue.undo(session, cast.editor, told)
    assert first.local_due == before[first.id]
    assert left(back) == {second.id: "changed_meanwhile"}


def test_all_to_one_day_keeps_the_hour(session: Session, cast: Cast, page: Channel) -> None:
    row, late = plan(session, cast, page), plan(session, cast, page, Status.PUBLISHED, -300)
    on = today() + timedelta(days=20)
    hour = row.local_due.time()
    told = queue.move(session, cast.editor, [row.id, late.id], Shift(on=on))
    assert (row.local_due.date(), row.local_due.time()) == (on, hour)
    assert left(told) == {late.id: "may_not_move"}
    past = queue.move(session, cast.editor, [row.id], Shift(on=date(2020, 1, 1)))
    assert left(past) == {row.id: "time_is_past"}
    with pytest.raises(Invalid, match="shift_missing"):
        queue.move(session, cast.editor, [row.id], Shift())


def test_release_and_cancel_many(session: Session, cast: Cast, page: Channel) -> None:
    held, late = plan(session, cast, page), plan(session, cast, page)
    queue.hold(session, cast.editor, [held.id, late.id])
    late.due_at = clock.now() - timedelta(hours=3)
    told = queue.release(session, cast.editor, [held.id, late.id])
    assert (held.status, late.status, left(told)) == (Status.PLANNED, Status.MISSED, {})
    gone = queue.cancel(session, cast.editor, [held.id, late.id])
    assert len(gone.done) == 2
    assert left(queue.cancel(session, cast.editor, [held.id])) == {held.id: "publication_move"}


@pytest.mark.parametrize("who", ["contributor", "manager", "sibling_editor", "stranger"])
def test_who_may_not_plan_changes_nothing(session: Session, cast: Cast, page: Channel, who: str) -> None:
    row = plan(session, cast, page)
    actor = getattr(cast, who)
    told = queue.cancel(session, actor, [row.id])
    assert (told.done, row.status) == ([], Status.PLANNED)
    if who != "sibling_editor":
        with pytest.raises(Forbidden):
            queue.hold_all(session, actor, StopInput())
    with pytest.raises((Forbidden, NotFound)):
        queue.hold_all(session, actor, StopInput(unit_id=cast.koivuranta.id))


def test_everything_stands_still(session: Session, cast: Cast, page: Channel, keys: Keyring) -> None:
    rows = [plan(session, cast, page, status) for status in (Status.PLANNED, Status.STAGED, Status.PROPOSED)]
    going = plan(session, cast, page, Status.PUBLISHING, -1)
    out = plan(session, cast, page, Status.PUBLISHED, -60)
    sister_page = plans.channel(session, cast.myllymaki, keys, "Myllymäki")
    sister_post = plans.post(session, cast.myllymaki, cast.sibling_editor)
    sister = plans.publication(session, sister_post, sister_page)
    now = clock.now()
    lent = Lending(
        token_hash="x", publication_id=rows[1].id, sha256="a", rendition="b", created_at=now, expires_at=now
    )
    session.add(lent)
    session.flush()
    told = queue.hold_all(session, cast.editor, StopInput(note="  The bridge is closed "))
    assert told.held == [row.id for row in rows]
    assert told.on_their_way == [going.id]
    assert {row.status for row in rows} == {Status.HELD}
    assert (going.status, out.status, sister.status) == (Status.PUBLISHING, Status.PUBLISHED, Status.PLANNED)
    session.refresh(lent)
    assert lent.revoked_at is not None
    assert verbs(session, rows[0])[-1] == "stopped_with_all"


def test_a_stop_also_keeps_what_would_go_on_by_itself(session: Session, cast: Cast, page: Channel) -> None:
    row = plan(session, cast, page, Status.HELD)
    session.add(Hold(publication_id=row.id, reason=HoldReason.RECONNECT, note="", since_at=clock.now()))
    queue.hold_all(session, cast.editor, StopInput(unit_id=cast.koivuranta.id))
    assert reasons(session, row) == [HoldReason.RECONNECT, HoldReason.EVERYTHING]
    let_go = queue.release_all(session, cast.editor)
    assert let_go.still_held == [row.id]
    assert reasons(session, row) == [HoldReason.RECONNECT]


def test_only_what_the_stop_held_is_let_go_and_nothing_late(
    session: Session, cast: Cast, page: Channel
) -> None:
    mine = plan(session, cast, page)
    publications.hold(session, cast.editor, mine.id, "Wait for the director")
    soon, later = plan(session, cast, page, minutes=60), plan(session, cast, page, minutes=60 * 48)
    queue.hold_all(session, cast.editor, StopInput())
    with time_machine.travel(clock.now() + timedelta(hours=6), tick=False):
        let_go = queue.release_all(session, cast.editor, cast.koivuranta.id)
    assert (let_go.released, let_go.missed, let_go.still_held, let_go.more) == (
        [later.id], [soon.id], [mine.id], False,
    )  # fmt: skip
    assert (soon.status, later.status, mine.status) == (Status.MISSED, Status.PLANNED, Status.HELD)
    assert queue.release_all(session, cast.editor).released == []


def test_letting_go_comes_in_parts(
    session: Session, cast: Cast, page: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "A_PART", 2)
    rows = [plan(session, cast, page) for _ in range(3)]
    queue.hold_all(session, cast.editor, StopInput())
    first, second = queue.release_all(session, cast.editor), queue.release_all(session, cast.editor)
    assert (len(first.released), first.more, len(second.released), second.more) == (2, True, 1, False)
    assert {row.status for row in rows} == {Status.PLANNED}


def test_on_another_network_what_nobody_chose_is_as_usual_there(
    session: Session, cast: Cast, page: Channel, keys: Keyring
) -> None:
    """What people post by hand may be a day late, and a program shall not be."""
    wall = plans.channel(session, cast.koivuranta, keys, "Wall", network=NetworkKind.MANUAL)
    usual, chosen = plan(session, cast, wall), plan(session, cast, wall)
    usual.lateness_minutes, chosen.lateness_minutes = 24 * 60, 15
    session.flush()
    told = queue.to_channel(session, cast.editor, [usual.id, chosen.id], page.id)
    assert left(told) == {}
    there = select(Publication.lateness_minutes).where(Publication.channel_id == page.id)
    assert session.scalars(there.order_by(Publication.id)).all() == [60, 15]
