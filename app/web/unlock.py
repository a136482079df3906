"""A browser that nobody used for a while asks anew who is there. What was sent from it meanwhile is kept.

A form that arrives locked is proven ours as always (its token belongs to the sign-in, which goes on), sealed
and kept; after unlocking it stands ready to be sent again, with a fresh token. Nothing is done by itself:
who unlocks sees what it says and presses the button. A button alone is not kept, because somebody else may
have pressed it: who unlocks presses it again, on a page that says what it does.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.actions import kept_forms, sign_ins
from app.actions.inputs import PASSWORD_MOST, Input
from app.actions.kept_forms import Kept
from app.actions.second_factors import CODE_MOST
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import Locked, MaybeSignedIn, SignedIn, Viewer, locked_viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import check_password
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import identity
from app.queries import second_factors as questions
from app.web.doors import let_in, place_of
from app.web.formats import span
from app.web.forms import Form, Posted, bind, go, of_locked, own_page, said, status_of
from app.web.ground import Grounded
from app.web.rendering import render
from app.web.sign_in_code import check_code

router = APIRouter()
_MOST = 100_000_000  # bytes: more is not read only to be kept
_SECRET = frozenset({"password", "current", "code", "secret", "app_secret"})
_SHOWN, _SHOWN_MOST = 20, 3  # signs that a text has at least to be shown again, and how many are


class Unlocking(Input):
    """Who is there: the password, or a code of the app."""

    password: str = Field(default="", max_length=PASSWORD_MOST, repr=False)
    code: str = Field(default="", max_length=CODE_MOST, repr=False)


async def kept_first(request: Request, error: Locked) -> str:
    """Where a locked request is led: to the unlocking, with the form kept that it brought, if it was ours.

    Async, because bodies are read that way.
    """
    locked = locked_viewer(request)
    length = request.headers.get("content-length", "")
    short = length.isascii() and length.isdigit() and int(length[:12]) <= _MOST
    if locked is None or request.method != "POST" or not short:
        return error.address
    ground: Ground = request.app.state.ground
    try:
        form = await of_locked(request, locked, ground.settings)
    except (Forbidden, HTTPException):
        return error.address
    if not _texts(form.values) or not _SECRET.isdisjoint(form.values):
        return error.address
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    kept = Kept(path, form.values, form.once, bool(form.files))
    key = await to_thread.run_sync(_keep, ground, locked.person_id, kept)
    return f"/unlock?next={quote(f'/kept/{key}', safe='/')}"


def _texts(fields: Mapping[str, Sequence[str]]) -> list[str]:
    """What was written, as far as it is long enough to be shown; the longest last."""
    return sorted((value for values in fields.values() for value in values if len(value) >= _SHOWN), key=len)


def _keep(ground: Ground, person_id: int, kept: Kept) -> str:
    with ground.database.writes() as session:
        return kept_forms.keep(session, person_id, ground.keyring, kept, clock.now())


@router.get("/unlock")
def ask(
    request: Request,
    viewer: MaybeSignedIn,
    db: Db,
    settings: Configured,
    next: str = "/",  # noqa: A002 - the name in the address
) -> Response:
    """Ask for the password; where nothing is locked one goes on, or signs in."""
    locked = locked_viewer(request)
    if viewer or locked is None:
        return go(own_page(next))
    return _page(request, db, settings, locked, Form.of(next=own_page(next)))


def _page(
    request: Request,
    db: Database,
    settings: Settings,
    locked: Viewer,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    request.state.viewer.locale = locked.locale
    with db.reads() as session:
        found = identity.credentials(session, locked.email)
        by_password = found is not None and found[1] is not None
        by_password = by_password and identity.may_use_password(session, settings, locked.person_id)
        by_code = bool(identity.salt(session, locked.person_id))
        linked = questions.linked(session, locked.actor.scope, locked.person_id)
    page = render(
        request,
        "sign_in/unlock.html",
        status_of(refusal),
        form=form,
        errors=said(request, refusal),
        name=locked.name,
        email=locked.email,
        kept=form.text("next").startswith("/kept/"),
        idle=span(settings.session_lock_minutes * 60, locked.locale),
        by_password=by_password,
        by_code=by_code,
        provider=settings.oidc_name if settings.oidc_issuer and linked else None,
    )
    return bind(request, page, settings)


@router.post("/unlock")
def unlock(
    request: Request, viewer: MaybeSignedIn, form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Unlock, with a new token for the cookie, and go on."""
    locked = locked_viewer(request)
    onward = own_page(form.text("next", "/"))
    if viewer or locked is None:
        return go(onward)
    try:
        _prove(request, db, settings, ground, locked, form.read(Unlocking, without=("next", "username")))
        with db.writes() as session:
            token = sign_ins.unlock(session, locked.sign_in_id, clock.now())
    except NotFound:
        return go("/sign-in")
    except Refusal as refusal:
        return _page(request, db, settings, locked, form, refusal)
    return let_in(go(onward), token, settings)


def _prove(
    request: Request, db: Database, settings: Settings, ground: Ground, locked: Viewer, given: Unlocking
) -> None:
    """Nothing, when it is them. Guesses are counted, beside those at the sign-in. Raises Refusal."""
    if given.code and not given.password:
        check_code(request, db, ground.keyring, locked.person_id, given.code, sign_ins.WITHIN)
        return
    now, address = clock.now(), place_of(request)
    with db.writes() as session:
        sign_ins.try_once(session, locked.email, address, now, sign_ins.WITHIN)
        found = identity.credentials(session, locked.email)
        allowed = identity.may_use_password(session, settings, locked.person_id)
    stored = found[1] if found else None
    if not check_password(given.password, stored, settings.argon2_memory_mib):
        raise sign_ins.wrong("password_wrong", "password", locked.person_id, address)
    if not allowed:
        raise sign_ins.wrong("password_off", "password", locked.person_id, address)
    with db.writes() as session:
        sign_ins.forgive(session, locked.email, address, now, sign_ins.WITHIN)


@router.get("/kept/{key}")
def show(request: Request, viewer: SignedIn, ground: Grounded, session: Reads, key: str) -> Response:
    """A form that was kept, ready to be sent again."""
    kept = kept_forms.opened(session, viewer.actor, ground.keyring, key, clock.now())
    texts = _texts(kept.fields)[-_SHOWN_MOST:]
    return render(request, "sign_in/kept.html", key=key, kept=kept, texts=texts)


@router.post("/kept/{key}/drop")
def drop(viewer: SignedIn, _form: Posted, db: Db, key: str) -> Response:
    """Throw a kept form away."""
    with db.writes() as session:
        kept_forms.drop(session, viewer.actor, key, clock.now())
    return go("/", "form_dropped")
