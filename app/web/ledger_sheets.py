"""The ledger as tables for a file."""

from collections.abc import Sequence
from datetime import date

from app.domain.ledger import Week
from app.foundation.database import AnyRow
from app.foundation.i18n import N_, translations
from app.foundation.spreadsheets import Cell, Sheet
from app.queries.ledger import Course
from app.words import ledger as words

MOST = 5000  # entries of one person: eight weeks with a tap every five minutes


def sheets(course: Course, own: Sequence[AnyRow], locale: str) -> list[Sheet]:
    """All together, all of one's own, one's entries; and each person's week where one coordinates."""
    weeks = zip(course.own, course.weeks, strict=True)
    together = [_week(share.begins_on, week, locale) for share, week in weeks]
    mine = [_week(week.begins_on, week, locale) for week in course.own]
    say = translations(locale).gettext
    found = [
        Sheet(say(N_("All together")), _heads(locale), together),
        Sheet(say(N_("Your own minutes")), _heads(locale), mine),
        _entries(own, locale),
    ]
    return [*found, _loads(course, locale)] if course.loads else found


def _heads(locale: str) -> list[str]:
    say = translations(locale).gettext
    heads = (
        N_("Week begins on"), N_("Minutes with people"), N_("Minutes on our own posts"),
        N_("With people for each minute on posts"), N_("Entries"), N_("Remark"),
    )  # fmt: skip
    return [say(head) for head in heads]


def _week(monday: date, week: Week | None, locale: str) -> Sequence[Cell]:
    if week is None:
        return (monday, None, None, None, None, words.ratio(None, locale))
    ratio = None if week.ratio is None else round(week.ratio, 2)
    remark = words.ratio(week, locale) if ratio is None else ""
    return (monday, week.interacting, week.publishing, ratio, week.entries, remark)


def _entries(own: Sequence[AnyRow], locale: str) -> Sheet:
    say = translations(locale).gettext
    heads = (N_("Day"), N_("Minutes"), N_("What it went to"), N_("Unit"), N_("About"), N_("Note"))
    rows = [
        (row.day, row.minutes, say(words.KINDS[row.kind]), row.unit, row.about, row.note or None)
        for row in own
    ]
    return Sheet(say(N_("Your entries")), [say(head) for head in heads], rows)


def _loads(course: Course, locale: str) -> Sheet:
    say = translations(locale).gettext
    heads = (N_("Person"), N_("Minutes with people"), N_("Minutes on our own posts"), N_("Entries"))
    rows = [
        (load.name, load.week.interacting, load.week.publishing, load.week.entries) for load in course.loads
    ]
    return Sheet(say(N_("This week by person")), [say(head) for head in heads], rows)
