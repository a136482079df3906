"""Channels that fall silent are found, and found to speak again; they publish as ever."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from app.domain.networks import ChannelState
from app.domain.publications import Status
from app.errands import channel_silences
from app.foundation import clock
from app.models.channel_register import ChannelSilence
from app.models.channels import Channel
from app.models.history import Event
from app.models.publications import Publication
from tests.support.stand import Stand

DAY = timedelta(days=1)


def silent(stand: Stand) -> list[ChannelSilence]:
    with stand.database.reads() as session:
        return list(session.scalars(select(ChannelSilence)))


def test_three_weeks_without_a_post_are_noted_once(stand: Stand) -> None:
    began = clock.now()
    assert channel_silences.look(stand.ground) == 0
    with time_machine.travel(began + 22 * DAY, tick=False):
        assert channel_silences.look(stand.ground) == 1
        assert channel_silences.look(stand.ground) == 0
        assert len(silent(stand)) == 1
        publication_id = stand.plan()
        with stand.database.writes() as session:
            assert session.get_one(Channel, stand.channel_id).state is ChannelState.ACTIVE
            out = session.get_one(Publication, publication_id)
            out.status, out.published_at = Status.PUBLISHED, clock.now()
        assert channel_silences.look(stand.ground) == 1
        assert silent(stand) == []
    with stand.database.reads() as session:
        verbs = session.scalars(select(Event.verb).where(Event.thing == "channel").order_by(Event.id)).all()
    assert [verb for verb in verbs if "silent" in verb] == ["fell_silent", "not_silent"]


def test_a_renewed_sign_in_ends_no_silence(stand: Stand) -> None:
    began = clock.now()
    with time_machine.travel(began + 22 * DAY, tick=False):
        assert channel_silences.look(stand.ground) == 1  # without any post
        renew(stand)
        assert channel_silences.look(stand.ground) == 0
        publication_id = stand.plan()
        with stand.database.writes() as session:
            out = session.get_one(Publication, publication_id)
            out.status, out.published_at = Status.PUBLISHED, clock.now()
        assert channel_silences.look(stand.ground) == 1
    with time_machine.travel(began + 44 * DAY, tick=False):
        renew(stand)
        assert channel_silences.look(stand.ground) == 1  # counted from its last post
        assert [row.since_at for row in silent(stand)] == [began + 22 * DAY]


def renew(stand: Stand) -> None:
    """What signing in again writes."""
    with stand.database.writes() as session:
        session.get_one(Channel, stand.channel_id).connected_at = clock.now()
