"""The cover of a video: another moment of it, or a picture of the library."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Db
from app.dependencies.turns import in_turn
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Invalid, NotFound, Refusal
from app.errands import videos
from app.errands.ground import Ground
from app.foundation.database import Database
from app.web.forms import Form, Posted, go
from app.web.ground import Grounded
from app.web.picture import page

router = APIRouter(prefix="/pictures")
MOST_SECONDS = 1_000_000


@router.post("/{asset_id}/cover")
async def change(  # async: who waits for a turn at the reading of videos takes no thread of the pages
    request: Request, viewer: SignedIn, form: Posted, ground: Grounded, db: Db, asset_id: int
) -> Response:
    """Give it another cover: of the moment `seconds`, or the picture `cover_asset_id`."""
    return await in_turn(lambda: _change(request, viewer, form, ground, db, asset_id))


def _change(
    request: Request, viewer: Viewer, form: Form, ground: Ground, db: Database, asset_id: int
) -> Response:
    try:
        if form.text("cover_asset_id"):
            picture = form.text("cover_asset_id")[:12]
            picture_id = int(picture) if picture.isascii() and picture.isdigit() else 0
            videos.cover_from_picture(ground, viewer.actor, asset_id, picture_id)
        else:
            videos.cover_from_moment(ground, viewer.actor, asset_id, _moment(form))
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, asset_id, refusal=refusal, seconds=form.text("seconds"))
    return go(f"/pictures/{asset_id}", "cover_saved")


def _moment(form: Form) -> int:
    """Milliseconds, from seconds as they were typed: "12.5", "12,5", "0:12". Raises Invalid."""
    minutes, _, seconds = form.text("seconds").strip().replace(",", ".").rpartition(":")
    try:
        typed = float(minutes or 0) * 60 + float(seconds)
    except ValueError:
        raise Invalid("no_moment", "seconds") from None
    if not 0 <= typed <= MOST_SECONDS:
        raise Invalid("no_moment", "seconds")
    return round(typed * 1000)
