"""Channels that fell silent: active, and without a post for 21 days. It is noted; nothing stops for it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.channel_register import SILENT_AFTER, silent_since
from app.domain.networks import ChannelState
from app.domain.publications import OUT
from app.errands.ground import CLOCK, Ground
from app.foundation import clock
from app.models.channel_register import ChannelSilence
from app.models.channels import Channel
from app.models.found import FoundPost
from app.models.publications import Publication


def look(ground: Ground) -> int:
    """Note which channels are silent and which no longer are; returns how many changed."""
    now = clock.now()
    with ground.database.reads() as session:
        known = _known(session)
        silent = _silent(session, known, now)
    fresh = {channel_id: since for channel_id, since in silent.items() if known.get(channel_id) != since}
    over = known.keys() - silent.keys()
    if not fresh and not over:
        return 0
    with ground.database.writes() as session:
        for channel_id, since in fresh.items():
            _note(session, channel_id, since, now)
        for channel_id in over:
            _speaks(session, channel_id, now)
    return len(fresh) + len(over)


def _known(session: Session) -> dict[int, datetime]:
    rows = session.execute(select(ChannelSilence.channel_id, ChannelSilence.since_at))
    return {row.channel_id: row.since_at for row in rows}


def _silent(session: Session, known: Mapping[int, datetime], now: datetime) -> dict[int, datetime]:
    """Active channels that are silent, and since when (UTC). `known`: those noted before.

    A sign-in that is renewed counts as connecting, and is no post: it ends no silence.
    """
    limit = now - SILENT_AFTER
    ours = (
        select(Publication.id)
        .where(Publication.channel_id == Channel.id, Publication.status.in_(sorted(OUT)))
        .where(Publication.published_at > limit)
        .where(Publication.due_at > limit - SILENT_AFTER)  # what the index knows; nothing is so late
    )
    theirs = select(FoundPost.id).where(
        FoundPost.channel_id == Channel.id, FoundPost.made_at > limit, FoundPost.gone_at.is_(None)
    )
    quiet = session.execute(
        select(Channel.id, Channel.connected_at).where(
            Channel.state == ChannelState.ACTIVE, ~ours.exists(), ~theirs.exists()
        )
    ).all()
    last = _last(session, [row.id for row in quiet])
    begun = {row.id: min(row.connected_at, known.get(row.id, row.connected_at)) for row in quiet}
    found = {each: silent_since(last.get(each), connected, now) for each, connected in begun.items()}
    return {channel_id: since for channel_id, since in found.items() if since is not None}


def _last(session: Session, channel_ids: Collection[int]) -> dict[int, datetime]:
    """When something came out last on channels where anything did: by us, or in the network's own tools."""
    ours = (
        select(Publication.channel_id, func.max(Publication.published_at).label("at"))
        .where(Publication.channel_id.in_(channel_ids), Publication.status.in_(sorted(OUT)))
        .group_by(Publication.channel_id)
    )
    theirs = (
        select(FoundPost.channel_id, func.max(FoundPost.made_at).label("at"))
        .where(FoundPost.channel_id.in_(channel_ids), FoundPost.gone_at.is_(None))
        .group_by(FoundPost.channel_id)
    )
    found: dict[int, datetime] = {}
    for channel_id, at in [*session.execute(ours), *session.execute(theirs)]:
        if at is not None:
            found[channel_id] = max(at, found.get(channel_id, at))
    return found


def _note(session: Session, channel_id: int, since: datetime, now: datetime) -> None:
    row = session.get(ChannelSilence, channel_id)
    if row is not None:
        row.since_at = since
        return
    session.add(ChannelSilence(channel_id=channel_id, since_at=since, found_at=now))
    _tell(session, channel_id, "fell_silent", now)


def _speaks(session: Session, channel_id: int, now: datetime) -> None:
    row = session.get(ChannelSilence, channel_id)
    if row is not None:
        session.delete(row)
        _tell(session, channel_id, "not_silent", now)


def _tell(session: Session, channel_id: int, verb: str, now: datetime) -> None:
    channel = session.get_one(Channel, channel_id)
    history.record(
        session, CLOCK, "channel", channel_id, verb, unit_id=channel.unit_id,
        old=channel.state, new=channel.state, now=now,
    )  # fmt: skip
