"""My second factor: setting up an app, recovery codes, taking it away again."""

from datetime import timedelta
from enum import StrEnum

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import second_factors, sign_ins
from app.actions.second_factors import Beginning, CodeInput, Removal
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SET_UP, SignedIn, Viewer
from app.domain.errors import Forbidden, Invalid, NotFound, Refusal
from app.errands.ground import Ground
from app.foundation import authenticators, clock
from app.foundation.crypto import CannotOpen, Keyring
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.people import PROVIDER
from app.queries import identity
from app.queries import second_factors as questions
from app.web.account import proven
from app.web.forms import Posted, go, said, status_of
from app.web.ground import Grounded
from app.web.rendering import render
from app.web.sign_in_code import check_code

router = APIRouter(prefix=SET_UP)
FRESH = timedelta(minutes=10)


class Proof(StrEnum):
    """By what somebody shows anew that it is them."""

    NONE = ""
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    ACCOUNT = "account"  # that at the provider
    LINK = "link"  # from an administrator: there is no other way to them


@router.get("")
def show(request: Request, viewer: SignedIn, ground: Grounded, session: Reads) -> Response:
    """What is set up; while an app is being set up, the picture for it."""
    return _page(request, viewer, ground, session)


def _page(
    request: Request, viewer: Viewer, ground: Ground, session: Session, refusal: Refusal | None = None
) -> Response:
    found = questions.setup(session, viewer.actor.scope, viewer.person_id)
    waiting = found is not None and found.confirmed_at is None
    secret = _secret(ground.keyring, found) if found is not None and waiting else ""
    address = authenticators.address(secret, viewer.email) if secret else ""
    return render(
        request,
        "account/second_factor.html",
        status_of(refusal),
        found=found,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        address=address,
        picture=authenticators.drawing(address) if address else "",
        has_password=_has_password(session, viewer),
        proof=proof(session, ground.settings, viewer),
        account=ground.settings.oidc_name,
        must=viewer.must_set_up,
        errors=said(request, refusal),
    )


def _secret(keys: Keyring, found: questions.Setup) -> str:
    """The secret that waits; an empty text when it was sealed by keys that are gone: then one begins anew."""
    try:
        return keys.open(found.sealed, found.place)
    except CannotOpen:
        return ""


def _has_password(session: Session, viewer: Viewer) -> bool:
    found = identity.credentials(session, viewer.email)
    return found is not None and found[1] is not None


def proof(session: Session, settings: Settings, viewer: Viewer) -> Proof:
    """By what somebody shows anew that it is them; by nothing when they did so just now.

    Who came by the provider did so only if it asked them: it lets in whoever sits at a browser it knows.
    """
    fresh = viewer.began_at is not None and clock.now() - viewer.began_at <= FRESH
    if fresh and viewer.how != PROVIDER:
        return Proof.NONE
    if _has_password(session, viewer) and identity.may_use_password(session, settings, viewer.person_id):
        return Proof.PASSWORD
    linked = questions.linked(session, viewer.actor.scope, viewer.person_id)
    return Proof.ACCOUNT if settings.oidc_issuer and linked else Proof.LINK


def _again(request: Request, viewer: Viewer, ground: Grounded, refusal: Refusal) -> Response:
    with ground.database.reads() as session:
        return _page(request, viewer, ground, session, refusal)


@router.post("/begin")
def begin(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Make a secret for a new app."""
    try:
        given = form.read(Beginning).current
        prove(request, viewer, db, settings, given)
        with db.writes() as session:
            second_factors.begin(session, viewer.actor, ground.keyring, clock.now())
    except Refusal as refusal:
        return _again(request, viewer, ground, refusal)
    return go(SET_UP)


def prove(request: Request, viewer: Viewer, db: Database, settings: Settings, given: str | None) -> None:
    """Nothing, when the password fits, or need not be asked. Raises Invalid, Forbidden, Conflict."""
    with db.reads() as session:
        asked = proof(session, settings, viewer)
    if asked is Proof.ACCOUNT:
        raise Forbidden("prove_by_account")
    if asked is Proof.LINK:
        raise Forbidden("prove_by_link")
    if asked is Proof.PASSWORD and not given:
        raise Invalid("missing", "current")
    if asked is Proof.PASSWORD and given:
        proven(request, viewer, db, settings, given)


@router.post("/confirm")
def confirm(request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded) -> Response:
    """Take the app into use, and show the recovery codes this one time."""
    try:
        typed = form.read(CodeInput).code
        codes, hashes = _new_codes(db, viewer)
        with db.writes() as session:
            second_factors.confirm(session, viewer.actor, ground.keyring, typed, hashes, clock.now())
    except NotFound:
        return go(SET_UP)
    except Refusal as refusal:
        return _again(request, viewer, ground, refusal)
    return render(request, "account/recovery_codes.html", codes=codes)


def _new_codes(db: Database, viewer: Viewer) -> tuple[list[str], list[str]]:
    """Codes and their hashes, made between two transactions. Raises NotFound where nothing was begun."""
    with db.reads() as session:
        found = questions.setup(session, viewer.actor.scope, viewer.person_id)
    if found is None:
        raise NotFound
    codes = second_factors.new_codes()
    return codes, second_factors.digests(codes, found.salt)


@router.post("/codes")
def renew_codes(request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded) -> Response:
    """Ten other recovery codes, for a code of the app."""
    try:
        typed = form.read(CodeInput).code
        codes, hashes = _new_codes(db, viewer)
        check_code(request, db, ground.keyring, viewer.person_id, typed, sign_ins.WITHIN)
        with db.writes() as session:
            second_factors.renew_codes(session, viewer.actor, hashes, clock.now())
    except NotFound:
        return go(SET_UP)
    except Refusal as refusal:
        return _again(request, viewer, ground, refusal)
    return render(request, "account/recovery_codes.html", codes=codes)


@router.post("/remove")
def remove(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, ground: Grounded
) -> Response:
    """Take the second factor away, for the password and a code."""
    try:
        given = form.read(Removal)
        with db.reads() as session:
            asked = _has_password(session, viewer)
        if asked:
            proven(request, viewer, db, settings, given.current)
        check_code(request, db, ground.keyring, viewer.person_id, given.code, sign_ins.WITHIN)
        with db.writes() as session:
            second_factors.remove(session, viewer.actor, clock.now())
    except NotFound:
        return go(SET_UP)
    except Refusal as refusal:
        return _again(request, viewer, ground, refusal)
    return go("/account", "second_factor_removed")
