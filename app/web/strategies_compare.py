"""Two versions of a strategy side by side, part by part, and one of them on paper."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions.inputs import Id
from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import NotFound
from app.domain.strategies import LISTS, Part, Point, Version
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.i18n import N_, format_number, translations
from app.queries import strategies as questions
from app.queries import units
from app.queries.strategy_uses import Uses
from app.web import formats
from app.web.rendering import render
from app.web.strategies import home, row_of, seen
from app.words import strategies as words

router = APIRouter(prefix="/strategy")
_OptionalId = Annotated[Id | None, Query()]
SHARE = N_("%(low)s to %(high)s of 100 posts")


@dataclass(frozen=True)
class Line:
    """A row of a list in two versions; None: it is not there."""

    before: Point | None
    after: Point | None

    @property
    def is_changed(self) -> bool:
        """Whether anything about it is otherwise; where it stands in its list is not."""
        if self.before is None or self.after is None:
            return True
        return (self.before.name, self.before.note) != (self.after.name, self.after.note)


@dataclass(frozen=True)
class Compared:
    """A part in two versions: as text (empty: as the units above say), or as the rows of its list."""

    part: Part
    before: str
    after: str
    lines: tuple[Line, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether it is otherwise."""
        return self.before != self.after or any(line.is_changed for line in self.lines)


@router.get("/{strategy_id}/compare")
def compare(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    strategy_id: Id,
    other: Annotated[Id | None, Query(alias="with")] = None,
) -> Response:
    """What changed between a version and another one of its unit, the one before without a choice."""
    scope = viewer.actor.scope
    version = questions.version(session, scope, strategy_id)
    versions = questions.listed(session, scope, version.source.unit_id)
    older = [row for row in versions if row.source.strategy_id != strategy_id]
    earlier = (row for row in older if row.source.number < version.source.number)
    chosen = other or next((row.source.strategy_id for row in earlier), None)
    if chosen is None:
        raise NotFound
    before = questions.version(session, scope, row_of(older, chosen).source.strategy_id)
    found = [_compared(part, before, version, viewer.locale) for part in Part]
    return render(
        request,
        "strategies/compare.html",
        version=version,
        before=before,
        others=[(row.source.strategy_id, row.source.number) for row in older],
        changed=[one for one in found if one.is_changed],
        same=[one for one in found if not one.is_changed],
        names=words,
    )


def _compared(part: Part, before: Version, after: Version, locale: str) -> Compared:
    if kind := LISTS.get(part):
        old, new = (
            {point.id: point for point in one.points if point.kind is kind} for one in (before, after)
        )
        lines = (Line(old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))
        return Compared(part, str(kind in before.instead), str(kind in after.instead), tuple(lines))
    return Compared(part, _told(part, before, locale), _told(part, after, locale))


def _told(part: Part, version: Version, locale: str) -> str:
    """What a version says itself of a part, as text."""
    if not version.says(part):
        return ""
    say = translations(locale).gettext
    if part is Part.MIX and version.mix:
        ends = {"low": round(version.mix.low * 100), "high": round(version.mix.high * 100)}
        return str(say(SHARE) % ends)
    if part is Part.OUTCOME and version.outcome:
        return str(say(words.OUTCOMES[version.outcome][0]))
    if part is Part.REVIEW and version.review_on:
        return formats.full_day(version.review_on, locale)
    numbers = {Part.HOURS: version.hours_per_week, Part.INTERACTION: version.interaction_target}
    if (number := numbers.get(part)) is not None:
        return format_number(float(number), locale)
    return (version.purpose if part is Part.PURPOSE else version.house_rules) or ""


@router.get("/print")
def on_paper(
    request: Request, viewer: SignedIn, session: Reads, unit: _OptionalId = None, version: _OptionalId = None
) -> Response:
    """What holds in a unit, or what would with a version, in black and white. Raises NotFound."""
    scope, now = viewer.actor.scope, clock.now()
    number: int | None
    if version is not None:
        found = questions.version(session, scope, version)
        holds, number = questions.would_hold(session, scope, found, now), found.source.number
        draft = found.source.from_on is None
    else:
        holds = questions.in_force(session, scope, unit or home(viewer), now)
        number, draft = (holds.own.number if holds.own else None), False
    return render(
        request,
        "strategies/print.html",
        **seen(viewer, holds, Uses()),
        unit=_name(session, viewer, holds.unit_id),
        number_of=number,
        draft=draft,
        back=f"/strategy/{version}" if version else f"/strategy?unit={holds.unit_id}",
        today=to_local(now, viewer.zone).date(),
        printed=f"{formats.day_name(formats.local_day(now, viewer.zone), viewer.locale)} "
        f"{formats.clock_time(now, viewer.zone, viewer.locale)}",
    )


def _name(session: Session, viewer: Viewer, unit_id: int) -> str:
    tree = units.tree(session, viewer.actor.scope, viewer.locale)
    return next((row.name for row in tree if row.id == unit_id), "")
