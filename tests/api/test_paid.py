"""Whether money was behind a post: who may say it, of what, and what is told of it afterwards."""

import pytest
from sqlalchemy import select

from app.domain.publications import Status
from app.domain.results import Paid
from app.foundation import clock
from app.foundation.database import Database
from app.models.history import Event
from app.models.publications import Publication
from app.models.results import PaidMark
from tests.api.conftest import Planned, Programs
from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture
def live(database: Database, planned: Planned) -> int:
    """The id of a publication that is out."""
    with database.writes() as session:
        row = session.get_one(Publication, planned.publication)
        row.status, row.published_at, row.step_at = Status.PUBLISHED, clock.now(), None
    return planned.publication


def test_it_is_said_and_taken_back(database: Database, editor: Program, cast: Cast, live: int) -> None:
    path = f"publications/{live}"
    assert editor.get(path)["paid"] == "unknown"
    for word in ("yes", "yes", "no", "unknown"):  # said twice, it is noted once
        assert editor.post(f"{path}/paid", {"paid": word})["paid"] == word
        assert editor.get(path)["paid"] == word
    with database.reads() as session:
        events = session.scalars(select(Event).where(Event.verb == "paid_said").order_by(Event.id)).all()
        assert [event.facts for event in events] == [{"paid": "yes"}, {"paid": "no"}, {"paid": "unknown"}]
        assert {(event.thing, event.thing_id, event.unit_id, event.person_id) for event in events} == {
            ("publication", live, cast.koivuranta.id, cast.editor.person_id)
        }
        assert session.scalars(select(PaidMark.paid)).all() == [Paid.UNKNOWN]


def test_nobody_else_says_it(
    database: Database, sibling: Program, program: Programs, cast: Cast, live: int
) -> None:
    path, body = f"publications/{live}/paid", {"paid": "yes"}
    assert sibling.refused("POST", path, body) == (404, [(None, "not_found")])
    assert program(cast.stranger).refused("POST", path, body)[0] == 404
    for actor in (cast.manager, cast.contributor):
        assert program(actor).refused("POST", path, body) == (403, [(None, "not_allowed")])
    with database.reads() as session:
        assert session.scalars(select(PaidMark)).all() == []


def test_only_of_what_is_out_and_with_a_known_word(editor: Program, planned: Planned) -> None:
    path = f"publications/{planned.publication}/paid"
    assert editor.refused("POST", path, {"paid": "yes"}) == (409, [(None, "not_out")])
    assert editor.ask("POST", path, {"paid": "perhaps"}).status_code == 422
