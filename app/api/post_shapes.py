"""Posts as programs read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.api.problems import ProblemFault
from app.api.shapes import Shape, WallTime
from app.dependencies.viewers import Viewer
from app.domain.checks import Check
from app.domain.contents import Contents, Shot
from app.domain.errors import Fault
from app.domain.networks import Format, NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind, Tone
from app.domain.publications import Status
from app.domain.videos import Captions
from app.queries import posts as questions
from app.queries.checks import Checks
from app.queries.contents import contents, of_revisions
from app.words.sentences import sentence


class PostLine(Shape):
    """A post in a list. `pillar`, `goal`: ids of points of the strategy, null where it names none."""

    id: int
    title: str
    tone: Tone | None
    status: PostStatus
    unit_id: int
    unit: str
    author: str
    pillar: int | None
    goal: int | None
    created_at: datetime
    changed_at: datetime


class ReviewOut(Shape):
    """One step in the talk about a post. `own`: the person approved what they had written themselves.

    `approver_id`: the approver who corrected, when whoever wrote before said the yes; null: it stands on the
    person's own right.
    """

    kind: ReviewKind
    revision: int
    person_id: int
    person: str
    comment: str
    own: bool
    approver_id: int | None
    at: datetime


class PublicationLine(Shape):
    """Where a post goes: one channel at one time. `local_due` is the time on the wall in `zone`."""

    id: int
    status: Status
    channel_id: int
    channel: str
    network: NetworkKind
    realm: Realm
    due_at: datetime
    local_due: WallTime
    zone: str
    permalink: str


class PictureOut(Shape):
    """A picture of a post. `crops`: kind of network -> the part to show, as shares: left, top, width, height.

    Without a crop a network that needs another shape gets the part around the picture's focal point. Of a
    video: `seconds`, and `captions`: whether those who do not hear it can follow (null: nobody has said).
    """

    asset_id: int
    kind: Literal["picture", "video"]
    alt_text: str
    decorative: bool
    crops: dict[NetworkKind, list[float]]
    seconds: float | None
    captions: Captions | None


class VariantOut(Shape):
    """What one channel has of its own. null: the same as everywhere; an empty list: no pictures there."""

    channel_id: int
    text: str | None
    pictures: list[PictureOut] | None
    format: Format | None
    first_comment: str | None


class PostOut(Shape):
    """A post. `revision`: the number of its newest one, whose title, tone and content these are.

    `format`: as a post in the flow, a reel or a story. `first_comment`: what we write below it once it is
    out. `pillar`, `goal`: ids of points of the strategy that it names.
    """

    id: int
    unit_id: int
    status: PostStatus
    revision: int
    title: str
    tone: Tone | None
    text: str
    link: str
    format: Format
    first_comment: str
    pictures: list[PictureOut]
    variants: list[VariantOut]
    pillar: int | None
    goal: int | None
    author_id: int
    created_at: datetime
    changed_at: datetime
    reviews: list[ReviewOut]
    publications: list[PublicationLine]


class RevisionOut(Shape):
    """The content at one moment; it never changes."""

    number: int
    title: str
    tone: Tone | None
    text: str
    link: str
    format: Format
    first_comment: str
    pictures: list[PictureOut]
    variants: list[VariantOut]
    author_id: int
    author: str
    at: datetime


class ChannelCheckOut(Shape):
    """One channel that a post could go to, with what keeps it from there.

    `looks`: what keeps it from nothing, but somebody should look at. `differs`: the channel has its own text
    or pictures. Fields as those of `PostInput`: a picture by its place from 0, a variant by its channel.
    """

    channel_id: int
    name: str
    network: NetworkKind
    differs: bool
    errors: list[ProblemFault]
    looks: list[ProblemFault]


class ChecksOut(Shape):
    """`errors`: what keeps the revision from being sent to review."""

    revision: int
    errors: list[ProblemFault]
    channels: list[ChannelCheckOut]


def shown(session: Session, viewer: Viewer, post_id: int) -> PostOut:
    """A post as it stands now. Raises NotFound."""
    scope = viewer.actor.scope
    post, newest = questions.post(session, scope, post_id), questions.revision(session, scope, post_id)
    talk = questions.reviews(session, scope, post_id)
    lines = questions.publications_of(session, scope, [post_id])[post_id]
    said = contents(session, scope, newest.id)
    return PostOut(
        id=post.id, unit_id=post.unit_id, status=post.status, revision=newest.number,
        title=newest.title, tone=newest.tone, text=newest.text, link=newest.link,
        format=said.format, first_comment=said.first_comment,
        pictures=pictures(said.pictures), variants=variants(said),
        pillar=post.pillar_id, goal=post.goal_id,
        author_id=post.author_id, created_at=post.created_at, changed_at=post.changed_at,
        reviews=[
            ReviewOut(
                kind=one.kind, revision=one.number, person_id=one.person_id, person=one.person,
                comment=one.comment, own=one.own, approver_id=one.approver_id, at=one.at,
            )
            for one in talk
        ],
        publications=[PublicationLine.model_validate(line) for line in lines],
    )  # fmt: skip


def revisions(session: Session, viewer: Viewer, post_id: int) -> list[RevisionOut]:
    """All revisions of a post, the newest first."""
    rows = questions.revisions(session, viewer.actor.scope, post_id)
    said = of_revisions(session, viewer.actor.scope, [row.id for row in rows])
    return [
        RevisionOut(
            number=row.number, title=row.title, tone=row.tone, text=row.text, link=row.link,
            format=said[row.id].format, first_comment=said[row.id].first_comment,
            pictures=pictures(said[row.id].pictures), variants=variants(said[row.id]),
            author_id=row.author_id, author=row.author, at=row.at,
        )
        for row in rows
    ]  # fmt: skip


def pictures(shots: Iterable[Shot]) -> list[PictureOut]:
    """A list of pictures as programs read it, and may send it back."""
    return [
        PictureOut(
            asset_id=shot.asset_id,
            kind="video" if shot.video else "picture",
            alt_text=shot.alt_text,
            decorative=shot.decorative,
            crops={kind: list(box.values) for kind, box in shot.crops.items()},
            seconds=shot.video.seconds if shot.video else None,
            captions=shot.video.captions if shot.video else None,
        )
        for shot in shots
    ]


def variants(contents: Contents) -> list[VariantOut]:
    """The variants likewise, by channel."""
    return [
        VariantOut(
            channel_id=channel_id,
            text=one.text,
            pictures=None if one.pictures is None else pictures(one.pictures),
            format=one.format,
            first_comment=one.first_comment,
        )
        for channel_id, one in contents.variants.items()
    ]


def checked(checks: Checks, locale: str) -> ChecksOut:
    """The checks with their sentences."""

    def said(faults: Iterable[Fault | Check]) -> list[ProblemFault]:
        return [
            ProblemFault(
                code=fault.code, field=fault.field, detail=sentence(fault.code, locale, **fault.params)
            )
            for fault in faults
        ]

    return ChecksOut(
        revision=checks.revision,
        errors=said(checks.faults),
        channels=[
            ChannelCheckOut(
                channel_id=one.channel_id, name=one.name, network=one.network, differs=one.differs,
                errors=said(one.faults), looks=said(one.looks),
            )
            for one in checks.channels
        ],
    )  # fmt: skip
