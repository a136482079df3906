"""Whether money was spent on showing a post to more people: only people know, and results compare by it."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Input
from app.actions.publications import locked
from app.domain.errors import Conflict
from app.domain.publications import OUT
from app.domain.results import Paid
from app.domain.roles import Actor
from app.foundation import clock
from app.models.publications import Publication
from app.models.results import PaidMark, Result


class PaidInput(Input):
    """What a person says: yes, no, or that it is not known after all."""

    paid: Paid


def mark(session: Session, actor: Actor, publication_id: int, paid: Paid) -> Publication:
    """Note whether a post that is out was paid for; its results are worked out anew.

    What is said already is not noted twice. Raises NotFound, Forbidden, and Conflict ("not_out").
    """
    publication = locked(session, actor, publication_id)
    if publication.status not in OUT or publication.published_at is None:
        raise Conflict("not_out")
    row = session.get(PaidMark, publication.id)
    before = row.paid if row else Paid.UNKNOWN
    if paid is before:
        return publication
    assert actor.person_id is not None
    now = clock.now()
    session.merge(PaidMark(publication_id=publication.id, paid=paid, person_id=actor.person_id, at=now))
    session.execute(update(Result).where(Result.publication_id == publication.id).values(stale=True))
    history.record(
        session, actor, "publication", publication.id, "paid_said",
        unit_id=publication.unit_id, now=now, paid=paid.value,
    )  # fmt: skip
    return publication
