"""Expire: what was never approved, and whose time is past by more than its limit, is missed."""

from app.domain.publications import Status
from app.errands import leases, settle
from app.errands.ground import Ground
from app.foundation import clock
from app.models.leases import Lease


def expire(ground: Ground, lease: Lease, publication_id: int) -> None:
    """Move a proposed publication to missed when its time has run out. Raises NotOurs."""
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        now = clock.now()
        if case.status is Status.PROPOSED and case.too_late(now):
            leases.check_ours(session, lease)
            settle.missed(session, case, Status.PROPOSED, lease, now, "no_yes")
