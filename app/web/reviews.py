"""The answer to a post in review: what changed since it was read last, then yes or a wish for changes; and
then the next one that waits, so that on a phone one comes after the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import corrections, reviews
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.posts import ASKING, ReviewKind
from app.domain.roles import Right
from app.foundation.database import AnyRow, read_id
from app.queries import contents
from app.queries import posts as questions
from app.web import post_parts, previews
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/posts")
MOST_WAITING = 20
_ANSWERS = (ReviewKind.APPROVED, ReviewKind.CHANGES_REQUESTED)


@router.get("/{post_id}/review")
def show(
    request: Request, viewer: SignedIn, session: Reads, post_id: int, alone: bool = False, after: str = ""
) -> Response:
    """The newest revision against the one that was answered or handed in before, or alone.

    `after`: the post that was answered just now, whose answer may be looked at again.
    """
    return _page(request, viewer, session, post_id, Form(), alone=alone, after=read_id(after))


@router.post("/{post_id}/review")
def answer(request: Request, viewer: SignedIn, form: Posted, db: Db, post_id: int) -> Response:
    """Say yes to exactly the revision that was shown, or ask for changes in it."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                code = _answer(turn.session, viewer, post_id, form)
                turn.address = _on_to(turn.session, viewer, post_id, code)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, post_id, form, refusal)
    return go(turn.address)


def _on_to(session: Session, viewer: Viewer, post_id: int, code: str) -> str:
    """The next post that waits for the viewer, or the one that they answered when none does."""
    others = _waiting(session, viewer, post_id)
    if not others:
        return f"/posts/{post_id}?done={code}"
    return f"/posts/{others[0].id}/review?done={code}&after={post_id}"


def _waiting(session: Session, viewer: Viewer, but: int) -> list[AnyRow]:
    """What else waits for the viewer's yes, the longest first; what they handed in themselves is left out."""
    rows = questions.to_review(session, viewer.actor.scope, viewer.person_id, MOST_WAITING)
    return [row for row in rows if row.id != but and row.sender_id != viewer.person_id]


def _answered(session: Session, viewer: Viewer, post_id: int | None) -> AnyRow | None:
    """The post that was answered just now, if it is one."""
    try:
        return questions.headline(session, viewer.actor.scope, post_id) if post_id else None
    except NotFound:
        return None


def _answer(session: Session, viewer: Viewer, post_id: int, form: Form) -> str:
    """What was done, as a code. Raises Refusal."""
    if form.text("do") == "approve":
        reviews.approve(
            session, viewer.actor, post_id, form.read(reviews.Approval, without=("do", "comment"))
        )
        return "post_approved"
    wish = form.read(reviews.ChangeRequest, without=("do",), comment=form.text("comment"))
    reviews.request_changes(session, viewer.actor, post_id, wish)
    return "changes_asked"


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    post_id: int,
    form: Form,
    refusal: Refusal | None = None,
    alone: bool = False,
    after: int | None = None,
) -> Response:
    scope = viewer.actor.scope
    post = questions.headline(session, scope, post_id)
    revisions = questions.revisions(session, scope, post_id)
    writers = [row.author_id for row in revisions]
    if not reviews.may_answer(session, viewer.actor, post.id, post.unit_id, writers):
        raise Forbidden("not_allowed")
    said_so_far = questions.reviews(session, scope, post_id)
    newest = revisions[0]
    part = _part(session, viewer, post, writers)
    before = _read_before(viewer, form, revisions, said_so_far, part["agrees"])
    planned = questions.publications_of(session, scope, [post_id])[post_id]
    return render(
        request,
        "reviews/review.html",
        refusal.status if refusal else 200,
        post=post,
        newest=newest,
        before=None if alone else before,
        compared=before,
        read=before is not None and _has_read(viewer, before, said_so_far),
        others=_waiting(session, viewer, post_id),
        answered=_answered(session, viewer, after),
        stale=before is not None and form.text("revision") == str(before.number),
        publications=planned,
        talk=post_parts.talk(revisions, said_so_far),
        form=form,
        errors=post_parts.elsewhere(said(request, refusal), {"comment"}),
        **part,
        **_shown(session, viewer, post, newest, None if alone else before, planned),
    )


def _part(session: Session, viewer: Viewer, post: AnyRow, writers: Sequence[int]) -> dict[str, Any]:
    """What the viewer has to do with the newest revision, and may do about it."""
    own, asked = writers[0] == viewer.person_id, post.status in corrections.ASKABLE
    return {
        "asked": asked,
        "own": own,
        "agrees": reviews.agrees_with(session, viewer.actor, post.id, post.unit_id, writers) is not None,
        "waits_for": _waits_for(session, viewer, post, writers) if own else [],
        "may_correct": asked and viewer.actor.scope.may(Right.APPROVE, post.unit_id),
    }


def _waits_for(session: Session, viewer: Viewer, post: AnyRow, writers: Sequence[int]) -> list[str]:
    """Names of those whose yes the viewer's own words wait for; none when nobody else could say it."""
    if not reviews.waits_for_another(session, viewer.actor, post.id, post.unit_id, writers):
        return []
    return [person.name for person in corrections.asked(session, post.unit_id, writers)]


def _shown(
    session: Session,
    viewer: Viewer,
    post: AnyRow,
    newest: AnyRow,
    before: AnyRow | None,
    planned: Sequence[AnyRow],
) -> dict[str, Any]:
    """What goes out, drawn and checked for each channel, and what changed in it since `before`."""
    asked = [row.id for row in (newest, before) if row]
    said_then = contents.of_revisions(session, viewer.actor.scope, asked)
    now = said_then[newest.id]
    places = post_parts.places(session, viewer, post)
    names = {place.id: place.words for place in places}
    stops = previews.stops(planned, places, now.variants, post.unit)
    return {
        "contents": now,
        "names": names,
        "changes": post_parts.changes(before, newest, said_then[before.id], now, names) if before else [],
        "previews": previews.draw(now, stops),
        "checks": post_parts.checks(newest.tone, now, stops, viewer.locale),
    }


def _read_before(
    viewer: Viewer,
    form: Form,
    revisions: Sequence[AnyRow],
    said_so_far: Sequence[AnyRow],
    agrees: bool,
) -> AnyRow | None:
    """The revision to hold the newest one against: the one on the reviewer's form, else the one they answered
    last (of somebody whose words were corrected: wrote last), else the last that had somebody's yes or was
    handed in before."""
    by_number = {str(row.number): row for row in revisions[1:]}
    if form.text("revision") in by_number:
        return by_number[form.text("revision")]
    mine = (row for row in said_so_far if row.person_id == viewer.person_id and row.kind in _ANSWERS)
    answered = next((by_number[str(row.number)] for row in mine if str(row.number) in by_number), None)
    wrote = next((row for row in revisions if row.author_id == viewer.person_id), None) if agrees else None
    theirs = max((row for row in (answered, wrote) if row), key=lambda row: row.number, default=None)
    return theirs or _known_before(by_number, said_so_far)


def _known_before(by_number: Mapping[str, AnyRow], said_so_far: Sequence[AnyRow]) -> AnyRow | None:
    """The last revision before the newest one that somebody said yes to, else that was handed in."""
    for kinds in ((ReviewKind.APPROVED,), ASKING):
        for row in said_so_far:
            if row.kind in kinds and str(row.number) in by_number:
                return by_number[str(row.number)]
    return None


def _has_read(viewer: Viewer, before: AnyRow, said_so_far: Sequence[AnyRow]) -> bool:
    """Whether the viewer answered or wrote that revision themselves."""
    answered = {
        row.number for row in said_so_far if row.person_id == viewer.person_id and row.kind in _ANSWERS
    }
    return before.number in answered or before.author_id == viewer.person_id
