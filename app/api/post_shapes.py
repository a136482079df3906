"""Posts as programs read them."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.api.problems import ProblemFault
from app.api.shapes import Shape, WallTime
from app.dependencies.viewers import Viewer
from app.domain.errors import Fault
from app.domain.networks import NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind, Tone
from app.domain.publications import Status
from app.queries import posts as questions
from app.queries.checks import Checks
from app.words.sentences import sentence


class PostLine(Shape):
    """A post in a list."""

    id: int
    title: str
    tone: Tone | None
    status: PostStatus
    unit_id: int
    unit: str
    author: str
    created_at: datetime
    changed_at: datetime


class ReviewOut(Shape):
    """One step in the talk about a post. `own`: the person approved what they had written themselves."""

    kind: ReviewKind
    revision: int
    person_id: int
    person: str
    comment: str
    own: bool
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


class PostOut(Shape):
    """A post. `revision`: the number of its newest one, whose title, tone, text and link these are."""

    id: int
    unit_id: int
    status: PostStatus
    revision: int
    title: str
    tone: Tone | None
    text: str
    link: str
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
    author_id: int
    author: str
    at: datetime


class ChannelCheckOut(Shape):
    """One channel that a post could go to, with what keeps it from there."""

    channel_id: int
    name: str
    network: NetworkKind
    errors: list[ProblemFault]


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
    return PostOut(
        id=post.id, unit_id=post.unit_id, status=post.status, revision=newest.number,
        title=newest.title, tone=newest.tone, text=newest.text, link=newest.link,
        author_id=post.author_id, created_at=post.created_at, changed_at=post.changed_at,
        reviews=[
            ReviewOut(
                kind=one.kind, revision=one.number, person_id=one.person_id, person=one.person,
                comment=one.comment, own=one.own, at=one.at,
            )
            for one in talk
        ],
        publications=[PublicationLine.model_validate(line) for line in lines],
    )  # fmt: skip


def checked(checks: Checks, locale: str) -> ChecksOut:
    """The checks with their sentences."""

    def said(faults: tuple[Fault, ...]) -> list[ProblemFault]:
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
                channel_id=one.channel_id, name=one.name, network=one.network, errors=said(one.faults)
            )
            for one in checks.channels
        ],
    )
