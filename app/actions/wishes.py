"""What people ask of a post that is out: another text, or that it is taken down. The clock carries it out.

Where the network does not do it, a person does, and then says so here.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import comments, history, lendings, publication_moves, publications
from app.connectors.profiles import Profile
from app.connectors.reasons import Reason
from app.domain.contents import Said
from app.domain.errors import Conflict, Invalid
from app.domain.publications import OUT, Status, Wish
from app.domain.roles import Actor
from app.domain.texts import normalise, with_link
from app.foundation import clock
from app.models.channels import Channel
from app.models.posts import Post
from app.models.publications import Publication
from app.models.wishes import PublicationWish
from app.queries.contents import of_revisions

NOTE_MOST = 500


class RemoveInput(BaseModel):
    """Why a post shall not stand there any more; for the others here, the network is not told."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""


def correct(session: Session, actor: Actor, publication_id: int) -> Publication:
    """Ask for the newest revision's text on a live post. It needs its yes for this channel like any other.

    Raises NotFound, Forbidden, Conflict (not out, not offered there, another wish is open, no yes yet, or it
    says the same), and Invalid when no text would be left.
    """
    publication = _out(session, actor, publication_id)
    if not _profile(session, publication).corrects:
        raise Conflict("not_corrected_there")
    if _open(session, publication) is not None:
        raise Conflict("wish_open")
    post = session.get_one(Post, publication.post_id)
    channel = session.get_one(Channel, publication.channel_id)
    if publication_moves.ready_status(session, post, channel) is not Status.PLANNED:
        raise Conflict("needs_yes_to_correct")
    _check_differs(session, actor, publication, post)
    now = clock.now()
    wish = PublicationWish(
        publication_id=publication.id, kind=Wish.CORRECT, revision_id=post.revision_id,
        person_id=actor.person_id, asked_at=now,
    )  # fmt: skip
    session.add(wish)
    if publication.remote_id:
        publication_moves.change(session, actor, publication, "correction_asked", now, now)
    else:  # somebody said that it is on the page; which post it is, nobody told us
        _hand_over(session, actor, publication, wish, "correction_asked", now)
    return publication


def _check_differs(session: Session, actor: Actor, publication: Publication, post: Post) -> None:
    ids = [id_ for id_ in (publication.revision_id, post.revision_id) if id_ is not None]
    found = {
        key: one.on(publication.channel_id) for key, one in of_revisions(session, actor.scope, ids).items()
    }
    wanted, live = found[post.revision_id or 0], found.get(publication.revision_id or 0)
    if not wanted.text:
        raise Invalid("correct_needs_text", "text")
    if live is not None and _words(live) == _words(wanted):
        raise Conflict("nothing_to_correct")


def _words(said: Said) -> str:
    """What stands in the post itself, with a link that has no card of its own."""
    return with_link(said.text, said.link) if said.pictures else said.text


def remove(session: Session, actor: Actor, publication_id: int, note: str = "") -> Publication:
    """Ask that a post is taken down; a correction that still waits is given up.

    Raises NotFound, Forbidden, Conflict (not out, or it is being taken down already).
    """
    publication = _out(session, actor, publication_id)
    earlier = _open(session, publication)
    if earlier is not None and earlier.kind is Wish.REMOVE:
        raise Conflict("wish_open")
    now, note = clock.now(), normalise(note)[:NOTE_MOST]
    if earlier is not None:
        earlier.ended_at = now
    lendings.revoke(session, [publication.id], now)
    comments.end(session, publication.id, now)
    wish = PublicationWish(
        publication_id=publication.id, kind=Wish.REMOVE, person_id=actor.person_id, note=note, asked_at=now
    )
    session.add(wish)
    if publication.remote_id and _profile(session, publication).removes:
        publication_moves.change(session, actor, publication, "removal_asked", now, now, note=note)
    else:
        _hand_over(session, actor, publication, wish, "removal_asked", now, note=note)
    return publication


def taken_down(session: Session, actor: Actor, publication_id: int) -> Publication:
    """Note that a person took it down at the network, asked for here or not. Raises Conflict when not out."""
    publication = _out(session, actor, publication_id)
    now = clock.now()
    wish = _open(session, publication)
    if wish is not None:
        wish.ended_at, wish.done = now, wish.kind is Wish.REMOVE
    comments.end(session, publication.id, now)
    publication.reading_at = None
    lendings.revoke(session, [publication.id], now)
    publication_moves.step(session, actor, publication, Status.REMOVED, "taken_down_by_hand", now)
    return publication


def corrected(session: Session, actor: Actor, publication_id: int) -> Publication:
    """Note that a person corrected the text at the network. Raises Conflict when nobody was asked to."""
    publication = _out(session, actor, publication_id)
    wish = _open(session, publication)
    if wish is None or wish.kind is not Wish.CORRECT or not wish.by_hand:
        raise Conflict("nothing_asked")
    now = clock.now()
    wish.ended_at, wish.done = now, True
    publication.revision_id = wish.revision_id
    _go_on(session, actor, publication, "corrected_by_hand", now)
    return publication


def give_up(session: Session, actor: Actor, publication_id: int) -> Publication:
    """Leave the post as it is after all. Raises Conflict when nothing is asked of it."""
    return _given_up(session, actor, publication_id, "wish_given_up", comment=False)


def comment_there(session: Session, actor: Actor, publication_id: int) -> Publication:
    """Note that the first comment stands below the post. Raises Conflict when nobody was asked."""
    publication, wish = _comment(session, actor, publication_id)
    now = clock.now()
    wish.ended_at, wish.done = now, True
    _go_on(session, actor, publication, "comment_there", now)
    return publication


def comment_again(session: Session, actor: Actor, publication_id: int) -> Publication:
    """It is not there, and shall be written: it is looked for once more, and then written.

    Raises Conflict when nobody was asked, or when which post it is there is not known.
    """
    publication, wish = _comment(session, actor, publication_id)
    if not publication.remote_id:
        raise Conflict("not_found_there")
    now = clock.now()
    wish.by_hand, wish.reason, wish.tries, wish.person_id = False, "", 0, actor.person_id
    _go_on(session, actor, publication, "comment_again", now, now)
    return publication


def comment_left_out(session: Session, actor: Actor, publication_id: int) -> Publication:
    """No first comment after all; one that is being written at this moment comes out all the same.

    Raises Conflict when none waits.
    """
    return _given_up(session, actor, publication_id, "comment_left_out", comment=True)


def _given_up(
    session: Session, actor: Actor, publication_id: int, verb: str, *, comment: bool
) -> Publication:
    publication = _out(session, actor, publication_id)
    wish = _open(session, publication, comment=comment)
    if wish is None:
        raise Conflict("nothing_asked")
    now = clock.now()
    wish.ended_at = now
    _go_on(session, actor, publication, verb, now)
    return publication


def _comment(session: Session, actor: Actor, publication_id: int) -> tuple[Publication, PublicationWish]:
    """A publication that is out, and its first comment about which a person was asked."""
    publication = _out(session, actor, publication_id)
    wish = _open(session, publication, comment=True)
    if wish is None or not wish.by_hand:
        raise Conflict("nothing_asked")
    return publication, wish


def _go_on(
    session: Session,
    actor: Actor,
    publication: Publication,
    verb: str,
    now: datetime,
    again: datetime | None = None,
) -> None:
    """Whatever else there is to do for the post: its number and address there, its first comment."""
    found = publication.remote_id and publication.permalink
    session.flush()
    comment = _open(session, publication, comment=True)
    waits = comment is not None and not comment.by_hand
    if publication.status is Status.PUBLISHED and (waits or not found):
        again = now
    publication_moves.change(session, actor, publication, verb, now, again)


def _hand_over(
    session: Session,
    actor: Actor,
    publication: Publication,
    wish: PublicationWish,
    verb: str,
    now: datetime,
    **facts: str,
) -> None:
    wish.by_hand, wish.reason = True, Reason.NOT_OFFERED
    publication.version += 1
    history.record(
        session, actor, "publication", publication.id, verb,
        unit_id=publication.unit_id, old=publication.status, new=publication.status, now=now, **facts,
    )  # fmt: skip


def _out(session: Session, actor: Actor, publication_id: int) -> Publication:
    """A publication that is out, its row locked."""
    publication = publications.locked(session, actor, publication_id)
    if publication.status not in OUT:
        raise Conflict("not_out")
    return publication


def _profile(session: Session, publication: Publication) -> Profile:
    channel = session.get_one(Channel, publication.channel_id)
    return publication_moves.takings(session, publication, channel.network)


def _open(session: Session, publication: Publication, *, comment: bool = False) -> PublicationWish | None:
    """What is asked and not done yet: of the post itself, or its first comment."""
    of_a_comment = PublicationWish.kind == Wish.COMMENT
    return session.scalar(
        select(PublicationWish)
        .where(
            PublicationWish.publication_id == publication.id,
            of_a_comment if comment else ~of_a_comment,
            PublicationWish.ended_at.is_(None),
        )
        .order_by(PublicationWish.id.desc())
        .limit(1)
    )
