"""Minutes with people and minutes on posts of our own: written down, taken back, and summed."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import computed_field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import ledger
from app.actions.inputs import ID_MOST
from app.actions.ledger import EntryInput
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.ledger import LedgerKind, Side, Week, side_of
from app.foundation import clock
from app.queries import ledger as questions

router = api_router(prefix="/ledger", tags=["ledger"])


class EntryOut(Shape):
    """Minutes that you wrote down. `side`: with people, or on posts of our own; `day`: the unit's."""

    id: int
    unit_id: int
    day: date
    minutes: int
    kind: LedgerKind
    idea_id: int | None
    post_id: int | None
    publication_id: int | None
    note: str
    written_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # the way that pydantic names for it
    @property
    def side(self) -> Side:
        """Of what its kind is."""
        return side_of(self.kind)


class WeekOut(Shape):
    """One week in minutes. What may not be told is null: a sum that would tell what one person did, and the
    ratio where fewer than three entries are written down."""

    begins_on: date
    interacting: int | None
    publishing: int | None
    entries: int | None
    ratio: float | None
    own_interacting: int
    own_publishing: int


class LoadOut(Shape):
    """What one person wrote down this week, in minutes."""

    person_id: int
    name: str
    interacting: int
    publishing: int
    entries: int


class WeeksOut(Shape):
    """The last eight weeks, the earliest first, and what the strategy asks. `people`: this week's, for
    coordinators alone."""

    target: float
    hours_per_week: float | None
    weeks: list[WeekOut]
    people: list[LoadOut]


class Undone(Shape):
    """That it is taken back."""

    id: int
    undone: bool = True


@router.get("")
def listed(viewer: ByToken, session: Reads, page: Paged) -> Listed[EntryOut]:
    """Your own entries, the latest written first; nobody else's are listed."""
    rows = questions.own(
        session, viewer.actor.scope, viewer.person_id, after=page.number(), limit=page.limit + 1
    )
    return page.cut(rows, lambda row: row.id, EntryOut.model_validate)


@router.post("", status_code=201, response_model=EntryOut)
def write(viewer: ByToken, sent: Sent, data: EntryInput) -> Response:
    """Write minutes of your own down."""
    return sent.once(201, lambda session: EntryOut.model_validate(ledger.write(session, viewer.actor, data)))


@router.post("/{entry_id}/undo", response_model=Undone)
def undo(viewer: ByToken, sent: Sent, entry_id: PathId) -> Response:
    """Take back an entry of your own, until the end of the week in which it was written."""

    def work(session: Session) -> Undone:
        ledger.undo(session, viewer.actor, entry_id)
        return Undone(id=entry_id)

    return sent.once(200, work)


@router.get("/weeks")
def weeks(
    viewer: ByToken,
    session: Reads,
    unit: Annotated[
        int | None, Query(ge=1, le=ID_MOST, description="One that you coordinate, with all below it.")
    ] = None,
) -> WeeksOut:
    """How the time of the last eight weeks was shared."""
    course = questions.course(session, viewer.actor.scope, viewer.person_id, clock.now(), unit)
    found = [_week(week, own) for week, own in zip(course.weeks, course.own, strict=True)]
    people = [
        LoadOut(
            person_id=load.person_id, name=load.name, interacting=load.week.interacting,
            publishing=load.week.publishing, entries=load.week.entries,
        )
        for load in course.loads
    ]  # fmt: skip
    promise = course.promise
    return WeeksOut(target=promise.target, hours_per_week=promise.hours, weeks=found, people=people)


def _week(week: Week | None, own: Week) -> WeekOut:
    return WeekOut(
        begins_on=own.begins_on,
        interacting=week.interacting if week else None,
        publishing=week.publishing if week else None,
        entries=week.entries if week else None,
        ratio=week.ratio if week else None,
        own_interacting=own.interacting,
        own_publishing=own.publishing,
    )
