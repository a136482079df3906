"""Coming in by e-mail and password or by a one-time link, and going out."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.actions import inputs, links, passwords, sign_ins
from app.actions.account import Credentials, LinkAnswer, set_password
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import SIGN_IN_COOKIE, MaybeSignedIn, SignedIn, cookie_name
from app.domain.errors import Invalid, NotFound, Refusal
from app.domain.roles import Actor, Scope
from app.errands import providers
from app.foundation import clock
from app.foundation.crypto import check_password, token_hash
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.people import BY_PROVIDER
from app.queries import identity
from app.web.doors import Entry, enter, lead_in, place_of
from app.web.formats import span
from app.web.forms import Form, Posted, bind, forget_cookie, go, own_page, said, status_of
from app.web.ground import Grounded
from app.web.rendering import render

router = APIRouter()


@router.get("/sign-in")
def ask(request: Request, viewer: MaybeSignedIn, db: Db, settings: Configured, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """The sign-in page; how to begin where no library is yet."""
    if viewer:
        return go(own_page(next))
    with db.reads() as session:
        begun = identity.has_begun(session)
    if not begun:
        return bind(request, render(request, "sign_in/nobody.html"), settings)
    return _page(request, settings, Form.of(next=own_page(next)))


def _page(request: Request, settings: Settings, form: Form, refusal: Refusal | None = None) -> Response:
    minutes = settings.session_lock_minutes or settings.session_idle_minutes
    page = render(
        request,
        "sign_in/sign_in.html",
        status_of(refusal),
        form=form,
        errors=said(request, refusal),
        locks=settings.session_lock_minutes > 0,
        idle=span(minutes * 60, request.state.viewer.locale),
        provider=settings.oidc_name if settings.oidc_issuer else None,
    )
    return bind(request, page, settings)


@router.post("/sign-in")
def sign_in(request: Request, viewer: MaybeSignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Sign in and go on to where one wanted to be; first to the code where one was set up."""
    try:
        entry = _come_in(request, db, settings, form.read(Credentials, without=("next",)))
    except Refusal as refusal:
        return _page(request, settings, form, refusal)
    return lead_in(request, db, settings, viewer, entry, form.text("next", "/"))


def _come_in(request: Request, db: Database, settings: Settings, given: Credentials) -> Entry:
    """The token of a new sign-in. The password is checked between two transactions. Raises Refusal."""
    now, address = clock.now(), place_of(request)
    with db.writes() as session:
        sign_ins.try_once(session, given.email, address, now)
    with db.reads() as session:
        found = identity.credentials(session, given.email)
    person_id, stored = found or (0, None)
    if not check_password(given.password, stored, settings.argon2_memory_mib):
        raise sign_ins.wrong("sign_in_wrong", "email", person_id or None, address)
    with db.writes() as session:
        sign_ins.forgive(session, given.email, address, now)
        if not identity.may_use_password(session, settings, person_id):
            raise sign_ins.wrong("password_off", "email", person_id, address)
        return enter(session, request, person_id, "password")


@router.post("/sign-out")
def sign_out(
    request: Request, viewer: SignedIn, _form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Sign this browser out, and have it forget what it kept.

    Who came by the provider is told that it may still know this browser, and where to sign out there.
    """
    with db.writes() as session:
        sign_ins.end(session, viewer.sign_in_id)
    there = providers.way_out(ground, viewer.locale) if viewer.how in BY_PROVIDER else ""
    response = render(request, "sign_in/left.html", address=there) if there else go("/sign-in")
    forget_cookie(response, cookie_name(SIGN_IN_COOKIE, settings), settings)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@router.get("/link/{token}")
def open_link(request: Request, _viewer: MaybeSignedIn, token: str, db: Db, settings: Configured) -> Response:
    """The page of a one-time link: reading it spends nothing."""
    return _link_page(request, db, settings, token)


@router.post("/link/{token}")
def spend_link(
    request: Request, viewer: MaybeSignedIn, form: Posted, token: str, db: Db, settings: Configured
) -> Response:
    """Spend the link: the person is signed in, with the password that they chose, and their code if they
    set one up."""
    try:
        answer = form.read(LinkAnswer, without=("username",))
        entry = _spend(request, db, settings, token, answer)
    except NotFound:
        return _gone(request, settings)
    except Refusal as refusal:
        return _link_page(request, db, settings, token, refusal)
    return lead_in(request, db, settings, viewer, entry, "/")


def _spend(request: Request, db: Database, settings: Settings, token: str, answer: LinkAnswer) -> Entry:
    link = _link(db, token)
    if answer.password is None and not link.has_password:
        raise Invalid("missing", "password")
    hashed = _hashed(db, settings, link, answer.password) if answer.password else ""
    with db.writes() as session:
        now = clock.now()
        person_id = links.spend(session, token, now)
        if hashed:
            set_password(session, Actor(person_id, Scope(), link.name, link.locale), hashed)
        return enter(session, request, person_id, "link")


def _hashed(db: Database, settings: Settings, link: identity.Link, password: str) -> str:
    with db.reads() as session:
        about = identity.easily_guessed(session, link.email)
    return passwords.hashed(password, about, settings.argon2_memory_mib)


def _link(db: Database, token: str) -> identity.Link:
    with db.reads() as session:
        link = identity.by_link(session, token_hash(token), clock.now())
    if link is None or link.person_id is None:
        raise NotFound(links.GONE)
    return link


def _link_page(
    request: Request, db: Database, settings: Settings, token: str, refusal: Refusal | None = None
) -> Response:
    try:
        link = _link(db, token)
    except NotFound:
        return _gone(request, settings)
    errors = said(request, refusal)
    status = refusal.status if refusal else 200
    page = render(request, "sign_in/link.html", status, link=link, errors=errors, least=inputs.PASSWORD_LEAST)
    return bind(request, page, settings)


def _gone(request: Request, settings: Settings) -> Response:
    return bind(request, render(request, "sign_in/gone.html", 404), settings)
