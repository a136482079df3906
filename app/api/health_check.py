"""The health check: enthusiasm, resources and strategy, and which of the three circles is missing."""

from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain import timing
from app.domain.errors import NotFound
from app.domain.health_check import Circle, Judged, Measure, Sign, check
from app.foundation import clock
from app.queries import channel_register, strategies, today, today_month
from app.queries.surroundings import zone
from app.words import health_check as words

router = api_router(prefix="/health-check", tags=["results"])


class SignOut(Shape):
    """A figure that stands for a circle: `value` of `of` (null: not a part of anything). `good`: whether it
    speaks for the circle, by a rule of thumb; null where it is not known."""

    sign: Sign
    good: bool | None
    value: float | None
    of: float | None
    sentence: str


class CircleOut(Shape):
    """A circle with its figures. `there`: null when none of them is known."""

    circle: Circle
    name: str
    there: bool | None
    signs: list[SignOut]


class HealthCheckOut(Shape):
    """All three. `missing`: the circle that is missing, the weakest where it is more than one; null when none
    is known to be. `sentence` says so, `consequence` what comes of it."""

    missing: Circle | None
    sentence: str
    consequence: str
    circles: list[CircleOut]


@router.get("")
def health_check(viewer: ByToken, session: Reads) -> HealthCheckOut:
    """The three circles of everything that you see, with every figure."""
    scope, now = viewer.actor.scope, clock.now()
    home = today.home(session, scope)
    if home is None:
        raise NotFound
    strategy = strategies.in_force(session, scope, home, now, lists=False)
    here = zone(session, scope)
    months = today_month.months(session, scope, now, here, strategy.target)
    entries = channel_register.entries(session, scope)
    there = timing.to_local(now, here).date()
    facts = today_month.facts(session, scope, viewer.person_id, now, strategy, months, entries, there)
    found = check(facts)
    sentence, consequence = words.said(found, viewer.locale)
    return HealthCheckOut(
        missing=found.missing.circle if found.missing else None,
        sentence=sentence,
        consequence=consequence,
        circles=[_circle(one, viewer) for one in found.circles],
    )


def _circle(one: Judged, viewer: Viewer) -> CircleOut:
    name = words.circle(one.circle, viewer.locale)
    signs = [_sign(measure, viewer.locale) for measure in one.measures]
    return CircleOut(circle=one.circle, name=name, there=one.there, signs=signs)


def _sign(one: Measure, locale: str) -> SignOut:
    return SignOut(
        sign=one.sign, good=one.good, value=one.value, of=one.of, sentence=words.figure(one, locale)
    )
