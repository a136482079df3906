"""What every network promises of reading: all that is public since a time, numbers of stories and per day.

Both stand over the practice network, whose lists lag, come in short pages, and have empty ones between.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.connectors.failures import RateLimited, Reconnect, RetryLater
from app.domain.metrics import About, today
from app.domain.networks import Format
from tests.connectors.stands import FacebookOnPractice, InstagramOnPractice, shelf_for, with_other_token
from tests.support.practice import PracticeServer

Stand = FacebookOnPractice | InstagramOnPractice
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    """The practice network on a real socket."""
    with PracticeServer(tmp_path_factory.mktemp("practice")) as server:
        yield server


@pytest.fixture(params=[FacebookOnPractice, InstagramOnPractice], ids=["facebook", "instagram"])
def stand(request: pytest.FixtureRequest, practice: PracticeServer) -> Iterator[Stand]:
    """One network after the other."""
    with shelf_for(practice) as shelf:
        stand: Stand = request.param(practice, shelf)
        yield stand
        stand.line.close()


@pytest.mark.parametrize("pages", ["full", "short", "empty"])
def test_all_since_a_time_is_listed_however_long_the_list(stand: Stand, pages: str) -> None:
    practice, own, now = stand.practice, stand.make_access(), datetime.now(UTC)
    practice.ask("past", {"place": stand.remote_id, "days": 80, "posts": 130})
    practice.switches(list_pages=pages)
    listed = stand.network.listed(own, now - 90 * DAY)
    assert listed.whole
    assert len({post.remote_id for post in listed.posts}) == 130
    assert all(post.text and post.permalink and post.format is Format.POST for post in listed.posts)
    assert all(
        abs((post.network_made_at or now) - post.made_at) < timedelta(seconds=3) for post in listed.posts
    )
    near = stand.network.listed(own, now - 20 * DAY)
    assert near.whole
    assert 20 < len(near.posts) < 45
    assert min(post.made_at for post in near.posts) > now - 20 * DAY - timedelta(minutes=1)


def test_reels_and_stories_are_told_apart(stand: Stand) -> None:
    practice, place = stand.practice, stand.remote_id
    if isinstance(stand, FacebookOnPractice):
        practice.ask("reels", {"page": place, "description": "Sewing", "hours_ago": 5})
    else:
        practice.ask("media", {"profile": place, "caption": "Sewing", "reel": True, "hours_ago": 5})
    practice.ask("stories", {"place": place})
    listed = stand.network.listed(stand.make_access(), datetime.now(UTC) - DAY)
    found = {post.format: post for post in listed.posts}
    assert found.keys() == {Format.REEL, Format.STORY}
    assert found[Format.REEL].text == "Sewing"
    assert found[Format.STORY].text == ""
    practice.forward(hours=9)
    ids = [post.remote_id for post in listed.posts]
    formats = {post.remote_id: post.format for post in listed.posts}
    told = {one.remote_id: one for one in stand.network.read(stand.make_access(), ids, (), formats).numbers}
    story = told[found[Format.STORY].remote_id]
    assert story.values["views"] is not None
    assert story.values["reach"] is not None
    kind = stand.network.profile.kind
    names = today(kind, About.STORY, insight=True)
    assert {name: story.sources[name] for name in names} == names
    reel = told[found[Format.REEL].remote_id]
    assert reel.values["views"] is not None
    assert (reel.values["reach"] is None) == isinstance(stand, FacebookOnPractice)
    assert reel.sources == today(kind, About.REEL, insight=True) | today(kind, About.REEL, insight=False)


def test_too_much_in_one_call_is_asked_in_smaller_parts(stand: Stand) -> None:
    stand.practice.ask("past", {"place": stand.remote_id, "days": 5, "posts": 4})
    stand.practice.script("error", calls="list media_list", code=1)
    assert len(stand.network.listed(stand.make_access(), datetime.now(UTC) - 9 * DAY).posts) == 4


def test_days_are_told_one_by_one(stand: Stand) -> None:
    until = datetime.now(UTC).date() - DAY
    told = stand.network.days(stand.make_access(), until - 40 * DAY, until)
    assert [one.day for one in told.days] == [until - n * DAY for n in range(40, 0, -1)]
    assert told.followers
    for one in told.days:
        assert all(value is None or value >= 0 for value in one.values.values())
        assert {"reach", "views", "engagement"} <= {
            name for name, value in one.values.items() if value is not None
        }
        assert one.sources == today(stand.network.profile.kind, About.DAY, insight=True)


def test_a_dead_name_is_found_and_the_days_are_told_without_it(stand: Stand) -> None:
    names = today(stand.network.profile.kind, About.DAY, insight=True)
    stand.practice.switches(dead_metrics=[names["views"]])
    until = datetime.now(UTC).date() - DAY
    own, network = stand.make_access(), stand.network
    told = network.days(own, until - 2 * DAY, until)
    assert told.dead == (names["views"],)
    assert {(one.values["views"], one.values["reach"] is not None) for one in told.days} == {(None, True)}
    assert all("views" not in one.sources for one in told.days)
    before = stand.line.calls
    assert network.days(own, until - 2 * DAY, until, told.dead).dead == ()
    assert stand.line.calls == before + 2  # the days, and the followers


def test_what_is_not_told_is_left_out(stand: Stand) -> None:
    stand.practice.switches(insights_answer="empty")
    until = datetime.now(UTC).date() - DAY
    told = stand.network.days(stand.make_access(), until - 2 * DAY, until)
    assert (told.days, told.dead) == ((), ())
    stand.practice.switches(
        insights_answer="numbers", withdrawn=["read_insights", "instagram_manage_insights"]
    )
    told = stand.network.days(stand.make_access(), until - 2 * DAY, until)
    assert (told.days, told.dead) == ((), ())
    assert told.followers


def test_trouble_is_named_by_what_to_do_next(stand: Stand) -> None:
    own, now = stand.make_access(), datetime.now(UTC)
    with pytest.raises(Reconnect):
        stand.network.listed(with_other_token(own), now - DAY)
    stand.practice.ask("limits", {"page": stand.remote_id, "minutes": 60})
    with pytest.raises(RateLimited):
        stand.network.days(own, now.date() - 3 * DAY, now.date())
    stand.practice.reset()
    stand.practice.ask("outage", {"way": "closed"})
    with pytest.raises(RetryLater):
        stand.network.listed(own, now - DAY)
    stand.practice.ask("outage", method="DELETE")
