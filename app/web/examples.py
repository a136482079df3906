"""The example library: made over the first link or by an administrator, looked at as its people, removed.

Who may do what stands in `actions.examples`. Making and removing run on in a thread; the page that shows how
far they are asks for itself anew, with or without scripts.
"""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.actions import examples as acts
from app.actions import links
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import SIGN_IN_COOKIE, MaybeSignedIn, SignedIn, Viewer, cookie_name
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.examples import State, is_left, percent
from app.domain.roles import Actor, Scope
from app.errands.examples import background
from app.foundation import clock
from app.foundation.crypto import token_hash
from app.foundation.database import Database, read_id
from app.foundation.settings import Settings
from app.queries import examples, identity
from app.web.doors import agent_of, end_earlier, let_in
from app.web.forms import Form, Posted, bind, forget_cookie, go, said
from app.web.ground import Grounded
from app.web.rendering import render
from app.words import examples as words

router = APIRouter()
PAGE = "/example"


@router.get(PAGE)
def show(request: Request, viewer: SignedIn, db: Db) -> Response:
    """Whom one may look as; for who keeps it, how it is made and removed."""
    return _page(request, viewer, db)


@router.post(f"{PAGE}/look")
def look(request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Go on as somebody else of the example."""
    if not _inside(viewer) and not acts.may_keep(viewer.actor.scope):
        raise NotFound
    return _look(request, viewer, form, db, settings)


@router.post(f"{PAGE}/make")
def make(request: Request, viewer: SignedIn, _form: Posted, db: Db, ground: Grounded) -> Response:
    """Begin to make it."""
    if not acts.may_keep(viewer.actor.scope):
        raise Forbidden("not_allowed")
    try:
        background.make(ground, viewer.actor, viewer.locale)
    except Refusal as refusal:
        return _page(request, viewer, db, refusal)
    return go(PAGE)


@router.post(f"{PAGE}/remove")
def remove(
    request: Request, viewer: SignedIn, _form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Begin to take it away. Whoever looks around in it is signed out by that: here at once, or the page
    that says so would send them back into what is just going."""
    if not acts.may_keep(viewer.actor.scope):
        raise Forbidden("not_allowed")
    try:
        background.remove(ground, _keeper(viewer))
    except Refusal as refusal:
        return _page(request, viewer, db, refusal)
    if not _inside(viewer):
        return go(PAGE)
    answer = go("/sign-in", "example_going")
    forget_cookie(answer, cookie_name(SIGN_IN_COOKIE, settings), settings)
    return answer


@router.get(PAGE + "/come-in/{token}")
def at_the_door(
    request: Request, _viewer: MaybeSignedIn, token: str, db: Db, settings: Configured
) -> Response:
    """Behind a link of the command line: who one will be."""
    with db.reads() as session:
        link = identity.by_link(session, token_hash(token), clock.now())
        known = link and link.person_id and examples.is_its_person(session, Scope(), link.person_id)
    if not link or not known:
        return bind(request, render(request, "sign_in/gone.html", 404), settings)
    return bind(request, render(request, "examples/door.html", name=link.name), settings)


@router.post(PAGE + "/come-in/{token}")
def come_in(
    request: Request, viewer: MaybeSignedIn, _form: Posted, token: str, db: Db, settings: Configured
) -> Response:
    """Spend the link and look around."""
    try:
        with db.writes() as session:
            person_id = links.spend(session, token, clock.now())
            signed = acts.look_as(session, person_id, agent_of(request), clock.now())
    except NotFound:
        return bind(request, render(request, "sign_in/gone.html", 404), settings)
    end_earlier(request, db, viewer)
    return let_in(go("/"), signed, settings)


@router.get("/first/{token}/example")
def on_the_first_visit(
    request: Request, _viewer: MaybeSignedIn, token: str, db: Db, settings: Configured
) -> Response:
    """How far it is, for whoever holds the first link."""
    return _first(request, db, settings, token)


@router.post("/first/{token}/example")
def make_on_the_first_visit(
    request: Request, _viewer: MaybeSignedIn, _form: Posted, token: str, db: Db, settings: Configured,
    ground: Grounded,
) -> Response:  # fmt: skip
    """Begin to make it, in the language of the page."""
    if not _holds_the_first(db, token):
        return _gone(request, settings)
    try:
        background.make(ground, Actor(None, Scope()), request.state.viewer.locale)
    except Refusal as refusal:
        if refusal.code != "example_there":
            return _first(request, db, settings, token, refusal)
    return go(f"/first/{token}/example")


@router.post("/first/{token}/example/look")
def look_on_the_first_visit(
    request: Request, viewer: MaybeSignedIn, form: Posted, token: str, db: Db, settings: Configured
) -> Response:
    """Look around as somebody. The link stays good: it makes the library itself later."""
    if not _holds_the_first(db, token):
        return _gone(request, settings)
    return _look(request, viewer, form, db, settings)


def _look(request: Request, viewer: Viewer | None, form: Form, db: Database, settings: Settings) -> Response:
    person_id = read_id(form.text("person_id")) or 0
    with db.writes() as session:
        signed = acts.look_as(session, person_id, agent_of(request), clock.now())
    end_earlier(request, db, viewer)
    return let_in(go("/", "example_looking"), signed, settings)


def _inside(viewer: Viewer) -> bool:
    return viewer.how == acts.EXAMPLE


def _keeper(viewer: Viewer) -> Actor:
    """Who removes it; nobody in particular when it is somebody of the example, who goes with it."""
    return Actor(None, Scope()) if _inside(viewer) else viewer.actor


def _page(request: Request, viewer: Viewer, db: Database, refusal: Refusal | None = None) -> Response:
    keeps = acts.may_keep(viewer.actor.scope)
    if not _inside(viewer) and not keeps:
        raise NotFound
    told = _told(db, viewer.locale)
    status = refusal.status if refusal else 200
    page = render(
        request, "examples/example.html", status, **told, keeps=keeps, inside=_inside(viewer),
        errors=said(request, refusal), trouble=background.trouble(), me=viewer.person_id,
    )  # fmt: skip
    return _again_soon(page, told)


def _first(
    request: Request, db: Database, settings: Settings, token: str, refusal: Refusal | None = None
) -> Response:
    if not _holds_the_first(db, token):
        return _gone(request, settings)
    told = _told(db, request.state.viewer.locale)
    status = refusal.status if refusal else 200
    page = render(
        request, "examples/first.html", status, **told, errors=said(request, refusal),
        trouble=background.trouble(), first=f"/first/{token}",
    )  # fmt: skip
    return bind(request, _again_soon(page, told), settings)


def _told(db: Database, locale: str) -> dict[str, Any]:
    """What both pages tell: the example, its people, how far it is, and whether somebody is at it."""
    with db.reads() as session:
        standing = examples.standing(session, Scope())
        faces = examples.faces(session, Scope()) if standing else []
        real = examples.has_real(session, Scope())
    ready = standing is not None and standing.state is State.READY
    busy = background.is_busy()
    left = standing is not None and not busy and is_left(standing.state, standing.beat_at, clock.now())
    return {
        "example": standing, "ready": ready, "real": real, "left": left,
        "busy": (busy or standing is not None) and not ready and not left,
        "percent": percent(standing.part, standing.done, standing.total) if standing else 0,
        "part": words.part(standing.part, locale) if standing else "",
        "faces": words.people(faces, locale),
    }  # fmt: skip


def _again_soon(page: Response, told: dict[str, Any]) -> Response:
    """Have the browser ask again while somebody is at it."""
    if told["busy"]:
        page.headers["refresh"] = "2"
    return page


def _holds_the_first(db: Database, token: str) -> bool:
    with db.reads() as session:
        link = identity.by_link(session, token_hash(token), clock.now())
    return link is not None and link.person_id is None


def _gone(request: Request, settings: Settings) -> Response:
    return bind(request, render(request, "sign_in/gone.html", 404), settings)
