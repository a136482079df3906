"""The composer: where a post is written. What was typed is given back, and two writers lose nothing."""

from typing import Any, NamedTuple

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import posts
from app.connectors import registry
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.posts import PostStatus, Tone
from app.domain.roles import Right
from app.domain.texts import normalise
from app.foundation.database import AnyRow
from app.models.posts import Post
from app.queries import posts as questions
from app.queries import units
from app.web import post_parts
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/posts")
# Unchanged, an approved post or one in review stays where it is.
TO_SEND = (PostStatus.DRAFT, PostStatus.CHANGES_REQUESTED)
_FIELDS = frozenset({"unit_id", "title", "tone", "text", "link"})


class Content(NamedTuple):
    """What stands in the form, read kindly: for the preview and the checks."""

    title: str
    tone: Tone | None
    text: str
    link: str


class Owner(NamedTuple):
    """The unit that a new post would belong to."""

    unit_id: int
    unit: str


@router.get("/new")
def new(request: Request, viewer: SignedIn, session: Reads, unit: int | None = None) -> Response:
    """An empty composer."""
    return _page(request, viewer, session, Form.of(unit_id=unit))


@router.post("/new")
def create(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Save a new draft, or send it to review at once; with "preview" nothing is saved."""
    if form.text("do") == "preview":
        with db.reads() as session:
            return _page(request, viewer, session, form)
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(posts.PostInput, without=("do", "revision"), title=form.text("title"))
                post = posts.create(turn.session, viewer.actor, data)
                turn.address = _after(turn.session, viewer, form, post)
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, form, refusal)
    return go(turn.address)


@router.get("/{post_id}/edit")
def edit(request: Request, viewer: SignedIn, session: Reads, post_id: int) -> Response:
    """The composer with the newest revision in it."""
    return _page(request, viewer, session, _stored(session, viewer, post_id), post_id=post_id)


@router.post("/{post_id}/edit")
def save(request: Request, viewer: SignedIn, form: Posted, db: Db, post_id: int) -> Response:
    """Save a new revision, or show what somebody else saved meanwhile beside what was typed."""
    if form.text("do") == "preview":
        with db.reads() as session:
            return _page(request, viewer, session, form, post_id=post_id)
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(posts.PostEdit, without=("do", "unit_id"), title=form.text("title"))
                post = posts.edit(turn.session, viewer.actor, post_id, data)
                turn.address = _after(turn.session, viewer, form, post)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, form, refusal, post_id)
    return go(turn.address)


def lacking(request: Request, viewer: Viewer, session: Session, post_id: int, refusal: Refusal) -> Response:
    """The composer for a post that was sent to review without all it needs, with the errors at its fields."""
    return _page(request, viewer, session, _stored(session, viewer, post_id), refusal, post_id)


def _after(session: Session, viewer: Viewer, form: Form, post: Post) -> str:
    """Send to review what was just saved, if the writer pressed that; where to go on."""
    if form.text("do") != "submit" or post.status not in TO_SEND:
        return f"/posts/{post.id}?done=post_saved"
    posts.submit(session, viewer.actor, post.id)
    return f"/posts/{post.id}?done=post_sent"


def _stored(session: Session, viewer: Viewer, post_id: int) -> Form:
    current = questions.revision(session, viewer.actor.scope, post_id)
    return Form.of(
        title=current.title,
        tone=current.tone,
        text=current.text,
        link=current.link,
        revision=current.number,
    )


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    refusal: Refusal | None = None,
    post_id: int | None = None,
) -> Response:
    scope = viewer.actor.scope
    writable = units.names(session, scope, Right.WRITE, viewer.locale)
    post = questions.headline(session, scope, post_id) if post_id else None
    owner = post or _owner(viewer, form, writable)
    if owner is None or not scope.may(Right.WRITE, owner.unit_id):
        raise Forbidden("not_allowed")
    content = _content(form)
    theirs = _theirs(session, viewer, form, post_id) if post_id else None
    planned = questions.publications_of(session, scope, [post_id])[post_id] if post_id else []
    usual = post_parts.usual_name(post_parts.places(session, viewer, owner), owner)
    return render(
        request,
        "posts/composer.html",
        refusal.status if refusal else 200,
        post=post,
        form=form,
        errors=post_parts.elsewhere(said(request, refusal), _FIELDS),
        units=writable,
        owner=owner.unit_id,
        theirs=theirs,
        changes=post_parts.changes(theirs, content) if theirs else [],
        revision=theirs.number if theirs else form.text("revision"),
        checks=post_parts.checks(content, viewer.locale),
        previews=post_parts.previews(content, planned, usual),
        limits=max((profile.limits for profile in registry.profiles()), key=lambda limits: limits.most),
    )


def _owner(viewer: Viewer, form: Form, writable: list[tuple[int, str]]) -> Owner | None:
    """The unit chosen, else the writer's highest, else the first by name; None for who may not write."""
    chosen = [pair for pair in writable if str(pair[0]) == form.text("unit_id")]
    home = [pair for pair in writable if pair[1] == viewer.unit_name]
    return next((Owner(*pair) for pair in (*chosen, *home, *writable)), None)


def _content(form: Form) -> Content:
    tone = form.text("tone")
    return Content(
        normalise(form.text("title")),
        Tone(tone) if tone in list(Tone) else None,
        normalise(form.text("text")),
        normalise(form.text("link")),
    )


def _theirs(session: Session, viewer: Viewer, form: Form, post_id: int) -> AnyRow | None:
    """The newest revision, when it is not the one that the writer had before their eyes."""
    newest: Any = questions.revisions(session, viewer.actor.scope, post_id)[0]
    return None if form.text("revision") == str(newest.number) else newest
