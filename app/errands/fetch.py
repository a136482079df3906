"""Fetch: read the numbers of public posts at their ages, ours and those found on the page, many in one call.

In the practice realm, and only there, time is the practice network's own (its Date), so that its clock can be
moved; elsewhere ages are counted by our clock from the moment that our call was answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, union, update
from sqlalchemy.orm import Session

from app.actions import history
from app.connectors.contract import Numbers, Staged
from app.connectors.failures import ConnectorFailure, RateLimited
from app.connectors.reasons import Reason
from app.domain.networks import ChannelState, Format, Realm, RemoteKind, Seen
from app.domain.publications import Status, Wish, check_move
from app.domain.readings import STORY_LIFE, next_reading_at
from app.errands import dead_names, rounds, settle
from app.errands.ground import CLOCK, Ground, Line, line_to
from app.errands.rounds import SLOW_DOWN
from app.foundation import clock, logs
from app.foundation.crypto import CannotOpen
from app.models.channels import Channel
from app.models.found import ChannelRound, FoundPost, FoundReading
from app.models.leases import ChannelLease
from app.models.posts import Revision, RevisionVariant
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.remote_objects import RemoteObject
from app.models.wishes import PublicationWish

AT_ONCE = 50
_LATER = timedelta(minutes=10)
_PAUSE = timedelta(minutes=1)
_METRICS = ("views", "reach", "clicks", "reactions", "comments", "shares", "saves")
_log = logs.get(__name__)


@dataclass(frozen=True)
class Due:
    """A public post whose numbers are to be read. `begins_at`: its first moment, by the realm's clock.

    `ours`: the id is a publication's, else that of a post found on the page (then without a unit).
    """

    id: int
    unit_id: int
    remote_id: str
    begins_at: datetime
    kind: RemoteKind
    format: Format = Format.POST
    ours: bool = True

    def over(self, now: datetime) -> bool:
        """Whether it is a story whose day is past: then there is nothing to be told."""
        return self.format is Format.STORY and now - self.begins_at >= STORY_LIFE


def fetch_all(ground: Ground) -> int:
    """One round over all channels with something due; returns how many posts were read."""
    return sum(_apart(ground, channel_id) for channel_id in _channels(ground))


def _apart(ground: Ground, channel_id: int) -> int:
    """One channel's turn; what is wrong with it must not keep the others from theirs."""
    try:
        return fetch(ground, channel_id)
    except CannotOpen:
        with ground.database.writes() as session:
            settle.sign_in_died(session, channel_id, Reason.TOKEN_INVALID)
    except Exception:  # noqa: BLE001 - logged with its trace, and the next channel has its turn
        _log.exception("numbers not read", channel=channel_id)
    return 0


def fetch(ground: Ground, channel_id: int) -> int:
    """Read what is due on one channel; returns how many posts were read. Failures wait for the next round."""
    with ground.database.reads() as session:
        line = line_to(session, ground, channel_id)
        dead = dead_names.of(session, line)
    try:
        now = _realm_now(ground, line)
        due = _still_telling(ground, _due(ground, line, now), now)
        if not due or line.network.usage(line.access) >= SLOW_DOWN:
            return 0
        formats = {one.remote_id: one.format for one in due if one.format is not Format.POST}
        answer = line.network.read(line.access, [one.remote_id for one in due], dead, formats)
    except ConnectorFailure as failure:
        _log.info("numbers not read", channel=channel_id, reason=failure.reason, trace=failure.trace_id)
        if isinstance(failure, RateLimited):
            _put_off(ground, line, failure.until)
        else:
            with ground.database.writes() as session:
                rounds.of(session, channel_id).wait_until = clock.now() + _PAUSE
        return 0
    told = {numbers.remote_id: numbers for numbers in answer.numbers}
    gone = [one for one in due if told.get(one.remote_id) and told[one.remote_id].gone]
    confirmed = [one for one in gone if _is_gone(line, one)]
    with ground.database.writes() as session:
        dead_names.bury(ground, session, line, answer.dead)
        own_comments = _own_comments(session, due)
        for one in due:
            own = own_comments.get(one.id, 0) if one.ours else 0
            _keep(session, line, one, told.get(one.remote_id), now, own)
        for one in confirmed:
            _removed(session, one)
    return len(due)


def read_now(ground: Ground, channel_id: int, publication_id: int) -> None:
    """Make one publication due for reading and read its channel."""
    with ground.database.writes() as session:
        session.execute(
            update(Publication)
            .where(
                Publication.id == publication_id,
                Publication.channel_id == channel_id,
                Publication.status == Status.PUBLISHED,
            )
            .values(reading_at=clock.now() - timedelta(days=1))
        )
    fetch(ground, channel_id)


def _channels(ground: Ground) -> list[int]:
    """Channels with a reading due, and practice channels that wait for one (their clock may have moved)."""
    now = clock.now()
    waiting = union(
        select(Publication.channel_id).where(
            Publication.reading_at.is_not(None),
            Publication.remote_id != "",
            _due_or_practice(Publication, now),
        ),
        select(FoundPost.channel_id).where(
            FoundPost.reading_at.is_not(None), _due_or_practice(FoundPost, now)
        ),
    ).subquery()
    with ground.database.reads() as session:
        rows = session.scalars(
            select(Channel.id)
            .join(waiting, waiting.c.channel_id == Channel.id)
            .outerjoin(ChannelLease, ChannelLease.channel_id == Channel.id)
            .outerjoin(ChannelRound, ChannelRound.channel_id == Channel.id)
            .where(
                or_(ChannelLease.paused_until.is_(None), ChannelLease.paused_until <= now),
                or_(ChannelRound.wait_until.is_(None), ChannelRound.wait_until <= now),
                Channel.state != ChannelState.CLOSED,
                Channel.token_state == "ok",  # noqa: S105 - a state
            )
        )
        return list(rows)


def _due_or_practice(model: type[Publication] | type[FoundPost], now: datetime) -> Any:
    practice = select(Channel.id).where(Channel.realm == Realm.PRACTICE)
    return or_(model.reading_at <= now, model.channel_id.in_(practice))


def _realm_now(ground: Ground, line: Line) -> datetime:
    if line.realm is not Realm.PRACTICE:
        return clock.now()
    theirs = line.network.server_time(line.access)
    with ground.database.writes() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == line.channel_id)
            .values(clock_offset=(theirs - clock.now()).total_seconds())
        )
    return theirs


def _due(ground: Ground, line: Line, now: datetime) -> list[Due]:
    """What is due on a channel, ours first, as many as go into one call."""
    with ground.database.reads() as session:
        mine = _our_due(session, line, now)
        return [*mine, *_found_due(session, line, now, AT_ONCE - len(mine))]


def _our_due(session: Session, line: Line, now: datetime) -> list[Due]:
    varied = (RevisionVariant.revision_id == Publication.revision_id) & (
        RevisionVariant.channel_id == Publication.channel_id
    )
    rows = session.execute(
        select(
            Publication.id,
            Publication.unit_id,
            Publication.remote_id,
            Publication.published_at,
            Publication.network_published_at,
            Publication.remote_kind,
            func.coalesce(RevisionVariant.format, Revision.format).label("format"),
        )
        .outerjoin(Revision, Revision.id == Publication.revision_id)
        .outerjoin(RevisionVariant, varied)
        .where(
            Publication.channel_id == line.channel_id,
            Publication.status == Status.PUBLISHED,
            Publication.reading_at <= now,
            Publication.remote_id != "",
        )
        .order_by(Publication.reading_at)
        .limit(AT_ONCE)
    ).all()
    found = []
    for row in rows:
        theirs = row.network_published_at if line.realm is Realm.PRACTICE else None
        kind, shape = row.remote_kind or RemoteKind.HIDDEN_POST, Format(row.format or Format.POST)
        found.append(Due(row.id, row.unit_id, row.remote_id, theirs or row.published_at, kind, shape))
    return found


def _found_due(session: Session, line: Line, now: datetime, most: int) -> list[Due]:
    rows = session.execute(
        select(
            FoundPost.id, FoundPost.remote_id, FoundPost.made_at, FoundPost.network_made_at, FoundPost.format
        )
        .where(FoundPost.channel_id == line.channel_id, FoundPost.reading_at <= now)
        .order_by(FoundPost.reading_at)
        .limit(most)
    ).all()
    kind = RemoteKind.MEDIA if line.network.profile.makes_new else RemoteKind.PUBLIC_POST
    return [
        Due(
            row.id, 0, row.remote_id,
            row.network_made_at if line.realm is Realm.PRACTICE else row.made_at,
            kind, row.format, ours=False,
        )
        for row in rows
    ]  # fmt: skip


def _still_telling(ground: Ground, due: Sequence[Due], now: datetime) -> list[Due]:
    """Without stories that are over; these are not asked about again."""
    over = [one for one in due if one.over(now)]
    if over:
        with ground.database.writes() as session:
            for one in over:
                _read_again_at(session, one, None)
    return [one for one in due if not one.over(now)]


def _read_again_at(session: Session, due: Due, at: datetime | None) -> None:
    model = Publication if due.ours else FoundPost
    session.execute(update(model).where(model.id == due.id).values(reading_at=at))


def _own_comments(session: Session, due: Sequence[Due]) -> dict[int, int]:
    """How many comments of ours stand below publications: they are not others' doing."""
    rows = session.execute(
        select(RemoteObject.publication_id, func.count().label("comments"))
        .where(
            RemoteObject.publication_id.in_([one.id for one in due if one.ours]),
            RemoteObject.kind == RemoteKind.COMMENT,
            RemoteObject.seen == Seen.LIVE,
        )
        .group_by(RemoteObject.publication_id)
    )
    return {row.publication_id: row.comments for row in rows}


def _put_off(ground: Ground, line: Line, until: datetime) -> None:
    """No numbers of this channel before `until`. Its posts still go out: statistics never stop publishing."""
    with ground.database.writes() as session:
        ahead = session.get_one(Channel, line.channel_id).clock_offset if line.realm is Realm.PRACTICE else 0
        there = until + timedelta(seconds=ahead)
        session.execute(
            update(Publication)
            .where(
                Publication.channel_id == line.channel_id,
                Publication.status == Status.PUBLISHED,
                Publication.reading_at < there,
            )
            .values(reading_at=there)
        )
        session.execute(
            update(FoundPost)
            .where(FoundPost.channel_id == line.channel_id, FoundPost.reading_at < there)
            .values(reading_at=there)
        )


def _keep(
    session: Session, line: Line, due: Due, numbers: Numbers | None, now: datetime, own_comments: int
) -> None:
    if numbers is None or numbers.gone:
        # The longer it has been out, the less a day matters; what tells nothing is asked ever more seldom.
        _read_again_at(session, due, now + max(_LATER, (now - due.begins_at) / 20))
        return
    taken = numbers.network_at if line.realm is Realm.PRACTICE and numbers.network_at else clock.now()
    age = max(taken - due.begins_at, timedelta(0))
    values = {name: numbers.values.get(name) for name in _METRICS}
    if values["comments"] is not None:
        values["comments"] = max(values["comments"] - own_comments, 0)
    told: dict[str, Any] = {
        "taken_at": clock.now(),
        "age": int(age.total_seconds()),
        "api_version": line.access.app.endpoint.version,
        "sources": numbers.sources,
        **values,
    }
    one = Reading(publication_id=due.id, **told) if due.ours else FoundReading(found_id=due.id, **told)
    session.add(one)
    _read_again_at(session, due, next_reading_at(due.begins_at, age, due.format))


def _is_gone(line: Line, due: Due) -> bool:
    """Whether a second question, put another way, tells the same."""
    asked = Staged(due.remote_id, kind=due.kind)
    try:
        if line.network.profile.makes_new:  # what was shown is another object than what was looked at
            return line.network.find(line.access, asked, due.remote_id) is None
        return line.network.look(line.access, asked).seen is Seen.GONE
    except ConnectorFailure:
        return False


def _removed(session: Session, due: Due) -> None:
    if not due.ours:
        gone = {"gone_at": clock.now(), "reading_at": None}
        session.execute(update(FoundPost).where(FoundPost.id == due.id).values(**gone))
        return
    check_move(Status.PUBLISHED, Status.REMOVED)
    now = clock.now()
    done = session.execute(
        update(Publication)
        .where(Publication.id == due.id, Publication.status == Status.PUBLISHED)
        .values(status=Status.REMOVED, since_at=now, reading_at=None, step_at=None, reason="post_gone")
        .returning(Publication.id)
    ).scalar_one_or_none()
    if done:
        # Nothing is left to be done about it, whatever was asked.
        session.execute(
            update(PublicationWish)
            .where(PublicationWish.publication_id == due.id, PublicationWish.ended_at.is_(None))
            .values(ended_at=now, done=PublicationWish.kind == Wish.REMOVE)
        )
        history.record(
            session, CLOCK, "publication", due.id, "found_gone",
            unit_id=due.unit_id, old=Status.PUBLISHED, new=Status.REMOVED, now=now,
        )  # fmt: skip
