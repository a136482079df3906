"""Posts that are out, with what the network told of them at seven days, for tests of the results."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.domain.networks import Format
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.models.channels import Channel
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.units import Unit

WEEK = 7 * 86_400
_remote = count(1)


@dataclass(frozen=True)
class Out:
    """One post. days: since it went out. Counts at seven days, None: not told; read: there is a reading.

    age: seconds, of the post when it was read.
    """

    title: str = "Reading dogs"
    tone: Tone = Tone.HUMAN
    days: float = 10
    reach: int | None = 400
    reactions: int | None = 20
    comments: int | None = 3
    views: int | None = 600
    read: bool = True
    age: int = WEEK
    format: Format = Format.POST


def went_out(session: Session, unit: Unit, on: Channel, author: Actor, posts: Iterable[Out]) -> list[int]:
    """The ids of their publications, in order."""
    return [_one(session, unit, on, author, one) for one in posts]


def _one(session: Session, unit: Unit, on: Channel, author: Actor, one: Out) -> int:
    at = clock.now() - timedelta(days=one.days)
    post = Post(
        unit_id=unit.id, status=PostStatus.APPROVED, title=one.title, tone=one.tone, tone_frozen=one.tone,
        author_id=author.person_id, created_at=at, changed_at=at,
    )  # fmt: skip
    session.add(post)
    session.flush()
    revision = Revision(
        post_id=post.id, number=1, title=one.title, tone=one.tone, text="Text", author_id=author.person_id,
        created_at=at, format=one.format,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    post.revision_id = revision.id
    remote_id = f"{on.remote_id}_{next(_remote)}"
    row = Publication(
        post_id=post.id, channel_id=on.id, unit_id=unit.id, revision_id=revision.id, status=Status.PUBLISHED,
        since_at=at, created_at=at, due_at=at, local_due=at.replace(tzinfo=None), zone=unit.zone,
        published_at=at, network_published_at=at, remote_id=remote_id, permalink=f"https://x.example/{remote_id}",
    )  # fmt: skip
    session.add(row)
    session.flush()
    if one.read:
        session.add(_reading(row, one))
        session.flush()
    return row.id


def _reading(row: Publication, one: Out) -> Reading:
    assert row.published_at is not None
    return Reading(
        publication_id=row.id, taken_at=row.published_at + timedelta(seconds=one.age), age=one.age,
        api_version="v25.0", views=one.views, reach=one.reach, clicks=None, reactions=one.reactions,
        comments=one.comments, shares=1, saves=None, sources={"reach": "post_total_media_view_unique"},
    )  # fmt: skip


def both_tones(each: int, apart: int = 3, human: int = 800, informative: int = 400) -> list[Out]:
    """So many posts of each tone in turn, some days apart, the latest ten days old; the reach of each tone
    grows a little from post to post.
    """
    found = []
    for number in range(each):
        for tone, reach in ((Tone.HUMAN, human), (Tone.INFORMATIVE, informative)):
            days = 10 + apart * (2 * number + (tone is Tone.INFORMATIVE))
            found.append(Out(f"{tone.value} {number:02}", tone, days, reach + 10 * number, reach // 20))
    return found
