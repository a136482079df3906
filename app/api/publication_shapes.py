"""Publications, their attempts and readings as programs read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.api.shapes import Shape, WallTime
from app.dependencies.viewers import Viewer
from app.domain.networks import NetworkKind, Realm
from app.domain.publications import OUT, AttemptKind, HoldReason, Outcome, Status, Wish
from app.domain.readings import engagement
from app.domain.results import Paid
from app.foundation.database import AnyRow
from app.queries import paid, tasks, wishes
from app.queries import publications as questions


class HoldOut(Shape):
    """A reason why a publication stands still. Without a person it is the system's."""

    reason: HoldReason
    note: str
    person: str | None
    since_at: datetime


class WishOut(Shape):
    """What is asked of a post that is out and not yet done. `revision`: whose text shall stand there.

    `by_hand`: a person must do it at the network itself, and then say so; `reason`: why, as a code.
    """

    kind: Wish
    revision: int | None
    note: str
    person: str | None
    asked_at: datetime
    by_hand: bool
    reason: str


class CommentOut(Shape):
    """A first comment that is not known to be there. `doubt`: it may be; nothing is sent on a guess.

    `by_hand`: a person is asked, with `doubt` whether it is there, else to write it; `reason`: why.
    """

    doubt: bool
    by_hand: bool
    reason: str
    asked_at: datetime

    @classmethod
    def of(cls, row: Any) -> "CommentOut":
        """A first comment from its row."""
        return cls(
            doubt=row.tried_at is not None, by_hand=row.by_hand, reason=row.reason, asked_at=row.asked_at
        )


class DoerOut(Shape):
    """Who posts it by hand, if somebody in particular does. `assigned`: chosen for this one."""

    person_id: int | None
    person: str
    assigned: bool


class PublicationOut(Shape):
    """A post on a channel at a time. `local_due` with `zone` and `fold` is the truth, `due_at` follows.

    `prepare_late`: nothing is laid ready at the network before its time. `reason`: why it stands where it
    stands, as a code. `wish`: see there, null when nothing is asked. `first_comment`: while it is still to be
    written. `progress`: percent of a video that are at the network. `by_hand`: null where no hand is needed.
    `published_at`: when the network answered our call; `paid`: what people said about money behind it;
    `network_published_at`: the network's own time of it.
    """

    id: int
    post_id: int
    title: str
    unit_id: int
    unit: str
    channel_id: int
    channel: str
    network: NetworkKind
    realm: Realm
    status: Status
    since_at: datetime
    due_at: datetime
    local_due: WallTime
    zone: str
    fold: int
    lateness_limit_minutes: int
    prepare_late: bool
    reason: str
    permalink: str
    published_at: datetime | None
    network_published_at: datetime | None
    repeats_id: int | None
    planned_by: str | None
    holds: list[HoldOut]
    wish: WishOut | None
    first_comment: CommentOut | None
    progress: int | None
    by_hand: DoerOut | None
    paid: Paid


class AttemptOut(Shape):
    """One try at the network; without an end it is under way. `code`, `subcode`, `trace_id` are theirs."""

    id: int
    kind: AttemptKind
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    reason: str
    code: int | None
    subcode: int | None
    trace_id: str
    message: str


class ReadingOut(Shape):
    """A dated set of numbers; null is "not told", never 0. `age`: seconds since it was published.

    `engagement`: reactions, comments, shares and saves together. `sources`: the network's names for them.
    """

    taken_at: datetime
    age: int
    views: int | None
    reach: int | None
    clicks: int | None
    reactions: int | None
    comments: int | None
    shares: int | None
    saves: int | None
    engagement: int | None
    api_version: str
    sources: dict[str, str]

    @classmethod
    def of(cls, row: Any) -> "ReadingOut":
        """A reading from its row."""
        whole = engagement(row.reactions, row.comments, row.shares, row.saves)
        return cls.model_validate({**row._mapping, "engagement": whole})


def shown(session: Session, viewer: Viewer, publication_id: int) -> PublicationOut:
    """A publication as it stands now. Raises NotFound."""
    row = questions.row(session, viewer.actor.scope, publication_id)
    return lines(session, viewer, [row])[publication_id]


def lines(session: Session, viewer: Viewer, rows: Sequence[AnyRow]) -> dict[int, PublicationOut]:
    """Publications by id, from rows of `questions.row` or `listed`; four questions more at most."""
    scope = viewer.actor.scope
    holds = questions.holds(session, scope, [row.id for row in rows])
    asked = wishes.all_of(session, scope, [row.id for row in rows if row.status in OUT])
    wished = {one.publication_id: one for one in asked if one.kind is not Wish.COMMENT}
    comments = {one.publication_id: one for one in asked if one.kind is Wish.COMMENT}
    said = paid.marks(session, scope, [row.id for row in rows if row.published_at])
    doers = tasks.doers_of(session, scope, [row.id for row in rows if row.network is NetworkKind.MANUAL])
    return {
        row.id: _line(
            row,
            holds[row.id],
            wished.get(row.id),
            comments.get(row.id),
            doers.get(row.id),
            said.get(row.id, Paid.UNKNOWN),
        )
        for row in rows
    }


def _line(
    row: AnyRow,
    holds: Sequence[AnyRow],
    wish: AnyRow | None,
    comment: AnyRow | None,
    doer: tasks.Doer | None,
    said: Paid,
) -> PublicationOut:
    more = {
        "lateness_limit_minutes": row.lateness_minutes,
        "planned_by": row.planner,
        "holds": [HoldOut.model_validate(hold) for hold in holds],
        "wish": wish and WishOut.model_validate(wish),
        "first_comment": comment and CommentOut.of(comment),
        "by_hand": doer and DoerOut.model_validate(doer),
        "paid": said,
    }
    return PublicationOut.model_validate({**row._mapping, **more})
