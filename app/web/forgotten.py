"""A forgotten password: a mail with a link, where mail is set up; else whom to ask."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.actions import link_mails, sign_ins
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import MaybeSignedIn
from app.domain.errors import Refusal
from app.foundation import clock
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.queries import identity
from app.web.forms import Form, Posted, bind, go, said, status_of
from app.web.rendering import render

router = APIRouter(prefix="/sign-in/forgotten")


@router.get("")
def ask(
    request: Request, viewer: MaybeSignedIn, settings: Configured, email: str = "", sent: bool = False
) -> Response:
    """Ask for the e-mail address, say that a mail is on its way, or whom to ask."""
    if viewer:
        return go("/account/password")
    return _page(request, settings, Form.of(email=email), sent=sent)


def _page(
    request: Request, settings: Settings, form: Form, refusal: Refusal | None = None, sent: bool = False
) -> Response:
    page = render(
        request,
        "sign_in/forgotten.html",
        status_of(refusal),
        form=form,
        errors=said(request, refusal),
        sent=sent,
        mails=postman_of(settings) is not None,
    )
    return bind(request, page, settings)


@router.post("")
def send(request: Request, _viewer: MaybeSignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """The same answer for everybody: whether there is an account is nobody's business."""
    now, address = clock.now(), request.client.host if request.client else ""
    try:
        given = form.read(link_mails.Forgotten)
        with db.writes() as session:
            # Counted apart from tries to sign in, so that nobody is kept out by it.
            sign_ins.try_once(session, given.email, address, now, door="forgotten ")
        if postman_of(settings) is not None:
            with db.writes() as session:
                known = identity.credentials(session, given.email)
                # Who comes by a work account alone gets no way around it.
                if known is None or identity.may_use_password(session, settings, known[0]):
                    link_mails.ask(session, given.email, settings.address, now)
    except Refusal as refusal:
        return _page(request, settings, form, refusal)
    return go("/sign-in/forgotten?sent=1")
