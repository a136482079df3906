"""Meta apps: which holds for which unit, entering and changing one, and the way to make one, step by step."""

from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions.meta_apps import MetaAppInput
from app.connectors import registry
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, Invalid, NotFound, Refusal
from app.domain.networks import NetworkKind
from app.domain.roles import Right
from app.errands import connect, connect_app, connect_guide
from app.errands.connect_guide import Standing, Step
from app.errands.ground import Ground
from app.foundation.database import Database, read_id
from app.foundation.settings import Settings
from app.queries import meta_apps as questions
from app.queries import units
from app.web.forms import Form, Posted, go, said
from app.web.ground import Grounded, once_in_steps
from app.web.rendering import render
from app.words import connect_guide as words

router = APIRouter()
DASHBOARD = "https://developers.facebook.com/apps/"


@router.get("/channels/app")
def listed(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """Which app holds for which unit."""
    scope = viewer.actor.scope
    if not scope.units_with(Right.CHANNELS):
        raise Forbidden("not_allowed")
    return render(request, "channels/apps.html", units=questions.listed(session, scope, settings.meta_app_id))


@router.get("/units/{unit_id}/meta-app")
def ask_app(request: Request, viewer: SignedIn, session: Reads, ground: Grounded, unit_id: int) -> Response:
    """The form for a unit's Meta app."""
    held = questions.held(session, viewer.actor.scope, unit_id, ground.settings.meta_app_id)
    return _app_page(
        request, viewer, session, ground, unit_id, Form.of(app_id=held.app_id if held.own else None)
    )


def _app_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    ground: Ground,
    unit_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    unit = units.unit(session, scope, unit_id)
    if not scope.may(Right.CHANNELS, unit_id):
        raise Forbidden("not_allowed")
    parts = refusal is not None and refusal.code == "app_parts_channels"
    other, above = form.text("app_id").strip(), ground.settings.meta_app_id
    held = questions.held(session, scope, unit_id, above)
    if refusal is not None and refusal.code == "app_still_here":
        form = Form.of(app_id=held.app_id)  # the form that was sent is the other one
    after = questions.inherited(session, scope, unit_id, above) if held.own else ""
    return render(
        request,
        "channels/meta_app.html",
        refusal.status if refusal else 200,
        unit=unit,
        held=held,
        losing=questions.parted_by(session, scope, unit_id, after) if held.own else [],
        parted=questions.parted_by(session, scope, unit_id, other) if parts else [],
        callback=connect.callback_address(ground),
        scopes=registry.sign_in_scopes(NetworkKind.FACEBOOK),
        form=form,
        errors=said(request, refusal),
    )


@router.post("/units/{unit_id}/meta-app")
def set_app(
    request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded, unit_id: int
) -> Response:
    """Enter or change it."""

    def work() -> str:
        parted = connect_app.put(ground, viewer.actor, unit_id, form.read(MetaAppInput))
        return "/channels?done=app_parted" if parted else f"/channels/app/guide?unit={unit_id}&done=app_saved"

    return _done(request, viewer, form, db, ground, unit_id, work)


@router.post("/units/{unit_id}/meta-app/remove")
def remove_app(
    request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded, unit_id: int
) -> Response:
    """Take the unit's own away: the one above holds again."""

    def work() -> str:
        if form.text("gone") != "yes":
            raise Invalid("app_still_here", "gone")
        parted = connect_app.remove(ground, viewer.actor, unit_id, sure=True)
        return f"/channels{'/app' if not parted else ''}?done=app_removed"

    return _done(request, viewer, form, db, ground, unit_id, work)


def _done(
    request: Request,
    viewer: Viewer,
    form: Form,
    db: Database,
    ground: Ground,
    unit_id: int,
    work: Callable[[], str],
) -> Response:
    try:
        address = once_in_steps(db, viewer, form, work)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _app_page(request, viewer, session, ground, unit_id, form, refusal)
    return go(address)


@router.get("/channels/app/guide")
def guide(request: Request, viewer: SignedIn, session: Reads, ground: Grounded, unit: str = "") -> Response:
    """The way to an app, step by step."""
    return _guide_page(request, viewer, session, ground, unit, asked=False)


@router.post("/channels/app/guide")
def look(request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded) -> Response:
    """The same, after asking what a call can tell. Nothing is changed, so that nothing is led on to."""
    unit = form.text("unit")
    with db.reads() as session:
        chosen = _unit(session, viewer, unit)
    standings = connect_guide.steps(ground, viewer.actor.scope, chosen, asked=True)
    with db.reads() as session:
        return _guide(request, viewer, session, ground, chosen, standings, asked=True)


def _guide_page(
    request: Request, viewer: Viewer, session: Session, ground: Ground, unit: str, asked: bool
) -> Response:
    chosen = _unit(session, viewer, unit)
    standings = connect_guide.steps(ground, viewer.actor.scope, chosen, asked)
    return _guide(request, viewer, session, ground, chosen, standings, asked)


def _unit(session: Session, viewer: Viewer, unit: str) -> int:
    """The unit that is meant, else the topmost where the viewer looks after channels."""
    scope = viewer.actor.scope
    mine = scope.units_with(Right.CHANNELS)
    if not mine:
        raise Forbidden("not_allowed")
    wanted = read_id(unit)
    if wanted in mine:
        return wanted
    return next(id_ for id_, _ in units.names(session, scope, Right.CHANNELS, viewer.locale))


def _guide(
    request: Request,
    viewer: Viewer,
    session: Session,
    ground: Ground,
    unit_id: int,
    standings: list[Standing],
    asked: bool,
) -> Response:
    scope, locale = viewer.actor.scope, viewer.locale
    return render(
        request,
        "channels/guide.html",
        unit=units.unit(session, scope, unit_id),
        units=units.names(session, scope, Right.CHANNELS, locale),
        steps=[
            (
                one,
                words.title(one.step, locale),
                words.way(one.step, locale),
                words.state(one.told, locale),
                words.why(one.why, one.facts, locale),
            )
            for one in standings
        ],
        copies=_copies(ground.settings, connect.callback_address(ground)),
        done=sum(one.told is connect_guide.Told.DONE for one in standings),
        asked=asked,
        dashboard=DASHBOARD,
    )


def _copies(settings: Settings, callback: str) -> dict[str, list[str]]:
    """What to copy in each step, exactly as it is."""
    host = urlsplit(settings.address).hostname or ""
    return {
        Step.PERMISSIONS: list(registry.sign_in_scopes(NetworkKind.FACEBOOK)),
        Step.RETURN: [callback],
        Step.DOMAIN: [host],
    }
