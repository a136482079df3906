"""What lies at the network because of us: remembered the moment an id arrives, whoever holds the lease."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, null, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.connectors.contract import Remember, Saved
from app.domain.networks import DISCARDED_BY_US, WHOLE_POSTS, RemoteKind, Seen
from app.domain.publications import STAGED_GOOD_FOR
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Instant, table_of
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject

_TABLE = table_of(RemoteObject)
# Built once: both run on the second that posts are due.
_SAW = (
    update(_TABLE)
    .where(_TABLE.c.publication_id == bindparam("its_publication"), _TABLE.c.remote_id == bindparam("its_id"))
    .values(seen=bindparam("seen"), seen_at=bindparam("seen_at"))
)
# Only what we may delete is taken up again; the rest goes by itself.
_DISCARD_AT = case(
    (_TABLE.c.kind.in_(sorted(DISCARDED_BY_US)), bindparam("now", type_=Instant)), else_=null()
)
_UNWANT = (
    update(_TABLE)
    .where(
        _TABLE.c.publication_id == bindparam("its_publication"),
        _TABLE.c.remote_id != bindparam("kept"),
        _TABLE.c.unwanted_at.is_(None),
        _TABLE.c.seen == Seen.HIDDEN,
    )
    .values(unwanted_at=bindparam("now"), discard_at=_DISCARD_AT)
)


def remembering(ground: Ground, publication_id: int, revision_id: int) -> Remember:
    """The callback for a staging: it stores an id at once, in its own transaction, without fencing."""

    def remember(kind: RemoteKind, remote_id: str, part: str = "") -> None:
        now = clock.now()
        with ground.database.writes() as session:
            insert = sqlite_insert if ground.database.is_sqlite else postgresql_insert
            session.execute(
                insert(RemoteObject)
                .values(
                    publication_id=publication_id,
                    revision_id=revision_id,
                    kind=kind,
                    remote_id=remote_id,
                    part=part,
                    permalink="",
                    seen=Seen.HIDDEN,
                    seen_at=now,
                    good_until=now + STAGED_GOOD_FOR,
                    created_at=now,
                )
                .on_conflict_do_nothing()
            )

    return remember


def saved(session: Session, publication_id: int, revision_id: int, now: datetime) -> Sequence[Saved]:
    """The ids that may be used for a revision: wanted, not gone, good a while yet; oldest first.

    A whole post is told however old it is: in a restored copy of the database it may have been shown since.
    """
    rows = session.execute(
        select(RemoteObject.kind, RemoteObject.remote_id, RemoteObject.part, RemoteObject.good_until)
        .where(
            RemoteObject.publication_id == publication_id,
            RemoteObject.revision_id == revision_id,
            RemoteObject.unwanted_at.is_(None),
            RemoteObject.seen != Seen.GONE,
            (RemoteObject.good_until > now) | RemoteObject.kind.in_(WHOLE_POSTS),
        )
        .order_by(RemoteObject.id)
    )
    return [Saved(row.kind, row.remote_id, row.part, row.good_until <= now) for row in rows]


def of_others(session: Session, channel_id: int, publication_id: int, since: datetime) -> frozenset[str]:
    """Ids of a channel that belong to other publications, stored since an instant: no orphans of ours."""
    rows = session.scalars(
        select(RemoteObject.remote_id)
        .join(Publication, Publication.id == RemoteObject.publication_id)
        .where(
            Publication.channel_id == channel_id,
            Publication.id != publication_id,
            RemoteObject.created_at > since - STAGED_GOOD_FOR,
        )
    )
    return frozenset(rows)


def saw(session: Session, publication_id: int, remote_id: str, seen: Seen, now: datetime) -> None:
    """Write down how an object was seen; facts of the network need no fencing."""
    values = {"its_publication": publication_id, "its_id": remote_id, "seen": seen, "seen_at": now}
    session.connection().execute(_SAW, values)


def came_out(
    session: Session, publication_id: int, revision_id: int | None, remote_id: str, now: datetime
) -> None:
    """Write down a public object that showing made out of a container."""
    if revision_id is None or _is_known(session, publication_id, remote_id):
        saw(session, publication_id, remote_id, Seen.LIVE, now)
        return
    _add_public(session, publication_id, revision_id, RemoteKind.MEDIA, remote_id, now)


def commented(session: Session, publication_id: int, revision_id: int, remote_id: str, now: datetime) -> None:
    """Write down a comment of ours below a post."""
    if not _is_known(session, publication_id, remote_id):
        _add_public(session, publication_id, revision_id, RemoteKind.COMMENT, remote_id, now)


def _is_known(session: Session, publication_id: int, remote_id: str) -> bool:
    known = select(RemoteObject.id).where(
        RemoteObject.publication_id == publication_id, RemoteObject.remote_id == remote_id
    )
    return session.scalar(known) is not None


def _add_public(
    session: Session, publication_id: int, revision_id: int, kind: RemoteKind, remote_id: str, now: datetime
) -> None:
    session.add(
        RemoteObject(
            publication_id=publication_id,
            revision_id=revision_id,
            kind=kind,
            remote_id=remote_id,
            seen=Seen.LIVE,
            seen_at=now,
            good_until=now + STAGED_GOOD_FOR,
            created_at=now,
        )
    )


def unwant_older(session: Session, publication_id: int, keep: str, now: datetime) -> None:
    """Mark every hidden object of a publication but one as unwanted."""
    session.connection().execute(_UNWANT, {"its_publication": publication_id, "kept": keep, "now": now})
