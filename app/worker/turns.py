"""Turns: whose job is next, so that one unit with a hundred posts keeps no other waiting."""

from collections import Counter, deque
from collections.abc import Collection, KeysView
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Waiting jobs: units take turns, and in each its channels; a channel's jobs keep their order."""

    def __init__(self) -> None:
        self._units: dict[int, dict[int, deque[T]]] = {}
        self._waiting: Counter[int] = Counter()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def channels(self) -> KeysView[int]:
        """Ids of the channels with a job that waits."""
        return self._waiting.keys()

    def add(self, unit_id: int, channel_id: int, job: T) -> None:
        """Put a job behind the others of its unit and channel."""
        self._units.setdefault(unit_id, {}).setdefault(channel_id, deque()).append(job)
        self._waiting[channel_id] += 1

    def next(self, shut: Collection[int]) -> T | None:
        """The job whose turn it is, taken out; None when only `shut` channels (ids) have some."""
        for unit_id, channels in self._units.items():
            for channel_id, jobs in channels.items():
                if channel_id not in shut:
                    job = jobs.popleft()
                    self._to_the_end(unit_id, channel_id)
                    return job
        return None

    def empty(self) -> list[T]:
        """Take out all that waits."""
        found = [job for channels in self._units.values() for jobs in channels.values() for job in jobs]
        self._units.clear()
        self._waiting.clear()
        return found

    def _to_the_end(self, unit_id: int, channel_id: int) -> None:
        """Both have had their turn; who has nothing left goes."""
        channels = self._units.pop(unit_id)
        jobs = channels.pop(channel_id)
        self._waiting[channel_id] -= 1
        if not self._waiting[channel_id]:
            del self._waiting[channel_id]
        if jobs:
            channels[channel_id] = jobs
        if channels:
            self._units[unit_id] = channels
