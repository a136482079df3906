"""Sentences that every feature may need."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "not_found": N_("There is nothing here, or it isn't yours to see."),
    "not_allowed": N_("Your role here doesn't allow this."),
    "missing": N_("Fill this in."),
    "too_short": N_("Write at least %(least)s characters."),
    "too_long": N_("This is too long: at most %(most)s characters."),
    "too_small": N_("Write a number that isn't below %(bound)s."),
    "too_large": N_("Write a number that isn't above %(bound)s."),
    "unknown_field": N_("This field isn't known here."),
    "not_in_list": N_("Choose one from the list."),
    "not_text": N_("Write this as text."),
    "not_a_number": N_("Write a number, for example 12."),
    "not_a_day": N_("Write a day, for example 2030-03-31."),
    "not_a_time": N_("Write a day and a time, for example 2030-03-31T09:00:00Z."),
    "time_without_zone": N_("Say the time zone too, for example 2030-03-31T09:00:00Z."),
    "time_with_zone": N_("Write the local time without a time zone, for example 2030-03-31T09:00."),
    "not_yes_or_no": N_("Answer with yes or no."),
    "not_json": N_("This can't be read as JSON with the fields that belong here."),
    "not_usable": N_("This can't be used as it is."),
    "unwritable": N_("There are signs in this that can't be stored. Write it anew, without copying them."),
    "unit_not_yours": N_("Choose a unit that you work for."),
    "key_length": N_("The Idempotency-Key needs 1 to %(most)s characters."),
    "key_reused": N_("This Idempotency-Key was used for another request. Take a new one."),
    "key_running": N_("The same request is still being worked on. Ask again in a moment."),
    "foreign_form": N_("This form was sent from another site. Nothing was changed."),
    "stale_form": N_(
        "This page was open for too long. Nothing was changed. Open it anew and send it once more."
    ),
    "body_too_large": N_("This is more than can be taken in one go."),
    "method_not_allowed": N_("This address can't be used in that way."),
    "broken": N_("Something broke on our side. Nothing was lost that was saved before."),
    "broken_code": N_("If you tell somebody, say this code: %(code)s"),
    "bad_request": N_("This request can't be read."),
}
