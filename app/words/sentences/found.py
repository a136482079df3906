"""Sentences about posts that were not made here but found on the page."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "nothing_said": N_("Choose for at least one post what it does, or whether it was paid for."),
    "found_not_here": N_("One of these posts is not here any more. Nothing was changed; choose again."),
    "days_too_many": N_("Ask for at most a year of days at a time."),
    "done_tones_taken_back": N_("Taken back: they wait for their tone again."),
    "done_found_taken_back": N_("Taken back: it is as it was before."),
}
