"""Warnings: what is the matter is looked up, kept as notices, and told once by mail to whom it concerns."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.publications import MAY_CHANGE_TIME
from app.domain.warnings import (
    Code,
    Light,
    Severity,
    of_channel,
    of_house,
    of_publication,
    of_strategy,
    publication_light,
)
from app.errands import strategy_reviews, tellings, warning_facts
from app.errands.ground import Ground
from app.foundation import clock
from app.models.notices import Notice
from app.models.publications import Publication

AT_ONCE = 100  # warnings that are written down in one transaction
FORGET = timedelta(days=1)  # a cause that comes back within it is not told anew


def look_out(ground: Ground) -> int:
    """One round: find what is the matter, keep it, tell whom it concerns. Returns how many mails it made."""
    now = clock.now()
    keep(ground, lights(ground, now), now)
    return tellings.tell(ground, now)


def lights(ground: Ground, now: datetime) -> list[Light]:
    """Everything that is the matter at `now` (UTC)."""
    with ground.database.reads() as session:
        channels = warning_facts.channels(session, now)
        near = warning_facts.near(session, now)
        stuck = warning_facts.stuck(session, now)
        shown = warning_facts.shown_elsewhere(session, now)
        strategies = strategy_reviews.facts(session, now)
        house = warning_facts.house(ground, session, now)
    found = [light for facts in channels for light in of_channel(facts, now)]
    found += [light for facts in near if (light := of_publication(facts, now))]
    found += [publication_light(Code.STUCK, Severity.NOW, facts) for facts in stuck]
    found += [publication_light(Code.SHOWN_ELSEWHERE, Severity.SOON, facts) for facts in shown]
    found += [light for facts in strategies if (light := of_strategy(facts))]
    return [*of_house(house, now), *found]


def keep(ground: Ground, found: Iterable[Light], now: datetime) -> None:
    """Make the notices agree with what is the matter: new ones, changed ones, those whose cause is gone.

    What is as it was is not written again, and much that is new not at once: posts go out meanwhile.
    """
    lit = {light.key: light for light in found}
    with ground.database.reads() as session:
        rows = session.scalars(select(Notice)).all()
        over = [row.id for row in rows if row.key not in lit and _ends(session, row, now)]
    same = {row.key for row in rows if row.key in lit and _says(row, lit[row.key])}
    changed = [light for key, light in lit.items() if key not in same]
    for start in range(0, len(changed), AT_ONCE):
        with ground.database.writes() as session:
            _write(session, changed[start : start + AT_ONCE], now)
    if over or any(row.ended_at and row.ended_at < now - FORGET for row in rows):
        with ground.database.writes() as session:
            session.execute(update(Notice).where(Notice.id.in_(over)).values(ended_at=now))
            session.execute(delete(Notice).where(Notice.ended_at < now - FORGET))


def _says(row: Notice, light: Light) -> bool:
    """Whether a notice stands, and says just that."""
    kept = row.severity, row.until_at, row.unit_id, row.facts, row.ended_at
    return kept == (light.severity, light.until, light.unit_id, light.facts, None)


def _write(session: Session, lights: Sequence[Light], now: datetime) -> None:
    keys = [light.key for light in lights]
    rows = {row.key: row for row in session.scalars(select(Notice).where(Notice.key.in_(keys)))}
    for light in lights:
        if light.key in rows:
            _renew(rows[light.key], light)
        else:
            session.add(new_notice(light, now))


def new_notice(light: Light, now: datetime) -> Notice:
    """The row of a warning that is new."""
    return Notice(
        key=light.key, code=light.code, severity=light.severity, unit_id=light.unit_id,
        channel_id=light.channel_id, publication_id=light.publication_id, facts=light.facts,
        until_at=light.until, since_at=now,
    )  # fmt: skip


def tell_anew(session: Session, light: Light, now: datetime) -> None:
    """Keep a warning that no round looks up. The same one may stand already, or have ended a moment ago."""
    row = session.scalar(select(Notice).where(Notice.key == light.key))
    if row is None:
        session.add(new_notice(light, now))
        return
    _renew(row, light)
    row.since_at, row.told = now, 0


def _renew(row: Notice, light: Light) -> None:
    row.severity, row.until_at, row.unit_id = light.severity, light.until, light.unit_id
    row.ended_at = None
    if row.facts != light.facts:
        row.facts = light.facts


def _ends(session: Session, row: Notice, now: datetime) -> bool:
    """Whether one that is not found any more ends now. A changed hour is nothing that could be looked up
    again: it stands until it is past, or moved.
    """
    if row.ended_at is not None:
        return False
    if row.code != Code.TIME_CHANGED or row.until_at is None or row.until_at <= now:
        return True
    found = session.get(Publication, row.publication_id)
    return not (found and found.due_at == row.until_at and found.status in MAY_CHANGE_TIME)
