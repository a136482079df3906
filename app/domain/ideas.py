"""Ideas: what may become of one, and how long it may wait for an answer."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict

TITLE_MOST = 200
WHY_MOST = 4000
ANSWER_MOST = 1000
PICTURES_MOST = 6
# Nobody who sends an idea waits longer without somebody being reminded.
ANSWER_WITHIN = timedelta(days=14)


class IdeaState(StrEnum):
    """What became of an idea. Merged: it goes on as a part of another one."""

    NEW = "new"
    ACCEPTED = "accepted"
    PARKED = "parked"
    DECLINED = "declined"
    MERGED = "merged"


_S = IdeaState
MOVES: Mapping[IdeaState, frozenset[IdeaState]] = {
    _S.NEW: frozenset({_S.ACCEPTED, _S.PARKED, _S.DECLINED, _S.MERGED}),
    _S.PARKED: frozenset({_S.NEW, _S.ACCEPTED, _S.PARKED, _S.DECLINED, _S.MERGED}),
    _S.ACCEPTED: frozenset({_S.NEW, _S.ACCEPTED}),
    _S.DECLINED: frozenset({_S.NEW}),
    _S.MERGED: frozenset({_S.NEW}),
}
# An idea that is being answered, or was, but may still be answered otherwise.
OPEN = frozenset({_S.NEW, _S.PARKED})
GOES_ON = OPEN | {_S.ACCEPTED}  # another may become a part of it


def check_move(old: IdeaState, new: IdeaState) -> None:
    """Nothing, when the step is legal. Raises Conflict."""
    if new not in MOVES[old]:
        raise Conflict("idea_move", old=old, new=new)


def waits(state: IdeaState, parked_until: date | None, today: date) -> bool:
    """Whether somebody should answer it now: a new one, or one whose day has come."""
    return state is _S.NEW or (state is _S.PARKED and parked_until is not None and parked_until <= today)


def is_late(since: datetime, parked_until: date | None, now: datetime) -> bool:
    """Whether an idea that waits has waited longer than anybody should; one that was kept, since its day.

    `since`: when it came into its state, `now`: both UTC.
    """
    if parked_until is not None:
        return now.date() - parked_until > ANSWER_WITHIN
    return now - since > ANSWER_WITHIN
