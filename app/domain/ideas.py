"""Ideas: what may become of one, and how long it may wait for an answer."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import Conflict, Invalid
from app.domain.posts import PostStatus

TITLE_MOST = 200
WHY_MOST = 4000
ANSWER_MOST = 1000
PICTURES_MOST = 6
COMMENTS_A_DAY = 60  # of one person about one idea
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


def wakes_at(until: date, zone: str) -> datetime:
    """When a day begins in a unit's zone (UTC): then an idea that was kept until that day waits again.

    Raises Invalid at the ends of the calendar.
    """
    try:
        return datetime.combine(until, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        raise Invalid("time_too_far", "until") from None


def waits(state: IdeaState, wakes: datetime | None, now: datetime) -> bool:
    """Whether somebody should answer it now: a new one, or a kept one whose day has begun at its unit."""
    return state is _S.NEW or (state is _S.PARKED and wakes is not None and wakes <= now)


def is_late(since: datetime, wakes: datetime | None, now: datetime) -> bool:
    """Whether an idea that waits has waited longer than anybody should; one that was kept, since its day.

    `since`: when it came into its state, `wakes`: when its day began, `now`: all UTC.
    """
    return now - (wakes or since) > ANSWER_WITHIN


def is_untouched(status: PostStatus, revision: int | None, has_time: bool) -> bool:
    """Whether a post that an idea became is as it was made: a draft that nobody edited or gave a time."""
    return status is PostStatus.DRAFT and revision == 1 and not has_time
