"""A channel's numbers day by day: what is not told is a dash, a break is said, a sibling sees nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.domain.readings import Basis
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.database import Database
from app.models.channel_days import ChannelDay
from tests.api.program import Program
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NEW, OLD = {"reach": "page_total_media_view_unique"}, {"reach": "page_impressions_unique"}


def put(database: Database, channel_id: int, count: int, basis: Basis = Basis.NETWORK) -> list[date]:
    """Days until yesterday, the newest first; older than ten days under the old name."""
    now = clock.now()
    days = [now.date() - timedelta(days=n) for n in range(1, count + 1)]
    with database.writes() as session:
        session.add_all(
            ChannelDay(
                channel_id=channel_id, day=day, followers=1234 if n == 0 else None, reach=100 + n,
                basis=basis, api_version="v25.0", sources=NEW if n < 10 else OLD, taken_at=now,
            )
            for n, day in enumerate(days)
        )  # fmt: skip
    return days


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_days_dashes_and_breaks(scene: Scene, cast: Cast, visit: Visit) -> None:
    address = f"/channels/{scene.channel_id}/days"
    manager = visit(cast.manager)
    assert "No numbers yet." in manager.get(address).text
    days = put(scene.database, scene.channel_id, 60)
    with counted(scene.database) as asked:
        page = manager.get(address).text
    assert len(asked) <= 6
    assert "1,234" in page
    assert page.count("<tr") == 1 + 27  # today was not asked yet
    assert "page_total_media_view_unique instead of page_impressions_unique" in page
    assert "–" in page
    earlier = page.split('rel="prev" href="')[1].split('"')[0]
    assert "instead of" not in manager.get(earlier).text
    assert manager.get(f"{address}?until=nonsense").status_code == 200
    assert "No numbers yet." in manager.get(f"{address}?until={days[-1] - timedelta(days=3)}").text
    for who in (cast.sibling_editor, cast.stranger):
        assert visit(who).get(address).status_code == 404


def test_a_small_page_says_whose_numbers_these_are(scene: Scene, cast: Cast, visit: Visit) -> None:
    put(scene.database, scene.channel_id, 3, Basis.POSTS)
    page = visit(cast.editor).get(f"/channels/{scene.channel_id}/days").text
    assert "fewer than 100 likes" in page


def test_programs_ask_for_a_period(app: FastAPI, scene: Scene, cast: Cast) -> None:
    days, path = put(scene.database, scene.channel_id, 40), f"channels/{scene.channel_id}/days"
    manager = Program(app, cast.manager, "read")
    assert [row["day"] for row in manager.items(path)] == [day.isoformat() for day in days[:28]]
    period = {"from": days[5].isoformat(), "to": days[3].isoformat()}
    first = manager.items(path, **period)[0]
    assert (first["day"], first["reach"], first["views"], first["basis"]) == (
        period["to"],
        103,
        None,
        "network",
    )
    backwards = {"from": period["to"], "to": period["from"]}
    assert manager.refused("GET", path, **backwards) == (422, [("to", "period_backwards")])
    long = {"from": "2020-01-01", "to": "2026-01-01"}
    assert manager.refused("GET", path, **long) == (422, [("from", "days_too_many")])
    assert Program(app, cast.sibling_editor).refused("GET", path)[0] == 404
