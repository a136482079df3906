"""Sentences about ideas from staff."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "idea_move": N_("Somebody has answered this idea meanwhile. Look at what became of it."),
    "idea_has_post": N_("Somebody has worked on the post that was made of it. Withdraw that one first."),
    "too_many_comments": N_("You have said %(most)s things about this idea today. Go on tomorrow."),
    "too_many_uploads_today": N_(
        "You have added as many pictures and videos today as one person may. Go on tomorrow."
    ),
    "too_many_doors": N_("There are %(most)s open links already. Close one that nobody uses."),
    "door_gone": N_("This link is not in use any more. Look for a newer poster, or ask at the library."),
    "door_too_often": N_("Very many ideas came just now. Wait %(minutes)s minutes, and send it again."),
    "door_full": N_(
        "No more ideas fit in here today. Keep your text and send it tomorrow, or tell it at the library."
    ),
    "already_sent": N_("This idea has arrived already."),
    "send_again": N_(
        "This page was open for long, or sent very fast. Look it through, and send it once more."
    ),
    "too_many_guest_pictures": N_("Choose at most %(most)s photos."),
    "choose_pictures_again": N_("Choose your photos once more; they were not kept."),
    "follow_gone": N_("Nothing is here any more: the idea was deleted, or it was answered long ago."),
    "idea_decided": N_("Somebody has answered it already, so that it can’t be deleted any more."),
    "not_from_door": N_("It came from a colleague. Answer it with a reason."),
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
    "done_idea_thrown_out": N_("Deleted, with its photos. It is counted at its link."),
    "done_door_made": N_("The link is open. Print its poster."),
    "done_door_renewed": N_("The link has a new address; the old one is dead. Print its poster again."),
    "done_door_closed": N_("The link is closed. Nobody comes in by it."),
    "done_idea_said": N_("Said. Everybody who sees the idea can read it."),
}
