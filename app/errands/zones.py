"""Zones: when the rules of a time zone change, the hour on the clock there stays, and the instant moves.

A publication's wall time is the truth; what it means as an instant is told by the time zone data of this
machine, which a law may change between planning and publishing.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import publication_moves
from app.domain.publications import MAY_CHANGE_TIME, Status
from app.domain.timing import to_local
from app.domain.warnings import Code, PublicationFacts, Severity, publication_light
from app.errands.ground import CLOCK, Ground
from app.errands.warnings import tell_anew
from app.foundation import clock
from app.foundation.database import lock
from app.models.channels import Channel
from app.models.publications import Publication


def recompute(ground: Ground) -> list[int]:
    """Give every publication to come the instant that its wall time means today; returns those that changed.

    Each is written into its history, and its people are warned.
    """
    now = clock.now()
    with ground.database.reads() as session:
        rows = session.execute(
            select(
                Publication.id, Publication.local_due, Publication.zone, Publication.fold, Publication.due_at
            ).where(Publication.status.in_(MAY_CHANGE_TIME), Publication.due_at > now)
        ).all()
    changed = [row.id for row in rows if row.due_at != meant(row.local_due, row.zone, row.fold, row.due_at)]
    for publication_id in changed:
        with ground.database.writes() as session:
            _move(session, publication_id, now)
    return changed


def meant(local: datetime, zone: str, fold: int, due_at: datetime) -> datetime:
    """The instant (UTC) of a naive wall time by today's rules; of an hour that does not exist the next one.

    What is kept finer than seconds, or is meant otherwise by a zone that nobody knows any more, stays.
    """
    try:
        found = local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return due_at
    return due_at if abs((found - due_at).total_seconds()) < 1 else found


def _move(session: Session, publication_id: int, now: datetime) -> None:
    publication = session.get_one(Publication, publication_id)
    lock(session, publication)
    old = publication.due_at
    new = meant(publication.local_due, publication.zone, publication.fold, old)
    if publication.status not in MAY_CHANGE_TIME or new == old:
        return
    publication.due_at, publication.local_due = new, to_local(new, publication.zone)
    channel = session.get_one(Channel, publication.channel_id)
    # As when a person moves it: what lay ready for the old time is looked at and used, or laid ready anew.
    status = publication.status
    wanted = Status.PLANNED if status in (Status.STAGED, Status.TO_DO) else status
    step_at = publication_moves.step_time(session, publication, channel, wanted)
    facts = {"due_at": new.isoformat(), "before": old.isoformat()}
    if wanted is status:
        publication_moves.change(session, CLOCK, publication, "zone_changed", now, step_at, **facts)
    else:
        publication_moves.step(session, CLOCK, publication, wanted, "zone_changed", now, step_at, **facts)
    about = PublicationFacts(
        publication.id, publication.unit_id, publication.channel_id, publication.status, new, publication.zone
    )
    tell_anew(session, publication_light(Code.TIME_CHANGED, Severity.SOON, about), now)
