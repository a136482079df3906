"""The first visit: the page behind the first link, where a library and its administrator are made."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.actions import first_visit, inputs, passwords, sign_ins
from app.actions.first_visit import Beginning
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import MaybeSignedIn
from app.domain.errors import NotFound, Refusal
from app.domain.roles import Role
from app.foundation import clock, i18n
from app.foundation.crypto import token_hash
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import identity
from app.web.doors import let_in
from app.web.forms import Form, Posted, bind, go, said
from app.web.rendering import render
from app.words import roles as words

router = APIRouter()


@router.get("/first/{token}")
def show(request: Request, _viewer: MaybeSignedIn, token: str, db: Db, settings: Configured) -> Response:
    """The form, with what is most likely filled in."""
    locale = request.state.viewer.locale
    country, zone = words.home(locale)
    form = Form.of(kind="library", country=country, zone=zone, locale=locale, roles=list(Role))
    return _page(request, db, settings, token, form)


@router.post("/first/{token}")
def begin(
    request: Request, _viewer: MaybeSignedIn, form: Posted, token: str, db: Db, settings: Configured
) -> Response:
    """Make the library and its administrator, and sign them in."""
    try:
        data = form.read(Beginning, roles=form.many("roles"))
        _check(db, token)
        about = (data.library, data.name, data.email)
        hashed = passwords.hashed(data.password, about, settings.argon2_memory_mib)
        with db.writes() as session:
            person = first_visit.begin(session, token, data, hashed)
            signed = sign_ins.begin(session, person.id, request.headers.get("user-agent", ""), clock.now())
    except NotFound:
        return bind(request, render(request, "sign_in/gone.html", 404), settings)
    except Refusal as refusal:
        return _page(request, db, settings, token, form, refusal)
    return let_in(go("/", "begun"), signed, settings)


def _check(db: Database, token: str) -> None:
    with db.reads() as session:
        link = identity.by_link(session, token_hash(token), clock.now())
    if link is None or link.person_id is not None:
        raise NotFound("link_gone")


def _page(
    request: Request, db: Database, settings: Settings, token: str, form: Form, refusal: Refusal | None = None
) -> Response:
    try:
        _check(db, token)
    except NotFound:
        return bind(request, render(request, "sign_in/gone.html", 404), settings)
    locale = request.state.viewer.locale
    page = render(
        request,
        "first_visit/begin.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        kinds=words.kind_options(locale),
        countries=words.country_options(inputs.countries(), locale),
        zones=words.zone_options(inputs.zones()),
        locales=list(i18n.NAMES.items()),
        roles=words.role_options(set(Role) - {Role.ADMINISTRATOR}, locale),
        least=inputs.PASSWORD_LEAST,
    )
    return bind(request, page, settings)
