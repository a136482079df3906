"""Sentences about ideas from staff."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "idea_move": N_("Somebody has answered this idea meanwhile. Look at what became of it."),
    "idea_has_post": N_("A post was made of it. Withdraw that one first."),
    "idea_not_to_merge": N_("Choose another idea, one that is not a part of a third itself."),
    "own_idea": N_("It is your own idea; the others say whether they like it."),
    "reason_missing": N_("Say why. Whoever sent it reads this."),
    "day_not_to_come": N_("Choose a day that is still to come."),
    "picture_not_here": N_("One of the pictures is not here any more. Choose it again."),
    "done_idea_sent": N_("Thank you. Your idea has arrived, and here you see what becomes of it."),
    "done_idea_accepted": N_("A draft was made of the idea. Whoever sent it sees that."),
    "done_idea_parked": N_("Kept for later. It comes back by itself on its day."),
    "done_idea_declined": N_("Answered. Whoever sent it reads your reason."),
    "done_idea_merged": N_("It goes on as a part of this idea."),
    "done_idea_reopened": N_("The answer is taken back; the idea waits again."),
    "done_idea_assigned": N_("Noted who looks after it."),
    "done_idea_said": N_("Said. Everybody who sees the idea can read it."),
}
