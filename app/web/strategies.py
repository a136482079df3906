"""The strategy: what holds in a unit and from whom it comes, its versions, and what is done with one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import strategies
from app.actions.inputs import Id
from app.actions.strategies import Adoption, CommentInput, NewStrategy
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Forbidden, NotFound, Refusal
from app.domain.roles import Right
from app.domain.strategies import Standing, StrategyInForce
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.i18n import translations
from app.queries import strategies as questions
from app.queries import strategy_uses, units
from app.queries.strategies import VersionRow
from app.queries.strategy_uses import Uses
from app.web import errors
from app.web.forms import Form, Posted, go, once, said, step
from app.web.rendering import render
from app.words import strategies as words
from app.words.sentences import Said

router = APIRouter(prefix="/strategy")
_Word = Annotated[str, Query(max_length=40)]


@router.get("")
def in_force(request: Request, viewer: SignedIn, session: Reads, unit: _Word = "") -> Response:
    """What holds in a unit; the one that the viewer belongs to without a choice."""
    scope, now = viewer.actor.scope, clock.now()
    choices = [(row.id, row.name) for row in units.tree(session, scope, viewer.locale)]
    unit_id = next((one for one, _ in choices if str(one) == unit), 0) or home(viewer)
    if not unit_id:
        raise Forbidden("not_allowed")
    holds = questions.in_force(session, scope, unit_id, now)
    versions = questions.listed(session, scope, unit_id, now)
    return render(
        request,
        "strategies/in_force.html",
        **seen(viewer, holds, uses(session, viewer, unit_id, now) if holds.is_there else Uses()),
        unit=dict(choices)[unit_id],
        units=choices,
        versions=versions,
        open=[row for row in versions if row.standing is Standing.DRAFT],
        coming=[row for row in versions if row.standing is Standing.COMING],
        today=to_local(now, viewer.zone).date(),
    )


def home(viewer: Viewer) -> int:
    """The unit whose strategy is shown first: the highest that the viewer belongs to; 0: to none."""
    return min(viewer.actor.scope.units, default=0)


def seen(viewer: Viewer, holds: StrategyInForce, used: Uses) -> dict[str, Any]:
    """What the templates need to show a strategy."""
    return {
        "holds": holds,
        "uses": used,
        "names": words,
        "unit_id": holds.unit_id,
        "may_write": viewer.actor.scope.may(Right.STRATEGY, holds.unit_id),
        "above": any(source.unit_id != holds.unit_id for source in holds.sources.values()),
    }


def uses(session: Session, viewer: Viewer, unit_id: int, now: datetime) -> Uses:
    """What posts of the last 90 days name; nothing is counted of units out of the viewer's sight."""
    return strategy_uses.uses(session, viewer.actor.scope, unit_id, now)


@router.post("/begin")
def begin(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """A new version that says what the one before says, or in a unit without one nothing yet."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                draft = strategies.begin(turn.session, viewer.actor, form.read(NewStrategy))
                turn.address = f"/strategy/{draft.id}?done=strategy_begun"
    except Conflict as refusal:  # a colleague began meanwhile: the page that was open did not know
        first = told(request, refusal)[0]
        if not first.field:
            raise
        way = (first.field, translations(viewer.locale).gettext("Open the draft"))
        return errors.page(request, refusal.status, first.sentence, way)
    return go(turn.address)


def told(request: Request, refusal: Refusal | None) -> list[Said]:
    """The faults for a template's `errors`; that there is a draft already leads to it."""
    way = f"/strategy/{refusal.beside['strategy_id']}" if refusal and refusal.beside else ""
    return [replace(fault, field=way or fault.field) for fault in said(request, refusal)]


@router.get("/{strategy_id}")
def show(request: Request, viewer: SignedIn, session: Reads, strategy_id: Id) -> Response:
    """One version, and what was said about it."""
    return page(request, viewer, session, strategy_id)


def page(
    request: Request,
    viewer: Viewer,
    session: Session,
    strategy_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The page of one version. Raises NotFound."""
    scope, now = viewer.actor.scope, clock.now()
    version = questions.version(session, scope, strategy_id)
    holds = questions.would_hold(session, scope, version, now)
    versions = questions.listed(session, scope, version.source.unit_id, now)
    row = row_of(versions, strategy_id)
    return render(
        request,
        "strategies/version.html",
        refusal.status if refusal else 200,
        **seen(viewer, holds, Uses()),
        version=row,
        versions=versions,
        unit=version.source.unit,
        before=_before(versions, row),
        comments=questions.comments(session, scope, strategy_id),
        talks=bool(scope.units_with(Right.SUGGEST)),
        today=to_local(now, viewer.zone).date(),
        form=form or Form(),
        errors=told(request, refusal),
    )


def row_of(versions: list[VersionRow], strategy_id: int) -> VersionRow:
    """One of them. Raises NotFound."""
    for row in versions:
        if row.source.strategy_id == strategy_id:
            return row
    raise NotFound


def _before(versions: list[VersionRow], of: VersionRow) -> VersionRow | None:
    """The version before, with which it is usually compared."""
    return next((row for row in versions if row.source.number < of.source.number), None)


@router.post("/{strategy_id}/adopt")
def adopt(request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id) -> Response:
    """Take it into force from a day."""

    def work(session: Session) -> str:
        found = strategies.adopt(session, viewer.actor, strategy_id, form.read(Adoption))
        return f"/strategy?unit={found.unit_id}&done=strategy_adopted"

    return _step(request, viewer, form, db, strategy_id, work)


@router.post("/{strategy_id}/take-back")
def take_back(request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id) -> Response:
    """Make one whose day has not come a draft again."""

    def work(session: Session) -> str:
        strategies.take_back(session, viewer.actor, strategy_id)
        return f"/strategy/{strategy_id}?done=strategy_taken_back"

    return _step(request, viewer, form, db, strategy_id, work)


@router.post("/{strategy_id}/discard")
def discard(request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id) -> Response:
    """Throw a draft away."""

    def work(session: Session) -> str:
        unit_id = strategies.discard(session, viewer.actor, strategy_id)
        return f"/strategy?unit={unit_id}&done=strategy_discarded"

    return _step(request, viewer, form, db, strategy_id, work)


@router.post("/{strategy_id}/open")
def open_for_comments(request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id) -> Response:
    """Open a draft for comments; without the field, close it."""

    def work(session: Session) -> str:
        wanted = form.text("wanted") == "yes"
        strategies.open_for_comments(session, viewer.actor, strategy_id, wanted)
        return f"/strategy/{strategy_id}?done=strategy_{'opened' if wanted else 'closed'}"

    return _step(request, viewer, form, db, strategy_id, work)


@router.post("/{strategy_id}/comments")
def comment(request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id) -> Response:
    """Say something about a draft."""

    def work(session: Session) -> str:
        strategies.comment(session, viewer.actor, strategy_id, form.read(CommentInput))
        return f"/strategy/{strategy_id}?done=strategy_said#talk"

    return _step(request, viewer, form, db, strategy_id, work)


def _step(
    request: Request, viewer: Viewer, form: Form, db: Db, strategy_id: int, work: Callable[[Session], str]
) -> Response:
    """A step, done once; where it is refused, the page again with what was typed."""

    def again(session: Session, refusal: Refusal) -> Response:
        return page(request, viewer, session, strategy_id, form, refusal)

    return step(db, viewer, form, work, again)
