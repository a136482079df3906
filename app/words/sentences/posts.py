"""Sentences about posts: their content, their way to a yes, and the talk about them."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # content
    "title_missing": N_("Give it a working title."),
    "tone_missing": N_("Choose a tone: which questions does the post answer?"),
    "text_missing": N_("Write a text, give a link or add a picture."),
    "text_too_long": N_(
        "The text is too long for %(network)s: %(length)s characters, at most %(most)s. Shorten it."
    ),
    "bad_link": N_("Write a whole address, for example https://library.example/autumn."),
    "stale_revision": N_(
        "%(author)s saved revision %(number)s meanwhile. Nothing of yours is lost: compare, then save."
    ),
    # the way to a yes
    "stale_approval": N_("There is a newer revision, number %(number)s. Read it before you answer."),
    "own_revision": N_("You wrote this revision. Somebody else reads it and says yes."),
    "correction_not_now": N_("Only a post in review can be corrected. Nothing was changed."),
    "nothing_corrected": N_("You changed no words yet."),
    "no_own_words": N_("This channel says the same as the others. Ask for a change instead."),
    "no_alt_there": N_("There is no picture with an alt text at this place."),
    "comment_missing": N_("Say in a few words what should change."),
    "post_move": N_("The post has moved on, so this can't be done any more. Nothing was changed."),
    "post_withdrawn": N_("The post was withdrawn. Edit it first, then it can have a time again."),
    # checks of the content
    "check_tone": N_("It has a tone"),
    "check_no_tone": N_("Choose a tone"),
    "check_text": N_("There is something to read"),
    "check_no_text": N_("Write a text, give a link or add a picture"),
    "check_fits": N_("The text fits %(network)s"),
    "check_too_long": N_("Too long for %(network)s: %(length)s characters, at most %(most)s"),
    "check_link": N_("It has a link"),
    "check_no_link": N_("No link"),
    "check_no_link_more": N_("Where do people find the same who are not on social media?"),
    # said after something was done
    "done_post_copied": N_("This is a new draft that says the same. The other one stays as it is."),
    "done_post_saved": N_("Saved."),
    "done_post_sent": N_("Sent to review. Whoever may say yes has it on their list now."),
    "done_post_withdrawn": N_("Withdrawn. What had a time was cancelled; what is public stays public."),
    "done_post_planned": N_("It has its time."),
    "done_post_corrected": N_("Corrected. It goes on as soon as somebody else says yes to it."),
    "done_post_approved": N_("Approved."),
    "done_changes_asked": N_("Your wish is with the writer now."),
}
