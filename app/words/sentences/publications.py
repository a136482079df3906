"""Sentences about publications: times, places, and what may be done with them in which state."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # times
    "bad_date": N_("Write a day, for example 2030-03-31."),
    "bad_time": N_("Write a time, for example 9.00."),
    "time_missing": N_("Choose a day and a time."),
    "time_is_past": N_("This time has passed. Choose a later one."),
    "time_too_far": N_("This is more than two years away. Choose an earlier day."),
    "time_does_not_exist": N_(
        "%(local)s does not exist: the clocks jump over it that night. The next time after it is %(instead)s."
    ),
    "time_exists_twice": N_(
        "%(local)s happens twice: the clocks are turned back that night. Choose which one you mean."
    ),
    # places
    "channel_not_yours": N_("Choose a channel that this unit may use."),
    "channel_not_active": N_("This channel is resting or closed. Choose another one."),
    "already_planned": N_("This post has a time on that channel already. Change that one."),
    "already_published": N_(
        "This post has been out on that channel. Say that it shall go out there again, or choose another."
    ),
    # what may be done now
    "publication_move": N_("That can't be done in its present state. Nothing was changed."),
    "on_its_way": N_("It is on its way already, so nothing can be changed. In a moment you see how it went."),
    "goes_nowhere_else": N_("Only what waits for its time can go to another channel. Deal with it first."),
    "may_not_move": N_("Its time can't be changed any more."),
    "may_not_hold": N_("It can't be held any more."),
    "not_held": N_("It isn't held any more. Nothing was changed."),
    "still_held": N_(
        "It still stands still because the channel must be connected again. After that it goes on by itself."
    ),
    "channel_rests": N_("The channel is not in use. Take it into use again first, or cancel the post."),
    "not_ready": N_("It can't be published now in its present state. Nothing was changed."),
    "not_made_public": N_("The network took it, worked at it for a long time, and did not make it public."),
    "not_found_there": N_("Which post it is there is not known, so Kuliss can't write below it."),
    "shown_elsewhere": N_(
        "What lay hidden at the network was shown there by somebody else: it is public all the same."
    ),
    "needs_yes": N_("It has no yes for this channel yet. An approver must read it first."),
    "looks_out_already": N_("It looks as if it were out already. Open it and answer the question there."),
    "public_of_another": N_("That post belongs to another publication already. Nothing was changed."),
    "not_unsure": N_("It is settled already. Nothing was changed."),
    # said after something was done
    "done_published_now": N_("It goes out now."),
    "done_moved": N_("It has its new time."),
    "done_held": N_("It stands still until somebody releases it."),
    "done_released": N_("It is released."),
    "done_cancelled": N_("It is cancelled and does not go out."),
    "done_answered_yes": N_("Noted: it is on the page."),
    "done_answered_no": N_("Noted. Kuliss looks once more, then shows the same post."),
    "done_comment_there": N_("Noted: the first comment is there."),
    "done_comment_again": N_("Noted. Kuliss looks for it once more, then writes it."),
    "done_comment_left_out": N_("Noted: no first comment."),
    "done_paid_said": N_("Noted. The results are counted anew."),
    "done_numbers_read": N_("The newest numbers stand below."),
    "done_numbers_not_told": N_("The network told no new numbers. Kuliss asks again by itself."),
}
