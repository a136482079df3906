"""Sentences about many publications at once, about what is asked of posts that are out, and work by hand."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # many at once
    "nothing_chosen": N_("Choose at least one post."),
    "shift_missing": N_("Say by how much, or to which day."),
    "changed_meanwhile": N_("Somebody has changed it meanwhile, so it was left as it is."),
    "done_let_go": N_("What the stop held is let go. What is late stays here until somebody decides."),
    # posts that are out
    "not_out": N_("It is not out, or not any more. Nothing was changed."),
    "not_corrected_there": N_("The network does not let anybody change this text afterwards."),
    "wish_open": N_("That was asked already and is under way."),
    "needs_yes_to_correct": N_(
        "The newest revision has no yes for this channel yet. An approver reads it first."
    ),
    "nothing_to_correct": N_("The live post says the same already."),
    "correct_needs_text": N_(
        "The newest revision has no text on this channel. A live post can't be left empty."
    ),
    "nothing_asked": N_("Nothing was waiting there any more. Nothing was changed."),
    "done_correction_asked": N_("The live post gets the new text in a moment."),
    "done_removal_asked": N_("It is taken down in a moment."),
    "done_removal_by_hand": N_("Noted. It stays public until somebody takes it down there."),
    "done_taken_down": N_("Noted: it is taken down."),
    "done_corrected": N_("Noted: it is corrected."),
    "done_wish_given_up": N_("It stays as it is."),
    # by hand
    "not_posted": N_("Nobody said in time that it was posted."),
    "not_by_hand": N_("Kuliss posts on this channel itself. Nothing was changed."),
    "not_to_do": N_("It does not wait to be posted by hand. Nothing was changed."),
    "person_not_here": N_("Choose somebody who works for this unit."),
    "health_by_hand": N_("People post there by hand."),
    "done_done": N_("Noted: it is posted."),
    "done_assigned": N_("Noted who posts it."),
    "done_place_added": N_("Posts can be planned for it now. A day before its time each becomes a task."),
}
