"""The question after a restore or a copy: a post like this one is on the page already; is it this one?"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import comments, publication_moves
from app.domain.errors import Conflict
from app.domain.networks import RemoteKind, Seen
from app.domain.publications import HoldReason, Status
from app.domain.readings import next_reading_at
from app.domain.roles import Actor
from app.models.holds import Hold
from app.models.posts import Post
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject


def question(session: Session, publication_id: int) -> Hold | None:
    """The hold that bears the question; None when nothing like it was found, or when it was answered."""
    return session.scalars(
        select(Hold).where(
            Hold.publication_id == publication_id,
            Hold.reason == HoldReason.RESTORED,
            Hold.ended_at.is_(None),
            Hold.found_id != "",
        )
    ).first()


def it_is(session: Session, actor: Actor, publication: Publication, hold: Hold, now: datetime) -> None:
    """It is this one: published, with what was found as its receipt.

    What lies hidden for it is discarded, and its first comment is looked for before it is written.
    Raises Conflict ("public_of_another") when another publication has taken that one meanwhile.
    """
    if _of_another(session, publication, hold.found_id):
        raise Conflict("public_of_another")
    for row in publication_moves.open_holds(session, publication.id):
        row.ended_at, row.ended_by_id = now, actor.person_id
    if publication.revision_id is None:
        publication.revision_id = session.get_one(Post, publication.post_id).revision_id
    publication.remote_id, publication.permalink = hold.found_id, hold.found_link
    publication.published_at = publication.published_at or min(publication.due_at, now)
    publication.reading_at = next_reading_at(publication.published_at, timedelta(0))
    publication.tries, publication.reason = 0, ""
    _keep_id(session, publication, now)
    publication_moves.discard_staged(session, publication, now)
    again = None if publication.permalink else now  # its address is asked for
    publication_moves.step(
        session, actor, publication, Status.PUBLISHED, "found_out", now, again, link=publication.permalink
    )
    session.flush()
    comments.ask(session, publication.id, publication.channel_id, publication.revision_id, now, sure=False)
    session.refresh(publication)


def _of_another(session: Session, publication: Publication, remote_id: str) -> bool:
    others = select(Publication.id).where(
        Publication.channel_id == publication.channel_id,
        Publication.remote_id == remote_id,
        Publication.id != publication.id,
    )
    return session.scalar(others.limit(1)) is not None


def _keep_id(session: Session, publication: Publication, now: datetime) -> None:
    """Its id is kept like one that we were told; whoever discards must not take it for hidden."""
    row = session.scalars(
        select(RemoteObject).where(
            RemoteObject.publication_id == publication.id, RemoteObject.remote_id == publication.remote_id
        )
    ).first()
    if row is not None:
        row.seen, row.seen_at, row.unwanted_at, row.discard_at = Seen.LIVE, now, None, None
    elif publication.revision_id is not None:
        session.add(
            RemoteObject(
                publication_id=publication.id, revision_id=publication.revision_id,
                kind=RemoteKind.PUBLIC_POST, remote_id=publication.remote_id,
                permalink=publication.permalink, seen=Seen.LIVE, seen_at=now, good_until=now, created_at=now,
            )
        )  # fmt: skip
    session.flush()
