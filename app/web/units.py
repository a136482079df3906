"""Units: the tree, a new one, and the page of one."""

from typing import Literal

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import inputs, units
from app.actions.inputs import Id
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import NotFound, Refusal
from app.domain.roles import Right
from app.foundation import i18n
from app.models.units import Unit
from app.queries import unit_moves
from app.queries import units as questions
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words import roles as words

router = APIRouter(prefix="/units")


@router.get("")
def listed(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """The tree, as far as one sees it."""
    scope = viewer.actor.scope
    tree = questions.tree(session, scope, viewer.locale)
    kinds = {unit.id: words.kind_name(unit.kind, viewer.locale) for unit in tree}
    return render(request, "units/list.html", units=tree, kinds=kinds, may=scope.units_with(Right.UNITS))


@router.get("/new")
def new(request: Request, viewer: SignedIn, session: Reads, parent: Id | None = None) -> Response:
    """The form for a new unit."""
    return _new_page(request, viewer, session, Form.of(parent_id=parent, kind="branch"))


def _new_page(
    request: Request, viewer: Viewer, session: Session, form: Form, refusal: Refusal | None = None
) -> Response:
    return render(
        request,
        "units/new.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        parents=questions.names(session, viewer.actor.scope, Right.UNITS, viewer.locale),
        kinds=words.kind_options(viewer.locale),
    )


@router.post("/new")
def add(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Add a unit below another."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                units.add(turn.session, viewer.actor, form.read(units.NewUnit))
                turn.address = "/units?done=unit_added"
    except Refusal as refusal:
        with db.reads() as session:
            return _new_page(request, viewer, session, form, refusal)
    return go(turn.address)


@router.get("/{unit_id}")
def show(
    request: Request, viewer: SignedIn, session: Reads, unit_id: Id, moved_from: Id | Literal[0] | None = None
) -> Response:
    """One unit, and the forms to change it for those who may. `moved_from`: where it just stood (0: top)."""
    unit = questions.unit(session, viewer.actor.scope, unit_id)
    form = Form.of(**_values(unit), moved_from=moved_from)
    return _unit_page(request, viewer, session, unit_id, form)


def _values(unit: Unit) -> dict[str, object]:
    """What stands in the forms of a unit's page."""
    names = ("name", "kind", "country", "zone", "locale", "population", "opens_on", "closes_on")
    return {name: getattr(unit, name) for name in names}


def _unit_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    unit_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    unit = questions.unit(session, scope, unit_id)
    return render(
        request,
        "units/unit.html",
        refusal.status if refusal else 200,
        unit=unit,
        kind=words.kind_name(unit.kind, viewer.locale),
        may_change=scope.may(Right.UNITS, unit_id),
        may_move=scope.may(Right.UNITS, unit.parent_id or unit_id),
        due_after=unit_moves.due_after(session, scope, unit),
        form=form,
        errors=said(request, refusal),
        kinds=words.kind_options(viewer.locale),
        countries=words.country_options(inputs.countries(), viewer.locale),
        zones=words.zone_options(inputs.zones()),
        locales=list(i18n.NAMES.items()),
    )


@router.post("/{unit_id}")
def edit(request: Request, viewer: SignedIn, form: Posted, db: Db, unit_id: Id) -> Response:
    """Change a unit's name, kind, place or language."""
    try:
        with db.writes() as session:
            units.edit(session, viewer.actor, unit_id, form.read(units.UnitEdit))
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _unit_page(request, viewer, session, unit_id, form, refusal)
    return go(f"/units/{unit_id}", "saved")


@router.post("/{unit_id}/second-factor")
def want_second_factor(viewer: SignedIn, form: Posted, db: Db, unit_id: Id) -> Response:
    """Say whether people with powers need a second factor."""
    with db.writes() as session:
        units.want_second_factor(session, viewer.actor, unit_id, form.read(units.SecondFactorRule))
    return go(f"/units/{unit_id}", "saved")


@router.post("/{unit_id}/close")
def close(request: Request, viewer: SignedIn, form: Posted, db: Db, unit_id: Id) -> Response:
    """Write a unit's last day, or take it back by leaving it empty."""
    try:
        with db.writes() as session:
            units.close(session, viewer.actor, unit_id, form.read(units.UnitClosing))
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            unit = questions.unit(session, viewer.actor.scope, unit_id)
            told = Form.of(**{**_values(unit), "closes_on": form.text("closes_on")})
            return _unit_page(request, viewer, session, unit_id, told, refusal)
    return go(f"/units/{unit_id}", "saved")
