"""Writing a draft of the strategy: its parts on one page, each of its lists on one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import strategies
from app.actions.inputs import Id
from app.actions.strategies import StrategyEdit
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refusal
from app.domain.roles import Right
from app.domain.strategies import LISTS, POINTS_MOST, Part, Version
from app.foundation.database import read_id
from app.foundation.i18n import typed_number
from app.models.strategies import Strategy
from app.queries import strategies as questions
from app.queries import strategy_uses
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render
from app.words import strategies as words

router = APIRouter(prefix="/strategy")
BLANK = 3  # empty rows at the foot of a list
MOST = POINTS_MOST + BLANK
OWN = "own"


class ListName(StrEnum):
    """A list as it stands in an address."""

    GOALS = "goals"
    AUDIENCES = "audiences"
    PILLARS = "pillars"


def written(session: Session, viewer: Viewer, strategy_id: int) -> Strategy:
    """A draft that the viewer may change. Raises NotFound, Forbidden, Conflict."""
    found = questions.strategy(session, viewer.actor.scope, strategy_id)
    if not viewer.actor.scope.may(Right.STRATEGY, found.unit_id):
        raise Forbidden("not_allowed")
    if found.from_on is not None:
        raise Conflict("strategy_not_draft")
    return found


@router.get("/{strategy_id}/edit")
def ask(request: Request, viewer: SignedIn, session: Reads, strategy_id: Id) -> Response:
    """The form with what the draft says."""
    return _page(request, viewer, session, strategy_id)


@router.post("/{strategy_id}/edit")
def save(request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id) -> Response:
    """Save the parts; where somebody else saved meanwhile, what was typed stands there still."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                strategies.edit(turn.session, viewer.actor, strategy_id, _read(form))
                turn.address = f"/strategy/{strategy_id}?done=strategy_saved"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, strategy_id, form, refusal)
    return go(turn.address)


def _read(form: Form) -> StrategyEdit:
    """The form as an input: a field left empty says that it is as above. Raises Invalid."""
    names = ("purpose", "house_rules", "outcome", "review_on", "seen_at")
    sent: dict[str, Any] = {name: form.text(name).strip() or None for name in names}
    for name in ("interaction_target", "hours_per_week"):
        sent[name] = form.text(name).strip().replace(",", ".") or None
    low, high = _mix(form)
    plain = Form({name: [value] for name, value in sent.items() if value is not None})
    nothing: dict[str, Any] = {
        name: None for name, value in sent.items() if value is None and name != "seen_at"
    }
    return plain.read(StrategyEdit, **nothing, mix_low=low, mix_high=high)


def _mix(form: Form) -> tuple[str | int | None, str | int | None]:
    chosen = form.text("mix")
    for one in words.MIXES:
        if one.key == chosen:
            return one.low, one.high
    if chosen == OWN:
        return form.text("mix_low").strip() or None, form.text("mix_high").strip() or None
    return None, None


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    strategy_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    draft = written(session, viewer, strategy_id)
    version = questions.version(session, viewer.actor.scope, strategy_id)
    above = questions.would_hold(session, viewer.actor.scope, Version(version.source))
    return render(
        request,
        "strategies/edit.html",
        refusal.status if refusal else 200,
        draft=draft,
        version=version,
        holds=questions.would_hold(session, viewer.actor.scope, version),
        above=above,
        form=form or Form.of(**_values(draft, version, viewer.locale)),
        seen_at=draft.changed_at.isoformat(),
        names=words,
        errors=said(request, refusal),
    )


def _values(draft: Strategy, version: Version, locale: str) -> dict[str, Any]:
    """What stands in the form before anybody typed."""
    pair = (draft.mix_low, draft.mix_high)
    preset = next((one.key for one in words.MIXES if (one.low, one.high) == pair), OWN)
    return {
        "purpose": draft.purpose, "house_rules": draft.house_rules, "outcome": draft.outcome,
        "review_on": draft.review_on, "mix": preset if draft.mix_low is not None else "",
        "mix_low": draft.mix_low, "mix_high": draft.mix_high,
        "interaction_target": _plain(version.interaction_target, locale),
        "hours_per_week": _plain(version.hours_per_week, locale),
    }  # fmt: skip


def _plain(value: Decimal | None, locale: str) -> str | None:
    """A number as the reader writes it, without zeros at its end."""
    return None if value is None else typed_number(value, locale)


@dataclass(frozen=True)
class Row:
    """A row of the form. `place`: as typed; `retired`: ticked to be left out."""

    number: int
    id: int | None
    name: str
    note: str
    place: str
    retired: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """Where it comes: by the place that was typed, else where it stands."""
        typed = self.place.strip()
        return (int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 999, self.number)


@router.get("/{strategy_id}/lists/{name}")
def ask_list(request: Request, viewer: SignedIn, session: Reads, strategy_id: Id, name: ListName) -> Response:
    """One list of a draft, with empty rows for new ones."""
    return _list_page(request, viewer, session, strategy_id, Part(name.value))


@router.post("/{strategy_id}/lists/{name}")
def save_list(
    request: Request, viewer: SignedIn, form: Posted, db: Db, strategy_id: Id, name: ListName
) -> Response:
    """Save it: renamed, ordered, with new rows, without those retired."""
    part, rows = Part(name.value), _rows(form)
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                strategies.edit(turn.session, viewer.actor, strategy_id, _read_list(form, part, rows))
                place = f"lists/{name}" if form.text("do") == "more" else "edit"
                turn.address = f"/strategy/{strategy_id}/{place}?done=strategy_saved"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            told = _at_rows(refusal, part, rows)
            return _list_page(request, viewer, session, strategy_id, part, form, told)
    return go(turn.address)


def _rows(form: Form) -> list[Row]:
    """What was typed, in its order; rows in which nothing stands are left out, and the ticked ones of before
    stand at the end.
    """
    found = []
    for number in range(MOST):
        name, note = (form.text(f"row.{number}.{each}").strip() for each in ("name", "note"))
        point_id = read_id(form.text(f"row.{number}.id"))
        if name or note or point_id:
            retired = bool(form.text(f"row.{number}.retired"))
            found.append(Row(number, point_id, name, note, form.text(f"row.{number}.place"), retired))
    return sorted(found, key=lambda row: row.order)


def _read_list(form: Form, part: Part, rows: Sequence[Row]) -> StrategyEdit:
    kept: list[dict[str, Any]] = [
        {"id": row.id, "name": row.name, "note": row.note} for row in rows if not row.retired
    ]
    again = [form.text(f"again.{each}.name") for each in form.many("again")]
    kept += [
        {"id": read_id(each), "name": name} for each, name in zip(form.many("again"), again, strict=True)
    ]
    sent: dict[str, Any] = {part.value: kept, f"own_{part}": form.text("instead") == "yes"}
    if seen := form.text("seen_at"):
        sent["seen_at"] = seen
    return Form().read(StrategyEdit, **sent)


def _at_rows(refusal: Refusal, part: Part, rows: Sequence[Row]) -> Refusal:
    """The same refusal with its faults at the fields of the form."""
    if not isinstance(refusal, Invalid):
        return refusal
    kept = [row for row in rows if not row.retired]
    return Invalid.of([_at_row(fault, part, kept) for fault in refusal.faults])


def _at_row(fault: Fault, part: Part, kept: Sequence[Row]) -> Fault:
    _, _, rest = (fault.field or "").partition(f"{part}.")
    number, _, name = rest.partition(".")
    if number.isdigit() and int(number) < len(kept):
        return Fault(fault.code, f"row.{kept[int(number)].number}.{name or 'name'}", fault.params)
    return fault


def _list_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    strategy_id: int,
    part: Part,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    scope, kind = viewer.actor.scope, LISTS[part]
    draft = written(session, viewer, strategy_id)
    version = questions.version(session, scope, strategy_id)
    own = [point for point in version.points if point.kind is kind]
    rows = _rows(form) if form else _stored(own)
    above = questions.would_hold(session, scope, Version(version.source)).points(kind)
    first = max((row.number for row in rows), default=-1) + 1
    return render(
        request,
        "strategies/list.html",
        refusal.status if refusal else 200,
        draft=draft,
        which=part,
        kind=kind,
        rows=[*rows, *(Row(first + more, None, "", "", "") for more in range(BLANK))][:MOST],
        above=above,
        instead=form.text("instead") == "yes" if form else kind in version.instead,
        retired=strategy_uses.retired(session, scope, draft.unit_id, kind, [point.id for point in own]),
        seen_at=draft.changed_at.isoformat(),
        names=words,
        form=form or Form(),
        errors=said(request, refusal),
    )


def _stored(points: Sequence[Any]) -> list[Row]:
    return [Row(at, one.id, one.name, one.note, str(at + 1)) for at, one in enumerate(points)]
