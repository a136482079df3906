"""The results as files: CSV and Excel, of the three questions and of the list of posts."""

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Literal

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.networks import Realm
from app.domain.results import Outcome
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.spreadsheets import CSV_TYPE, XLSX_TYPE, Sheet, csv_lines, write_workbook
from app.queries import results as questions
from app.queries.results import PostRow, Wanted
from app.queries.results_posts import FIGURES
from app.web import results, results_posts
from app.web import results_sheets as tables
from app.web.results_choice import Asked, Choice, Chosen, choose
from app.web.results_posts import Narrow

router = APIRouter(prefix="/results")
Kind = Literal["csv", "xlsx"]
A_BLOCK = 500  # posts read at once
IN_MEMORY = 2 * 1024 * 1024  # bytes of a workbook; a larger one waits on the disk
A_PIECE = 64 * 1024


@router.get("/overview.{kind}")
def overview(viewer: SignedIn, session: Reads, settings: Configured, choice: Choice, kind: Kind) -> Response:
    """The three questions as a file, with what every name in it means."""
    chosen = _choose(session, viewer, choice)
    answers = results.answered(session, viewer, chosen, tuple(Outcome))
    compared = [answers.comparisons[outcome] for outcome in Outcome]
    sheets = [
        tables.figures(answers, viewer.locale),
        tables.groups(answers.whom, "channel", viewer.locale, answers.population),
        tables.groups(answers.formats, "format", viewer.locale),
        tables.comparisons(compared, viewer.locale),
        tables.mixes(answers.mixes, viewer.locale),
        tables.about(viewer, chosen, answers.simulated, settings.graph_api_version, answers.counted_at),
    ]
    if kind == "xlsx":
        sheets.append(tables.sources(viewer.locale))
    return _file(kind, sheets, f"kuliss-{chosen.period.from_on}-{chosen.period.to_on}")


@router.get("/posts.{kind}")
def posts(
    viewer: SignedIn,
    db: Db,
    settings: Configured,
    choice: Choice,
    asked: Narrow,
    kind: Kind,
) -> Response:
    """The list of posts as a file; in Excel with what every name in it means."""
    with db.reads() as session:
        chosen = _choose(session, viewer, choice)
        simulated = questions.realm(session, viewer.actor.scope) is Realm.PRACTICE
    rows = _rows(db, viewer, chosen, results_posts.wanted(asked), asked.sort)
    sheets = [tables.posts(rows, simulated, viewer.locale)]
    if kind == "xlsx":  # in CSV nothing stands below the list, so that other programs can read it
        sheets.append(tables.about(viewer, chosen, simulated, settings.graph_api_version, clock.now()))
        sheets.append(tables.sources(viewer.locale))
    return _file(kind, sheets, f"kuliss-posts-{chosen.period.from_on}-{chosen.period.to_on}")


def _choose(session: Session, viewer: Viewer, choice: Asked) -> Chosen:
    """As `choose`; a file about other days than those that were asked for would deceive. Raises Invalid."""
    chosen = choose(session, viewer, choice)
    if chosen.refusal:
        raise chosen.refusal
    return chosen


def _rows(db: Database, viewer: Viewer, chosen: Chosen, only: Wanted, sort: str) -> Iterator[PostRow]:
    """All posts of the list, read in blocks, so that no connection waits for a slow reader of the file."""
    scope, after, read = viewer.actor.scope, None, 0
    order = sort if sort in FIGURES else ""
    while True:
        with db.reads() as session:
            block = questions.posts(
                session, scope, chosen.unit_id, chosen.period, only, after, A_BLOCK, order, read
            )
        yield from block
        if len(block) < A_BLOCK:
            return
        if order:
            read += A_BLOCK
        else:
            after = results_posts.mark_of(block[-1])


def _file(kind: Kind, sheets: Sequence[Sheet], name: str) -> Response:
    """The answer that a browser keeps as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        return StreamingResponse(csv_lines(sheets), media_type=CSV_TYPE, headers=headers)
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    write_workbook(file, sheets)
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type=XLSX_TYPE, headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(A_PIECE):
            yield piece
