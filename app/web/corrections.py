"""An approver's own correction of a post in review: other words, and whom it then waits for."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import corrections, reviews
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.contents import Contents
from app.domain.errors import Conflict, Forbidden, NotFound, Refusal
from app.domain.roles import Right
from app.foundation.database import AnyRow
from app.foundation.mail import postman_of
from app.queries import contents
from app.queries import posts as questions
from app.web import post_parts
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/posts")


@router.get("/{post_id}/correct")
def show(request: Request, viewer: SignedIn, session: Reads, post_id: int) -> Response:
    """The words of the newest revision, to be corrected."""
    return _page(request, viewer, session, post_id, None)


@router.post("/{post_id}/correct")
def correct(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, post_id: int
) -> Response:
    """Save the correction and ask somebody else for the yes."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                stands = contents.contents(
                    turn.session, viewer.actor.scope, _newest(turn.session, viewer, post_id).id
                )
                post = corrections.correct(turn.session, viewer.actor, post_id, _read(form, stands))
                if postman_of(settings) is not None:
                    corrections.tell(turn.session, viewer.actor, post, settings.address)
                turn.address = f"/posts/{post_id}?done=post_corrected"
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, post_id, form, refusal)
    return go(turn.address)


def _newest(session: Session, viewer: Viewer, post_id: int) -> Any:
    return questions.revision(session, viewer.actor.scope, post_id)


def _read(form: Form, stands: Contents) -> corrections.Correction:
    """What was typed; of alt texts and channels those that the post has. Raises Invalid."""
    whole = {
        name: form.text(name) for name in ("title", "text", "link", "first_comment") if name in form.values
    }
    alt_texts = {
        where: form.text(f"{where}.alt_text")
        for where, _ in stands.shots()
        if f"{where}.alt_text" in form.values
    }
    own = [
        {
            "channel_id": channel_id,
            **{
                name: form.text(f"variants.{channel_id}.{name}")
                for name in ("text", "first_comment")
                if f"variants.{channel_id}.{name}" in form.values
            },
        }
        for channel_id in stands.variants
    ]
    plain = form.only(("revision", "comment"))
    return plain.read(corrections.Correction, **whole, alt_texts=alt_texts, variants=own)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    post_id: int,
    form: Form | None,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    post = questions.headline(session, scope, post_id)
    if not scope.may(Right.APPROVE, post.unit_id):
        raise Forbidden("not_allowed")
    if post.status not in corrections.ASKABLE and refusal is None:
        raise Conflict("correction_not_now")
    newest = _newest(session, viewer, post_id)
    stands = contents.contents(session, scope, newest.id)
    fields = _fields(newest, stands)
    writers = [viewer.person_id, *reviews.writers_of(session, post_id)]
    return render(
        request,
        "reviews/correct.html",
        refusal.status if refusal else 200,
        post=post,
        newest=newest,
        contents=stands,
        pictures=[(where, shot) for where, shot in stands.shots() if not (shot.decorative or shot.video)],
        names={place.id: place.words for place in post_parts.places(session, viewer, post)},
        asks=[person.name for person in corrections.asked(session, post.unit_id, writers)],
        form=form or Form.of(**fields),
        errors=post_parts.elsewhere(said(request, refusal), {*fields, "comment"}),
    )


def _fields(newest: AnyRow | Any, stands: Contents) -> dict[str, str]:
    """What stands in the form at first, by field, named as faults name it."""
    found = {
        "title": newest.title,
        "text": stands.text,
        "link": stands.link,
        "first_comment": stands.first_comment,
    }
    for channel_id, own in stands.variants.items():
        given = {"text": own.text, "first_comment": own.first_comment}
        found |= {f"variants.{channel_id}.{name}": text for name, text in given.items() if text is not None}
    return found | {f"{where}.alt_text": shot.alt_text for where, shot in stands.shots()}
