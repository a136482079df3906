"""Sentences of the calendar, of promised rhythms, feeds and the search."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "most_below_least": N_("At most can't be less than at least."),
    "bad_hours": N_("Write hours with commas between, for example 9.00, 15.00."),
    "feed_too_often": N_("This feed was fetched too often. Minutes to wait: %(minutes)s"),
    "bad_week": N_("Write a week as year and number, for example 2030-W08."),
    "done_feed_ended": N_("The calendar address doesn't work any more."),
}
