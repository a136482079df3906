"""Which day it is where the people of the tests are: after 22 o'clock UTC another one than in Greenwich."""

from datetime import date
from zoneinfo import ZoneInfo

from app.foundation import clock

HOME = ZoneInfo("Europe/Helsinki")


def today() -> date:
    """The day at the units of the cast, by the clock of the test."""
    return clock.now().astimezone(HOME).date()
