"""People and their roles, and the one-time links that let them in."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import people
from app.actions.inputs import Id, Input
from app.actions.people import NewPerson, RolesEdit
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Invalid, NotFound
from app.domain.roles import Role
from app.foundation.settings import Settings
from app.queries import people as questions

router = api_router(tags=["people"])


class SeatOut(Shape):
    """The roles of a person in one unit; they hold for the units below it too."""

    unit_id: int
    unit_name: str
    roles: list[Role]


class PersonOut(Shape):
    """A person, with the seats that you may see. `came`: has chosen a password already. `erased`: their name
    and e-mail were erased; words stand in the place of the name."""

    id: int
    name: str
    email: str
    active: bool
    came: bool
    seats: list[SeatOut]
    erased: bool


class PersonMade(Shape):
    """A new person. `link` lets them in once, within seven days; null when they have an account already."""

    person: PersonOut
    link: str | None


class PersonPatch(Input):
    """What is sent is changed. `roles`: all that the person shall have in the unit `unit_id`."""

    unit_id: Id | None = None
    roles: frozenset[Role] | None = None
    active: bool | None = None


class NewInvitation(Input):
    """Whom to let in."""

    person_id: Id


class InvitationOut(Shape):
    """A link that lets a person in once, within seven days; earlier links of theirs no longer work."""

    person_id: int
    link: str


@router.get("/people")
def listed(viewer: ByToken, session: Reads, page: Paged) -> Listed[PersonOut]:
    """Everybody with a role in your units, by name."""
    return page.part(questions.people(session, viewer.actor.scope, viewer.locale), _shown)


@router.post("/people", status_code=201, response_model=PersonMade)
def add(viewer: ByToken, sent: Sent, settings: Configured, data: NewPerson) -> Response:
    """Add a person; the answer holds their one-time link, which is shown this once."""
    return sent.once(201, lambda session: _added(session, viewer, settings, data))


def _added(session: Session, viewer: Viewer, settings: Settings, data: NewPerson) -> PersonMade:
    person, token = people.add(session, viewer.actor, data)
    return PersonMade(person=_one(session, viewer, person.id), link=_link(settings, token) if token else None)


@router.get("/people/{person_id}")
def show(viewer: ByToken, session: Reads, person_id: PathId) -> PersonOut:
    """One person."""
    return _one(session, viewer, person_id)


@router.patch("/people/{person_id}")
def change(viewer: ByToken, db: Db, person_id: PathId, data: PersonPatch) -> PersonOut:
    """Change a person's roles in a unit, or close and open their account."""
    with db.writes() as session:
        before = _one(session, viewer, person_id)
        if data.roles is not None:
            edit = RolesEdit(unit_id=_unit(data), roles=data.roles)
            people.change_roles(session, viewer.actor, person_id, edit)
        if data.active is not None:
            switch = people.activate if data.active else people.deactivate
            switch(session, viewer.actor, person_id)
        try:
            return _one(session, viewer, person_id)
        except NotFound:  # their last role in sight was taken
            return before.model_copy(update={"seats": []})


def _unit(data: PersonPatch) -> int:
    if data.unit_id is None:
        raise Invalid("missing", "unit_id")
    return data.unit_id


@router.post("/invitations", status_code=201, response_model=InvitationOut)
def invite(viewer: ByToken, sent: Sent, settings: Configured, data: NewInvitation) -> Response:
    """Make a new one-time link for a person who can't get in."""
    return sent.once(201, lambda session: _invited(session, viewer, settings, data))


def _invited(session: Session, viewer: Viewer, settings: Settings, data: NewInvitation) -> InvitationOut:
    person, token = people.new_link(session, viewer.actor, data.person_id)
    return InvitationOut(person_id=person.id, link=_link(settings, token))


def shown_person(session: Session, viewer: Viewer, person_id: int) -> PersonOut:
    """One person in sight, as an answer."""
    return _one(session, viewer, person_id)


def _one(session: Session, viewer: Viewer, person_id: int) -> PersonOut:
    return _shown(questions.person(session, viewer.actor.scope, person_id))


def _shown(row: questions.PersonRow) -> PersonOut:
    seats = [
        SeatOut(unit_id=seat.unit_id, unit_name=seat.unit_name, roles=sorted(seat.roles))
        for seat in row.seats
    ]
    return PersonOut(
        id=row.id,
        name=row.name,
        email=row.email,
        active=row.active,
        came=row.came,
        seats=seats,
        erased=row.erased,
    )


def _link(settings: Settings, token: str) -> str:
    return f"{settings.address}/link/{token}"
