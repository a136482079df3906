"""Sentences that only programs read."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "malformed_json": N_("The body of this request is not JSON."),
    "bad_cursor": N_("This is not a place in the list. Begin again without “after”."),
    "key_answer_lost": N_("This was done before, but its answer can't be read any more."),
    "time_twice": N_("Give either due_at or local_due, not both."),
}
