"""The second step of signing in: the code of one's app, or a recovery code."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.actions import second_factors, sign_ins
from app.actions.second_factors import CodeInput
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import HALF_COOKIE, MaybeSignedIn, cookie_name
from app.domain.errors import Invalid, NotFound, Refusal
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.crypto import Keyring, token_hash
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import identity
from app.web.doors import CODE_PAGE, agent_of, end_earlier, let_in, place_of
from app.web.forms import Form, Posted, bind, forget_cookie, go, own_page, said, status_of
from app.web.ground import Grounded
from app.web.rendering import render

router = APIRouter(prefix=CODE_PAGE)


@router.get("")
def ask(
    request: Request,
    _viewer: MaybeSignedIn,
    db: Db,
    settings: Configured,
    next: str = "/",  # noqa: A002 - the name in the address
) -> Response:
    """The page that asks for the code; without a password before it, the sign-in."""
    if _half(request, db, settings) is None:
        return go("/sign-in")
    return _page(request, settings, Form.of(next=own_page(next)))


def _half(request: Request, db: Database, settings: Settings) -> identity.Known | None:
    with db.reads() as session:
        return identity.by_half(session, token_hash(_token(request, settings)), clock.now())


def _token(request: Request, settings: Settings) -> str:
    return request.cookies.get(cookie_name(HALF_COOKIE, settings), "")


def _page(request: Request, settings: Settings, form: Form, refusal: Refusal | None = None) -> Response:
    page = render(request, "sign_in/code.html", status_of(refusal), form=form, errors=said(request, refusal))
    return bind(request, page, settings)


@router.post("")
def give(
    request: Request, viewer: MaybeSignedIn, form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Check the code, spend it, and come in."""
    half = _half(request, db, settings)
    if half is None:
        return go("/sign-in")
    try:
        typed = form.read(CodeInput, without=("next",)).code
        check_code(request, db, ground.keyring, half.person_id, typed)
        with db.writes() as session:
            token = second_factors.finish_half(
                session, _token(request, settings), agent_of(request), clock.now()
            )
    except NotFound:
        return go("/sign-in")
    except Refusal as refusal:
        return _page(request, settings, form, refusal)
    end_earlier(request, db, viewer)
    answer = let_in(go(own_page(form.text("next", "/"))), token, settings)
    forget_cookie(answer, cookie_name(HALF_COOKIE, settings), settings)
    return answer


def check_code(
    request: Request, db: Database, keys: Keyring, person_id: int, typed: str, door: str = ""
) -> None:
    """Nothing, when the code is good; it is spent then. Guesses count as those of a password do, by `door`.

    A recovery code is hashed between two transactions. Raises Invalid, Conflict("too_many_tries").
    """
    now, address, name = clock.now(), place_of(request), f"code {person_id}"
    with db.writes() as session:
        sign_ins.try_once(session, name, address, now, door)
        salt = identity.salt(session, person_id)
    digested = second_factors.digest(typed, salt)
    try:
        with db.writes() as session:
            second_factors.spend(session, Actor(person_id, Scope()), keys, typed, digested, now)
            sign_ins.forgive(session, name, address, now, door)
    except Invalid as refusal:
        raise sign_ins.wrong(refusal.code, "code", person_id, address) from refusal
