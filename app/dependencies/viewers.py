"""Who is asking: a person in a browser, a program with a token, or nobody.

Each look-up takes a session of its own and gives it back, so that no request holds two connections.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from app.actions import sign_ins, tokens
from app.dependencies.database import database_of, settings_of
from app.dependencies.locale import locale_of
from app.domain.errors import Forbidden
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.crypto import token_hash
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import identity
from app.queries.scopes import scope_of
from app.queries.surroundings import Surroundings, around
from app.words.sentences import sentence, table

SIGN_IN_COOKIE = "kuliss"
FORM_COOKIE = "kuliss-form"
HALF_COOKIE = "kuliss-half"
RUN_COOKIE = "kuliss-run"
SET_UP = "/account/second-factor"
PROVE = "/account/provider/prove"
# Where somebody may go whose library wants a second factor of them and who has none.
_BEFORE_SET_UP = (SET_UP, PROVE, "/sign-out")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInFirst(Exception):
    """Nobody is signed in on a page that needs somebody. `address`: where to sign in."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


class Locked(SignInFirst):
    """Somebody is signed in, and nobody used the browser for so long that the password is asked again."""


class NoToken(Exception):
    """A program without a token that works. `code`: token_needed or token_wrong."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Notice:
    """A sentence on top of the next page."""

    sentence: str
    kind: str = "good"


@dataclass
class Viewer:
    """Who looks at an answer. The names that pages know (see `web/frame.py`) are read off this one.

    `must_set_up`: no page but that of the second factor is theirs. `how`, `began_at`: of their sign-in.
    """

    person_id: int
    name: str
    locale: str
    actor: Actor
    csrf: str = ""
    sign_in_id: int = 0
    email: str = ""
    surroundings: Surroundings = field(default_factory=Surroundings)
    notices: list[Notice] = field(default_factory=list)
    must_set_up: bool = False
    how: str = ""
    began_at: datetime | None = None

    @property
    def person_name(self) -> str:
        """The name on the page's menu."""
        return self.name

    @property
    def unit_name(self) -> str:
        """The name of the highest unit that the person looks after."""
        return self.surroundings.unit_name

    @property
    def zone(self) -> str:
        """The zone that times are shown in; UTC for programs, see `queries.surroundings.zone`."""
        return self.surroundings.zone

    @property
    def practice(self) -> bool:
        """Whether some channel in sight is for practice."""
        return self.surroundings.practice

    @property
    def real(self) -> bool:
        """Whether some channel in sight is public."""
        return self.surroundings.real

    @property
    def counts(self) -> dict[str, int]:
        """Numbers in the menu by name of place; a place where nothing waits has none."""
        return {"queue": self.surroundings.waiting} if self.surroundings.waiting else {}


@dataclass
class Stranger:
    """A reader whom nobody knows yet. `csrf` is bound to a cookie that the page sets."""

    locale: str
    csrf: str
    notices: list[Notice] = field(default_factory=list)


def cookie_name(name: str, settings: Settings) -> str:
    """The name of a cookie of ours; over https with the prefix that keeps other hosts out (RFC 6265bis)."""
    return f"__Host-{name}" if settings.address.startswith("https://") else name


def viewer_or_none(request: Request) -> Viewer | None:
    """The person of the cookie's sign-in, if it is still good; lays what a page needs into the request.

    Of a sign-in that is locked the person is laid there too, as `request.state.locked`, without any right:
    for the page that unlocks, and for the form that came from it.
    """
    settings = settings_of(request)
    token = request.cookies.get(cookie_name(SIGN_IN_COOKIE, settings), "")
    viewer = _known(request, database_of(request), token, settings) if token else None
    if viewer is None:
        csrf = request.cookies.get(cookie_name(FORM_COOKIE, settings)) or secrets.token_urlsafe(32)
        locale = locale_of(request)
        request.state.viewer = Stranger(locale, csrf, _notices(request, locale))
    return viewer


def _known(request: Request, db: Database, token: str, settings: Settings) -> Viewer | None:
    now = clock.now()
    idle, most = timedelta(minutes=settings.session_idle_minutes), timedelta(days=settings.session_most_days)
    with db.reads() as session:
        known = identity.by_sign_in(session, token_hash(token), now - idle, now - most)
        if known is None or _is_locked(known, settings, now):
            request.state.locked = _without_rights(request, known) if known else None
            return None
        scope = scope_of(session, known.person_id)
        surroundings = around(session, scope)
    viewer = _viewer(request, known, scope)
    viewer.surroundings = surroundings
    viewer.notices = _notices(request, viewer.locale)
    request.state.viewer = viewer
    if not request.headers.get("x-refresh"):  # a page that renews itself is no touch, or it would never lock
        _note_use(db, known, now)
    return viewer


def _is_locked(known: identity.Known, settings: Settings, now: datetime) -> bool:
    most = settings.session_lock_minutes
    return bool(most) and known.seen_at is not None and now - known.seen_at > timedelta(minutes=most)


def _without_rights(request: Request, known: identity.Known) -> Viewer:
    return _viewer(request, known, Scope())


def _viewer(request: Request, known: identity.Known, scope: Scope) -> Viewer:
    locale = locale_of(request, known.locale)
    actor = Actor(known.person_id, scope, known.name, locale)
    viewer = Viewer(known.person_id, known.name, locale, actor, known.csrf, known.key_id, known.email)
    viewer.must_set_up, viewer.how, viewer.began_at = known.must_set_up, known.how, known.began_at
    return viewer


def locked_viewer(request: Request) -> Viewer | None:
    """The person whose browser is locked, without rights; None where none is."""
    viewer: Viewer | None = getattr(request.state, "locked", None)
    return viewer


def _note_use(db: Database, known: identity.Known, now: datetime) -> None:
    """Keep the sign-in from growing idle: written at most once a minute, in a transaction of its own."""
    if known.seen_at is None or now - known.seen_at >= sign_ins.SEEN_EVERY:
        with db.writes() as session:
            sign_ins.see(session, known.key_id, now)


def _notices(request: Request, locale: str) -> list[Notice]:
    """What the page before led here with: `?done=saved` is said in words; only codes of ours are."""
    code = f"done_{request.query_params.get('done', '')}"
    return [Notice(sentence(code, locale))] if code in table() else []


MaybeSignedIn = Annotated[Viewer | None, Depends(viewer_or_none)]


def signed_in(request: Request, viewer: MaybeSignedIn) -> Viewer:
    """The person who looks at a page. Raises SignInFirst, which leads to the sign-in and back, or, where the
    library wants it of them, to setting up a second factor; Locked, which leads to unlocking."""
    if viewer is None:
        back = quote(_way_back(request), safe="/")
        if locked_viewer(request):
            raise Locked(f"/unlock?next={back}")
        raise SignInFirst(f"/sign-in?next={back}")
    if viewer.must_set_up and not request.url.path.startswith(_BEFORE_SET_UP):
        raise SignInFirst(SET_UP)
    return viewer


def _way_back(request: Request) -> str:
    """The page that was asked for; for a form the page that it stood on."""
    if request.method in SAFE_METHODS:
        return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    try:
        return urlsplit(request.headers.get("referer", "")).path or "/"
    except ValueError:  # an address that is none
        return "/"


SignedIn = Annotated[Viewer, Depends(signed_in)]

_bearer = HTTPBearer(auto_error=False, description="kuliss token create --email E --name N --scope write")


def by_token(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Viewer:
    """The person whose program asks. Raises NoToken; Forbidden for a change with a token that reads, and for
    every token of somebody who has yet to set up the second factor that their library wants."""
    if given is None:
        raise NoToken("token_needed")
    db, now = database_of(request), clock.now()
    with db.reads() as session:
        known = identity.by_token(session, settings_of(request), token_hash(given.credentials))
        if known is None:
            raise NoToken("token_wrong")
        scope = scope_of(session, known.person_id)
    if known.must_set_up:
        raise Forbidden("token_second_factor")
    writes = known.scope == "write"
    locale = locale_of(request, known.locale)
    if not writes and request.method not in SAFE_METHODS:
        raise Forbidden("token_reads_only")
    if known.seen_at is None or (now - known.seen_at).total_seconds() >= tokens.SEEN_EVERY_SECONDS:
        with db.writes() as session:
            tokens.see(session, known.key_id, now)
    actor = Actor(known.person_id, scope, known.name, locale, via="api", writes=writes)
    viewer = Viewer(known.person_id, known.name, locale, actor, email=known.email)
    viewer.sign_in_id = known.key_id
    request.state.viewer = viewer
    return viewer


ByToken = Annotated[Viewer, Depends(by_token)]


def reader_locale(request: Request) -> str:
    """The language for an answer, also where nobody was looked up: for errors."""
    viewer: Any = getattr(request.state, "viewer", None)
    return viewer.locale if viewer is not None else locale_of(request)
