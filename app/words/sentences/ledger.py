"""Sentences about minutes that people write down."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "ledger_one_thing": N_("Minutes are about one thing: an idea, a post or a task, not several."),
    "ledger_week_over": N_("The week in which it was written down is over; it stays in the sums."),
    "day_is_to_come": N_("Choose today or a day before."),
    "day_long_ago": N_("Choose one of the last %(most)s days; older ones are guesses."),
    "done_ledger_written": N_("Noted. Until Sunday it can be taken back under “Time”."),
    "done_ledger_undone": N_("Taken back."),
}
