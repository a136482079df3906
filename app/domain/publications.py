"""The life of one post on one channel at one time: the table of moves, and what each state allows.

"Published" can't be undone by any failure: no move leads from it back to something that would publish again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict

STAGED_GOOD_FOR = timedelta(hours=20)
WATCHDOG_AFTER = timedelta(minutes=10)


class Status(StrEnum):
    """Where a publication is."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    STAGED = "staged"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNSURE = "unsure"
    HELD = "held"
    MISSED = "missed"
    REJECTED = "rejected"
    TO_DO = "to_do"
    DONE = "done"
    CANCELLED = "cancelled"
    REMOVED = "removed"


_S = Status
MOVES: Mapping[Status, frozenset[Status]] = {
    _S.PROPOSED: frozenset({_S.PLANNED, _S.HELD, _S.CANCELLED, _S.MISSED}),
    _S.PLANNED: frozenset({_S.STAGED, _S.PROPOSED, _S.HELD, _S.CANCELLED, _S.MISSED, _S.REJECTED, _S.TO_DO}),
    _S.STAGED: frozenset(
        {_S.PUBLISHING, _S.PLANNED, _S.PROPOSED, _S.HELD, _S.CANCELLED, _S.MISSED, _S.PUBLISHED}
    ),
    _S.PUBLISHING: frozenset({_S.PUBLISHED, _S.STAGED, _S.UNSURE, _S.REJECTED, _S.HELD}),
    _S.UNSURE: frozenset({_S.PUBLISHED, _S.STAGED, _S.REJECTED, _S.CANCELLED}),
    # Published by a person's word alone: it was found out after a restore.
    _S.HELD: frozenset({_S.PLANNED, _S.PROPOSED, _S.CANCELLED, _S.MISSED, _S.PUBLISHED}),
    _S.MISSED: frozenset({_S.PLANNED, _S.PROPOSED, _S.CANCELLED}),
    _S.REJECTED: frozenset({_S.PROPOSED, _S.CANCELLED}),
    _S.TO_DO: frozenset({_S.DONE, _S.PLANNED, _S.PROPOSED, _S.HELD, _S.CANCELLED, _S.MISSED}),
    _S.PUBLISHED: frozenset({_S.REMOVED}),
    _S.DONE: frozenset({_S.REMOVED}),
    _S.CANCELLED: frozenset(),
    _S.REMOVED: frozenset(),
}

# At most one publication of a post on a channel may be in one of these.
OPEN = frozenset(
    {
        _S.PROPOSED,
        _S.PLANNED,
        _S.STAGED,
        _S.PUBLISHING,
        _S.UNSURE,
        _S.HELD,
        _S.MISSED,
        _S.REJECTED,
        _S.TO_DO,
    }
)
WAITS_FOR_TIME = frozenset({_S.PROPOSED, _S.PLANNED, _S.STAGED, _S.TO_DO})
NEEDS_PERSON = frozenset({_S.UNSURE, _S.HELD, _S.MISSED, _S.REJECTED})
MAY_CHANGE_TIME = frozenset({_S.PROPOSED, _S.PLANNED, _S.STAGED, _S.HELD, _S.MISSED, _S.REJECTED, _S.TO_DO})
MAY_HOLD = frozenset({_S.PROPOSED, _S.PLANNED, _S.STAGED, _S.HELD, _S.TO_DO})
OUT = frozenset({_S.PUBLISHED, _S.DONE})


def check_move(old: Status, new: Status) -> None:
    """Nothing, when the step is in the table. Raises Conflict ("on its way" while it is being published)."""
    if new in MOVES[old]:
        return
    raise Conflict("on_its_way" if old is _S.PUBLISHING else "publication_move", old=old, new=new)


def is_too_late(due_at: datetime, lateness: timedelta, now: datetime) -> bool:
    """Whether the time is past by more than the lateness limit."""
    return now > due_at + lateness


class HoldReason(StrEnum):
    """Why a publication stands still. The first two are a person's; the others are the system's.

    `EVERYTHING`: somebody stopped a whole queue, for a reason that is not about this post. `BLOCKED`: the
    network lets nobody post there for a while. `RESTING`: its channel is not in use any more. `SHOWN`: what
    lay ready for it earlier was made public by other means.
    """

    PERSON = "person"
    EVERYTHING = "everything"
    RECONNECT = "reconnect"
    RESTORED = "restored"
    BLOCKED = "blocked"
    RESTING = "resting"
    SHOWN = "shown"


# These end by themselves when the cause is gone and the time is within the lateness limit.
ENDS_BY_ITSELF = frozenset({HoldReason.RECONNECT})


class AttemptKind(StrEnum):
    """What was tried at the network."""

    STAGE = "stage"
    SHOW = "show"
    LOOK = "look"
    DISCARD = "discard"
    CORRECT = "correct"
    REMOVE = "remove"
    FIND = "find"
    COMMENT = "comment"


class Wish(StrEnum):
    """What people ask of a post that is out; a first comment is asked for with its approval."""

    CORRECT = "correct"
    REMOVE = "remove"
    COMMENT = "comment"


class Outcome(StrEnum):
    """How one attempt ended. `LOST`: the process died before the answer was written down.

    `NOT_YET`: the network took it and still works at it.
    """

    OK = "ok"
    HIDDEN = "hidden"
    LIVE = "live"
    GONE = "gone"
    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    LATER = "later"
    LIMITED = "limited"
    RECONNECT = "reconnect"
    REJECTED = "rejected"
    NO_ANSWER = "no_answer"
    LOST = "lost"


_LOOKS = (0, 2, 5, 15, 30, 60, 120, 300, 600, 1800)


def next_look_after(looks: int) -> timedelta:
    """How long to wait before the next look at an unsure one, given how many were made. At most an hour."""
    return timedelta(seconds=_LOOKS[looks] if looks < len(_LOOKS) else 3600)


_RETRIES = (2, 5, 15, 30, 60)


def retry_after(tries: int) -> timedelta:
    """How long to wait before the next try of something hidden and harmless. At most two minutes."""
    return timedelta(seconds=_RETRIES[tries] if tries < len(_RETRIES) else 120)
