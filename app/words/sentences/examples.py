"""Sentences about the example library."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "example_gone": N_("The example library was removed meanwhile."),
    "example_there": N_("There is an example library already."),
    "example_real": N_(
        "There are real channels here, so there is no looking around in an example: practice and real work "
        "are kept apart."
    ),
    "example_busy": N_("Somebody is just making or removing the example library. Wait a moment."),
    "example_failed": N_(
        "The example library could not be made, and nothing of it is left. The log says why; try once more."
    ),
    "example_stays_apart": N_(
        "This e-mail belongs to somebody in the example library, or to somebody outside of it. The two are "
        "kept apart; use another address."
    ),
    "example_only_practises": N_("The example library only practises. Connect real pages in your own."),
    "done_example_looking": N_("You look around as somebody else now."),
    "done_example_going": N_("The example library is being removed. That takes a few seconds."),
}
