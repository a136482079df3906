"""What a calendar is narrowed to, and the day of a wall time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.roles import Scope

# What is over and never went out is no part of a plan; it is shown to those who ask for it.
SHOWN = frozenset(Status) - {Status.CANCELLED, Status.REMOVED}


class Made(StrEnum):
    """Where posts were made: here, or at the network itself and found on the page."""

    HERE = "here"
    FOUND = "found"


@dataclass(frozen=True)
class Narrowed:
    """What a calendar is narrowed to; None means no narrowing. `status` None: all but what is called off.

    Only what was made here has a status.
    """

    unit_id: int | None = None
    channel_id: int | None = None
    tone: Tone | None = None
    status: Status | None = None
    made: Made | None = None

    @property
    def a_part(self) -> bool:
        """Whether only some of what goes out on a channel is shown, so that free hours would mislead."""
        return bool(self.tone or self.status or self.made)

    @property
    def statuses(self) -> Collection[Status]:
        """The statuses that are shown of what was made here."""
        if self.made is Made.FOUND:
            return ()
        return SHOWN if self.status is None else (self.status,)

    @property
    def found(self) -> bool:
        """Whether what was found on the page is shown."""
        return self.status is None and self.made is not Made.HERE

    def asked(self, scope: Scope, first: date, last: date) -> dict[str, Any]:
        """The parameters of questions about the days from one to another, both counted."""
        given = {"unit_id": self.unit_id, "channel_id": self.channel_id, "tone": self.tone}
        return {
            **{name: value for name, value in given.items() if value is not None},
            "units": list(scope.units),
            "since": datetime.combine(first, time()),
            "until": datetime.combine(last, time()) + timedelta(days=1),
        }


class DayOf(FunctionElement[date]):
    """The day of a wall time. SQLite keeps times as text, whose beginning is quicker than its `date()`."""

    inherit_cache = True
    type = Date()


@compiles(DayOf)
def _day_of(element: DayOf, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)})"


@compiles(DayOf, "sqlite")
def _day_of_text(element: DayOf, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 10)"
