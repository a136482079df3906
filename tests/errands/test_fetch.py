"""Numbers: at their ages, many posts in one call, missing is null, dead names are learned."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.connectors.failures import RateLimited
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands import fetch
from app.foundation import clock
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.publications import Publication
from app.models.readings import DeadMetric, Reading
from tests.support.stand import Hand, Stand, more_channels


def readings(stand: Stand) -> list[Reading]:
    with stand.database.reads() as session:
        return list(session.scalars(select(Reading).order_by(Reading.id)))


@pytest.fixture
def public(stand: Stand, hand: Hand) -> list[int]:
    """Three posts that are out."""
    planned = [stand.plan(f"Post {number}") for number in range(3)]
    for one in planned:
        hand.run_to(one, Status.PUBLISHED)
    return planned


def test_nothing_is_read_before_its_age(stand: Stand, public: list[int]) -> None:
    assert len(public) == 3
    assert fetch.fetch_all(stand.ground) == 0
    assert readings(stand) == []


def test_many_posts_in_one_call_at_their_age(stand: Stand, public: list[int]) -> None:
    stand.practice.forward(days=7)
    before = len(stand.practice.transcript(call="batch"))
    assert fetch.fetch_all(stand.ground) == 3
    assert len(stand.practice.transcript(call="batch")) == before + 1
    rows = readings(stand)
    assert [row.publication_id for row in rows] == public
    for row in rows:
        assert abs(row.age - 7 * 86400) < 900
        assert row.reach is not None
        assert row.saves is None  # Facebook does not tell it: unknown, not none
        assert row.sources["reach"] == "post_total_media_view_unique"
    assert fetch.fetch_all(stand.ground) == 0


def test_a_dead_name_is_learned_and_the_rest_is_read(stand: Stand, public: list[int]) -> None:
    stand.practice.switches(dead_metrics=["post_clicks"])
    stand.practice.forward(hours=1)
    assert fetch.fetch_all(stand.ground) == len(public)
    assert {(row.clicks, row.reach is not None) for row in readings(stand)} == {(None, True)}
    with stand.database.reads() as session:
        assert session.scalars(select(DeadMetric.name)).all() == ["post_clicks"]


def test_empty_is_null(stand: Stand, public: list[int]) -> None:
    stand.practice.switches(insights_answer="empty")
    stand.practice.forward(hours=1)
    assert fetch.fetch_all(stand.ground) == len(public)
    assert {(row.views, row.reach, row.clicks) for row in readings(stand)} == {(None, None, None)}


def test_missing_answers_are_asked_again_later(stand: Stand, public: list[int]) -> None:
    stand.practice.switches(batch_null_every=2)
    stand.practice.forward(hours=1)
    fetch.fetch_all(stand.ground)
    assert len(readings(stand)) < len(public)
    stand.practice.switches(batch_null_every=0)
    stand.practice.forward(minutes=11)
    fetch.fetch_all(stand.ground)
    assert {row.publication_id for row in readings(stand)} == set(public)


def test_deleted_at_the_network_is_found(stand: Stand, public: list[int]) -> None:
    stand.practice.ask(f"posts/{stand.read(public[0]).remote_id}", method="DELETE")
    stand.practice.forward(hours=1)
    fetch.fetch_all(stand.ground)
    assert stand.read(public[0]).status is Status.REMOVED
    assert stand.read(public[1]).status is Status.PUBLISHED


def test_statistics_never_disturb_publishing(stand: Stand, public: list[int]) -> None:
    stand.practice.switches(token_error="463")
    stand.practice.forward(hours=1)
    assert fetch.fetch_all(stand.ground) == 0
    assert {stand.read(one).status for one in public} == {Status.PUBLISHED}


def test_near_the_limit_publishing_goes_first(stand: Stand, public: list[int]) -> None:
    stand.practice.switches(usage_percent=80)
    stand.practice.forward(hours=1)
    fetch.fetch_all(stand.ground)
    assert fetch.fetch_all(stand.ground) == 0
    assert len(public) == 3


def test_asked_to_wait_numbers_wait_and_posts_still_go_out(
    stand: Stand, hand: Hand, public: list[int]
) -> None:
    stand.practice.forward(hours=1)
    network = stand.ground.networks(NetworkKind.FACEBOOK)
    until = clock.now() + timedelta(hours=3)

    def limited(*_given: object) -> None:
        raise RateLimited("rate_limited", until)

    read, network.read = network.read, limited  # type: ignore[method-assign, assignment]
    try:
        assert fetch.fetch_all(stand.ground) == 0
        network.read = None  # type: ignore[method-assign, assignment]
        assert fetch.fetch_all(stand.ground) == 0
    finally:
        network.read = read  # type: ignore[method-assign]
    next_one = stand.plan("On time all the same", due_in=300)
    assert hand.run_to(next_one, Status.PUBLISHED, steps=5).status is Status.PUBLISHED
    assert len(public) == 3


def test_one_bad_channel_keeps_no_other_from_its_turn(stand: Stand, public: list[int]) -> None:
    stand.practice.forward(hours=1)
    bad = more_channels(stand, 1)[0]
    with stand.database.writes() as session:
        session.execute(update(ChannelToken).where(ChannelToken.channel_id == bad).values(sealed="AAAA"))
        session.execute(update(Publication).where(Publication.id == public[0]).values(channel_id=bad))
    assert fetch.fetch_all(stand.ground) == 2
    with stand.database.reads() as session:
        assert session.get_one(Channel, bad).token_state == "dead"
