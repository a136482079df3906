"""Ideas of people without an account: sent through a door, taken back by who sent them, thrown out as spam.

Their pictures lie in quarantine until somebody accepts the idea. Functions that delete give the keys of
pictures whose files nobody needs any more, for the caller to remove after the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.actions import assets, history, idea_doors, mails
from app.actions.inputs import Email, Input
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.idea_doors import GUEST_NAME_MOST, KNOWN_AFTER, KNOWN_MOST, PICTURES_MOST
from app.domain.ideas import OPEN, TITLE_MOST, WHY_MOST, IdeaState
from app.domain.mails import Verb
from app.domain.publications import OUT
from app.domain.roles import Actor, Right, Scope
from app.domain.texts import normalise
from app.foundation import clock
from app.foundation.crypto import token_hash
from app.foundation.database import lock
from app.foundation.images import Taken
from app.models.idea_doors import GuestPicture, IdeaDoor, IdeaGuest
from app.models.ideas import Idea, IdeaComment, IdeaPicture, IdeaPost, IdeaVote
from app.models.publications import Publication
from app.queries import ideas as questions

SOMEBODY = Actor(person_id=None, scope=Scope(), via="door")
PICTURE_NAME = "idea.jpg"
_DECIDED = (IdeaState.ACCEPTED, IdeaState.DECLINED, IdeaState.MERGED)


class OpenIdeaInput(Input):
    """What somebody sends who has no account. `email`: to be told what became of it, and for nothing else."""

    title: Annotated[str, Field(min_length=1, max_length=TITLE_MOST)]
    why: Annotated[str, Field(max_length=WHY_MOST)] = ""
    name: Annotated[str, Field(max_length=GUEST_NAME_MOST)] = ""
    email: Email | None = None


@dataclass(frozen=True)
class Held:
    """A picture in quarantine: `key` of its folder; of its master SHA-256, pixels and bytes."""

    key: str
    sha256: str
    source_sha256: str
    source_kind: str
    width: int
    height: int
    size: int


def send(
    session: Session, door: IdeaDoor, data: OpenIdeaInput, pictures: Sequence[Held], secret: str, locale: str
) -> Idea:
    """A new idea of the door's unit. `secret`: of the address where its sender sees what becomes of it.

    Raises Conflict when the door takes no more or the idea is there ("already_sent"), NotFound when it was
    closed meanwhile.
    """
    now = clock.now()
    idea_doors.count_in(session, door.id, now)
    check_new(session, secret)  # the same form sent twice: the second waited at the door
    idea = Idea(
        unit_id=door.unit_id, sender_id=None, door_id=door.id, sent_at=now, since_at=now,
        title=normalise(data.title), why=normalise(data.why),
    )  # fmt: skip
    session.add(idea)
    session.flush()
    session.add(
        IdeaGuest(
            idea_id=idea.id, follow_hash=token_hash(secret), locale=locale,
            name=normalise(data.name), email=data.email or "",
        )
    )  # fmt: skip
    for position, one in enumerate(pictures[:PICTURES_MOST]):
        session.add(GuestPicture(idea_id=idea.id, position=position, **vars(one)))
    session.flush()
    _record(session, SOMEBODY, idea, "sent", IdeaState.NEW)
    return idea


def check_new(session: Session, secret: str) -> None:
    """Nothing, when no idea has this secret yet. Raises Conflict ("already_sent")."""
    if session.scalar(select(IdeaGuest.idea_id).where(IdeaGuest.follow_hash == token_hash(secret))):
        raise Conflict("already_sent")


def followed(session: Session, secret: str) -> IdeaGuest:
    """Who has this secret in the address. Raises NotFound ("follow_gone")."""
    found = None
    if secret.isascii() and len(secret) <= idea_doors.TOKEN_MOST:
        found = session.scalar(select(IdeaGuest).where(IdeaGuest.follow_hash == token_hash(secret)))
    if found is None:
        raise NotFound("follow_gone")
    return found


def take_back(session: Session, secret: str) -> list[str]:
    """Delete an idea for whoever sent it; the keys of its pictures.

    Raises NotFound, and Conflict ("idea_decided") when somebody has answered it.
    """
    idea = session.get_one(Idea, followed(session, secret).idea_id)
    lock(session, idea)
    if idea.state not in OPEN:
        raise Conflict("idea_decided")
    _record(session, SOMEBODY, idea, "sender_deleted")
    return _delete(session, SOMEBODY, idea)


def throw_out(session: Session, actor: Actor, idea_id: int) -> list[str]:
    """Delete what came through a door and is no idea, and count it there; the keys of its pictures.

    Raises NotFound, Forbidden, Conflict ("not_from_door", or "idea_decided" when it was answered).
    """
    idea = questions.idea(session, actor.scope, idea_id)
    if not actor.scope.may(Right.WRITE, idea.unit_id):
        raise Forbidden("not_allowed")
    lock(session, idea)
    if idea.door_id is None or idea.sender_id is not None:
        raise Conflict("not_from_door")
    if idea.state not in OPEN:
        raise Conflict("idea_decided")
    now, door_id, unit_id = clock.now(), idea.door_id, idea.unit_id
    counted = update(IdeaDoor).where(IdeaDoor.id == door_id).values(spam=IdeaDoor.spam + 1)
    session.execute(counted.execution_options(synchronize_session=False))
    keys = _delete(session, actor, idea)
    history.record(session, actor, "idea_door", door_id, "spam", unit_id=unit_id, now=now)
    return keys


def welcome(session: Session, actor: Actor, idea: Idea) -> None:
    """Make pictures that came through a door pictures of the idea's unit. Their files are in the store."""
    shown = set(session.scalars(select(IdeaPicture.asset_id).where(IdeaPicture.idea_id == idea.id)))
    for one in session.scalars(pictures_of(idea.id)).all():
        taken = Taken(one.sha256, one.width, one.height, one.size, one.source_kind)
        asset = assets.add(session, actor, idea.unit_id, PICTURE_NAME, taken, one.source_sha256)
        if asset.id not in shown:
            session.add(IdeaPicture(idea_id=idea.id, asset_id=asset.id, position=len(shown)))
            shown.add(asset.id)
        session.delete(one)
    session.flush()


def hand_on(session: Session, idea: Idea, other: Idea) -> None:
    """What came through a door with an idea goes on with the other one that it becomes a part of."""
    first = func.coalesce(GuestPicture.came_with_id, idea.id)
    rows = update(GuestPicture).where(GuestPicture.idea_id == idea.id)
    moved = rows.values(idea_id=other.id, came_with_id=first)
    session.execute(moved.execution_options(synchronize_session=False))


def bring_back(session: Session, idea: Idea) -> None:
    """What `hand_on` gave away, to an idea that waits by itself again, with those that became parts of it."""
    parts = [idea.id]
    for part in parts:
        parts += session.scalars(select(Idea.id).where(Idea.merged_into_id == part)).all()
    rows = update(GuestPicture).where(GuestPicture.came_with_id.in_(parts)).values(idea_id=idea.id)
    session.execute(rows.execution_options(synchronize_session=False))


def tell(session: Session, idea: Idea, verb: str, now: datetime) -> None:
    """Word to who sent it over a door and left their e-mail, once, when something is sure: it was declined,
    or goes on with another. Their e-mail is forgotten with it. When it waits again what has not gone does not
    go, and they hear what becomes of it then."""
    guest = session.get(IdeaGuest, idea.id) if idea.door_id is not None else None
    if guest is not None and idea.state is IdeaState.NEW:
        guest.email = mails.call_back(session, idea.id) or guest.email
    if guest is None or not guest.email or verb not in (Verb.DECLINED, Verb.MERGED):
        return
    _told(session, guest, idea, Verb(verb), now, idea.answer)


def tell_published(session: Session, now: datetime) -> None:
    """The same where a post that an idea became went out."""
    out = (
        select(IdeaGuest, Idea)
        .join(Idea, Idea.id == IdeaGuest.idea_id)
        .where(
            IdeaGuest.email != "",
            Idea.state == IdeaState.ACCEPTED,
            select(IdeaPost.post_id)
            .join(Publication, Publication.post_id == IdeaPost.post_id)
            .where(IdeaPost.idea_id == Idea.id, Publication.status.in_(OUT))
            .correlate(Idea)
            .exists(),
        )
    )
    for guest, idea in session.execute(out).all():
        _told(session, guest, idea, Verb.PUBLISHED, now)


def _told(
    session: Session, guest: IdeaGuest, idea: Idea, verb: Verb, now: datetime, answer: str = ""
) -> None:
    facts = {"title": idea.title, "answer": answer, "unit_id": idea.unit_id, "idea_id": idea.id}
    mails.tell_outside(session, guest.email, verb, guest.locale, facts, now)
    guest.email = ""
    session.flush()


def forget(session: Session, now: datetime) -> list[str]:
    """Delete who sent ideas whose outcome is long told, and pictures that nobody took; the pictures' keys."""
    session.execute(delete(IdeaGuest).where(_over(IdeaGuest.idea_id, now)))
    gone = delete(GuestPicture).where(_over(GuestPicture.idea_id, now)).returning(GuestPicture.key)
    return list(session.scalars(gone))


def _over(idea_id: InstrumentedAttribute[int], now: datetime) -> ColumnElement[bool]:
    lately = (
        select(IdeaPost.post_id)
        .join(Publication, Publication.post_id == IdeaPost.post_id)
        .where(IdeaPost.idea_id == Idea.id, Publication.published_at >= now - KNOWN_AFTER)
        .correlate(Idea)
        .exists()
    )
    answered = Idea.state.in_(_DECIDED) & (Idea.since_at < now - KNOWN_AFTER) & ~lately
    return select(Idea.id).where(Idea.id == idea_id, or_(answered, Idea.sent_at < now - KNOWN_MOST)).exists()


def pictures_of(idea_id: int) -> Select[GuestPicture]:
    """The question for an idea's pictures in quarantine, in order."""
    return select(GuestPicture).where(GuestPicture.idea_id == idea_id).order_by(GuestPicture.id)


def _delete(session: Session, actor: Actor, idea: Idea) -> list[str]:
    """The idea with all that hangs on it. What was put together with it waits again by itself."""
    for other in session.scalars(select(Idea).where(Idea.merged_into_id == idea.id)).all():
        other.state, other.since_at, other.merged_into_id = IdeaState.NEW, clock.now(), None
        bring_back(session, other)
        _record(session, actor, other, "reopened", IdeaState.NEW, IdeaState.MERGED)
        tell(session, other, "reopened", clock.now())
    mails.call_back(session, idea.id)
    gone = delete(GuestPicture).where(GuestPicture.idea_id == idea.id).returning(GuestPicture.key)
    keys = list(session.scalars(gone))
    for model in (IdeaGuest, IdeaPicture, IdeaVote, IdeaComment, IdeaPost):
        session.execute(delete(model).where(model.idea_id == idea.id))
    session.delete(idea)
    session.flush()
    return keys


def _record(
    session: Session,
    actor: Actor,
    idea: Idea,
    verb: str,
    new: IdeaState | None = None,
    old: IdeaState | None = None,
) -> None:
    history.record(
        session, actor, "idea", idea.id, verb, unit_id=idea.unit_id, old=old, new=new, now=clock.now()
    )


def waiting_pictures(session: Session) -> set[str]:
    """The keys of all pictures that are in quarantine by right."""
    return set(session.scalars(select(GuestPicture.key)))
