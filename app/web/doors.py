"""Through the door: what every way of signing in does once somebody proved who they are."""

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import second_factors, sign_ins
from app.dependencies.viewers import HALF_COOKIE, SIGN_IN_COOKIE, Viewer, cookie_name, locked_viewer
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import identity
from app.web.forms import go, own_page, set_cookie

CODE_PAGE = "/sign-in/code"


@dataclass(frozen=True)
class Entry:
    """A token for the browser's cookie: of a sign-in, or (not `whole`) of one whose code is still asked."""

    token: str
    whole: bool


def enter(session: Session, request: Request, person_id: int, how: str) -> Entry:
    """Begin the sign-in of a person whose password or link was right; a half one where they set up a code."""
    now = clock.now()
    if identity.salt(session, person_id):
        return Entry(second_factors.begin_half(session, person_id, how, now), whole=False)
    return Entry(sign_ins.begin(session, person_id, agent_of(request), now, how), whole=True)


def lead_in(
    request: Request, db: Database, settings: Settings, viewer: Viewer | None, entry: Entry, address: str
) -> Response:
    """On to `address`, signed in; or first to the page that asks for the code."""
    if not entry.whole:
        answer: Response = go(f"{CODE_PAGE}?next={quote(own_page(address), safe='/')}")
        set_cookie(answer, cookie_name(HALF_COOKIE, settings), entry.token, settings)
        return answer
    end_earlier(request, db, viewer)
    return let_in(go(own_page(address)), entry.token, settings)


def end_earlier(request: Request, db: Database, viewer: Viewer | None) -> None:
    """End the sign-in that this browser had, in use or locked, so that no row of it is left behind."""
    earlier = viewer or locked_viewer(request)
    if earlier:
        with db.writes() as session:
            sign_ins.end(session, earlier.sign_in_id)


def let_in(response: Response, token: str, settings: Settings) -> Response:
    """The answer with the cookie of a new sign-in."""
    set_cookie(response, cookie_name(SIGN_IN_COOKIE, settings), token, settings)
    return response


def agent_of(request: Request) -> str:
    """The browser's own name."""
    return request.headers.get("user-agent", "")


def place_of(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else ""
