"""Who takes part with ideas: counts by month and by unit."""

from datetime import date
from typing import Annotated

from fastapi import Query

from app.actions.inputs import ID_MOST
from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.idea_numbers import Counted, last_months
from app.domain.timing import to_local
from app.foundation import clock
from app.queries import idea_numbers as questions
from app.queries import units

router = api_router(prefix="/ideas/numbers", tags=["ideas"])


class CountedOut(Shape):
    """Colleagues who sent an idea (each once), their ideas, and those that came over open links.

    `posts`: that first went out then; `outside`: of them those that began as an idea of somebody who writes
    no posts there; `share`: the same as a share of 1, null without posts.
    """

    people: int
    ideas: int
    open: int
    posts: int
    outside: int
    share: float | None


class MonthOut(CountedOut):
    """A month, by its first day."""

    begins_on: date


class UnitOut(CountedOut):
    """A unit in the last of the months."""

    unit_id: int


class NumbersOut(Shape):
    """Twelve months of a unit with all below it, and the last of them unit by unit."""

    unit_id: int
    months: list[MonthOut]
    units: list[UnitOut]


@router.get("")
def numbers(
    viewer: ByToken,
    session: Reads,
    unit: Annotated[int, Query(ge=1, le=ID_MOST)],
    month: Annotated[date | None, Query(description="Any day of the last month; today without one.")] = None,
) -> NumbersOut:
    """Who takes part with ideas, in counts alone; of units that you may open."""
    scope = viewer.actor.scope
    zone = units.unit(session, scope, unit).zone
    months = last_months(month or to_local(clock.now(), zone).date())
    found = questions.numbers(session, scope, unit, months)
    return NumbersOut(
        unit_id=unit,
        months=[
            MonthOut.model_validate({"begins_on": one.begins_on, **_told(one.counted)})
            for one in found.months
        ],
        units=[UnitOut.model_validate({"unit_id": one, **_told(counted)}) for one, counted in found.units],
    )


def _told(counted: Counted) -> dict[str, float | None]:
    return {**vars(counted), "share": counted.share}
