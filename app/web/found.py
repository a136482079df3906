"""Posts found on the page: their tone and money behind them, said for many at once, taken back, changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import found
from app.actions.found import LEFT_OUT, Outcome, PaidInput, Said, SaidPaid, TonesInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.domain.posts import Tone
from app.domain.results import Paid
from app.domain.roles import Right
from app.foundation.database import read_id
from app.foundation.i18n import N_, translations
from app.queries import found as questions
from app.queries.found import Told, Wanted
from app.web import paging
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words.results import PAID

PATH = "/channels/found"
router = APIRouter(prefix=PATH)
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
    paid: Annotated[str, Query(max_length=20)] = "",
    post: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
    done: Annotated[str, Query(alias="said", max_length=400)] = "",
    before: Annotated[str, Query(max_length=400)] = "",
    meanwhile: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """The page. `post`: one alone, whatever was said of it. `said`: ids that have just got their tone;
    `before`: of whose money another word was said just now, each with its first letter; `meanwhile`: how
    many somebody else was quicker with."""
    form = Form.of(show=show, channel=channel, paid=paid, post=post, after=after)
    just = Just(_numbers(done.split(".")), before if _monies(before) else "", read_id(meanwhile) or 0)
    return _page(request, viewer, session, form, just)


@dataclass(frozen=True)
class Just:
    """What was said just now, see `listed`."""

    done: Sequence[int] = ()
    before: str = ""
    meanwhile: int = 0

    @property
    def posts(self) -> int:
        """Of how many posts something was said."""
        return len({*self.done, *_monies(self.before)})


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    just: Just | None = None,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    if not scope.units_with(Right.WRITE):
        raise Forbidden("not_allowed")
    show, wanted = _wanted(form)
    chosen = _chosen(form)
    rows = questions.listed(session, scope, wanted, A_PAGE + 1, paging.place(form.text("after")))
    if wanted.only is not None and not rows:
        raise NotFound
    return render(
        request,
        "found/list.html",
        refusal.status if refusal else 200,
        rows=rows[:A_PAGE],
        more=_next(chosen, rows),
        wanted=wanted,
        show=show,
        this_page=paging.address(PATH, **chosen),
        just=just or Just(),
        form=form,
        errors=said(request, refusal),
        **_choices(session, viewer, chosen),
    )


def _choices(session: Session, viewer: Viewer, chosen: Mapping[str, object]) -> dict[str, Any]:
    """What the list can be narrowed to, and what can be said of money."""
    scope, say_it = viewer.actor.scope, translations(viewer.locale).gettext
    return {
        "waiting": questions.count_waiting(session, scope),
        "channels": questions.channels(session, scope),
        "tabs": [(paging.address(PATH, **{**chosen, "show": one}), words) for one, words in TABS],
        "monies": [(word, say_it(words)) for word, words in PAID.items()],
    }


def _wanted(form: Form) -> tuple[Told | None, Wanted]:
    """The tab, and what its list is narrowed to; one post alone stands in no tab."""
    post = read_id(form.text("post"))
    if post is not None:
        return None, Wanted(only=post)
    show = next((told for told in Told if told == form.text("show")), Told.WAITING)
    paid = next((word for word in Paid if word == form.text("paid")), None)
    return show, Wanted(show, read_id(form.text("channel")), paid=paid)


def _chosen(form: Form) -> dict[str, object]:
    """What an address of the same list says."""
    show, wanted = _wanted(form)
    return {"show": show, "channel": wanted.channel_id, "paid": wanted.paid, "post": wanted.only}


def _next(chosen: Mapping[str, object], rows: Sequence[Any]) -> str:
    if len(rows) <= A_PAGE:
        return ""
    last = rows[A_PAGE - 1]
    return paging.address(PATH, **chosen, after=paging.mark(last.made_at, last.id))


def _numbers(texts: Sequence[str]) -> list[int]:
    return [one for one in dict.fromkeys(map(read_id, texts)) if one is not None]


def _monies(text: str) -> dict[int, Paid]:
    """What `_put_down` wrote."""
    letters = {word[0]: word for word in Paid}
    parts = [(read_id(part[:-1]), letters.get(part[-1:])) for part in text.split(".")]
    return {id_: word for id_, word in parts if id_ is not None and word is not None}


def _put_down(before: Mapping[int, Paid]) -> str:
    return ".".join(f"{id_}{word[0]}" for id_, word in before.items())


@router.post("")
def say(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Say the tones that were chosen, and of money what was."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                turn.address = _told(form, _say(turn.session, viewer, form))
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


def _say(session: Session, viewer: Viewer, form: Form) -> Just:
    words, (monies, seen) = _words(form), _said_paid(form)
    if not words and not monies:
        raise Invalid("nothing_said")
    outcome, before, late = Outcome(()), dict[int, Paid](), 0
    if words:
        waiting = _wanted(form)[0] is Told.WAITING
        outcome = found.say(session, viewer.actor, TonesInput(posts=words), only_waiting=waiting)
    if monies:
        said_so = PaidInput(posts=monies)
        told, late = found.say_paid(session, viewer.actor, said_so, seen)
        before |= told
    return Just(outcome.done, _put_down(before), len(outcome.meanwhile) + late)


def _ids(form: Form) -> list[int]:
    return _numbers(form.text("ids").split("."))[:A_PAGE]


def _words(form: Form) -> list[Said]:
    """What was chosen, one by one or for the rest of the page, and is not what stood there before."""
    rest, words = form.text("rest"), []
    for id_ in _ids(form):
        word = form.text(f"tone-{id_}") or rest
        if word in WORDS and word != form.text(f"was-{id_}"):
            words.append(Said.model_validate({"id": id_, "tone": word}))
    return words


def _said_paid(form: Form) -> tuple[list[SaidPaid], dict[int, Paid]]:
    """The same of money, and what stood there before of each. The rest of the page are those of which nothing
    is known and nothing was chosen.
    """
    rest, monies, seen = form.text("rest_paid"), [], {}
    for id_ in _ids(form):
        was = form.text(f"paid-was-{id_}", Paid.UNKNOWN)
        word = form.text(f"paid-{id_}") or was
        if word == was == Paid.UNKNOWN and rest:
            word = rest
        if {word, was} <= set(Paid) and word != was:
            monies.append(SaidPaid(id=id_, paid=Paid(word)))
            seen[id_] = Paid(was)
    return monies, seen


def _told(form: Form, just: Just) -> str:
    return paging.address(
        PATH,
        **_chosen(form),
        said=".".join(map(str, just.done)),
        before=just.before,
        meanwhile=just.meanwhile,
    )


@router.post("/undo")
def undo(viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Let those wait again that were just said, and put back what stood before of money."""
    with once(db, viewer, form) as turn:
        if turn.first:
            ids, before = _numbers(form.text("ids").split(".")), _monies(form.text("before"))
            if ids:
                found.take_back(turn.session, viewer.actor, ids)
            if before:
                found.put_back_paid(turn.session, viewer.actor, before)
            here = paging.address(PATH, **_chosen(form))
            note = "found_taken_back" if before else "tones_taken_back"
            turn.address = f"{here}{'&' if '?' in here else '?'}done={note}"
    return go(turn.address)
