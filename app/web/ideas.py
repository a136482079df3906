"""Ideas: sent in a minute, seen on the board, talked about, answered."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import ideas
from app.actions.ideas import IdeaInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, Invalid, Refusal
from app.domain.idea_doors import keepers_units
from app.domain.ideas import IdeaState, is_late, is_untouched, waits
from app.domain.pictures import Shown
from app.domain.posts import PostStatus
from app.domain.roles import Right, Scope
from app.errands import open_ideas
from app.foundation import clock
from app.foundation.database import AnyRow, read_id
from app.foundation.i18n import N_, translations
from app.queries import ideas as questions
from app.queries import tasks, units
from app.queries.ideas import COMMENTS_A_PAGE, Shelf, Wanted
from app.web import paging
from app.web.composer import Files
from app.web.forms import Form, Posted, PostedWithFiles, go, once, said, step
from app.web.ground import Grounded
from app.web.rendering import render
from app.words.sentences import Said

router = APIRouter(prefix="/ideas")
ON_BOARD = 12  # of each part
A_PAGE = 25
MINE = "mine"
SHELVES = {
    Shelf.WAITING: N_("Waiting for an answer"),
    Shelf.BECOMING: N_("Became a post"),
    Shelf.LATER: N_("Kept for later"),
    Shelf.ANSWERED: N_("Answered"),
}
WHO = (
    (Shown.NOBODY, N_("Nobody")),
    (Shown.STAFF, N_("Staff, and they said yes")),
    (Shown.ADULTS, N_("An adult visitor")),
    (Shown.CHILDREN, N_("Children")),
)
_Word = Annotated[str, Query(max_length=200)]


@router.get("")
def board(
    request: Request, viewer: SignedIn, session: Reads,
    unit: _Word = "", words: _Word = "", show: _Word = "", after: _Word = "",
) -> Response:  # fmt: skip
    """The board in its parts; with `show` one part alone, or one's own ideas, as a list."""
    scope, now = viewer.actor.scope, clock.now()
    choices = units.names(session, scope, locale=viewer.locale)
    chosen = next((unit_id for unit_id, _ in choices if str(unit_id) == unit), None)
    shelf = Shelf(show) if show in list(Shelf) else None
    of = viewer.person_id if show == MINE else None
    wanted = Wanted(shelf, None, chosen, of, words.replace("\x00", " "))
    rows: list[AnyRow] = []
    if alone := bool(shelf or of):
        rows = list(questions.listed(session, scope, wanted, now, paging.place(after), A_PAGE + 1))
    parts = {} if alone else questions.board(session, scope, wanted, now, ON_BOARD + 1)
    shown = [row.id for row in [*rows, *(row for part in parts.values() for row in part)]]
    more = paging.mark(rows[A_PAGE - 1].sent_at, rows[A_PAGE - 1].id) if len(rows) > A_PAGE else ""
    kept = {"unit": chosen, "words": wanted.words}
    return render(
        request,
        "ideas/board.html",
        parts=parts,
        rows=rows[:A_PAGE],
        show=show if alone else "",
        names=SHELVES,
        on_board=ON_BOARD,
        pictures=questions.pictures_of(session, scope, shown),
        posts=questions.posts_of(session, scope, shown),
        units=choices,
        wanted=wanted,
        narrowed=bool(chosen or wanted.words),
        answers=scope.units_with(Right.WRITE),
        waits=lambda row: waits(row.state, row.wakes_at, now),
        late=lambda row: is_late(row.since_at, row.wakes_at, now),
        thanks=() if alone and show != MINE else questions.thanks(session, scope, viewer.person_id, now),
        keeps=bool(keepers_units(scope)),
        address=lambda name: paging.address("/ideas", show=name, **kept),
        next=paging.address("/ideas", show=show, **kept, after=more) if more else None,
    )


@router.get("/new")
def ask(request: Request, viewer: SignedIn, session: Reads, unit: _Word = "") -> Response:
    """The form."""
    return _form(request, viewer, session, Form.of(unit_id=unit or None))


def _form(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    refusal: Refusal | None = None,
    files: Sequence[Said] = (),
) -> Response:
    scope = viewer.actor.scope
    choices = units.names(session, scope, Right.SUGGEST, viewer.locale)
    if not choices:
        raise Forbidden("not_allowed")
    say = translations(viewer.locale).gettext
    home = min(scope.roles, default=choices[0][0])
    return render(
        request,
        "ideas/new.html",
        refusal.status if refusal else Invalid.status if files else 200,
        form=form,
        units=choices,
        home=home if any(home == unit_id for unit_id, _ in choices) else choices[0][0],
        kept=[read_id(text) for text in form.many("asset_ids") if read_id(text)],
        who=[(shown, say(words)) for shown, words in WHO],
        errors=[*files, *said(request, refusal)],
    )


@router.post("/new")
def send(request: Request, viewer: SignedIn, form: PostedWithFiles, files: Files, db: Db) -> Response:
    """Take the idea; pictures that came with a form that is refused are kept for the next try."""
    kept = [*form.many("asset_ids"), *(str(asset_id) for asset_id in files.asset_ids)]
    form = Form({**form.values, "asset_ids": kept}, form.once, form.path)
    if files.refused:
        with db.reads() as session:
            return _form(request, viewer, session, form, files=files.refused)
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                idea = ideas.send(turn.session, viewer.actor, form.read(IdeaInput, without=("files",)))
                turn.address = f"/ideas/{idea.id}?done=idea_sent"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _form(request, viewer, session, form, refusal)
    return go(turn.address)


@router.get("/{idea_id}")
def show(request: Request, viewer: SignedIn, session: Reads, idea_id: int, talk: _Word = "") -> Response:
    """One idea, what was said about it (with `talk` before that), and what became of it."""
    return _page(request, viewer, session, idea_id, before=read_id(talk))


def _is_left(posts: Sequence[Any]) -> bool:
    """Whether nobody has worked on the posts that were made of an idea."""
    return all(
        one.status is PostStatus.WITHDRAWN or is_untouched(one.status, one.revision, one.has_time)
        for one in posts
    )


def _choices(session: Session, scope: Scope, idea: Any) -> dict[str, Any]:
    """For who answers: ideas that it may go on together with, and people who may look after it."""
    others = [(row.id, row.title) for row in questions.to_merge_with(session, scope, idea)]
    return {"others": others, "people": list(tasks.doers(session, scope, idea.unit_id).items())}


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    idea_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
    before: int | None = None,
) -> Response:
    scope, now = viewer.actor.scope, clock.now()
    idea = questions.headline(session, scope, idea_id)
    answers = scope.may(Right.WRITE, idea.unit_id)
    due = waits(idea.state, idea.wakes_at, now)
    into = questions.headline(session, scope, idea.merged_into_id) if idea.merged_into_id else None
    posts = questions.posts_of(session, scope, [idea_id])[idea_id]
    return render(
        request,
        "ideas/idea.html",
        refusal.status if refusal else 200,
        idea=idea,
        pictures=questions.pictures_of(session, scope, [idea_id])[idea_id],
        posts=posts,
        into=into,
        **_talk(session, viewer, idea, before),
        liked=questions.liked(session, scope, idea_id, viewer.person_id),
        mine=idea.sender_id == viewer.person_id,
        left=_is_left(posts),
        talks=scope.may(Right.SUGGEST, idea.unit_id),
        answers=answers,
        open=idea.state in (IdeaState.NEW, IdeaState.PARKED),
        back=idea.state in (IdeaState.DECLINED, IdeaState.MERGED, IdeaState.PARKED),
        waits=due,
        late=due and is_late(idea.since_at, idea.wakes_at, now),
        **_choices(session, scope, idea) if answers else {"others": [], "people": []},
        form=form or Form(),
        errors=said(request, refusal),
    )


def _talk(session: Session, viewer: Viewer, idea: AnyRow, before: int | None) -> dict[str, Any]:
    """What was said about it, as one page: its lines, and the addresses of what was said before and after."""
    rows = questions.comments(session, viewer.actor.scope, idea.id, before, COMMENTS_A_PAGE + 1)
    shown, earlier = rows[-COMMENTS_A_PAGE:], len(rows) > COMMENTS_A_PAGE
    page = f"/ideas/{idea.id}"
    return {
        "comments": shown,
        "earlier": f"{page}?talk={shown[0].id}#talk" if earlier else None,
        "newest": f"{page}#talk" if before else None,
    }


@router.post("/{idea_id}/accept")
def accept(
    request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded, idea_id: int
) -> Response:
    """Make a draft of it, and open that."""
    open_ideas.bring_in(ground, viewer.actor, idea_id)

    def work(session: Session) -> str:
        post = ideas.accept(session, viewer.actor, idea_id, form.read(ideas.Accepting))
        return f"/posts/{post.id}/edit?done=idea_accepted"

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/park")
def park(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Keep it for later."""

    def work(session: Session) -> str:
        ideas.park(session, viewer.actor, idea_id, form.read(ideas.Parking))
        return _done(idea_id, "idea_parked")

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/decline")
def decline(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Say no to it."""

    def work(session: Session) -> str:
        ideas.decline(session, viewer.actor, idea_id, form.read(ideas.Answer))
        return _done(idea_id, "idea_declined")

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/merge")
def merge(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Let it go on as a part of another."""

    def work(session: Session) -> str:
        other = ideas.merge(session, viewer.actor, idea_id, form.read(ideas.Merging))
        return _done(other.id, "idea_merged")

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/reopen")
def reopen(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Take an answer back."""

    def work(session: Session) -> str:
        ideas.reopen(session, viewer.actor, idea_id)
        return _done(idea_id, "idea_reopened")

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/assign")
def assign(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Say who looks after it."""

    def work(session: Session) -> str:
        ideas.assign(session, viewer.actor, idea_id, form.read(ideas.Assigning).person_id)
        return _done(idea_id, "idea_assigned")

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/vote")
def vote(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Say that one would like to see it too; without the field, no longer."""

    def work(session: Session) -> str:
        ideas.vote(session, viewer.actor, idea_id, form.text("wanted") == "yes")
        return f"/ideas/{idea_id}"

    return _step(request, viewer, form, db, idea_id, work)


@router.post("/{idea_id}/comments")
def comment(request: Request, viewer: SignedIn, form: Posted, db: Db, idea_id: int) -> Response:
    """Say something about it."""

    def work(session: Session) -> str:
        ideas.comment(session, viewer.actor, idea_id, form.read(ideas.CommentInput))
        return f"{_done(idea_id, 'idea_said')}#talk"

    return _step(request, viewer, form, db, idea_id, work)


def _done(idea_id: int, code: str) -> str:
    return f"/ideas/{idea_id}?done={code}"


def _step(
    request: Request, viewer: Viewer, form: Form, db: Db, idea_id: int, work: Callable[[Session], str]
) -> Response:
    """A step, done once; where it is refused, the page again with what was typed."""

    def again(session: Session, refusal: Refusal) -> Response:
        return _page(request, viewer, session, idea_id, form, refusal)

    return step(db, viewer, form, work, again)
