"""Warnings: what will go wrong or has, with the days that are left and what to do."""

from datetime import datetime

from app.api.paging import Listed, whole
from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.warnings import Severity, days_left
from app.foundation import clock
from app.queries import warnings as questions
from app.queries.surroundings import zone as zone_of
from app.queries.warnings import Lit
from app.words import warnings as words

router = api_router(prefix="/warnings", tags=["warnings"])


class WarningOut(Shape):
    """One warning. `severity`: look, soon or now. `path`: where it is put right in the pages, perhaps empty.

    Without a unit it is about the installation. `acts`: you may put it right.
    """

    code: str
    severity: str
    sentence: str
    to_do: str
    path: str
    since_at: datetime | None
    until_at: datetime | None
    days_left: int | None
    unit_id: int | None
    channel_id: int | None
    publication_id: int | None
    acts: bool


@router.get("")
def listed(viewer: ByToken, session: Reads) -> Listed[WarningOut]:
    """What you are warned of, the most urgent first; on a good day nothing."""
    now = clock.now()
    rows = questions.listed(session, viewer.actor.scope, viewer.person_id, now)
    here = zone_of(session, viewer.actor.scope)
    return whole(rows, lambda row: _out(row, viewer.locale, here, now))


def _out(row: Lit, locale: str, zone: str, now: datetime) -> WarningOut:
    said = words.said(row, locale, zone, now, row.acts)
    return WarningOut(
        code=row.code,
        severity=Severity(row.severity).name.lower(),
        sentence=said.what,
        to_do=said.to_do,
        path=said.path,
        since_at=row.since_at,
        until_at=row.until_at,
        days_left=days_left(row.until_at, now) if row.until_at else None,
        unit_id=row.unit_id,
        channel_id=row.channel_id,
        publication_id=row.publication_id,
        acts=row.acts,
    )
