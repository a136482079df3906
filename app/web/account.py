"""My settings: name and language, password, devices, API tokens."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import account, inputs, passwords, sign_ins, tokens
from app.actions.inputs import Id
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Refusal
from app.foundation import clock, i18n
from app.foundation.crypto import check_password
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import identity, people, second_factors
from app.queries import tokens as token_questions
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words import devices

router = APIRouter(prefix="/account")


@router.get("")
def show(request: Request, viewer: SignedIn, session: Reads, settings: Configured) -> Response:
    """Name, language and devices, with the ways to password, second factor and tokens."""
    return _page(request, viewer, settings, session, Form.of(name=viewer.name, locale=viewer.locale))


def _page(
    request: Request,
    viewer: Viewer,
    settings: Settings,
    session: Session,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    found = people.devices(session, viewer.actor.scope, viewer.person_id)
    return render(
        request,
        "account/account.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        email=viewer.email,
        here_id=viewer.sign_in_id,
        devices=[(each, devices.device(each.agent, viewer.locale)) for each in found],
        factor=second_factors.setup(session, viewer.actor.scope, viewer.person_id),
        accounts=second_factors.linked(session, viewer.actor.scope, viewer.person_id),
        provider=settings.oidc_name if settings.oidc_issuer else None,
        locales=list(i18n.NAMES.items()),
    )


@router.post("")
def edit(request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Change one's name or language."""
    try:
        with db.writes() as session:
            account.edit(session, viewer.actor, form.read(account.AccountEdit))
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, settings, session, form, refusal)
    return go("/account", "saved")


@router.post("/devices/{sign_in_id}/end")
def end_device(viewer: SignedIn, _form: Posted, db: Db, sign_in_id: Id) -> Response:
    """Sign one of one's own browsers out."""
    with db.writes() as session:
        account.end_device(session, viewer.actor, sign_in_id)
    return go("/account", "device")


@router.post("/devices/end")
def end_other_devices(viewer: SignedIn, _form: Posted, db: Db) -> Response:
    """Sign every other browser of one's own out."""
    with db.writes() as session:
        sign_ins.end_all(session, viewer.actor, viewer.person_id, clock.now(), but=viewer.sign_in_id)
    return go("/account", "devices")


@router.get("/password")
def password(request: Request, viewer: SignedIn) -> Response:
    """The form for a new password."""
    return _password_page(request, viewer)


def _password_page(request: Request, viewer: Viewer, refusal: Refusal | None = None) -> Response:
    return render(
        request,
        "account/password.html",
        refusal.status if refusal else 200,
        errors=said(request, refusal),
        email=viewer.email,
        least=inputs.PASSWORD_LEAST,
    )


@router.post("/password")
def change_password(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured
) -> Response:
    """Change one's password; every other browser is signed out."""
    try:
        data = form.read(account.PasswordEdit)
        before = proven(request, viewer, db, settings, data.current)
        with db.reads() as session:
            about = identity.easily_guessed(session, viewer.email)
        hashed = passwords.hashed(data.password, about, settings.argon2_memory_mib)
        with db.writes() as session:
            account.set_password(session, viewer.actor, hashed, viewer.sign_in_id, after=before)
    except Refusal as refusal:
        return _password_page(request, viewer, refusal)
    return go("/account", "password")


def proven(request: Request, viewer: Viewer, db: Database, settings: Settings, current: str) -> str | None:
    """The stored hash that the current password fits; guesses are counted, beside those at the sign-in.

    Raises Refusal.
    """
    now, address = clock.now(), request.client.host if request.client else ""
    with db.writes() as session:
        sign_ins.try_once(session, viewer.email, address, now, sign_ins.WITHIN)
    with db.reads() as session:
        found = identity.credentials(session, viewer.email)
    stored = found[1] if found else None
    if not check_password(current, stored, settings.argon2_memory_mib):
        raise sign_ins.wrong("password_wrong", "current", viewer.person_id, address)
    with db.writes() as session:
        sign_ins.forgive(session, viewer.email, address, now, sign_ins.WITHIN)
    return stored


@router.get("/tokens")
def listed_tokens(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """One's API tokens, and the form for a new one."""
    return _tokens_page(request, viewer, session, Form.of(scope="read"))


def _tokens_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    return render(
        request,
        "account/tokens.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        tokens=token_questions.tokens(session, viewer.actor.scope, viewer.person_id),
    )


@router.post("/tokens")
def create_token(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Make a token and show it this one time."""
    token = ""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                turn.address = "/account/tokens?done=already"
                data = form.read(tokens.NewToken)
                _, token = tokens.create(turn.session, viewer.actor, viewer.person_id, data)
    except Refusal as refusal:
        with db.reads() as session:
            return _tokens_page(request, viewer, session, form, refusal)
    return render(request, "account/token.html", token=token) if token else go(turn.address)


@router.post("/tokens/{token_id}/revoke")
def revoke_token(viewer: SignedIn, _form: Posted, db: Db, token_id: Id) -> Response:
    """Have a token stop working."""
    with db.writes() as session:
        tokens.revoke(session, viewer.actor, token_id)
    return go("/account/tokens", "token_revoked")
