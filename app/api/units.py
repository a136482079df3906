"""Units: the tree that a program's person may see, and changes to it."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import units
from app.actions.units import NewUnit, SecondFactorRule, UnitClosing, UnitEdit
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.units import UnitKind
from app.queries import units as questions

router = api_router(prefix="/units", tags=["units"])


class UnitLine(Shape):
    """One unit of the tree. `open`: you may look inside; units above your own only show where you are."""

    id: int
    parent_id: int | None
    name: str
    kind: UnitKind
    zone: str
    locale: str
    country: str
    closes_on: date | None
    open: bool


class UnitOut(Shape):
    """One unit. `zone` is an IANA name; days are days there.

    `second_factor`, of a unit at the top: people who may publish, approve or administer need one.
    """

    id: int
    parent_id: int | None
    name: str
    kind: UnitKind
    zone: str
    locale: str
    country: str
    population: int | None
    opens_on: date | None
    closes_on: date | None
    created_at: datetime
    second_factor: bool


class UnitPatch(UnitEdit):
    """What is sent is changed. `closes_on`: the last day; null opens the unit again.

    `second_factor`, of a unit at the top: whether people who may publish, approve or administer need one.
    """

    closes_on: date | None = None
    second_factor: bool | None = None


@router.get("")
def listed(viewer: ByToken, session: Reads, page: Paged) -> Listed[UnitLine]:
    """Every unit in sight, parents before children."""
    rows = questions.tree(session, viewer.actor.scope, viewer.locale)
    return page.part(rows, UnitLine.model_validate)


@router.post("", status_code=201, response_model=UnitOut)
def add(viewer: ByToken, sent: Sent, data: NewUnit) -> Response:
    """Make a unit below another."""
    return sent.once(201, lambda session: UnitOut.model_validate(units.add(session, viewer.actor, data)))


@router.get("/{unit_id}")
def show(viewer: ByToken, session: Reads, unit_id: PathId) -> UnitOut:
    """One unit."""
    return UnitOut.model_validate(questions.unit(session, viewer.actor.scope, unit_id))


@router.patch("/{unit_id}")
def change(viewer: ByToken, db: Db, unit_id: PathId, data: UnitPatch) -> UnitOut:
    """Change what a unit is called and where it is, or its last day."""
    with db.writes() as session:
        return _changed(session, viewer, unit_id, data)


def _changed(session: Session, viewer: Viewer, unit_id: int, data: UnitPatch) -> UnitOut:
    wanted = data.model_dump(exclude_unset=True, exclude={"closes_on", "second_factor"})
    unit = units.edit(session, viewer.actor, unit_id, UnitEdit(**wanted))
    if "closes_on" in data.model_fields_set:
        units.close(session, viewer.actor, unit_id, UnitClosing(closes_on=data.closes_on))
    if data.second_factor is not None:
        units.want_second_factor(session, viewer.actor, unit_id, SecondFactorRule(wanted=data.second_factor))
    return UnitOut.model_validate(unit)
