"""The library of pictures and videos: the wall of them, and new ones."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import assets
from app.dependencies.database import Db, Reads
from app.dependencies.turns import in_turn
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, Invalid, Refusal
from app.domain.pictures import Shown
from app.domain.roles import Right
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation.database import Database, read_id
from app.models.assets import Asset
from app.queries import assets as questions
from app.queries import units
from app.queries.assets import AssetFilter
from app.web import paging
from app.web.forms import Form, PostedWithFiles, said
from app.web.ground import Grounded
from app.web.rendering import render
from app.words import pictures as words
from app.words.sentences import faults

router = APIRouter(prefix="/pictures")
A_PAGE = 48
_KINDS = {"picture": False, "video": True}  # whether they move
Question = Annotated[str, Query(max_length=200)]


class Sent(NamedTuple):
    """What became of a file: the picture, or why it is none."""

    name: str
    picture: Asset | None
    reason: str = ""


@router.get("")
def listed(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    words_: Annotated[str, Query(alias="words", max_length=200)] = "",
    unit: Question = "",
    shown: Question = "",
    undescribed: Question = "",
    mine: Question = "",
    kind: Question = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The wall, the newest first; what the address can't mean is not narrowed by."""
    scope = viewer.actor.scope
    names = units.names(session, scope, locale=viewer.locale)
    wanted = AssetFilter(
        words=words_.replace("\x00", ""),
        unit_id=next((unit_id for unit_id, _ in names if str(unit_id) == unit), None),
        shown=Shown(shown) if shown in list(Shown) else None,
        undescribed=bool(undescribed),
        mine=viewer.person_id if mine else None,
        moving=_KINDS.get(kind),
    )
    kept = _kept(wanted, kind)
    rows = questions.listed(session, scope, wanted, paging.place(after), A_PAGE + 1)
    more = paging.mark(rows[A_PAGE - 1].created_at, rows[A_PAGE - 1].id) if len(rows) > A_PAGE else ""
    return render(
        request,
        "pictures/list.html",
        pictures=rows[:A_PAGE],
        wanted=wanted,
        narrowed=any(kept.values()),
        kind=kept["kind"],
        units=names,
        shown=[(value, word) for value, word, _ in words.shown_options(viewer.locale)],
        first=paging.address("/pictures", **kept) if after else None,
        next=paging.address("/pictures", **kept, after=more) if more else None,
        may_add=bool(scope.units_with(Right.WRITE)),
    )


def _kept(wanted: AssetFilter, kind: str) -> dict[str, Any]:
    """What stays in the address from page to page."""
    return {
        "words": wanted.words, "unit": wanted.unit_id, "shown": wanted.shown,
        "undescribed": "yes" if wanted.undescribed else "", "mine": "yes" if wanted.mine else "",
        "kind": kind if kind in _KINDS else "",
    }  # fmt: skip


@router.get("/new")
def new(request: Request, viewer: SignedIn, session: Reads, unit: Question = "") -> Response:
    """The form for new pictures."""
    return _new_page(request, viewer, session, Form.of(unit_id=unit))


@router.post("/new")
async def add(  # async: who waits for a turn at the reading of pictures takes no thread of the pages
    request: Request, viewer: SignedIn, form: PostedWithFiles, ground: Grounded, db: Db
) -> Response:
    """Take files in, each by itself; a file that comes twice is the same picture, so nothing counts twice."""
    return await in_turn(lambda: _add(request, viewer, form, ground, db))


def _add(request: Request, viewer: Viewer, form: Form, ground: Ground, db: Database) -> Response:
    sent: list[Sent] = []
    refusal: Refusal | None = None
    try:
        sent = _taken_in(ground, viewer, form)
    except Refusal as error:
        refusal = error
    with db.reads() as session:
        return _new_page(request, viewer, session, form, refusal, sent)


def _taken_in(ground: Ground, viewer: Viewer, form: Form) -> list[Sent]:
    """What became of each file. Raises Invalid, Forbidden for what holds for all of them."""
    unit_id = read_id(form.text("unit_id")) or 0
    assets.check_may_add(viewer.actor, unit_id)
    if not form.files:
        raise Invalid("file_missing", "files")
    found = []
    for file in form.files:
        name = file.filename or ""
        try:
            asset_id = pictures.take_in_file(ground, viewer.actor, unit_id, name, file.file)
        except Refusal as refusal:
            found.append(Sent(name, None, " ".join(each.sentence for each in faults(refusal, viewer.locale))))
            continue
        with ground.database.reads() as session:
            found.append(Sent(name, questions.asset(session, viewer.actor.scope, asset_id)))
    return found


def _new_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    refusal: Refusal | None = None,
    sent: list[Sent] | None = None,
) -> Response:
    writable = units.names(session, viewer.actor.scope, Right.WRITE, viewer.locale)
    if not writable:
        raise Forbidden("not_allowed")
    home = next((str(unit_id) for unit_id, name in writable if name == viewer.unit_name), "")
    refused = [one for one in sent or [] if one.picture is None]
    return render(
        request,
        "pictures/new.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        units=writable,
        unit=form.text("unit_id") or home or writable[0][0],
        taken=[one for one in sent or [] if one.picture],
        refused=refused,
        video_most=request.app.state.settings.upload_video_megabytes,
    )
