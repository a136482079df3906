"""Signing in with a work account: out to the OpenID provider, back in, and linking it in one's settings.

A second factor of ours is not asked of who comes this way: the provider has its own, and knows the devices of
its house. The way out is a page that leads on by itself and not a redirect of the form: browsers hold
redirects after a form to our policy, and a provider may send people on to servers that nobody here knows.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import identities, sign_ins
from app.actions.second_factors import Beginning
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import RUN_COOKIE, MaybeSignedIn, SignedIn, Viewer, cookie_name, locked_viewer
from app.domain.errors import Invalid, NotFound, Refusal
from app.errands import providers
from app.errands.ground import Ground
from app.errands.providers import CALLBACK, Departure, Return
from app.foundation import clock
from app.foundation.settings import Settings
from app.queries import second_factors as questions
from app.web.doors import agent_of, end_earlier, let_in
from app.web.forms import Posted, bind, forget_cookie, go, own_page, said, set_cookie
from app.web.ground import Grounded
from app.web.rendering import render
from app.web.second_factors import asks_password, prove

router = APIRouter()
ACCOUNT = "/account/provider"
Sent = Annotated[str, Query(max_length=4000)]


def _offered(settings: Settings) -> None:
    """Raises NotFound where no provider is set."""
    if not settings.oidc_issuer:
        raise NotFound


@router.post("/sign-in/provider")
def begin(
    request: Request, viewer: MaybeSignedIn, form: Posted, settings: Configured, ground: Grounded
) -> Response:
    """Out to the provider; where the browser is locked, to be asked there anew."""
    _offered(settings)
    onward = own_page(form.text("next", "/"))
    if viewer:
        return go(onward)
    locked = locked_viewer(request)
    try:
        departure = providers.depart(
            ground, onward, request.state.viewer.locale, locked_id=locked.sign_in_id if locked else None
        )
    except Refusal as refusal:
        return _went_wrong(request, settings, refusal)
    return _out(request, settings, departure)


def _out(request: Request, settings: Settings, departure: Departure) -> Response:
    page = render(request, "sign_in/provider.html", address=departure.address, name=settings.oidc_name)
    set_cookie(page, cookie_name(RUN_COOKIE, settings), departure.browser, settings)
    return page


def _went_wrong(request: Request, settings: Settings, refusal: Refusal) -> Response:
    told = [fault.sentence for fault in said(request, refusal)]
    page = render(request, "sign_in/provider_wrong.html", refusal.status, told=told)
    return bind(request, page, settings)


@router.get(CALLBACK)
def callback(
    request: Request,
    viewer: MaybeSignedIn,
    settings: Configured,
    ground: Grounded,
    state: Sent = "",
    code: Sent = "",
    iss: Sent = "",
) -> Response:
    """Where the provider sends the browser. Whatever it claims, only a state that we gave out counts."""
    _offered(settings)
    cookie = cookie_name(RUN_COOKIE, settings)
    try:
        came = providers.come_back(ground, request.cookies.get(cookie, ""), state, code, iss)
        if came.run.person_id is not None:
            answer = _linked(ground, viewer, came)
        else:
            answer = _in(request, ground, viewer, came)
    except Refusal as refusal:
        answer = _went_wrong(request, settings, refusal)
    forget_cookie(answer, cookie, settings)
    return answer


def _linked(ground: Ground, viewer: Viewer | None, came: Return) -> Response:
    if viewer is None or viewer.person_id != came.run.person_id:
        raise Invalid("provider_state_gone")
    with ground.database.writes() as session:
        identities.link(session, viewer.actor, came.who, clock.now())
    return go(ACCOUNT, "account_linked")


def _in(request: Request, ground: Ground, viewer: Viewer | None, came: Return) -> Response:
    """Signed in; a browser that this very person left locked is unlocked, and its open pages still count."""
    now, locked = clock.now(), locked_viewer(request)
    with ground.database.writes() as session:
        person_id = identities.person_of(session, came.who, ground.settings.oidc_trust_emails, now)
        same = locked is not None and (locked.person_id, locked.sign_in_id) == (person_id, came.run.locked_id)
        if locked is not None and same:
            token = sign_ins.unlock(session, locked.sign_in_id, now)
        else:
            token = sign_ins.begin(session, person_id, agent_of(request), now, "provider")
    if not same:
        end_earlier(request, ground.database, viewer)
    return let_in(go(own_page(came.run.onward)), token, ground.settings)


@router.get(ACCOUNT)
def show(request: Request, viewer: SignedIn, settings: Configured, session: Reads) -> Response:
    """Whether one's work account is linked."""
    return _account_page(request, viewer, settings, session)


def _account_page(
    request: Request, viewer: Viewer, settings: Settings, session: Session, refusal: Refusal | None = None
) -> Response:
    return render(
        request,
        "account/provider.html",
        refusal.status if refusal else 200,
        offered=bool(settings.oidc_issuer),
        name=settings.oidc_name,
        accounts=questions.linked(session, viewer.actor.scope, viewer.person_id),
        asks_password=asks_password(session, viewer),
        errors=said(request, refusal),
    )


@router.post(f"{ACCOUNT}/link")
def link(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Out to the provider, to link the account that comes back. The password is asked before, unless one just
    came in."""
    _offered(settings)
    try:
        prove(request, viewer, db, settings, form.read(Beginning).current)
        departure = providers.depart(ground, ACCOUNT, viewer.locale, person_id=viewer.person_id)
    except Refusal as refusal:
        with db.reads() as session:
            return _account_page(request, viewer, settings, session, refusal)
    return _out(request, settings, departure)


@router.post(f"{ACCOUNT}/remove")
def remove(request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Take the link away."""
    try:
        prove(request, viewer, db, settings, form.read(Beginning).current)
        with db.writes() as session:
            identities.unlink(session, viewer.actor, clock.now())
    except NotFound:
        return go(ACCOUNT)
    except Refusal as refusal:
        with db.reads() as session:
            return _account_page(request, viewer, settings, session, refusal)
    return go(ACCOUNT, "account_unlinked")
