"""Units from a file: pasted or chosen, shown what it would do, and done when somebody says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.actions import unit_files
from app.actions.unit_files import MOST_SIGNS, Outlook, UnitFile
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Forbidden, Invalid, Refusal
from app.domain.roles import Right
from app.domain.unit_files import Fate, Planned
from app.domain.units import UnitKind
from app.foundation.i18n import N_, translations
from app.foundation.spreadsheets import CSV_TYPE, Cell, Sheet, csv_lines
from app.queries import unit_files as questions
from app.queries import units
from app.web.forms import Form, PostedWithFiles, go, once, said
from app.web.rendering import render
from app.words import unit_files as words
from app.words.roles import kind_name
from app.words.sentences import sentence

router = APIRouter(prefix="/units")
FATES = {
    Fate.MADE: N_("Is made"),
    Fate.CHANGED: N_("Is changed"),
    Fate.LEFT: N_("Stays as it is"),
    Fate.WRONG: N_("Must be put right"),
}


@dataclass(frozen=True)
class RowLine:
    """One row of the file in words. told: (column, sentence or change), looks: the same, nothing wrong."""

    number: int
    name: str
    where: str
    fate: Fate
    told: Sequence[tuple[str, str]]
    looks: Sequence[str]


@router.get("/import")
def ask(request: Request, viewer: SignedIn) -> Response:
    """The form for a file."""
    return _form_page(request, viewer, Form())


def _form_page(request: Request, viewer: Viewer, form: Form, refusal: Refusal | None = None) -> Response:
    if not viewer.actor.scope.units_with(Right.UNITS):
        raise Forbidden("units_not_yours")
    return render(
        request,
        "units/import.html",
        refusal.status if refusal else 200,
        form=form,
        errors=said(request, refusal),
        heads=words.heads(viewer.locale),
    )


@router.post("/import")
def look(request: Request, viewer: SignedIn, form: PostedWithFiles, session: Reads) -> Response:
    """What the file would do; nothing is written."""
    try:
        data = _read(form)
        outlook = unit_files.look(session, viewer.actor, data)
    except Invalid as refusal:
        return _form_page(request, viewer, form, refusal)
    return _outlook_page(request, viewer, data, outlook)


def _read(form: Form) -> UnitFile:
    """The chosen file, else what was pasted. Raises Invalid."""
    if not form.files:
        return form.read(UnitFile, without=("seen",))
    data = form.files[0].file.read(4 * MOST_SIGNS + 1)
    return Form({"csv": [unit_files.text_of(data)]}).read(UnitFile)


def _outlook_page(
    request: Request, viewer: Viewer, data: UnitFile, outlook: Outlook, refusal: Refusal | None = None
) -> Response:
    return render(
        request,
        "units/import_outlook.html",
        refusal.status if refusal else 200,
        rows=[_line(row, viewer.locale) for row in outlook.rows],
        outlook=outlook,
        counts=[(fate, FATES[fate], outlook.count(fate)) for fate in Fate],
        fates=FATES,
        csv=data.csv,
        # Every row tells its own faults; above them stands only what is about the whole.
        errors=said(request, refusal if isinstance(refusal, Conflict) else None),
    )


def _line(row: Planned, locale: str) -> RowLine:
    changes = [
        (words.head(column, locale), f"{_shown(before, locale)} → {_shown(after, locale)}")
        for column, (before, after) in row.changes.items()
    ]
    faults = [
        (words.head(fault.field or "name", locale), sentence(fault.code, locale, **fault.params))
        for fault in row.faults
    ]
    looks = [sentence(fault.code, locale, **fault.params) for fault in row.looks]
    return RowLine(row.number, row.name, row.where, row.fate, faults or changes, looks)


def _shown(value: Any, locale: str) -> str:
    if isinstance(value, UnitKind):
        return kind_name(value, locale)
    return "–" if value is None else str(value)


@router.post("/import/confirm")
def bring_in(request: Request, viewer: SignedIn, form: PostedWithFiles, db: Db) -> Response:
    """Do what the file says, if the units are still those that were looked at."""
    data = form.read(UnitFile)
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                unit_files.bring_in(turn.session, viewer.actor, data)
                turn.address = "/units?done=units_brought_in"
    except (Invalid, Conflict) as refusal:
        with db.reads() as session:
            outlook = unit_files.look(session, viewer.actor, data)
        return _outlook_page(request, viewer, data, outlook, refusal)
    return go(turn.address)


@router.get("/template.csv")
def template(viewer: SignedIn, session: Reads) -> Response:
    """A file to begin with, in the reader's language: headings and three examples below their own unit."""
    tree = units.names(session, viewer.actor.scope, Right.UNITS, viewer.locale)
    sample = translations(viewer.locale).gettext(N_("Our Library"))
    rows = words.examples(viewer.locale, tree[0][1] if tree else sample)
    return _file(rows, "kuliss-units-sample", viewer.locale)


@router.get("/export.csv")
def export(viewer: SignedIn, session: Reads) -> Response:
    """The units as a file that can be read in again."""
    locale = viewer.locale
    rows = questions.rows(session, viewer.actor.scope, lambda kind: kind_name(kind, locale), locale)
    return _file(rows, "kuliss-units", locale)


def _file(rows: Sequence[Sequence[Cell]], name: str, locale: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    pieces = csv_lines([Sheet("units", words.heads(locale), rows)])
    return StreamingResponse(pieces, media_type=CSV_TYPE, headers=headers)
