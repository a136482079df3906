"""Questions about what is typed and not saved yet: one's own, and who else is writing in the same form."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.roles import Scope
from app.foundation.database import AnyRow, is_id
from app.models.people import Person
from app.models.unsaved import UnsavedForm

_NOBODY_ELSE = "/posts/new"  # every new post is another one
_MOST = 20


def of_form(
    session: Session, scope: Scope, person_id: int, form: str, since: datetime,  # noqa: ARG001 - whoever asks may open the form
) -> Sequence[AnyRow]:  # fmt: skip
    """What lies of a form since then, the latest first: id, person_id, person, key, sealed, changed_at.

    `form`: the path of a form that the person may open. Of others only who and when is for their eyes.
    """
    shared = or_(UnsavedForm.person_id == person_id, UnsavedForm.form != _NOBODY_ELSE)
    return session.execute(
        select(
            UnsavedForm.id, UnsavedForm.person_id, Person.name.label("person"), UnsavedForm.key,
            UnsavedForm.sealed, UnsavedForm.changed_at,
        )
        .join(Person, Person.id == UnsavedForm.person_id)
        .where(UnsavedForm.form == form, UnsavedForm.sealed != "", UnsavedForm.changed_at > since, shared)
        .order_by(UnsavedForm.changed_at.desc())
        .limit(_MOST)
    ).all()  # fmt: skip


def own(
    session: Session, scope: Scope, person_id: int, unsaved_id: int, form: str,  # noqa: ARG001 - one's own
) -> UnsavedForm:  # fmt: skip
    """One's own of a form. Raises NotFound."""
    found = session.get(UnsavedForm, unsaved_id) if is_id(unsaved_id) else None
    if found is None or (found.person_id, found.form) != (person_id, form) or not found.sealed:
        raise NotFound
    return found
