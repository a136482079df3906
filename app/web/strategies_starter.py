"""A first strategy in nine questions with answers to choose from; it becomes a draft that is then decided."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import strategies
from app.actions.strategies import NewStrategy
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Fault, Forbidden, Invalid, NotFound, Refusal
from app.domain.results import PRIMARY
from app.domain.roles import Right
from app.domain.strategies import Standing
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.i18n import translations
from app.queries import strategies as questions
from app.queries import units
from app.web.forms import Form, Posted, go, once
from app.web.rendering import render
from app.web.strategies import told
from app.words import strategies as words
from app.words.strategies import Choice

router = APIRouter(prefix="/strategy")
OWN = "own"
# What is chosen before anybody chose: pressing the button through gives a strategy that can be used.
USUAL: dict[str, Any] = {
    "purpose": "theirs", "goals": ["theirs", "reading"], "audiences": ["families", "rare"],
    "pillars": ["events", "books", "house", "service"], "mix": "half", "hours": "5", "interaction": "1",
    "outcome": PRIMARY.value, "rules": ["answer", "page", "faces", "plainly"], "review": "12",
}  # fmt: skip


@router.get("/new")
def ask(request: Request, viewer: SignedIn, session: Reads, unit: str = "") -> Response:
    """The questions, with an answer chosen for each."""
    return _page(request, viewer, session, Form.of(unit_id=unit or None, **USUAL))


@router.post("/new")
def answer(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Make a draft of the answers."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                draft = strategies.begin(turn.session, viewer.actor, _read(form, viewer))
                turn.address = f"/strategy/{draft.id}?done=strategy_begun"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, form, refusal)
    return go(turn.address)


def _page(
    request: Request, viewer: Viewer, session: Session, form: Form, refusal: Refusal | None = None
) -> Response:
    choices = units.names(session, viewer.actor.scope, Right.STRATEGY, viewer.locale)
    if not choices:
        raise Forbidden("not_allowed")
    return render(
        request,
        "strategies/new.html",
        refusal.status if refusal else 200,
        form=form,
        units=choices,
        names=words,
        draft=_draft_of(session, viewer, form, choices),
        errors=told(request, refusal),
    )


def _draft_of(session: Session, viewer: Viewer, form: Form, choices: Sequence[tuple[int, str]]) -> int:
    """The draft of the unit that is chosen, told before somebody answers nine questions; 0: none."""
    unit_id = next((one for one, _ in choices if str(one) == form.text("unit_id")), choices[0][0])
    found = questions.listed(session, viewer.actor.scope, unit_id)
    return next((row.source.strategy_id for row in found if row.standing is Standing.DRAFT), 0)


def _read(form: Form, viewer: Viewer) -> NewStrategy:
    """The answers as a draft, in the words that stood on the screen. Raises Invalid."""
    say = translations(viewer.locale).gettext
    wrong: list[Fault] = []
    purpose = _one(words.PURPOSES, form, "purpose", say)
    if not purpose:
        wrong.append(Fault("choose_or_write", "purpose"))
    goals = _several(words.GOALS, form, "goals", say)
    if not goals:
        wrong.append(Fault("choose_or_write", "goals"))
    if wrong:
        raise Invalid.of(wrong)
    mix = next((one for one in words.MIXES if one.key == form.text("mix")), words.MIXES[0])
    hours = form.text("hours_own") if form.text("hours") == OWN else form.text("hours")
    answers: dict[str, Any] = {
        "purpose": purpose,
        "goals": goals,
        "audiences": _several(words.AUDIENCES, form, "audiences", say),
        "pillars": _several(words.PILLARS, form, "pillars", say),
        "mix_low": mix.low,
        "mix_high": mix.high,
        "hours_per_week": hours.strip().replace(",", ".") or None,
        "interaction_target": form.text("interaction") or None,
        "outcome": form.text("outcome") or None,
        "house_rules": _rules(form, say),
        "review_on": _months_on(to_local(clock.now(), viewer.zone).date(), form.text("review")),
    }
    return form.only({"unit_id"}).read(NewStrategy, **answers)


def _one(choices: Iterable[Choice], form: Form, name: str, say: Any) -> str:
    """The answer that was chosen, or written instead."""
    if form.text(name) == OWN:
        return form.text(f"{name}_own").strip()
    return next((say(one.words) for one in choices if one.key == form.text(name)), "")


def _several(choices: Sequence[Choice], form: Form, name: str, say: Any) -> list[dict[str, str]]:
    """The rows that were ticked, in their usual order, and the one that was written."""
    ticked = form.many(name)
    rows = [
        {"name": say(one.words), "note": say(one.more) if one.more else ""}
        for one in choices
        if one.key in ticked
    ]
    if own := form.text(f"{name}_own").strip():
        rows.append({"name": own, "note": form.text(f"{name}_own_note").strip()})
    return rows


def _rules(form: Form, say: Any) -> str:
    ticked = [say(one.words) for one in words.RULES if one.key in form.many("rules")]
    own = form.text("rules_own").strip()
    return "\n".join([*ticked, *([own] if own else [])])


def _months_on(today: date, typed: str) -> date:
    """So many months on, at the beginning of a month, so that it falls on nobody's holiday by chance."""
    months = next((months for months, _ in words.REVIEWS if str(months) == typed), words.REVIEWS[-1][0])
    over, month = divmod(today.month - 1 + months, 12)
    return date(today.year + over, month + 1, 1)
