"""Warnings: what is the matter is looked up, kept as notices, and told once by mail to whom it concerns."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.publications import MAY_CHANGE_TIME
from app.domain.warnings import (
    Code,
    Light,
    Severity,
    of_channel,
    of_house,
    of_publication,
    publication_light,
)
from app.errands import tellings, warning_facts
from app.errands.ground import Ground
from app.foundation import clock
from app.models.notices import Notice
from app.models.publications import Publication

FORGET = timedelta(days=1)  # a cause that comes back within it is not told anew


def look_out(ground: Ground) -> int:
    """One round: find what is the matter, keep it, tell whom it concerns. Returns how many mails it made."""
    now = clock.now()
    found = lights(ground, now)
    with ground.database.writes() as session:
        keep(session, found, now)
    return tellings.tell(ground, now)


def lights(ground: Ground, now: datetime) -> list[Light]:
    """Everything that is the matter at `now` (UTC)."""
    with ground.database.reads() as session:
        channels = warning_facts.channels(session, now)
        near = warning_facts.near(session, now)
        stuck = warning_facts.stuck(session, now)
        shown = warning_facts.shown_elsewhere(session, now)
        house = warning_facts.house(ground, session, now)
    found = [light for facts in channels for light in of_channel(facts, now)]
    found += [light for facts in near if (light := of_publication(facts, now))]
    found += [publication_light(Code.STUCK, Severity.NOW, facts) for facts in stuck]
    found += [publication_light(Code.SHOWN_ELSEWHERE, Severity.SOON, facts) for facts in shown]
    return [*of_house(house, now), *found]


def keep(session: Session, found: Iterable[Light], now: datetime) -> None:
    """Make the notices agree with what is the matter: new ones, changed ones, those whose cause is gone."""
    rows = {row.key: row for row in session.scalars(select(Notice))}
    for light in found:
        row = rows.pop(light.key, None)
        if row is None:
            session.add(new_notice(light, now))
        else:
            _renew(row, light)
    for row in rows.values():
        if row.ended_at is None and not _stays(session, row, now):
            row.ended_at = now
    session.flush()
    session.execute(delete(Notice).where(Notice.ended_at < now - FORGET))


def new_notice(light: Light, now: datetime) -> Notice:
    """The row of a warning that is new."""
    return Notice(
        key=light.key, code=light.code, severity=light.severity, unit_id=light.unit_id,
        channel_id=light.channel_id, publication_id=light.publication_id, facts=light.facts,
        until_at=light.until, since_at=now,
    )  # fmt: skip


def _renew(row: Notice, light: Light) -> None:
    row.severity, row.until_at, row.unit_id = light.severity, light.until, light.unit_id
    row.ended_at = None
    if row.facts != light.facts:
        row.facts = light.facts


def _stays(session: Session, row: Notice, now: datetime) -> bool:
    """A changed hour is nothing that could be looked up again: it stands until it is past, or moved."""
    if row.code != Code.TIME_CHANGED or row.until_at is None or row.until_at <= now:
        return False
    found = session.get(Publication, row.publication_id)
    return bool(found and found.due_at == row.until_at and found.status in MAY_CHANGE_TIME)
