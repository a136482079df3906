"""Posts: the list, the page of one, its revisions, its place and time, and the steps of its writer."""

from collections.abc import Iterable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import posts, publications
from app.connectors import registry
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import Fault, Invalid, NotFound, Refusal
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import AnyRow, read_id
from app.foundation.i18n import N_, translations
from app.queries import contents, strategy_uses, units
from app.queries import posts as questions
from app.web import composer, formats, labels, paging, post_parts, previews
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/posts")
PAGE = 50
MOST_WORDS = 200
LATENESS = (15, 60, 240, 1440)
USUAL = N_("as long as is usual there")


@router.get("")
def listed(
    request: Request, viewer: SignedIn, session: Reads, status: str = "", tone: str = "", unit: str = "",
    words: str = "", goal: str = "", out: str = "", after: str = "",
) -> Response:  # fmt: skip
    """The list, the latest changed first, narrowed to what was asked for."""
    scope = viewer.actor.scope
    names = units.names(session, scope, locale=viewer.locale)
    known = {str(unit_id): (unit_id, name) for unit_id, name in names}
    out_of = known.get(out)
    wanted = questions.PostFilter(
        PostStatus(status) if status in list(PostStatus) else None,
        Tone(tone) if tone in list(Tone) else None,
        known[unit][0] if unit in known else None,
        words.replace("\x00", "")[:MOST_WORDS],
        0 if goal == "0" else read_id(goal),
        out=strategy_uses.lately(session, scope, out_of[0] if out_of else 0, clock.now()) if out else None,
    )
    rows = questions.listed(session, scope, wanted, paging.place(after), PAGE + 1)
    shown = rows[:PAGE]
    kept = {
        "status": wanted.status, "tone": wanted.tone, "unit": wanted.unit_id, "words": wanted.words,
        "goal": None if wanted.goal_id is None else str(wanted.goal_id), "out": out[:MOST_WORDS],
    }  # fmt: skip
    more = paging.mark(shown[-1].changed_at, shown[-1].id) if len(rows) > PAGE else ""
    return render(
        request,
        "posts/list.html",
        posts=shown,
        publications=questions.publications_of(session, scope, [row.id for row in shown]),
        thumbs=contents.first_pictures(session, scope, [row.revision_id for row in shown]),
        wanted=wanted,
        out_of=out_of,
        narrowed=any(kept.values()),
        points=strategy_uses.named(session, scope, wanted.goal_id, *(row.goal for row in shown)),
        statuses=[(status.value, labels.POSTS[status].word) for status in PostStatus],
        units=names,
        first=paging.address("/posts", **kept) if after else None,
        next=paging.address("/posts", **kept, after=more) if more else None,
        may_write=bool(scope.units_with(Right.WRITE)),
    )


@router.get("/{post_id}")
def show(request: Request, viewer: SignedIn, session: Reads, post_id: int) -> Response:
    """One post: what it says, where it goes and when, how it went, and the talk about it."""
    return _page(request, viewer, session, post_id)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    post_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    post = questions.headline(session, scope, post_id)
    revisions = questions.revisions(session, scope, post_id)
    planned = questions.publications_of(session, scope, [post_id])[post_id]
    may_plan = scope.may(Right.SCHEDULE, post.unit_id) and post.status is not PostStatus.WITHDRAWN
    places = post_parts.places(session, viewer, post)
    said_now = contents.contents(session, scope, revisions[0].id)
    stops = previews.stops(planned, places, said_now.variants, post_parts.usual_name(places, post))
    return render(
        request,
        "posts/post.html",
        refusal.status if refusal else 200,
        post=post,
        newest=revisions[0],
        publications=planned,
        outdated=_outdated(post, planned),
        numbers=post_parts.numbers(session, viewer, planned),
        previews=previews.draw(said_now, stops),
        checks=post_parts.checks(revisions[0].tone, said_now, stops, viewer.locale),
        talk=post_parts.talk(revisions, questions.reviews(session, scope, post_id)),
        may=post_parts.rights(session, viewer, post, revisions),
        may_plan=may_plan,
        places=[(place.id, place.words) for place in places],
        by_itself=any(not registry.network(place.network).profile.by_hand for place in places),
        lateness=_lateness_options(viewer.locale),
        form=form or _empty(request, post, places[0].id if places else None),
        errors=post_parts.elsewhere(said(request, refusal), _PLAN_FIELDS),
        twice=_twice(form, post.zone),
    )


def _empty(request: Request, post: AnyRow, first: int | None) -> Form:
    """The form for a time, with the free hour of the calendar that the post was written for, if any."""
    hour = request.query_params
    return Form.of(
        day=hour.get("day") or post_parts.today(post.zone),
        hour=hour.get("hour"),
        channel_id=hour.get("channel") or first,
    )


def _outdated(post: AnyRow, planned: Iterable[AnyRow]) -> set[int]:
    """Ids of what is live with an older revision than the approved one, where the text can be exchanged."""
    if post.status is not PostStatus.APPROVED:
        return set()
    return {
        row.id
        for row in planned
        if row.status is Status.PUBLISHED
        and row.revision_id not in (None, post.revision_id)
        and registry.network(row.network).profile.corrects
    }


_LATENESS = "lateness_limit_minutes"
_PLAN_FIELDS = frozenset(
    {"channel_id", "day", "hour", "local_due", "fold", "lateness_limit_minutes", "repeats", "prepare_late"}
)


def _lateness_options(locale: str) -> list[tuple[str, str]]:
    usual = translations(locale).gettext(USUAL)
    return [("", usual), *((str(minutes), formats.span(minutes * 60, locale)) for minutes in LATENESS)]


def _twice(form: Form | None, zone: str) -> bool:
    """Whether the typed hour exists two times, so that the form asks which one is meant."""
    if form is None:
        return False
    try:
        return timing.exists_twice(timing.read_local(form.text("day"), form.text("hour")), zone)
    except Invalid:
        return False


@router.post("/{post_id}/plan")
def plan(request: Request, viewer: SignedIn, form: Posted, db: Db, post_id: int) -> Response:
    """Give the post a time on one channel or on several at once: on all of them, or on none."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                _plan_all(turn.session, viewer, post_id, form)
                turn.address = f"/posts/{post_id}?done=post_planned"
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, post_id, form, refusal)
    return go(turn.address)


def _plan_all(session: Session, viewer: Viewer, post_id: int, form: Form) -> None:
    faults: list[Fault] = []
    for channel_id in dict.fromkeys(form.many("channel_id") or [""]):
        try:
            publications.plan(session, viewer.actor, post_id, _plan_input(form, channel_id))
        except Invalid as refusal:
            faults += [fault for fault in refusal.faults if fault not in faults]
    if faults:
        raise Invalid.of(faults)


def _plan_input(form: Form, channel_id: str) -> publications.PlanInput:
    """The input of a plan on one channel, with every fault of the form at once. Raises Invalid."""
    faults: list[Fault] = []
    local = data = None
    fold = {"0": 0, "1": 1}.get(form.text("fold"))
    try:
        local = timing.read_local(form.text("day"), form.text("hour"))
    except Invalid as error:
        faults += error.faults
    try:
        data = form.read(
            publications.PlanInput,
            without=("day", "hour", "fold", "channel_id", *(() if form.text(_LATENESS) else (_LATENESS,))),
            **({"channel_id": channel_id} if channel_id else {}),
            local_due=local,
            fold=fold,
            ask=True,
        )
    except Invalid as error:
        faults += error.faults
    if data is None or faults:
        raise Invalid.of(faults)
    return data


@router.post("/{post_id}/submit")
def submit(request: Request, viewer: SignedIn, form: Posted, db: Db, post_id: int) -> Response:
    """Send the newest revision to review; when something lacks, the composer shows it at its field."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                posts.submit(turn.session, viewer.actor, post_id)
                turn.address = f"/posts/{post_id}?done=post_sent"
    except Invalid as refusal:
        with db.reads() as session:
            return composer.lacking(request, viewer, session, post_id, refusal)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, post_id, refusal=refusal)
    return go(turn.address)


@router.post("/{post_id}/copy")
def copy(viewer: SignedIn, form: Posted, db: Db, post_id: int) -> Response:
    """A new draft that says the same, opened to be changed."""
    with once(db, viewer, form) as turn:
        if turn.first:
            made = posts.duplicate(turn.session, viewer.actor, post_id)
            turn.address = f"/posts/{made.id}/edit?done=post_copied"
    return go(turn.address)


@router.get("/{post_id}/withdraw")
def ask_withdraw(request: Request, viewer: SignedIn, session: Reads, post_id: int) -> Response:
    """The question before a post is taken out of the work."""
    return _withdraw_page(request, viewer, session, post_id, Form())


def _withdraw_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    post_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    post = questions.headline(session, scope, post_id)
    return render(
        request,
        "posts/withdraw.html",
        refusal.status if refusal else 200,
        post=post,
        publications=questions.publications_of(session, scope, [post_id])[post_id],
        form=form,
        errors=said(request, refusal),
    )


@router.post("/{post_id}/withdraw")
def withdraw(request: Request, viewer: SignedIn, form: Posted, db: Db, post_id: int) -> Response:
    """Take the post out of the work."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                posts.withdraw(turn.session, viewer.actor, post_id, form.read(posts.Withdrawal).comment)
                turn.address = f"/posts/{post_id}?done=post_withdrawn"
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _withdraw_page(request, viewer, session, post_id, form, refusal)
    return go(turn.address)


@router.get("/{post_id}/revisions/{number}")
def revision(
    request: Request, viewer: SignedIn, session: Reads, post_id: int, number: int, against: int = 0
) -> Response:
    """One revision, and what changed in it against an earlier one (the one before, unless told)."""
    scope = viewer.actor.scope
    post = questions.headline(session, scope, post_id)
    revisions = {row.number: row for row in questions.revisions(session, scope, post_id)}
    if number not in revisions:
        raise NotFound
    before = revisions.get(against or number - 1)
    names = {place.id: place.words for place in post_parts.places(session, viewer, post)}
    said_then = contents.of_revisions(session, scope, [row.id for row in (revisions[number], before) if row])
    now = said_then[revisions[number].id]
    changes = (
        post_parts.changes(before, revisions[number], said_then[before.id], now, names) if before else []
    )
    return render(
        request,
        "posts/revision.html",
        post=post,
        revision=revisions[number],
        before=before,
        contents=now,
        names=names,
        changes=changes,
        others=sorted(revisions.keys() - {number}),
    )
