"""Posts found on the page wait for their tone: said for many at once, taken back, changed later."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import found
from app.actions.found import LEFT_OUT, Outcome, Said, TonesInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.domain.posts import Tone
from app.domain.roles import Right
from app.foundation.database import read_id
from app.foundation.i18n import N_
from app.queries import found as questions
from app.queries.found import Told, Wanted
from app.web import paging
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/channels/found")
A_PAGE = 25
WORDS = (*Tone, LEFT_OUT)
TABS = (
    (Told.WAITING, N_("Wait for their tone")),
    (Told.TOLD, N_("Have their tone")),
    (Told.LEFT_OUT, N_("Left out")),
)


@router.get("")
def listed(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    show: Annotated[str, Query(max_length=20)] = "",
    channel: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
    done: Annotated[str, Query(alias="said", max_length=400)] = "",
    meanwhile: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """The page. `said`: ids that have just got their word; `meanwhile`: how many somebody else was quicker
    with."""
    form = Form.of(show=show, channel=channel, after=after)
    return _page(request, viewer, session, form, _numbers(done.split(".")), read_id(meanwhile) or 0)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    done: Sequence[int] = (),
    meanwhile: int = 0,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    if not scope.units_with(Right.WRITE):
        raise Forbidden("not_allowed")
    show = next((told for told in Told if told == form.text("show")), Told.WAITING)
    channel = next(iter(_numbers([form.text("channel")])), None)
    rows = questions.listed(
        session, scope, Wanted(show, channel), A_PAGE + 1, paging.place(form.text("after"))
    )
    return render(
        request,
        "found/list.html",
        refusal.status if refusal else 200,
        rows=rows[:A_PAGE],
        more=_next(show, channel, rows),
        waiting=questions.count_waiting(session, scope),
        channels=questions.channels(session, scope),
        chosen=channel,
        show=show,
        tabs=[(paging.address("/channels/found", show=one, channel=channel), words) for one, words in TABS],
        this_page=paging.address("/channels/found", show=show, channel=channel),
        done=done,
        meanwhile=meanwhile,
        form=form,
        errors=said(request, refusal),
    )


def _next(show: Told, channel: int | None, rows: Sequence[Any]) -> str:
    if len(rows) <= A_PAGE:
        return ""
    last = rows[A_PAGE - 1]
    mark = paging.mark(last.made_at, last.id)
    return paging.address("/channels/found", show=show, channel=channel, after=mark)


def _numbers(texts: Sequence[str]) -> list[int]:
    return [one for one in dict.fromkeys(map(read_id, texts)) if one is not None]


@router.post("")
def say(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Say the tones that were chosen."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                outcome = _say(turn.session, viewer, form)
                turn.address = _told(form, outcome)
    except Forbidden:
        raise
    except NotFound:
        refusal: Refusal = Conflict("found_not_here")
    except Refusal as refused:
        refusal = refused
    else:
        return go(turn.address)
    with db.reads() as session:
        return _page(request, viewer, session, form, refusal=refusal)


def _say(session: Session, viewer: Viewer, form: Form) -> Outcome:
    words = _words(form)
    if not words:
        raise Invalid("nothing_said")
    data = TonesInput(posts=words)
    return found.say(session, viewer.actor, data, only_waiting=form.text("show") != Told.TOLD)


def _words(form: Form) -> list[Said]:
    """What was chosen, one by one or for the rest of the page, and is not what stood there before."""
    rest, words = form.text("rest"), []
    for id_ in _numbers(form.text("ids").split("."))[:A_PAGE]:
        word = form.text(f"tone-{id_}") or rest
        if word in WORDS and word != form.text(f"was-{id_}"):
            words.append(Said.model_validate({"id": id_, "tone": word}))
    return words


def _told(form: Form, outcome: Outcome) -> str:
    return paging.address(
        "/channels/found",
        show=form.text("show"),
        channel=form.text("channel"),
        said=".".join(str(one) for one in outcome.done),
        meanwhile=len(outcome.meanwhile),
    )


@router.post("/undo")
def undo(viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Let those wait again that were just said."""
    with once(db, viewer, form) as turn:
        if turn.first:
            found.take_back(turn.session, viewer.actor, _numbers(form.text("ids").split(".")))
            here = paging.address("/channels/found", channel=form.text("channel"))
            turn.address = f"{here}{'&' if '?' in here else '?'}done=tones_taken_back"
    return go(turn.address)
