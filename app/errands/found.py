"""Posts that were not made here are read in from the page: the newest every three hours, 90 days once a day.

Our own are known by the ids that we stored. One of ours whose id is learned only later takes over what was
found of it, with its readings. What is no longer listed is gone, until it is listed again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.connectors.public_posts import Listed, PublicPost
from app.domain.networks import Format, Realm
from app.domain.readings import STORY_LIFE, ages
from app.domain.timing import to_local
from app.errands import rounds
from app.errands.ground import Ground, Line
from app.foundation import clock
from app.models.channels import Channel
from app.models.found import TEXT_MOST, ChannelRound, FoundPost, FoundReading
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.remote_objects import RemoteObject
from app.models.results import PaidMark, Result
from app.models.units import Unit

BACK = timedelta(days=90)
NEAR = timedelta(days=2)
EVERY, WHOLE_EVERY = timedelta(hours=3), timedelta(days=1)
IN_PRACTICE = timedelta(minutes=5)
# What is so new may be ours, and its id just on its way to us; and lists lag.
SETTLED = timedelta(minutes=10)
# A post may have been planned for a time long before it went out.
_PLANNED_BEFORE = timedelta(days=30)
_MOST_IDS = 400


class _Place(NamedTuple):
    """A channel, and the time zone of its unit."""

    channel_id: int
    zone: str


@cache
def _zone() -> Select[str]:
    return select(Unit.zone).join(Channel, Channel.unit_id == Unit.id).where(Channel.id == bindparam("id"))


def find_all(ground: Ground) -> int:
    """One round over the channels whose turn it is; returns how many posts were new."""
    now = clock.now()
    return rounds.each(
        ground, rounds.turn(now, rounds.long_ago(ChannelRound.listed_at, now, EVERY, IN_PRACTICE)), find
    )


def find(ground: Ground, line: Line) -> int:
    """Read in what stands on one channel; returns how many posts were new. Raises ConnectorFailure."""
    now = clock.now()
    with ground.database.reads() as session:
        last = session.get(ChannelRound, line.channel_id)
    whole = last is None or last.whole_at is None or last.whole_at <= now - WHOLE_EVERY
    since = now - (BACK if whole else NEAR)
    listed = line.network.listed(line.access, since)
    with ground.database.writes() as session:
        new = keep(session, line, listed, since)
        round_ = rounds.of(session, line.channel_id)
        round_.listed_at, round_.wait_until = now, None
        if whole:
            round_.whole_at = now
    return new


def keep(session: Session, line: Line, listed: Listed, since: datetime) -> int:
    """Make our rows agree with what was listed since an instant (ours); returns how many posts were new."""
    rows = session.scalars(
        select(FoundPost).where(FoundPost.channel_id == line.channel_id, FoundPost.made_at >= since - NEAR)
    ).all()
    named: list[PublicPost | FoundPost] = [*listed.posts, *rows]
    ids = {one for post in named for one in (post.remote_id, post.also_id) if one}
    ours = _ours(session, line.channel_id, ids, since)
    kept = {row.remote_id: row for row in rows if not _take_over(session, row, ours)}
    there = [post for post in _once(listed.posts) if not ours.keys() & {post.remote_id, post.also_id}]
    network_now = (listed.network_at if line.realm is Realm.PRACTICE else None) or clock.now()
    place = _Place(line.channel_id, session.execute(_zone(), {"id": line.channel_id}).scalar_one())
    new = sum(_keep_one(session, place, post, kept, network_now) for post in there)
    if listed.whole:
        _note_gone(kept.values(), there, network_now, clock.now() - since)
    return new


def _once(posts: Iterable[PublicPost]) -> list[PublicPost]:
    """Each thing once, whatever ids it is listed by: a reel may stand among the posts as well."""
    seen, found = set[str](), []
    for post in sorted(posts, key=lambda one: one.format is not Format.REEL):
        ids = {post.remote_id, post.also_id} - {""}
        if post.remote_id and not ids & seen:
            found.append(post)
        seen |= ids
    return found


def _ours(session: Session, channel_id: int, ids: Iterable[str], since: datetime) -> dict[str, int]:
    """Those of some ids that are ours, each with its publication."""
    wanted, found = sorted(ids), dict[str, int]()
    mine = Publication.channel_id == channel_id, Publication.due_at >= since - _PLANNED_BEFORE
    for start in range(0, len(wanted), _MOST_IDS):
        some = wanted[start : start + _MOST_IDS]
        stored = session.execute(
            select(RemoteObject.remote_id, Publication.id)
            .join(Publication, Publication.id == RemoteObject.publication_id)
            .where(*mine, RemoteObject.remote_id.in_(some))
        )
        public = session.execute(
            select(Publication.remote_id, Publication.id).where(*mine, Publication.remote_id.in_(some))
        )
        found |= {row.remote_id: row.id for row in (*stored, *public)}
    return found


def _take_over(session: Session, row: FoundPost, ours: dict[str, int]) -> bool:
    """Whether a found post turned out to be ours: then its readings and what was said of money behind it are
    its publication's, and it is gone."""
    publication_id = ours.get(row.remote_id) or ours.get(row.also_id)
    if publication_id is None:
        return False
    _hand_over_money(session, row, publication_id)
    has = session.scalar(select(Reading.id).where(Reading.publication_id == publication_id).limit(1))
    readings = session.scalars(select(FoundReading).where(FoundReading.found_id == row.id)).all()
    if has is None:
        session.add_all(_as_ours(one, publication_id) for one in readings)
    session.execute(delete(FoundReading).where(FoundReading.found_id == row.id))
    session.delete(row)
    return True


def _hand_over_money(session: Session, row: FoundPost, publication_id: int) -> None:
    """What somebody said of the publication itself stays; else it is what they said of the found post."""
    if row.paid_by_id is None or session.get(PaidMark, publication_id) is not None:
        return
    now = clock.now()
    session.add(PaidMark(publication_id=publication_id, paid=row.paid, person_id=row.paid_by_id, at=now))
    session.execute(update(Result).where(Result.publication_id == publication_id).values(stale=True))


def _as_ours(one: FoundReading, publication_id: int) -> Reading:
    names = ("views", "reach", "clicks", "reactions", "comments", "shares", "saves")
    values = {name: getattr(one, name) for name in (*names, "taken_at", "age", "api_version", "sources")}
    return Reading(publication_id=publication_id, **values)


def _keep_one(
    session: Session, place: _Place, post: PublicPost, kept: dict[str, FoundPost], network_now: datetime
) -> bool:
    """Whether it is new."""
    made = post.network_made_at or post.made_at
    row = kept.get(post.remote_id)
    if row is None and made > network_now - SETTLED:
        return False
    if row is None:
        row = FoundPost(
            channel_id=place.channel_id, remote_id=post.remote_id, made_at=post.made_at, network_made_at=made,
            local_made=to_local(post.made_at, place.zone), found_at=clock.now(),
            reading_at=_first_reading(made, network_now, post.format),
        )  # fmt: skip
        session.add(row)
    is_new = post.remote_id not in kept
    if row.gone_at is not None:  # it counts again, as what was never away
        session.execute(update(Result).where(Result.found_id == row.id).values(stale=True))
    kept[post.remote_id] = row
    row.text, row.permalink, row.format = post.text[:TEXT_MOST], post.permalink, post.format
    row.also_id, row.listed_at, row.gone_at = post.also_id, clock.now(), None
    return is_new


def _first_reading(made: datetime, network_now: datetime, wanted: Format) -> datetime | None:
    """At its first age, or at once and late, with its true age; a story that is over tells nothing more."""
    if wanted is Format.STORY and network_now - made >= STORY_LIFE:
        return None
    return max(made + ages(wanted)[0], network_now)


def _note_gone(
    rows: Iterable[FoundPost], there: Iterable[PublicPost], network_now: datetime, back: timedelta
) -> None:
    """What was whole and lacks one that stood there: somebody has taken it away. Not told near both ends."""
    ids, edge = {post.remote_id for post in there}, timedelta(hours=1)
    for row in rows:
        inside = network_now - back + edge <= row.network_made_at <= network_now - edge
        if row.gone_at is None and inside and row.format is not Format.STORY and row.remote_id not in ids:
            row.gone_at, row.reading_at = clock.now(), None
