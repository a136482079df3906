"""Many in the queue at once: the chosen ones looked over, done each by itself, told, and taken back."""

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import queue, receipts
from app.actions.queue import MOST_CHOSEN, Outcome, Shift
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, Invalid, NotFound, Refusal
from app.foundation.database import is_id
from app.queries import queue as questions
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words.sentences import sentence

router = APIRouter(prefix="/queue")
Ids = Annotated[list[str], Query(max_length=MOST_CHOSEN)]
Work = Callable[[Session, Viewer, Collection[int], Form], Outcome]


def _move(session: Session, viewer: Viewer, ids: Collection[int], form: Form) -> Outcome:
    shift = form.read(Shift, without=("id", "what"))
    return queue.move(session, viewer.actor, ids, shift)


def _hold(session: Session, viewer: Viewer, ids: Collection[int], form: Form) -> Outcome:
    return queue.hold(session, viewer.actor, ids, form.text("note"))


WORK: dict[str, Work] = {
    "move": _move,
    "hold": _hold,
    "release": lambda session, viewer, ids, _form: queue.release(session, viewer.actor, ids),
    "cancel": lambda session, viewer, ids, _form: queue.cancel(session, viewer.actor, ids),
}


@router.get("/chosen")
def look_over(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    what: Annotated[str, Query(max_length=20)] = "",
    one: Annotated[Ids, Query(alias="id")] = [],  # noqa: B006 - never changed
    everything: Annotated[str, Query(alias="all", max_length=5)] = "",
    page: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """The chosen ones, and what there is to say about it. `page`: ids that "all on this page" means."""
    return _look(request, viewer, session, what, page.split(",") if everything else one, Form())


def _look(
    request: Request,
    viewer: Viewer,
    session: Session,
    what: str,
    ids: Collection[str],
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    if what not in WORK:
        raise NotFound
    rows = questions.chosen(session, viewer.actor.scope, numbers(ids))
    return render(
        request,
        "queue/chosen.html",
        refusal.status if refusal else 200,
        what=what,
        rows=rows,
        form=form,
        errors=said(request, refusal),
    )


def numbers(texts: Collection[str]) -> list[int]:
    """The ids among some texts, each one time, at most as many as can be chosen at once."""
    found = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 12]
    return [one for one in dict.fromkeys(found) if is_id(one)][:MOST_CHOSEN]


@router.post("/chosen")
def act(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Do it to each of them, and tell."""
    what, ids = form.text("what"), form.many("id")
    if what not in WORK:
        raise NotFound
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                outcome = WORK[what](turn.session, viewer, _some(ids), form)
                turn.address = f"/queue/done/{receipts.keep(turn.session, viewer.actor, outcome)}"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _look(request, viewer, session, what, ids, form, refusal)
    return go(turn.address)


def _some(ids: Collection[str]) -> list[int]:
    found = numbers(ids)
    if not found:
        raise Invalid("nothing_chosen")
    return found


@router.get("/done/{key}")
def told(request: Request, viewer: SignedIn, session: Reads, key: str) -> Response:
    """What was done, and what was left and why."""
    outcome = receipts.read(session, viewer.actor, key)
    ids = [one.publication_id for one in outcome.done] + [one.publication_id for one in outcome.left]
    rows = {row.id: row for row in questions.chosen(session, viewer.actor.scope, ids)}
    return render(
        request,
        "queue/done.html",
        key=key,
        verb=outcome.verb,
        done=[rows[one.publication_id] for one in outcome.done if one.publication_id in rows],
        left=_left(outcome, rows, viewer),
        can_undo=any(one.undo for one in outcome.done),
    )


def _left(outcome: Outcome, rows: dict[int, Any], viewer: Viewer) -> Sequence[tuple[Any, str]]:
    return [
        (rows.get(one.publication_id), sentence(one.fault.code, viewer.locale, **one.fault.params))
        for one in outcome.left
    ]


@router.post("/done/{key}/undo")
def undo(viewer: SignedIn, form: Posted, db: Db, key: str) -> Response:
    """Take back exactly what was done."""
    with once(db, viewer, form) as turn:
        if turn.first:
            earlier = receipts.read(turn.session, viewer.actor, key)
            outcome = queue.undo(turn.session, viewer.actor, earlier)
            turn.address = f"/queue/done/{receipts.keep(turn.session, viewer.actor, outcome)}"
    return go(turn.address)
