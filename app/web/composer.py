"""The composer: where a post is written. What was typed is given back, and two writers lose nothing."""

from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import posts
from app.actions import unsaved as actions
from app.actions.contents import ContentInput
from app.dependencies.database import Db, Reads
from app.dependencies.turns import in_turn
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Fault, Invalid, NotFound, Refusal
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Database, read_id
from app.models.posts import Post
from app.queries import posts as questions
from app.web import (
    composer_aims,
    composer_faults,
    composer_form,
    composer_page,
    composer_steps,
    paging,
    unsaved,
)
from app.web.composer_form import Draft
from app.web.composer_page import Sent
from app.web.forms import Form, PostedWithFiles, go, once
from app.web.ground import Grounded
from app.words.sentences import Said, faults

router = APIRouter(prefix="/posts")
M = TypeVar("M", bound=ContentInput)
_PLAIN = ("title", "tone", "text", "link")
HOUR = ("channel", "day", "hour")


class Brought:
    """Files that came with the form: the assets that they are now, and why the others are not."""

    def __init__(self) -> None:
        self.asset_ids: list[int] = []
        self.refused: list[Said] = []


async def brought(request: Request, viewer: SignedIn, form: PostedWithFiles, ground: Grounded) -> Brought:
    """The files of a form, taken in one after the other in the turns that reading pictures has."""
    found = Brought()
    post_id = request.path_params.get("post_id")
    for file in form.files:
        name = file.filename or ""
        work = partial(_take_in, ground, viewer, form, post_id, name, file.file)
        try:
            found.asset_ids.append(await in_turn(work))
        except Invalid as refusal:
            said = faults(refusal, viewer.locale)[0]
            found.refused.append(Said("files", f"{name[:80]}: {said.sentence}", said.code))
    return found


def _take_in(ground: Ground, viewer: Viewer, form: Form, post_id: str | None, name: str, file: Any) -> int:
    with ground.database.reads() as session:
        if post_id is not None:
            unit_id = questions.post(session, viewer.actor.scope, _number(post_id)).unit_id
        else:
            unit_id = _number(form.text("unit_id"))
    return pictures.take_in_file(ground, viewer.actor, unit_id, name, file)


def _number(text: str) -> int:
    return int(text[:12]) if text.isascii() and text.isdigit() else 0


Files = Annotated[Brought, Depends(brought)]


@router.get("/new")
def new(
    request: Request, viewer: SignedIn, session: Reads, ground: Grounded,
    unit: int | None = None, typed: int | None = None,
) -> Response:  # fmt: skip
    """An empty composer; for a free hour of the calendar its channel, day and hour are kept in the form.

    `typed`: the id of what one typed before and did not save, to go on with.
    """
    asked = {f"for.{name}": request.query_params.get(name) or None for name in HOUR}
    sent = _taken(request, viewer, session, ground, typed) or Sent(Form.of(unit_id=unit, **asked))
    return composer_page.page(request, viewer, session, sent)


def _taken(
    request: Request, viewer: Viewer, session: Session, ground: Ground, typed: int | None
) -> Sent | None:
    """What was typed into this form before and not saved. Raises NotFound."""
    if typed is None:
        return None
    actor = viewer.actor
    form = unsaved.taken(session, actor.scope, viewer.person_id, ground.keyring, request.url.path, typed)
    return Sent(form, composer_form.read(form))


@router.post("/new")
def create(request: Request, viewer: SignedIn, form: PostedWithFiles, files: Files, db: Db) -> Response:
    """Save a new draft, or send it to review at once; the other buttons save nothing."""
    return _answer(request, viewer, form, files, db)


@router.get("/{post_id}/edit")
def edit(
    request: Request, viewer: SignedIn, session: Reads, ground: Grounded, post_id: int,
    typed: int | None = None,
) -> Response:  # fmt: skip
    """The composer with the newest revision in it, or (`typed`) with what one typed and did not save."""
    sent = _taken(request, viewer, session, ground, typed)
    return composer_page.page(request, viewer, session, sent, post_id)


@router.post("/{post_id}/edit")
def save(
    request: Request, viewer: SignedIn, form: PostedWithFiles, files: Files, db: Db, post_id: int
) -> Response:
    """Save a new revision, or show what somebody else saved meanwhile beside what was typed."""
    return _answer(request, viewer, form, files, db, post_id)


def lacking(request: Request, viewer: Viewer, session: Session, post_id: int, refusal: Refusal) -> Response:
    """The composer for a post that was sent to review without all it needs, with the errors at its fields."""
    return composer_page.page(request, viewer, session, None, post_id, refusal)


def _answer(
    request: Request, viewer: Viewer, form: Form, files: Brought, db: Database, post_id: int | None = None
) -> Response:
    draft = composer_form.read(form)
    if form.text("do") not in composer_steps.SAVING or files.refused:
        shelf = composer_steps.take(draft, form, files.asset_ids)
        sent, refusal = Sent(form, draft, shelf, files.refused), None
    else:
        composer_steps.put(draft, composer_steps.POST, files.asset_ids)
        try:
            return go(_saved(viewer, form, draft, db, post_id))
        except NotFound:
            raise
        except Refusal as refused:
            sent, refusal = Sent(form, draft), refused
            if isinstance(refused, Conflict) and form.once:
                _keep(request, viewer, form, db)
    with db.reads() as session:
        return composer_page.page(request, viewer, session, sent, post_id, refusal)


def _keep(request: Request, viewer: Viewer, form: Form, db: Database) -> None:
    """Keep what can't be saved now: whoever takes the text of somebody else has their own for a week."""
    keys, now = request.app.state.keyring, clock.now()
    with db.writes() as session:
        actions.keep(session, viewer.actor, keys, form.path, form.once, form.values, now)


def _saved(viewer: Viewer, form: Form, draft: Draft, db: Database, post_id: int | None) -> str:
    """Save a new post or a change, once; where to go on. Raises Refusal."""
    with once(db, viewer, form) as turn:
        if turn.first and post_id is None:
            data = _input(posts.PostInput, form, draft, "unit_id")
            turn.address = _after(turn.session, viewer, form, posts.create(turn.session, viewer.actor, data))
        elif turn.first and post_id is not None:
            change = _input(posts.PostEdit, form, draft, "revision")
            save = posts.keep_both if form.text("do") == "both" else posts.edit
            post = save(turn.session, viewer.actor, post_id, change)
            turn.address = _after(turn.session, viewer, form, post)
        if turn.first:
            taken = read_id(form.text("taken")) or 0
            actions.saved(turn.session, viewer.actor, form.path, form.once, taken, clock.now())
    return turn.address


def _input(model: type[M], form: Form, draft: Draft, own: str) -> M:
    """The input model, with every fault of the form at once. Raises Invalid."""
    wrong: list[Fault] = []
    data: M | None = None
    more: dict[str, Any] = {}
    try:
        more = composer_form.inputs(draft)
    except Invalid as refusal:
        wrong += refusal.faults
    try:
        more |= composer_aims.sent(form)
        data = form.only({*_PLAIN, own}).read(model, title=form.text("title"), **more)
    except Invalid as refusal:
        wrong = [*composer_faults.by_channel(refusal, draft), *wrong]
    if data is None or wrong:
        raise Invalid.of(wrong)
    return data


def _after(session: Session, viewer: Viewer, form: Form, post: Post) -> str:
    """Send to review what was just saved, if the writer pressed that; where to go on."""
    # Unchanged, an approved post or one in review stays where it is.
    hour = {name: form.text(f"for.{name}") for name in HOUR}
    if form.text("do") != "submit" or post.status not in posts.UNDER_WORK:
        return paging.address(f"/posts/{post.id}", done="post_saved", **hour)
    posts.submit(session, viewer.actor, post.id)
    return paging.address(f"/posts/{post.id}", done="post_sent", **hour)
