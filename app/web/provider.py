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
from app.dependencies.viewers import (
    PROVE,
    RUN_COOKIE,
    MaybeSignedIn,
    SignedIn,
    Viewer,
    cookie_name,
    locked_viewer,
)
from app.domain.errors import Invalid, NotFound, Refusal
from app.errands import providers
from app.errands.ground import Ground
from app.errands.providers import CALLBACK, Departure, Return
from app.foundation import clock
from app.foundation.settings import Settings
from app.models.people import PROVIDER, PROVIDER_ANEW
from app.queries import second_factors as questions
from app.web.doors import agent_of, end_earlier, let_in, place_of
from app.web.forms import Posted, bind, forget_cookie, go, own_page, said, set_cookie, status_of
from app.web.ground import Grounded
from app.web.rendering import render
from app.web.second_factors import proof, prove

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
    """Out to the provider; from the page that unlocks the browser (`unlock`), to be asked there anew."""
    _offered(settings)
    onward = own_page(form.text("next", "/"))
    if viewer:
        return go(onward)
    locked = locked_viewer(request) if form.text("unlock") else None
    locale, here = request.state.viewer.locale, place_of(request)
    try:
        departure = providers.depart(
            ground, onward, locale, here, sign_in_id=locked.sign_in_id if locked else None
        )
    except Refusal as refusal:
        return _went_wrong(request, settings, refusal)
    return _out(request, settings, departure)


@router.post(PROVE)
def prove_anew(
    request: Request, viewer: SignedIn, form: Posted, settings: Configured, ground: Grounded
) -> Response:
    """Out to the provider, to be asked there anew, and back to the page that wanted it."""
    _offered(settings)
    onward, here = own_page(form.text("next", "/account")), place_of(request)
    try:
        departure = providers.depart(ground, onward, viewer.locale, here, sign_in_id=viewer.sign_in_id)
    except Refusal as refusal:
        return _went_wrong(request, settings, refusal)
    return _out(request, settings, departure)


def _out(request: Request, settings: Settings, departure: Departure) -> Response:
    page = render(request, "sign_in/provider.html", address=departure.address, name=settings.oidc_name)
    set_cookie(page, cookie_name(RUN_COOKIE, settings), departure.browser, settings)
    return page


def _went_wrong(request: Request, settings: Settings, refusal: Refusal) -> Response:
    sign_ins.refused(refusal.code, None, place_of(request))
    told = [fault.sentence for fault in said(request, refusal)]
    page = render(request, "sign_in/provider_wrong.html", status_of(refusal), told=told)
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
            answer = _linked(ground, viewer, came, place_of(request))
        else:
            answer = _in(request, ground, viewer, came)
    except Refusal as refusal:
        answer = _went_wrong(request, settings, refusal)
    forget_cookie(answer, cookie, settings)
    return answer


def _linked(ground: Ground, viewer: Viewer | None, came: Return, place: str) -> Response:
    if viewer is None or viewer.person_id != came.run.person_id:
        raise Invalid("provider_state_gone")
    with ground.database.writes() as session:
        identities.link(session, viewer.actor, came.who, clock.now())
        sign_ins.come_back(session, place, clock.now())
    return go(ACCOUNT, "account_linked")


def _in(request: Request, ground: Ground, viewer: Viewer | None, came: Return) -> Response:
    """Signed in; a browser that this very person left locked is unlocked, and its open pages still count."""
    now, locked, asked = clock.now(), locked_viewer(request), came.run.sign_in_id
    with ground.database.writes() as session:
        person_id = identities.person_of(session, came.who, ground.settings.oidc_trust_emails, now)
        if viewer is not None and asked == viewer.sign_in_id and person_id != viewer.person_id:
            raise Invalid("provider_another")
        same = locked is not None and (locked.person_id, locked.sign_in_id) == (person_id, asked)
        if locked is not None and same:
            token = sign_ins.unlock(session, locked.sign_in_id, now)
        else:
            how = PROVIDER_ANEW if came.anew else PROVIDER
            token = sign_ins.begin(session, person_id, agent_of(request), now, how)
        sign_ins.come_back(session, place_of(request), now)
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
        status_of(refusal),
        offered=bool(settings.oidc_issuer),
        name=settings.oidc_name,
        accounts=questions.linked(session, viewer.actor.scope, viewer.person_id),
        proof=proof(session, settings, viewer),
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
        here = place_of(request)
        departure = providers.depart(ground, ACCOUNT, viewer.locale, here, person_id=viewer.person_id)
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
