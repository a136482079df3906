"""Units from a file, and as one."""

from typing import Any

from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import unit_files
from app.actions.unit_files import Outlook, UnitFile
from app.api.problems import ProblemFault
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken
from app.domain.unit_files import Fate, Planned
from app.foundation.spreadsheets import CSV_TYPE, Sheet, csv_lines
from app.queries import unit_files as questions
from app.words import unit_files as words
from app.words.roles import kind_name
from app.words.sentences import sentence

router = api_router(prefix="/units", tags=["units"])


class ImportIn(UnitFile):
    """A CSV file as text: semicolons, commas or tabs; headings in English, Finnish, Norwegian or Swedish.

    With `dry_run` nothing is written. `seen`: what a dry run answered; then only that tree is changed.
    """

    dry_run: bool = True


class ChangeOut(Shape):
    """One value that changes; null: none."""

    column: str
    before: str | None
    after: str | None


class RowOut(Shape):
    """One row. `row`: as a spreadsheet counts, the headings are row 1. `where`: names of the units above."""

    row: int
    name: str
    fate: Fate
    unit_id: int | None
    where: str
    changes: list[ChangeOut]
    errors: list[ProblemFault] = Field(description="What must be put right; `field` is the column.")
    looks: list[ProblemFault] = Field(description="Nothing wrong, but worth a look.")


class ImportOut(Shape):
    """What a file would do, or did. With any row `wrong` nothing is ever written."""

    dry_run: bool
    seen: str
    made: int
    changed: int
    left: int
    wrong: int
    rows: list[RowOut]


@router.post("/import", response_model=ImportOut)
def bring_in(viewer: ByToken, sent: Sent, db: Db, data: ImportIn) -> Response:
    """Make and change units from a CSV file, all of it or nothing; the same file again changes nothing.

    A file with faults is refused with each of them, as "rows.7.zone".
    """
    if data.dry_run:
        with db.reads() as session:
            told = _shown(unit_files.look(session, viewer.actor, data), viewer.locale, dry_run=True)
        return Response(told.model_dump_json(), media_type="application/json")

    def work(session: Session) -> ImportOut:
        return _shown(unit_files.bring_in(session, viewer.actor, data), viewer.locale, dry_run=False)

    return sent.once(200, work)


@router.get("/export", responses={200: {"content": {"text/csv": {}}}}, response_class=Response)
def export(viewer: ByToken, session: Reads) -> Response:
    """Your units as a CSV file that can be read in again."""
    locale = viewer.locale
    rows = questions.rows(session, viewer.actor.scope, lambda kind: kind_name(kind, locale), locale)
    whole = b"".join(csv_lines([Sheet("units", words.heads(locale), rows)]))
    return Response(whole, media_type=CSV_TYPE)


def _shown(outlook: Outlook, locale: str, *, dry_run: bool) -> ImportOut:
    return ImportOut(
        dry_run=dry_run,
        seen=outlook.seen,
        made=outlook.count(Fate.MADE),
        changed=outlook.count(Fate.CHANGED),
        left=outlook.count(Fate.LEFT),
        wrong=outlook.count(Fate.WRONG),
        rows=[_row(row, locale) for row in outlook.rows],
    )


def _row(row: Planned, locale: str) -> RowOut:
    def said(faults: Any) -> list[ProblemFault]:
        return [
            ProblemFault(code=one.code, field=one.field, detail=sentence(one.code, locale, **one.params))
            for one in faults
        ]

    def plain(value: Any) -> str | None:
        return None if value is None else str(value)

    return RowOut(
        row=row.number, name=row.name, fate=row.fate, unit_id=row.unit_id, where=row.where,
        changes=[
            ChangeOut(column=column, before=plain(before), after=plain(after))
            for column, (before, after) in row.changes.items()
        ],
        errors=said(row.faults), looks=said(row.looks),
    )  # fmt: skip
