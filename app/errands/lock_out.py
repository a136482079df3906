"""Lock out: a channel's token doesn't open here (other keys). Nothing can be called, yet nothing may hang."""

from app.domain.publications import Status, next_look_after
from app.errands import afterwards, expire, leases, settle, show
from app.errands.ground import Ground
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import move_fenced

_REASON = "token_invalid"
_WAITS = (Status.PLANNED, Status.STAGED)


def lock_out(ground: Ground, lease: Lease, publication_id: int) -> None:
    """Hold what waits until the channel is connected again, and do what needs no call. Raises NotOurs."""
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        now = clock.now()
        leases.check_ours(session, lease)
        if case.status in _WAITS and case.too_late(now):
            settle.missed(session, case, case.status, lease, now, _REASON)
        elif case.status in _WAITS:
            settle.held(session, case, case.status, lease, now, _REASON)
        elif case.status is Status.UNSURE:
            settle.sign_in_died(session, case.channel_id, _REASON)
            move_fenced(
                session, case.id, Status.UNSURE, Status.UNSURE, lease, now,
                step_at=now + next_look_after(case.looks), looks=case.looks + 1,
            )  # fmt: skip
    if case.status is Status.PUBLISHING:
        show.recover(ground, lease, publication_id)
    if case.status in (Status.PROPOSED, Status.TO_DO):
        expire.expire(ground, lease, publication_id)
    if case.status is Status.PUBLISHED:
        afterwards.without_sign_in(ground, lease, publication_id)
