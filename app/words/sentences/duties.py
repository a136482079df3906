"""Sentences about handing over, standing in, and erasing a name."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "cannot_take_over": N_("This person's roles are not enough for that. Choose somebody else."),
    "cannot_stand_in": N_("This person's roles don't reach there. Choose somebody else."),
    "stood_in_already": N_("%(name)s is named for some of these days already. End that first."),
    "days_past": N_("The last day is past."),
    "too_many_days": N_("At most %(most)s days. For longer, give somebody the roles."),
    "person_still_here": N_("The account is open. Close it first."),
    "person_erased": N_("The name was erased; such an account can't be opened again. Add the person anew."),
    "erase_unsure": N_("Tick the box: it is for good."),
    "same_keeper": N_("Somebody else must be the deputy."),
    "done_handed_over": N_("It is handed over."),
    "done_nothing_handed_over": N_("Nobody was chosen, so everything stays where it is."),
    "done_noted": N_("Noted."),
    "done_deputy_named": N_("From the first day on the deputy is told too."),
    "done_deputy_ended": N_("Nobody stands in there any more."),
    "done_name_erased": N_("The name is erased."),
}
