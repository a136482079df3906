"""When people at a place are at work, and when nobody is written to: nights, weekends, public holidays.

Wall times are those of the place's zone; instants are UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import Fault
from app.domain.public_holidays import is_public_holiday
from app.domain.timing import to_local

EARLIEST, LATEST = time(7), time(21)  # outside of these nobody is written to, whenever they work
USUAL = (time(8), time(16))
_LAST_WORKDAY = 5  # Friday (ISO 8601)
_A_DAY = timedelta(days=1)
_LONGEST_BREAK = 30  # days; no country keeps so many holidays in a row


@dataclass(frozen=True)
class WorkingHours:
    """The hours of a place: from `begins` to `ends` on its working days, in a zone and a country (ISO)."""

    zone: str = "UTC"
    country: str = ""
    begins: time = USUAL[0]
    ends: time = USUAL[1]

    def works_on(self, day: date) -> bool:
        """Whether a day is from Monday to Friday and no public holiday."""
        return day.isoweekday() <= _LAST_WORKDAY and not is_public_holiday(self.country, day)

    def is_quiet(self, instant: datetime) -> bool:
        """Whether nobody there is written to then."""
        local = to_local(instant, self.zone)
        return not (EARLIEST <= local.time() < LATEST and self.works_on(local.date()))

    def next_open(self, instant: datetime) -> datetime:
        """The first instant, then or later, at which somebody may be written to.

        In quiet hours that is when the next working day begins there.
        """
        if not self.is_quiet(instant):
            return instant
        local = to_local(instant, self.zone)
        return self.begin_of(
            self._workday(local.date() if local.time() < EARLIEST else local.date() + _A_DAY)
        )

    def a_working_day_later(self, instant: datetime) -> datetime:
        """The same hour on the next working day, within working hours."""
        local = to_local(self.next_open(instant), self.zone)
        day = self._workday(local.date() + _A_DAY)
        return self._at(day, min(max(local.time(), self.begins), self.ends))

    def begin_of(self, day: date) -> datetime:
        """The instant at which work begins on a day."""
        return self._at(day, self.begins)

    def begin_of_week(self, monday: date) -> datetime:
        """The instant at which the first working day of a week begins; of a week without any: Monday."""
        week = [monday + count * _A_DAY for count in range(7)]
        return self.begin_of(next((day for day in week if self.works_on(day)), monday))

    def _workday(self, day: date) -> date:
        days = (day + count * _A_DAY for count in range(_LONGEST_BREAK))
        return next((one for one in days if self.works_on(one)), day)

    def _at(self, day: date, wall: time) -> datetime:
        """Of an hour that exists twice the first; one that the clocks jump over, as much later."""
        return datetime.combine(day, wall, ZoneInfo(self.zone)).astimezone(UTC)


def wrong_hours(begins: time, ends: time) -> list[Fault]:
    """What is wrong with hours that somebody gives for a place."""
    found = []
    if not EARLIEST <= begins < LATEST:
        found.append(Fault("hours_too_early_or_late", "begins"))
    if not EARLIEST < ends <= LATEST:
        found.append(Fault("hours_too_early_or_late", "ends"))
    if not found and ends <= begins:
        found.append(Fault("hours_backwards", "ends"))
    return found
