"""An approver's own correction: other words in one step, and somebody else is asked for the yes.

Whoever wrote the post before may say it, though they have no role that approves; or another approver.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import posts, publication_moves, reviews
from app.actions.contents import LINK_MOST, TEXT_MOST
from app.actions.inputs import Id
from app.domain.contents import MOST_PICTURES, MOST_VARIANTS
from app.domain.corrections import OwnWords, Words, corrected, faults_of
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.mails import MailKind
from app.domain.posts import PostStatus, ReviewKind, missing_for_review, written_before
from app.domain.roles import RIGHTS, Actor, Right, Role
from app.domain.texts import COMMENT_MOST, TITLE_MOST, normalise
from app.domain.units import ancestors
from app.foundation import clock
from app.models.installations import Installation
from app.models.notices import Mail
from app.models.people import Membership, Person
from app.models.posts import Post, Revision
from app.models.units import Unit
from app.queries import contents as content_questions
from app.words import mails

Text = Annotated[str, Field(max_length=TEXT_MOST)]
Alt = Annotated[str, Field(max_length=20_000)]
Place = Annotated[str, Field(pattern=r"^(variants\.\d{1,10}\.)?pictures\.\d{1,3}$")]
ASKABLE = frozenset({PostStatus.IN_REVIEW, PostStatus.APPROVED})
_ASKED_MOST = 20


class OwnText(BaseModel):
    """Other words for a channel that has its own. None: as they stand."""

    model_config = ConfigDict(extra="forbid")

    channel_id: Id
    text: Text | None = None
    first_comment: Text | None = None


class Correction(BaseModel):
    """Other words for a revision, by its number; what isn't sent stays. `comment`: said to whoever is asked.

    `alt_texts`: by the picture's place from 0, as faults name it: "pictures.0", "variants.7.pictures.1".
    Pictures, channels and the tone are not an approver's to change: for those, changes are asked for.
    """

    model_config = ConfigDict(extra="forbid")

    revision: int
    title: Annotated[str, Field(max_length=TITLE_MOST)] | None = None
    text: Text | None = None
    link: Annotated[str, Field(max_length=LINK_MOST)] | None = None
    first_comment: Text | None = None
    variants: Annotated[list[OwnText], Field(max_length=MOST_VARIANTS)] = Field(default_factory=list)
    alt_texts: Annotated[dict[Place, Alt], Field(max_length=MOST_PICTURES)] = Field(default_factory=dict)
    comment: Annotated[str, Field(max_length=COMMENT_MOST)] = ""

    @property
    def words(self) -> Words:
        """The new words, each with one kind of line end and no space around it."""
        own = {one.channel_id: OwnWords(_plain(one.text), _plain(one.first_comment)) for one in self.variants}
        alt_texts = {place: normalise(alt) for place, alt in self.alt_texts.items()}
        return Words(_plain(self.text), _plain(self.link), _plain(self.first_comment), own, alt_texts)


def correct(session: Session, actor: Actor, post_id: int, data: Correction) -> Post:
    """Save an approver's words as a new revision that waits for somebody else's yes.

    What was planned on an earlier yes waits for the new one. Raises NotFound, Forbidden, Conflict
    ("stale_approval", "correction_not_now"), and Invalid when words are missing, wrong or the same.
    """
    post = posts.locked(session, actor, post_id, Right.APPROVE)
    current = posts.newest(session, post)
    if current.number != data.revision:
        raise Conflict("stale_approval", "revision", number=current.number)
    if post.status not in ASKABLE:
        raise Conflict("correction_not_now")
    written = _written(session, actor, post, current, data)
    now = clock.now()
    post.move(PostStatus.DRAFT, now)
    publication_moves.back_to_proposed(session, actor, post, now)
    post.title = written.title
    made = posts.add_revision(session, actor, post, current.number + 1, written)
    comment = normalise(data.comment)
    posts.step(session, actor, post, made, PostStatus.IN_REVIEW, ReviewKind.CORRECTED, comment)
    return post


def _written(
    session: Session, actor: Actor, post: Post, current: Revision, data: Correction
) -> posts.Written:
    """What the new revision says. Raises Invalid with everything that is wrong at once."""
    before = content_questions.contents(session, actor.scope, current.id)
    title = current.title if data.title is None else normalise(data.title)
    said = corrected(before, data.words)
    faults = faults_of(before, data.words) + missing_for_review(current.tone, said)
    if not title:
        faults.insert(0, Fault("title_missing", "title"))
    written, stands = (
        posts.Written(title, current.tone, said),
        posts.Written(current.title, current.tone, before),
    )
    if not faults and written.said == stands.said:
        faults.append(Fault("nothing_corrected", "text"))
    if faults:
        raise Invalid.of(faults)
    publication_moves.check_fits_planned_channels(session, post, said)
    return written


def _plain(text: str | None) -> str | None:
    return None if text is None else normalise(text)


def asked(session: Session, unit_id: int, writers: Sequence[int]) -> list[Person]:
    """Who can say yes to what an approver wrote last in a unit: who wrote before, then the other approvers.

    Only people who may come in, and who may write, or approve, there now. `writers`: of all revisions, the
    newest first.
    """
    before = written_before(writers)
    path = session.scalars(select(Unit.path).where(Unit.id == unit_id)).one()
    rows = session.execute(
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.unit_id.in_([*ancestors(path), unit_id]), Person.active, Person.id != writers[0])
        .order_by(Person.id)
    )
    found: dict[int, Person] = {}
    for person, role in rows:
        may_write = person.id == before and Right.WRITE in RIGHTS[Role(role)]
        if may_write or Right.APPROVE in RIGHTS[Role(role)]:
            found[person.id] = person
    return sorted(found.values(), key=lambda person: (person.id != before, person.id))


def tell(session: Session, actor: Actor, post: Post, address: str) -> int:
    """A mail to whoever wrote the post before that their yes is asked; if they can't give it, to the other
    approvers. `address`: of our pages. Returns how many mails."""
    writers = reviews.writers_of(session, post.id)
    people = asked(session, post.unit_id, writers)
    people = [one for one in people if one.id == written_before(writers)] or people[:_ASKED_MOST]
    key, now = session.scalar(select(Installation.key)) or "", clock.now()
    for person in people:
        words = mails.corrected(person.name, actor.name, post.title, post.id, person.locale, address)
        session.add(
            Mail(
                person_id=person.id, kind=MailKind.REVIEWS, made_by=key, locale=person.locale,
                subject=words.subject, text=words.text, html=words.html, created_at=now, next_at=now,
            )
        )  # fmt: skip
    return len(people)
