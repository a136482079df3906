"""After a restore or a copy: is what is held out already? What went out since the copy was made left no id.

Each page is asked once for its newest posts, those with our words are shown to a person as a question, and
once more when the time of a held one has passed, for another Kuliss may go on with the same plan. Nothing is
called but what reads, and nothing is released or settled here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.connectors.failures import ConnectorFailure, RateLimited, Reconnect
from app.connectors.public_posts import PublicPost
from app.domain.networks import NetworkKind
from app.domain.publications import HoldReason, Status
from app.domain.texts import plain
from app.errands import leases, settle
from app.errands.ground import Ground, Line, line_to
from app.errands.outgoing import content
from app.foundation import clock, logs
from app.foundation.crypto import CannotOpen
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.leases import ChannelLease, Run
from app.models.posts import Post
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject

AT_ONCE = 200
LISTED_AFTER = timedelta(minutes=5)  # after its time: by then a network lists what went out
# What was laid ready hidden long before it was shown bears the earlier time.
_BEFORE = timedelta(hours=2)
_log = logs.get(__name__)


@dataclass(frozen=True)
class Held:
    """One publication that is held, what of it would stand on the page, and since when it may be there."""

    id: int
    hold_id: int
    words: str
    since: datetime


def look_up(ground: Ground) -> int:
    """Ask for everything held that waits for it; returns for how many the network told something."""
    with ground.database.reads() as session:
        waiting = session.execute(_waiting(clock.now())).all()
    told = 0
    for channel_id, rows in groupby(waiting, attrgetter("channel_id")):
        try:
            told += _on_channel(ground, channel_id, list(rows))
        except Exception:  # noqa: BLE001 - logged with its trace, and the next channel has its turn
            _log.exception("not looked up after a restore", channel=channel_id)
    return told


def _on_channel(ground: Ground, channel_id: int, rows: Sequence[AnyRow]) -> int:
    with ground.database.reads() as session:
        try:
            line = line_to(session, ground, channel_id)
        except CannotOpen:
            return 0  # these keys are not here; the daily check tells people
        held = [_held(session, line, row) for row in rows]
    try:
        public = line.network.newest(line.access, min(one.since for one in held))
    except ConnectorFailure as failure:
        _in_the_way(ground, channel_id, failure)
        return 0
    with ground.database.reads() as session:
        owners = _owners(session, channel_id, {one.remote_id for one in public})
    said = [(plain(one.text), one) for one in public]
    found = {one.hold_id: like(said, one, owners) for one in held}
    with ground.database.writes() as session:
        for hold_id, post in found.items():
            values = {"found_id": post.remote_id, "found_link": post.permalink} if post else {}
            session.execute(
                update(Hold)
                .where(Hold.id == hold_id, Hold.ended_at.is_(None))
                .values(looked_at=clock.now(), **values)
            )
    return len(held)


def like(
    public: Sequence[tuple[str, PublicPost]], held: Held, owners: Mapping[str, set[int]]
) -> PublicPost | None:
    """What is certainly or probably it: its own id, else the oldest with its words that is no other's.

    `public`: what stands on the page, with its words alone (`domain.texts.plain`). `owners`: id at the
    network -> ids of the publications that it was stored for.
    """
    for _, one in public:
        if held.id in owners.get(one.remote_id, ()):
            return one
    found = [
        one
        for words, one in public
        if held.words and words == held.words and one.remote_id not in owners and one.made_at >= held.since
    ]
    return min(found, key=attrgetter("made_at"), default=None)


def _owners(session: Session, channel_id: int, remote_ids: set[str]) -> dict[str, set[int]]:
    """Which publications of a channel these ids were stored for."""
    ids = remote_ids - {""}  # a story does not always tell its own
    here = Publication.channel_id == channel_id
    kept = (
        select(RemoteObject.remote_id, Publication.id)
        .join(Publication, Publication.id == RemoteObject.publication_id)
        .where(here, RemoteObject.remote_id.in_(ids))
    )
    settled = select(Publication.remote_id, Publication.id).where(here, Publication.remote_id.in_(ids))
    owners: dict[str, set[int]] = defaultdict(set)
    for statement in (kept, settled):
        for remote_id, publication_id in session.execute(statement):
            owners[remote_id].add(publication_id)
    return dict(owners)


def _held(session: Session, line: Line, row: AnyRow) -> Held:
    revision_id = row.revision_id or row.newest_id
    takes_links = line.network.profile.takes_links
    words = content(session, revision_id, row.channel_id).live_text(takes_links) if revision_id else ""
    return Held(row.id, row.hold_id, plain(words), _since(session, row))


def _since(session: Session, row: AnyRow) -> datetime:
    """Since when it may have gone out without our knowing: the last sign of life in the copy."""
    seen = session.scalar(select(func.max(Run.seen_at)).where(Run.started_at < row.since_at))
    created: datetime = row.created_at
    begun: datetime = min(seen, row.since_at) if seen else created
    return max(begun, created) - _BEFORE


def _in_the_way(ground: Ground, channel_id: int, failure: ConnectorFailure) -> None:
    """Nothing was told; it is asked again with the next tick, unless the network wants quiet."""
    with ground.database.writes() as session:
        if isinstance(failure, RateLimited):
            leases.pause(session, channel_id, failure.until)
        elif isinstance(failure, Reconnect):
            settle.sign_in_died(session, channel_id, failure.reason)


def _waiting(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Publication.id, Publication.channel_id, Publication.revision_id, Publication.created_at,
            Post.revision_id.label("newest_id"), Hold.id.label("hold_id"), Hold.since_at,
        )
        .join(Hold, Hold.publication_id == Publication.id)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .outerjoin(ChannelLease, ChannelLease.channel_id == Channel.id)
        .where(
            Hold.reason == HoldReason.RESTORED,
            Hold.ended_at.is_(None),
            Publication.status == Status.HELD,
            Channel.network != NetworkKind.MANUAL,  # there is nobody to ask
            Channel.token_state == "ok",  # noqa: S105 - a state, not a token
            or_(ChannelLease.paused_until.is_(None), ChannelLease.paused_until < now),
            _to_ask(now),
        )
        .order_by(Publication.channel_id, Publication.id)
        .limit(AT_ONCE)
    )  # fmt: skip


def _to_ask(now: datetime) -> ColumnElement[bool]:
    """Once; and once more when its time has come. Just after its time the network may not list it yet."""
    past = Publication.due_at < now - LISTED_AFTER
    never = and_(Hold.looked_at.is_(None), or_(past, Publication.due_at > now))
    return or_(never, and_(past, Hold.looked_at < Publication.due_at, Hold.found_id == ""))
