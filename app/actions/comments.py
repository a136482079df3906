"""First comments: written below a post of ours as soon as it is public, as its yes contains."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.connectors import registry
from app.connectors.reasons import Reason
from app.domain.networks import Format
from app.domain.publications import Status, Wish
from app.foundation.database import table_of
from app.models.channels import Channel
from app.models.posts import Revision, RevisionVariant
from app.models.publications import Publication
from app.models.wishes import PublicationWish

_CHANNELS, _REVISIONS, _VARIANTS = table_of(Channel), table_of(Revision), table_of(RevisionVariant)
# Built once: it runs on the second that posts are due.
_COMMENT = (
    select(
        _CHANNELS.c.network,
        func.coalesce(_VARIANTS.c.format, _REVISIONS.c.format).label("format"),
        func.coalesce(_VARIANTS.c.first_comment, _REVISIONS.c.first_comment).label("comment"),
    )
    .select_from(_REVISIONS)
    .join(_CHANNELS, _CHANNELS.c.id == bindparam("its_channel"))
    .outerjoin(
        _VARIANTS, (_VARIANTS.c.revision_id == _REVISIONS.c.id) & (_VARIANTS.c.channel_id == _CHANNELS.c.id)
    )
    .where(_REVISIONS.c.id == bindparam("its_revision"))
)


def ask(
    session: Session,
    publication_id: int,
    channel_id: int,
    revision_id: int | None,
    now: datetime,
    sure: bool,
) -> None:
    """Ask for the first comment of a publication that has just become public, if its network takes one.

    `sure`: nobody can have written it yet. Else it is looked for first: another copy of this installation
    may have shown the post.
    """
    if revision_id is None or not _wanted(session, revision_id, channel_id):
        return
    session.add(
        PublicationWish(
            publication_id=publication_id, kind=Wish.COMMENT, revision_id=revision_id, asked_at=now,
            tried_at=None if sure else now,
        )
    )  # fmt: skip
    session.flush()
    session.execute(
        update(Publication)
        .where(Publication.id == publication_id)
        .values(step_at=func.coalesce(Publication.step_at, now)),
        execution_options={"synchronize_session": False},
    )


def doubt_all(session: Session, now: datetime) -> None:
    """This is a copy of the database, or an old one: any comment that it still wants may be there already.

    Also below a post that the network was just making public; that one is looked at like any other doubt.
    """
    session.execute(
        update(Publication)
        .where(Publication.status == Status.PUBLISHING, Publication.reason == Reason.PREPARING)
        .values(reason=Reason.UNCLEAR_ANSWER)
    )
    session.execute(
        update(PublicationWish)
        .where(
            PublicationWish.kind == Wish.COMMENT,
            PublicationWish.ended_at.is_(None),
            PublicationWish.tried_at.is_(None),
        )
        .values(tried_at=now)
    )


def end(session: Session, publication_id: int, now: datetime) -> None:
    """Its post goes or is gone: nothing is written below it any more."""
    session.execute(
        update(PublicationWish)
        .where(
            PublicationWish.publication_id == publication_id,
            PublicationWish.kind == Wish.COMMENT,
            PublicationWish.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def _wanted(session: Session, revision_id: int, channel_id: int) -> bool:
    asked = {"its_revision": revision_id, "its_channel": channel_id}
    row = session.connection().execute(_COMMENT, asked).one()
    if not row.comment:
        return False
    profile = registry.network(row.network).profile.in_format(Format(row.format))
    return profile is not None and profile.comments is not None
