"""Sentences about the register of channels: what a plan lacks, what closing needs."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "plan_lacks_purpose": N_("To be active it needs a purpose: what you are there for."),
    "plan_lacks_audience": N_("To be active it needs an audience: for whom you are there."),
    "plan_lacks_owner": N_("To be active it needs an owner."),
    "plan_lacks_deputy": N_("To be active it needs a deputy."),
    "plan_lacks_hours": N_("To be active it needs hours a week."),
    "plan_lacks_rhythm": N_("To be active it needs a rhythm: posts a week."),
    "plan_lacks_review": N_("To be active it needs a day on which you look at it again."),
    "assessed_ahead": N_("That day is still to come. Write the day on which it was assessed."),
    "assessed_when": N_("Write the day on which that was decided."),
    "assessed_how": N_("Choose what the assessment came to."),
    "channel_was_opened": N_("It was in use already, so it can't be one that you only consider."),
    "close_by_steps": N_("A channel is closed step by step, on its own page."),
    "closing_open": N_("Not every step is done yet."),
    "not_closing": N_("This channel is not being closed."),
    "not_to_close": N_("Only a channel in use can be closed."),
    "still_queued": N_("Something still waits to go out there: %(count)s. Cancel or move it first."),
    "clear_sure": N_("Tick this too: it is about posts of every unit that uses the channel."),
    "clear_elsewhere": N_("Choose another channel: this one is being closed."),
    "nothing_queued": N_("Nothing waits to go out there any more."),
    "not_considered": N_("That channel is not one that you consider."),
    "plan_is_there": N_("This channel has a plan already."),
    # said after something was done
    "done_plan_saved": N_("The plan is saved."),
    "done_considered": N_("Noted. Write down what it would be for."),
    "done_turned_down": N_("Noted, with the reason."),
    "done_taken_up": N_("It is considered again."),
    "done_made_active": N_("It is active now."),
    "done_closing_begun": N_("Begun. Go through the steps below."),
    "done_closing_given_up": N_("It stays open."),
    "done_channel_closed": N_("The channel is closed. What was posted stays here."),
}
