"""The people of the units that one sees: the list, a new person, roles, closed accounts, new links."""

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import link_mails, mails, people
from app.actions.inputs import Id
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.roles import Right, Role, Scope
from app.foundation import clock, i18n
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.queries import people as questions
from app.queries import second_factors, stand_ins, units
from app.web.duties import left_behind
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words import roles as words

router = APIRouter(prefix="/people")
AS_UNIT = i18n.N_("The same as the unit's")


@router.get("")
def listed(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """Everybody in sight."""
    found = questions.people(session, viewer.actor.scope, viewer.locale)
    return render(
        request,
        "people/list.html",
        people=found,
        away=stand_ins.now_in_sight(session, viewer.actor.scope, clock.now()),
        may_add=bool(viewer.actor.scope.units_with(Right.PEOPLE)),
        may_see_mail=mails.may_look_after(viewer.actor),
        role_names=_namer(viewer),
    )


@router.get("/new")
def new(
    request: Request, viewer: SignedIn, session: Reads, settings: Configured, unit: Id | None = None
) -> Response:
    """The form for a new person."""
    return _new_page(request, viewer, session, Form.of(unit_id=unit), postman_of(settings) is not None)


def _new_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    mails_it: bool,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    return render(
        request,
        "people/new.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        units=units.names(session, scope, Right.PEOPLE, viewer.locale),
        roles=words.role_options(_all_givable(scope), viewer.locale),
        locales=[("", i18n.translations(viewer.locale).gettext(AS_UNIT)), *i18n.NAMES.items()],
        mails_it=mails_it,
    )


def _all_givable(scope: Scope) -> frozenset[Role]:
    return frozenset().union(*(scope.may_give(unit_id) for unit_id in scope.units_with(Right.PEOPLE)))


@router.post("/new")
def add(request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Add a person; mail them a one-time link, or show it this one time where no mail is sent."""
    link = ""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(people.NewPerson)
                person, link = people.add(turn.session, viewer.actor, data)
                done = "person_added" if link else "joined"
                if link and postman_of(settings) is not None:
                    link_mails.invite(turn.session, viewer.actor, person, data.unit_id, settings.address)
                    link, done = "", "invited"
                turn.address = f"/people/{person.id}?done={done}"
    except Refusal as refusal:
        with db.reads() as session:
            return _new_page(request, viewer, session, form, postman_of(settings) is not None, refusal)
    if not link:
        return go(turn.address)
    return _link_page(request, settings, person.id, person.name, link)


def _link_page(request: Request, settings: Settings, person_id: int, name: str, token: str) -> Response:
    address = f"{settings.address}/link/{token}"
    return render(request, "people/link.html", person_id=person_id, name=name, address=address)


@router.get("/{person_id}")
def show(request: Request, viewer: SignedIn, session: Reads, settings: Configured, person_id: Id) -> Response:
    """One person: their seats, and what may be done about them."""
    return _person_page(request, viewer, session, settings, person_id)


def _person_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    settings: Settings,
    person_id: int,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    person = questions.person(session, scope, person_id)
    held = [(seat.unit_id, role) for seat in person.seats for role in seat.roles]
    return render(
        request,
        "people/person.html",
        refusal.status if refusal else 200,
        person=person,
        errors=said(request, refusal),
        may_change=scope.units_with(Right.PEOPLE),
        governed=people.governs(scope, held),
        doors=second_factors.doors(session, scope, person_id),
        left=[] if person.active else left_behind(session, viewer, person_id),
        covers=stand_ins.coming(session, scope, person_id, clock.now()),
        myself=person_id == viewer.person_id,
        mails_it=postman_of(settings) is not None,
        role_names=_namer(viewer),
    )


def _namer(viewer: Viewer) -> Callable[[frozenset[Role]], str]:
    """Names of roles for templates, with commas between."""
    return lambda roles: words.role_names(roles, viewer.locale)


@router.get("/{person_id}/roles")
def roles(
    request: Request, viewer: SignedIn, session: Reads, person_id: Id, unit: Id | None = None
) -> Response:
    """The form for the roles of a person in one unit, chosen already or to be chosen."""
    held = questions.roles_in(session, viewer.actor.scope, person_id, unit) if unit else frozenset()
    form = Form.of(unit_id=unit, roles=sorted(held))
    return _roles_page(request, viewer, session, person_id, form)


def _roles_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    person_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    person = questions.person(session, scope, person_id)
    unit_id = next((unit_id for unit_id in scope.units if str(unit_id) == form.text("unit_id")), None)
    givable = scope.may_give(unit_id) if unit_id else _all_givable(scope)
    held = next((seat.roles for seat in person.seats if seat.unit_id == unit_id), frozenset())
    if not givable:
        raise NotFound
    return render(
        request,
        "people/roles.html",
        refusal.status if refusal else 200,
        person=person,
        form=form,
        errors=said(request, refusal),
        unit_name=next((seat.unit_name for seat in person.seats if seat.unit_id == unit_id), ""),
        units=units.names(session, scope, Right.PEOPLE, viewer.locale),
        roles=words.role_options(givable, viewer.locale),
        kept=sorted(held - givable),
        kept_names=words.role_names(held - givable, viewer.locale),
    )


@router.post("/{person_id}/roles")
def change_roles(request: Request, viewer: SignedIn, form: Posted, db: Db, person_id: Id) -> Response:
    """Give a person exactly the ticked roles in a unit."""
    try:
        with db.writes() as session:
            data = form.read(people.RolesEdit, roles=form.many("roles"))
            people.change_roles(session, viewer.actor, person_id, data)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _roles_page(request, viewer, session, person_id, form, refusal)
    return _after(db, person_id, viewer)


def _after(db: Db, person_id: int, viewer: Viewer) -> Response:
    """Back to the person, or to what they can't reach any more; to the list when their last role is gone."""
    with db.reads() as session:
        if left_behind(session, viewer, person_id, out_of_reach=True):
            return go(f"/people/{person_id}/leaving?reach=1", "saved")
        try:
            questions.person(session, viewer.actor.scope, person_id)
        except NotFound:
            return go("/people", "saved")
    return go(f"/people/{person_id}", "saved")


@router.post("/{person_id}/deactivate")
def deactivate(
    request: Request, viewer: SignedIn, _form: Posted, db: Db, settings: Configured, person_id: Id
) -> Response:
    """Close a person's account."""
    try:
        with db.writes() as session:
            people.deactivate(session, viewer.actor, person_id)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _person_page(request, viewer, session, settings, person_id, refusal)
    return go("/sign-in" if person_id == viewer.person_id else f"/people/{person_id}", "person_closed")


@router.post("/{person_id}/activate")
def activate(viewer: SignedIn, _form: Posted, db: Db, person_id: Id) -> Response:
    """Open a person's account again."""
    with db.writes() as session:
        people.activate(session, viewer.actor, person_id)
    return go(f"/people/{person_id}", "person_opened")


@router.post("/{person_id}/link")
def new_link(
    viewer: SignedIn, _form: Posted, request: Request, db: Db, settings: Configured, person_id: Id
) -> Response:
    """Make a new one-time link for somebody who can't get in, and show it this one time."""
    with db.writes() as session:
        person, token = people.new_link(session, viewer.actor, person_id)
    return _link_page(request, settings, person.id, person.name, token)


@router.post("/{person_id}/invite")
def invite_again(
    request: Request, viewer: SignedIn, _form: Posted, db: Db, settings: Configured, person_id: Id
) -> Response:
    """Mail the invitation once more; where no mail is sent there is no such page."""
    if postman_of(settings) is None:
        raise NotFound
    try:
        with db.writes() as session:
            people.invite_again(session, viewer.actor, person_id, settings.address)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _person_page(request, viewer, session, settings, person_id, refusal)
    return go(f"/people/{person_id}", "invited")
