"""Quota, calls used and the network's time are asked of the practice network and kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.domain.networks import NetworkKind, Realm
from app.domain.warnings import Code
from app.errands import allowances, warnings
from app.errands.ground import Ground
from app.foundation import clock
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.notices import Allowance, Notice
from app.models.publications import Publication
from tests.support.stand import Stand, add_profile


@pytest.fixture
def profile(stand: Stand) -> int:
    """The id of a profile's channel with a post planned for today."""
    channel_id, _ = add_profile(stand)
    planned = stand.plan(due_in=7200)
    with stand.database.writes() as session:
        session.execute(update(Publication).where(Publication.id == planned).values(channel_id=channel_id))
        session.execute(update(Channel).values(checked_at=clock.now()))
    return channel_id


def kept(stand: Stand, channel_id: int) -> Allowance | None:
    """What is known of a channel."""
    with stand.database.reads() as session:
        return session.get(Allowance, channel_id)


def test_a_busy_profile_is_asked(stand: Stand, profile: int) -> None:
    assert allowances.ask(stand.ground) == 1
    told = kept(stand, profile)
    assert told
    assert told.quota_used == 0
    assert told.quota_total
    assert told.ahead is not None
    assert abs(told.ahead) < 5
    assert kept(stand, stand.channel_id) is None, "nothing goes out there these days"


def test_a_paused_channel_is_left_in_peace(stand: Stand, profile: int) -> None:
    with stand.database.writes() as session:
        session.execute(update(ChannelLease).values(paused_until=clock.now() + timedelta(minutes=1)))
    assert allowances.ask(stand.ground) == 0


def test_calls_used_are_noted_by_the_process_that_was_told(
    stand: Stand, profile: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert allowances.note_usage(stand.ground) == 0, "little is not worth a row"
    network = stand.ground.networks(NetworkKind.INSTAGRAM)
    monkeypatch.setattr(network, "usage", lambda _access: 80)
    allowances.note_usage(stand.ground)
    told = kept(stand, profile)
    assert told
    assert told.usage == 80
    assert codes(stand.ground) == {Code.USAGE}


def test_a_clock_that_is_off_is_found_where_the_network_is_real(stand: Stand, profile: int) -> None:
    allowances.ask(stand.ground)
    with stand.database.writes() as session:
        session.execute(update(Allowance).values(ahead=-90.0))
    assert Code.CLOCK_OFF not in codes(stand.ground), "the practice network's clock may be moved at will"
    with stand.database.writes() as session:
        session.execute(update(Channel).where(Channel.id == profile).values(realm=Realm.META))
    assert Code.CLOCK_OFF in codes(stand.ground)


def codes(ground: Ground) -> set[str]:
    """What is warned of after a round."""
    warnings.look_out(ground)
    with ground.database.reads() as session:
        return set(session.scalars(select(Notice.code).where(Notice.ended_at.is_(None))))
