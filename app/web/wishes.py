"""What is asked of a post that is out: its text corrected, or taken down; and what a person did there."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import wishes
from app.actions.publication_moves import takings
from app.actions.wishes import RemoveInput
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.changes import compare
from app.domain.errors import Conflict, Forbidden, NotFound, Refusal
from app.domain.publications import OUT, Status
from app.domain.roles import Actor, Right
from app.models.publications import Publication
from app.queries import posts
from app.queries import publications as questions
from app.queries import wishes as wish_questions
from app.queries.contents import of_revisions
from app.web.forms import Form, Posted, go, once, said
from app.web.publication_page import page
from app.web.rendering import render

router = APIRouter(prefix="/publications")
Verb = Callable[[Session, Actor, int], Publication]
BY_HAND: dict[str, tuple[Verb, str]] = {
    "taken-down": (wishes.taken_down, "taken_down"),
    "corrected": (wishes.corrected, "corrected"),
    "give-up": (wishes.give_up, "wish_given_up"),
    "comment-there": (wishes.comment_there, "comment_there"),
    "comment-again": (wishes.comment_again, "comment_again"),
    "comment-left-out": (wishes.comment_left_out, "comment_left_out"),
}


def _row(session: Session, viewer: Viewer, publication_id: int) -> Any:
    row = questions.row(session, viewer.actor.scope, publication_id)
    if not viewer.actor.scope.may(Right.SCHEDULE, row.unit_id):
        raise Forbidden("not_allowed")
    if row.status not in OUT:
        raise Conflict("not_out")
    return row


@router.get("/{publication_id}/remove")
def ask_why(request: Request, viewer: SignedIn, session: Reads, publication_id: int) -> Response:
    """The question before something public is taken down."""
    return _remove_page(request, viewer, session, publication_id, Form())


def _remove_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    publication_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    row = _row(session, viewer, publication_id)
    profile = takings(session, row, row.network)
    return render(
        request,
        "wishes/remove.html",
        refusal.status if refusal else 200,
        row=row,
        label=row.channel if profile.by_hand else profile.label,
        by_hand=not (profile.removes and row.remote_id),
        form=form,
        errors=said(request, refusal),
    )


@router.post("/{publication_id}/remove")
def remove(request: Request, viewer: SignedIn, form: Posted, db: Db, publication_id: int) -> Response:
    """Ask that it is taken down."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                note = form.read(RemoveInput).note
                wishes.remove(turn.session, viewer.actor, publication_id, note)
                wish = wish_questions.open_of(turn.session, viewer.actor.scope, [publication_id])
                by_hand = publication_id in wish and wish[publication_id].by_hand
                done = "removal_by_hand" if by_hand else "removal_asked"
                turn.address = f"/publications/{publication_id}?done={done}"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _remove_page(request, viewer, session, publication_id, form, refusal)
    return go(turn.address)


@router.get("/{publication_id}/correct")
def compare_texts(request: Request, viewer: SignedIn, session: Reads, publication_id: int) -> Response:
    """What the live post says, what it would say, and what can't be changed there any more."""
    return _correct_page(request, viewer, session, publication_id)


def _correct_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    publication_id: int,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    row = _row(session, viewer, publication_id)
    newest = posts.revisions(session, scope, row.post_id)[0]
    ids = [id_ for id_ in (row.revision_id, newest.id) if id_]
    told = {key: one.on(row.channel_id) for key, one in of_revisions(session, scope, ids).items()}
    live, wanted = told.get(row.revision_id), told[newest.id]
    profile = takings(session, row, row.network)
    return render(
        request,
        "wishes/correct.html",
        refusal.status if refusal else 200,
        row=row,
        label=row.channel if profile.by_hand else profile.label,
        number=newest.number,
        approved=row.post_status == "approved",
        offered=profile.corrects and row.status is Status.PUBLISHED,
        pieces=compare(live.text if live else "", wanted.text),
        same=live is not None and live.text == wanted.text,
        link_differs=live is not None and live.link != wanted.link,
        pictures_differ=live is not None and _seen(live) != _seen(wanted),
        errors=said(request, refusal),
    )


def _seen(told: Any) -> list[tuple[Any, ...]]:
    return [shot.said for shot in told.pictures]


@router.post("/{publication_id}/correct")
def correct(request: Request, viewer: SignedIn, form: Posted, db: Db, publication_id: int) -> Response:
    """Ask for the newest text on the live post."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                wishes.correct(turn.session, viewer.actor, publication_id)
                turn.address = f"/publications/{publication_id}?done=correction_asked"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _correct_page(request, viewer, session, publication_id, refusal)
    return go(turn.address)


@router.post("/{publication_id}/taken-down")
@router.post("/{publication_id}/corrected")
@router.post("/{publication_id}/give-up")
@router.post("/{publication_id}/comment-there")
@router.post("/{publication_id}/comment-again")
@router.post("/{publication_id}/comment-left-out")
def by_hand(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """A person did it at the network, or leaves it after all."""
    verb, done = BY_HAND[request.url.path.rsplit("/", 1)[1]]
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                verb(turn.session, viewer.actor, publication_id)
                turn.address = f"/publications/{publication_id}?done={done}"
    except Conflict as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal)
    return go(turn.address)
