"""The API of posts found on the page: the same powers, and nothing of a sibling's."""

from datetime import timedelta

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import Database
from app.models.found import FoundPost
from tests import plans
from tests.api.conftest import Channels, Programs
from tests.api.program import Program
from tests.cast import Cast


def put(database: Database, channel_id: int, count: int) -> list[int]:
    """Found posts on a channel, the newest first."""
    now = clock.now()
    with database.writes() as session:
        made = [plans.found(channel_id, now - timedelta(hours=n), f"Post {n}") for n in range(count)]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def test_listed_said_and_taken_back(database: Database, editor: Program, channels: Channels) -> None:
    ids = put(database, channels.own, 5)
    first = editor.get("found-posts", limit=3)
    assert [one["id"] for one in first["items"]] == ids[:3]
    assert [one["id"] for one in editor.items("found-posts", after=first["next"])] == ids[3:]
    body = {"posts": [{"id": ids[0], "tone": "human"}, {"id": ids[1], "tone": "left_out"}]}
    assert editor.post("found-posts/tones", body, key="k1") == {"done": sorted(ids[:2])}
    assert editor.post("found-posts/tones", body, key="k1") == {"done": sorted(ids[:2])}
    assert [one["id"] for one in editor.items("found-posts", told="waiting")] == ids[2:]
    assert [one["id"] for one in editor.items("found-posts", told="left_out")] == [ids[1]]
    assert [one["tone_by"] for one in editor.items("found-posts", tone="human")] == ["Sara Niemi"]
    editor.post("found-posts/tones", {"posts": [{"id": ids[0], "tone": None}]})
    one = editor.get(f"found-posts/{ids[0]}")
    assert (one["tone"], one["left_out"], one["tone_by"]) == (None, False, None)
    assert editor.items("found-posts", channel=channels.sibling) == []


def test_money_is_said_for_many_at_once(database: Database, editor: Program, channels: Channels) -> None:
    ids = put(database, channels.own, 3)
    said = [{"id": ids[0], "paid": "yes"}, {"id": ids[1], "paid": "no"}]
    assert editor.post("found-posts/paid", {"posts": said}) == {"done": sorted(ids[:2])}
    assert [one["id"] for one in editor.items("found-posts", paid="unknown")] == [ids[2]]
    one = editor.get(f"found-posts/{ids[0]}")
    assert (one["paid"], one["paid_by"], one["tone"]) == ("yes", "Sara Niemi", None)
    editor.post("found-posts/paid", {"posts": [{"id": ids[0], "paid": "unknown"}]})
    assert editor.get(f"found-posts/{ids[0]}")["paid"] == "unknown"
    gone = {"posts": [{"id": ids[1], "paid": "yes"}, {"id": ids[2] + 99, "paid": "yes"}]}
    assert editor.refused("POST", "found-posts/paid", gone) == (404, [(None, "not_found")])
    assert editor.get(f"found-posts/{ids[1]}")["paid"] == "no"


def test_others_see_and_change_nothing(
    database: Database, sibling: Program, program: Programs, cast: Cast, channels: Channels
) -> None:
    (own,), (shared,) = put(database, channels.own, 1), put(database, channels.shared, 1)
    said = {"posts": [{"id": own, "tone": "human"}, {"id": shared, "tone": "human"}]}
    assert [one["id"] for one in sibling.items("found-posts")] == [shared]
    assert sibling.refused("GET", f"found-posts/{own}") == (404, [(None, "not_found")])
    assert sibling.refused("POST", "found-posts/tones", said) == (404, [(None, "not_found")])
    money = {"posts": [{"id": own, "paid": "yes"}]}
    assert sibling.refused("POST", "found-posts/paid", money) == (404, [(None, "not_found")])
    assert program(cast.manager).refused("POST", "found-posts/paid", money)[0] == 403
    manager = program(cast.manager)
    assert manager.items("found-posts") == []
    assert manager.refused("POST", "found-posts/tones", said)[0] == 403
    assert program(cast.stranger).items("found-posts") == []
    with database.reads() as session:
        assert session.scalars(select(FoundPost.tone)).all() == [None, None]


def test_nonsense_is_refused(editor: Program) -> None:
    for posts in ([], [{"id": 0, "tone": "human"}], [{"id": 1, "tone": "x"}]):
        assert editor.ask("POST", "found-posts/tones", {"posts": posts}).status_code == 422
    assert editor.refused("GET", "found-posts/7") == (404, [(None, "not_found")])
