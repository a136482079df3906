"""Posts that are out corrected and taken down through the API."""

import pytest

from app.domain.publications import Status
from app.foundation import clock
from app.foundation.database import Database
from app.models.posts import Post
from app.models.publications import Publication
from tests.api.conftest import Planned
from tests.api.program import Program


@pytest.fixture
def live(database: Database, planned: Planned) -> int:
    """The id of a publication that is out."""
    with database.writes() as session:
        row = session.get_one(Publication, planned.publication)
        row.status, row.remote_id, row.published_at = Status.PUBLISHED, "501_1", clock.now()
        row.revision_id, row.step_at = session.get_one(Post, planned.post).revision_id, None
    return planned.publication


def test_a_text_is_corrected(editor: Program, approver: Program, planned: Planned, live: int) -> None:
    path = f"publications/{live}"
    assert editor.get(path)["wish"] is None
    assert editor.refused("POST", f"{path}/correct", None) == (409, [(None, "nothing_to_correct")])
    edit = {"revision": 1, "title": "Quiet hours", "tone": "human", "text": "Why we whisper less."}
    editor.patch(f"posts/{planned.post}", edit)
    assert editor.refused("POST", f"{path}/correct", None) == (409, [(None, "needs_yes_to_correct")])
    editor.post(f"posts/{planned.post}/submit")
    approver.post(f"posts/{planned.post}/approve", {"revision": 2})
    asked = editor.post(f"{path}/correct")
    assert asked["status"] == "published"
    assert asked["wish"].items() >= {"kind": "correct", "revision": 2, "by_hand": False}.items()
    assert editor.refused("POST", f"{path}/correct", None) == (409, [(None, "wish_open")])
    assert editor.refused("POST", f"{path}/corrected", None) == (409, [(None, "nothing_asked")])
    assert editor.post(f"{path}/give-up")["wish"] is None


def test_it_is_taken_down(editor: Program, live: int) -> None:
    path = f"publications/{live}"
    asked = editor.post(f"{path}/remove", {"note": "Wrong dog"})
    assert asked["wish"].items() >= {"kind": "remove", "note": "Wrong dog", "revision": None}.items()
    assert editor.ask("POST", f"{path}/remove").status_code == 409
    gone = editor.post(f"{path}/taken-down")
    assert (gone["status"], gone["wish"]) == ("removed", None)
    assert editor.ask("POST", f"{path}/taken-down").status_code == 409


def test_another_branch_finds_nothing(sibling: Program, editor: Program, live: int) -> None:
    for verb in ("correct", "remove", "taken-down", "corrected", "give-up"):
        assert sibling.ask("POST", f"publications/{live}/{verb}").status_code == 404
    assert editor.get(f"publications/{live}")["status"] == "published"


def test_what_is_not_out(editor: Program, planned: Planned) -> None:
    for verb in ("correct", "remove", "taken-down", "corrected", "give-up"):
        path = f"publications/{planned.publication}/{verb}"
        assert editor.refused("POST", path, None) == (409, [(None, "not_out")])
