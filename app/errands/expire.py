"""Expire: what nobody approved, or posted by hand, until its time was past by more than its limit."""

from app.domain.publications import Status
from app.errands import leases, settle
from app.errands.ground import Ground
from app.foundation import clock
from app.models.leases import Lease

_REASONS = {Status.PROPOSED: "no_yes", Status.TO_DO: "not_posted"}


def expire(ground: Ground, lease: Lease, publication_id: int) -> None:
    """Move one that waits for a person to missed when its time has run out. Raises NotOurs."""
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        now = clock.now()
        if case.status in _REASONS and case.too_late(now):
            leases.check_ours(session, lease)
            settle.missed(session, case, case.status, lease, now, _REASONS[case.status])
