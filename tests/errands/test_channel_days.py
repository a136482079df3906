"""Numbers per channel and day: 90 days back, again until they are final, after an outage, of small pages."""

from datetime import date, timedelta
from operator import attrgetter

import time_machine
from sqlalchemy import select

from app.domain.publications import Status
from app.domain.readings import Basis
from app.domain.warnings import Code
from app.errands import channel_days, fetch, found, warnings
from app.foundation import clock
from app.models.channel_days import ChannelDay
from app.models.found import ChannelRound
from app.models.readings import DeadMetric
from tests.support.stand import Hand, Stand, add_profile

DAY = timedelta(days=1)


def days(stand: Stand, channel_id: int) -> list[ChannelDay]:
    """The rows of a channel, the oldest first."""
    with stand.database.reads() as session:
        rows = session.scalars(select(ChannelDay).where(ChannelDay.channel_id == channel_id))
        return sorted(rows, key=attrgetter("day"))


def all_rounds(stand: Stand) -> None:
    """So many rounds that nothing is missing any more."""
    for _ in range(4):
        channel_days.read_all(stand.ground)


def test_ninety_days_come_in_parts_the_newest_first(stand: Stand) -> None:
    profile_channel, _ = add_profile(stand)
    today = clock.now().date()
    assert channel_days.read_all(stand.ground) == 60
    assert min(row.day for row in days(stand, stand.channel_id)) == today - 30 * DAY
    all_rounds(stand)
    for channel_id in (stand.channel_id, profile_channel):
        rows = days(stand, channel_id)
        assert [row.day for row in rows] == [today - n * DAY for n in range(90, -1, -1)]
        told = rows[:-1]
        assert all(row.reach is not None and row.views is not None for row in told)
        assert all(row.basis is Basis.NETWORK and row.sources["reach"] for row in told)
        assert rows[-1].followers is not None  # of today only that is known
        assert rows[-1].reach is None
    assert (
        days(stand, profile_channel)[0].followers is None
    )  # how many there were then, Instagram never tells
    assert channel_days.read_all(stand.ground) == 0


def test_days_are_asked_until_they_are_final_and_after_an_outage(
    stand: Stand, traveller: time_machine.Traveller
) -> None:
    stand.practice.switches(insights_delay_hours=48)
    today = clock.now().date()
    all_rounds(stand)
    unknown = {row.day for row in days(stand, stand.channel_id) if row.reach is None}
    assert unknown == {today - 2 * DAY, today - DAY, today}
    stand.practice.ask("outage", {"way": "closed"})
    for _ in range(3):
        traveller.shift(3 * DAY)
        assert channel_days.read_all(stand.ground) == 0
    stand.practice.ask("outage", method="DELETE")
    traveller.shift(timedelta(hours=1))
    assert channel_days.read_all(stand.ground) == 10  # two that were open, eight of the outage
    rows = days(stand, stand.channel_id)
    assert {row.day for row in rows if row.reach is None and row.day < today + 7 * DAY} == set()
    with stand.database.reads() as session:
        assert session.get_one(ChannelRound, stand.channel_id).wait_until is None


def test_a_small_page_is_told_by_its_posts(stand: Stand, hand: Hand) -> None:
    stand.practice.ask("followers", {"place": stand.page, "followers": 80})
    hand.run_to(stand.plan("Made here"), Status.PUBLISHED)
    post = stand.practice.ask("posts", {"page": stand.page, "message": "By hand", "hours_ago": 70})["post"]
    stand.practice.ask("comments", {"on": post, "message": "Lovely"})
    found.find_all(stand.ground)
    fetch.fetch_all(stand.ground)
    all_rounds(stand)
    rows = {row.day: row for row in days(stand, stand.channel_id)}
    then = rows[(clock.now() - timedelta(hours=70)).date()]
    assert (then.basis, then.reach, then.views) == (Basis.POSTS, None, None)
    assert then.engagement is not None
    assert then.engagement >= 1
    quiet = rows[clock.now().date() - 40 * DAY]
    assert (quiet.basis, quiet.engagement) == (Basis.POSTS, None)  # no posts: nothing to tell, and not 0
    assert rows[clock.now().date()].followers == 80
    with stand.database.reads() as session:
        assert session.get_one(ChannelRound, stand.channel_id).few_followers


def test_a_dead_name_is_found_dropped_and_told(stand: Stand) -> None:
    stand.practice.switches(dead_metrics=["page_media_view"])
    channel_days.read_all(stand.ground)
    assert {(row.views, row.reach is not None) for row in days(stand, stand.channel_id)[:-1]} == {
        (None, True)
    }
    with stand.database.reads() as session:
        assert session.scalars(select(DeadMetric.name)).all() == ["page_media_view"]
    (light,) = [one for one in warnings.lights(stand.ground, clock.now()) if one.code is Code.METRIC_GONE]
    assert light.facts == {
        "network": "facebook", "name": "page_media_view", "ours": "views", "version": "v25.0",
    }  # fmt: skip
    calls = stand.practice.transcript(call="page_insights")
    all_rounds(stand)
    later = stand.practice.transcript(call="page_insights")[len(calls) :]
    assert later
    assert not any("page_media_view" in str(call["params"]) for call in later)


def test_what_was_told_once_is_not_lost(stand: Stand, traveller: time_machine.Traveller) -> None:
    all_rounds(stand)
    before = {row.day: row.reach for row in days(stand, stand.channel_id) if row.reach is not None}
    stand.practice.switches(insights_answer="empty")
    traveller.shift(DAY)
    channel_days.read_all(stand.ground)
    after = {row.day: row.reach for row in days(stand, stand.channel_id)}
    assert {day: after[day] for day in before} == before
    assert isinstance(next(iter(before)), date)
