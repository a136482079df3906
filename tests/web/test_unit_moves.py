"""The pages where a unit is moved."""

from collections.abc import Callable
from datetime import time

import pytest
from fastapi import FastAPI

from app.actions import queue
from app.domain.networks import Realm
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.database import Database
from app.models.meta_apps import MetaApp
from app.models.slots import Slot
from app.models.units import Unit
from tests import plans
from tests.builders import an_asset, person, unit
from tests.cast import Cast
from tests.web.scene import counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


@pytest.fixture
def other_id(database: Database, cast: Cast) -> int:
    """A second library of the network, with somebody who works there."""
    with database.writes() as session:
        other = unit(session, "Other City Library", cast.network)
        person(session, "Other head", other, Role.APPROVER)
        return other.id


def parent(database: Database, unit_id: int) -> int | None:
    with database.reads() as session:
        return session.get_one(Unit, unit_id).parent_id


def test_seen_before_done_and_taken_back(cast: Cast, visit: Visit, database: Database, other_id: int) -> None:
    boss, unit_id, old = visit(cast.administrator), cast.koivuranta.id, cast.library.id
    path = f"/units/{unit_id}/move"
    asked = boss.get(path).text
    assert f'<option value="{other_id}"' in asked
    assert f'<option value="{unit_id}"' not in asked
    seen = boss.get(f"{path}?parent={other_id}").text
    assert "Other head" in seen
    assert "Below Other City Library" in seen
    assert parent(database, unit_id) == old, "a look moves nothing"
    fields = {"parent": str(other_id), "from_id": str(old)}
    done = boss.send(f"{path}?parent={other_id}", path, **fields)
    assert done.headers["location"] == f"/units/{unit_id}?moved_from={old}&done=unit_moved"
    assert parent(database, unit_id) == other_id
    page = boss.get(done.headers["location"]).text
    assert "Move it back" in page
    stale = boss.send(f"{path}?parent={old}", path, **{**fields, "parent": str(cast.network.id)})
    assert stale.status_code == 409
    assert "Somebody moved this unit meanwhile" in stale.text
    boss.send(done.headers["location"], path, parent=str(old), from_id=str(other_id))
    assert parent(database, unit_id) == old


def test_everything_that_would_change_is_on_the_page(
    app: FastAPI, cast: Cast, visit: Visit, database: Database, other_id: int
) -> None:
    with database.writes() as session:
        keys = app.state.keyring
        lost = plans.channel(session, cast.library, keys, "Lost page")
        plans.channel(session, session.get_one(Unit, other_id), keys, "Gained page")
        plans.channel(session, cast.koivuranta, keys, "Real page", realm=Realm.META)
        session.add(MetaApp(unit_id=other_id, app_id="77", secret_sealed="x", changed_at=clock.now()))
        session.add(Slot(channel_id=lost.id, weekday=1, local_time=time(9)))
        an_asset(session, cast.library, shared=True)
        for status in (Status.PROPOSED, Status.PLANNED):
            post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
            plans.publication(session, post, lost, status)
        held = queue.StopInput(unit_id=cast.koivuranta.id)
        queue.hold_all(session, cast.editor, held)
    boss, path = visit(cast.administrator), f"/units/{cast.koivuranta.id}/move?parent={other_id}"
    page = boss.get(path).text
    with counted(database) as asked:
        boss.get(path)
    assert len(asked) <= 12, asked
    for words in (
        "Lost page", "Gained page", "keeps one hour a week", "have their time there", "Real page",
        "stand still until they are connected again", "although channels must be connected again",
        "One is not offered any more.", "stand still because a whole queue was stopped",
    ):  # fmt: skip
        assert words in page, words


def test_what_can_not_be_is_said(cast: Cast, visit: Visit, other_id: int) -> None:
    boss = visit(cast.administrator)
    path = f"/units/{cast.library.id}/move"
    told = boss.get(f"{path}?parent={cast.koivuranta.id}")
    assert (told.status_code, "can&#39;t stand below itself" in told.text) == (422, True)
    told = boss.get(f"{path}?parent={cast.elsewhere.id}")
    assert (told.status_code, "Another Library" in told.text) == (422, False)
    for who, status in ((cast.coordinator, 403), (cast.editor, 403), (cast.sibling_editor, 404)):
        assert visit(who).get(f"/units/{cast.koivuranta.id}/move").status_code == status
    assert "Move it below another unit" not in visit(cast.editor).get(f"/units/{cast.koivuranta.id}").text
