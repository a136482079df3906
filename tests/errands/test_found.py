"""Posts found on the page: read in once, never ours, gone when gone, numbers at the same ages as ours."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app.connectors.contract import Access
from app.connectors.failures import RateLimited
from app.domain.networks import Format, NetworkKind
from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.readings import STORY_AGES, stands_for
from app.domain.results import Paid
from app.errands import fetch, found
from app.errands.ground import line_to
from app.foundation import clock
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.found import TEXT_MOST, ChannelRound, FoundPost, FoundReading
from app.models.people import Person
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.results import PaidMark
from tests.support.stand import Hand, Stand, add_profile, more_channels

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rows(stand: Stand, channel_id: int | None = None) -> list[FoundPost]:
    """What was found, the oldest first."""
    with stand.database.reads() as session:
        question = select(FoundPost).order_by(FoundPost.made_at, FoundPost.id)
        return list(session.scalars(question.where(FoundPost.channel_id == (channel_id or stand.channel_id))))


def readings(stand: Stand) -> list[FoundReading]:
    """What was told of them."""
    with stand.database.reads() as session:
        return list(session.scalars(select(FoundReading).order_by(FoundReading.id)))


def colleague(stand: Stand, message: str, hours_ago: float = 2) -> str:
    """Somebody posts on the page itself."""
    given = {"page": stand.page, "message": message, "hours_ago": hours_ago}
    return str(stand.practice.ask("posts", given)["post"])


def again(stand: Stand, traveller: time_machine.Traveller) -> int:
    """The next round, three hours later."""
    traveller.shift(3 * HOUR)
    return found.find_all(stand.ground)


def test_at_connection_ninety_days_are_read_in(stand: Stand, hand: Hand) -> None:
    profile_channel, profile = add_profile(stand)
    ours = stand.plan("Made here")
    hand.run_to(ours, Status.PUBLISHED)
    stand.practice.ask("past", {"place": stand.page, "days": 80, "posts": 30})
    stand.practice.ask("past", {"place": profile, "days": 80, "posts": 20})
    stand.practice.ask("reels", {"page": stand.page, "description": "Sewing", "hours_ago": 50})
    long = colleague(stand, "ä" * 2000, hours_ago=24)
    colleague(stand, "Long ago", hours_ago=24 * 100)
    stand.practice.ask("posts", {"page": stand.page, "message": "Hidden", "published": False, "hours_ago": 9})
    hand.later(1200)
    assert found.find_all(stand.ground) == 52
    on_page, on_profile = rows(stand), rows(stand, profile_channel)
    assert (len(on_page), len(on_profile)) == (32, 20)
    assert {row.format for row in on_page} == {Format.POST, Format.REEL}
    assert not {"Made here", "Long ago", "Hidden"} & {row.text for row in on_page}
    assert all(row.tone is None and not row.left_out and row.permalink for row in on_page + on_profile)
    assert next(row for row in on_page if row.remote_id == long).text == "ä" * TEXT_MOST
    assert found.find_all(stand.ground) == 0


def test_rounds_are_every_three_hours_and_whole_once_a_day(
    stand: Stand, traveller: time_machine.Traveller
) -> None:
    colleague(stand, "First")
    assert found.find_all(stand.ground) == 1
    calls = len(stand.practice.transcript(call="list"))
    assert found.find_all(stand.ground) == 0
    assert len(stand.practice.transcript(call="list")) == calls
    late = colleague(stand, "Backdated", hours_ago=24 * 30)
    assert again(stand, traveller) == 0  # the newest two days alone
    for _ in range(8):
        again(stand, traveller)
    assert late in [row.remote_id for row in rows(stand)]


def test_what_is_quite_new_waits_until_it_is_known_whose_it_is(
    stand: Stand, traveller: time_machine.Traveller
) -> None:
    colleague(stand, "Just now", hours_ago=0.05)
    assert found.find_all(stand.ground) == 0
    assert again(stand, traveller) == 1


def test_ours_takes_over_what_was_found_of_it(
    stand: Stand, hand: Hand, traveller: time_machine.Traveller
) -> None:
    strange = colleague(stand, "Whose is it?")
    assert found.find_all(stand.ground) == 1
    stand.practice.forward(days=1)
    assert fetch.fetch_all(stand.ground) == 1
    late = stand.plan("Whose is it?")
    with stand.database.writes() as session:
        now = clock.now()
        sara = session.scalars(select(Person.id)).first()
        session.execute(update(FoundPost).values(paid=Paid.YES, paid_by_id=sara, paid_at=now))
        session.execute(
            update(Publication)
            .where(Publication.id == late)
            .values(status=Status.PUBLISHED, remote_id=strange, published_at=now, step_at=None)
        )
    assert again(stand, traveller) == 0
    assert rows(stand) == []
    assert readings(stand) == []
    with stand.database.reads() as session:
        (reading,) = session.scalars(select(Reading))
        (mark,) = session.scalars(select(PaidMark))
    assert reading.publication_id == late
    assert reading.reach is not None
    assert (mark.publication_id, mark.paid, mark.person_id) == (late, Paid.YES, sara)


def test_what_is_no_longer_listed_is_gone_until_it_is_back(
    stand: Stand, traveller: time_machine.Traveller
) -> None:
    first, second = colleague(stand, "First", 20), colleague(stand, "Second", 20)
    found.find_all(stand.ground)
    stand.practice.ask(f"objects/{first}/hide", {})
    again(stand, traveller)
    gone = {row.remote_id: row.gone_at is not None for row in rows(stand)}
    assert gone == {first: True, second: False}
    assert [row.reading_at is None for row in rows(stand) if row.remote_id == first] == [True]
    stand.practice.ask(f"objects/{first}/show", {})
    again(stand, traveller)
    assert {row.gone_at for row in rows(stand)} == {None}


def test_a_tone_that_was_said_stays_and_words_follow_the_page(
    stand: Stand, traveller: time_machine.Traveller
) -> None:
    colleague(stand, "Story time")
    found.find_all(stand.ground)
    with stand.database.writes() as session:
        session.execute(update(FoundPost).values(tone=Tone.HUMAN, text="Old words"))
    assert again(stand, traveller) == 0
    (row,) = rows(stand)
    assert (row.tone, row.text) == (Tone.HUMAN, "Story time")


def test_numbers_are_read_at_the_same_ages_and_late_ones_keep_their_age(stand: Stand, hand: Hand) -> None:
    hand.run_to(stand.plan("Made here"), Status.PUBLISHED)
    colleague(stand, "Nine days old", hours_ago=9 * 24)
    colleague(stand, "Half an hour old", hours_ago=0.5)
    colleague(stand, "Two months old", hours_ago=60 * 24)
    found.find_all(stand.ground)
    before = len(stand.practice.transcript(call="batch"))
    stand.practice.forward(hours=1)
    assert fetch.fetch_all(stand.ground) == 4
    assert len(stand.practice.transcript(call="batch")) == before + 1  # ours and theirs in one call
    ages = {row.text: row.id for row in rows(stand)}
    told = {one.found_id: one for one in readings(stand)}
    late = told[ages["Nine days old"]]
    assert abs(late.age - (9 * 24 + 1) * 3600) < 60
    assert not stands_for(timedelta(seconds=late.age), 7 * DAY)
    assert late.sources["reach"] == "post_total_media_view_unique"
    assert late.reach is not None
    assert fetch.fetch_all(stand.ground) == 0
    due = {row.text: row.reading_at for row in rows(stand)}
    assert due["Two months old"] is None
    stand.practice.forward(days=5)
    assert fetch.fetch_all(stand.ground) == 3
    assert {one.found_id for one in readings(stand)[3:]} == {ages["Nine days old"], ages["Half an hour old"]}


@pytest.mark.parametrize("network", [NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM])
def test_stories_are_read_every_three_hours_until_they_end(stand: Stand, network: NetworkKind) -> None:
    place = stand.page if network is NetworkKind.FACEBOOK else add_profile(stand)[1]
    stand.practice.ask("stories", {"place": place})
    stand.practice.forward(minutes=20)
    assert found.find_all(stand.ground) == 1
    for _ in range(60):
        stand.practice.forward(minutes=30)
        fetch.fetch_all(stand.ground)
    ages = [timedelta(seconds=one.age) for one in readings(stand)]
    assert len(ages) == len(STORY_AGES)
    for wanted, age in zip(STORY_AGES, ages, strict=True):
        assert wanted <= age < wanted + timedelta(minutes=31)
    assert all(one.views is not None for one in readings(stand)[1:])
    with stand.database.reads() as session:
        assert session.scalars(select(FoundPost.reading_at)).all() == [None]


def test_deleted_ones_are_noted_when_their_numbers_are_read(stand: Stand) -> None:
    gone = colleague(stand, "Deleted")
    found.find_all(stand.ground)
    stand.practice.ask(f"posts/{gone}", method="DELETE")
    fetch.fetch_all(stand.ground)
    (row,) = rows(stand)
    assert row.gone_at is not None
    assert row.reading_at is None


def test_reading_gives_way_and_never_disturbs_publishing(
    stand: Stand, hand: Hand, traveller: time_machine.Traveller
) -> None:
    colleague(stand, "Waits")
    network = stand.ground.networks(NetworkKind.FACEBOOK)
    until = clock.now() + 5 * HOUR

    def limited(*_given: object) -> None:
        raise RateLimited("rate_limited", until)

    listed, network.listed = network.listed, limited  # type: ignore[method-assign, assignment]
    try:
        assert found.find_all(stand.ground) == 0
        network.listed = None  # type: ignore[method-assign, assignment]
        assert again(stand, traveller) == 0  # it is not even asked
    finally:
        network.listed = listed  # type: ignore[method-assign]
    assert hand.run_to(stand.plan("On time"), Status.PUBLISHED, steps=5).status is Status.PUBLISHED
    with stand.database.reads() as session:
        assert session.get_one(Channel, stand.channel_id).token_state == "ok"
    traveller.shift(3 * HOUR)
    stand.practice.switches(usage_percent=80)
    stand.ground.networks(NetworkKind.FACEBOOK).server_time(access(stand))
    assert found.find_all(stand.ground) == 0
    stand.practice.switches(usage_percent=1)
    stand.ground.networks(NetworkKind.FACEBOOK).server_time(access(stand))
    assert found.find_all(stand.ground) == 1


def access(stand: Stand) -> Access:
    """What speaks for the page."""
    with stand.database.reads() as session:
        return line_to(session, stand.ground, stand.channel_id).access


def test_one_bad_channel_keeps_no_other_from_its_turn(stand: Stand) -> None:
    colleague(stand, "There")
    bad, away = more_channels(stand, 2)
    with stand.database.writes() as session:
        session.execute(update(ChannelToken).where(ChannelToken.channel_id == bad).values(sealed="AAAA"))
        session.execute(update(Channel).where(Channel.id == away).values(token_state="dead"))
    assert found.find_all(stand.ground) == 1
    with stand.database.reads() as session:
        assert session.get_one(ChannelRound, bad).wait_until is not None
        assert session.get(ChannelRound, away) is None
