"""Sentences about people, units, coming in, and API tokens."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # coming in
    "sign_in_wrong": N_("The e-mail or the password is not right."),
    "too_many_tries": N_("Too many tries. Wait, then try again. Minutes to wait: %(minutes)s"),
    "link_gone": N_(
        "This link was used already, or it is too old. Ask the person who sent it for a new one."
    ),
    "already_begun": N_("The library was made already. Sign in instead."),
    "not_an_email": N_("Write an e-mail address, for example name@library.example."),
    "password_simple": N_("This password is too easy to guess. Use more different characters."),
    "password_guessable": N_(
        "This password would be guessed soon. Three or four words that only you would put together are safer."
    ),
    "password_wrong": N_("This is not your password."),
    "password_off": N_("You sign in with your work account here. Use its button."),
    "code_wrong": N_(
        "This code is not right, or it was used before. Wait for the next one that your app shows, and check "
        "that the clock of your phone is right."
    ),
    # coming in by a work account
    "provider_down": N_("The sign-in service does not answer. Try again, or sign in with your password."),
    "provider_state_gone": N_("This took too long, or it was begun in another browser. Begin once more."),
    "provider_declined": N_("You were not signed in there. Begin once more, or sign in with your password."),
    "provider_not_believed": N_(
        "What the sign-in service answered can't be believed. Begin once more; if it happens again, tell "
        "the person who looks after Kuliss in your library."
    ),
    "provider_not_anew": N_(
        "The sign-in service does not say that it asked you just now who you are. Begin once more and enter "
        "your password there; if it does not ask for it, sign in on the sign-in page."
    ),
    "provider_another": N_("This is the work account of somebody else. Begin once more with your own."),
    "prove_by_account": N_("Show first that it is you, at your work account."),
    "prove_by_link": N_(
        "You came in a while ago. Ask the person who looks after Kuliss in your library for a new sign-in "
        "link, and come back by it."
    ),
    "provider_nobody": N_(
        "Nobody with an account here has the address %(email)s. Ask the person who looks after Kuliss in "
        "your library to add you with this address."
    ),
    "provider_no_email": N_(
        "The sign-in service did not tell your e-mail address. Sign in with your password, and link your "
        "work account in your settings; or tell the person who looks after Kuliss in your library."
    ),
    "provider_unverified": N_(
        "The sign-in service does not say that the address %(email)s is yours. Sign in with your password, "
        "and link your work account in your settings."
    ),
    "provider_link_first": N_(
        "Your account has a second factor. Sign in with your password and your code this once, and link "
        "your work account in your settings."
    ),
    "provider_taken": N_("This work account is linked already, or you have another one linked."),
    "provider_only": N_(
        "Without it you could not come in any more. Choose a password first: ask for a new one on the "
        "sign-in page."
    ),
    "second_factor_there": N_("A second factor is set up already. Take it away first."),
    "second_factor_own": N_("You take away your own second factor in your settings."),
    "second_factor_at_top": N_("This rule belongs to the highest unit; it holds for all below."),
    "token_needed": N_("Send an API token: Authorization: Bearer ..."),
    "token_wrong": N_("This API token doesn't work. It may have been revoked."),
    "token_reads_only": N_("This API token may only read."),
    "token_second_factor": N_(
        "Your library wants a second factor of you. Set it up in your settings; until then your API tokens "
        "don't work."
    ),
    "nobody_named": N_("Nobody with this e-mail address has an open account."),
    "token_of_another": N_("A token can only be made by the person whose it is."),
    # people
    "email_taken": N_("%(name)s has this e-mail address and is on the list already."),
    "email_not_usable": N_("This e-mail address can't be used here. Ask your administrator."),
    "role_not_yours": N_("You can't give or take this role: %(role)s."),
    "last_administrator": N_("Somebody must stay administrator. Make another person administrator first."),
    "person_came": N_("%(name)s has come in already. If they can't get in any more, make a new link."),
    "invited_just_now": N_(
        "An invitation to %(name)s went out a moment ago. A mail can take a few minutes; then you may send "
        "another."
    ),
    "person_inactive": N_("This person's account is closed. Open it first."),
    "person_out_of_reach": N_(
        "%(name)s has roles that you can't give. Ask an administrator who is responsible for all of them."
    ),
    # units
    "units_not_yours": N_("Only an administrator can change this unit."),
    "unit_too_deep": N_("There are too many levels of units already."),
    "root_stays": N_("The highest unit can't be closed."),
    "closes_before_opening": N_("The last day comes before the first day, %(opens_on)s."),
    # said after something was done
    "done_saved": N_("Saved."),
    "done_unit_added": N_("The unit is there now."),
    "done_person_added": N_("The person is on the list now."),
    "done_invited": N_(
        "The person is on the list now, and a mail with a link is on its way. It works for seven days."
    ),
    "done_person_closed": N_("The account is closed. What this person wrote stays."),
    "done_person_opened": N_("The account is open again."),
    "done_password": N_("Your new password counts from now on. You were signed out everywhere else."),
    "done_device": N_("That device is signed out."),
    "done_devices": N_("You are signed out everywhere else."),
    "done_second_factor_removed": N_("The second factor is taken away."),
    "done_account_linked": N_("Your work account is linked. From now on you can sign in with it."),
    "done_account_unlinked": N_("The work account is no longer linked."),
    "done_unlocked": N_("Welcome back."),
    "done_form_dropped": N_("It is thrown away."),
    "done_token_revoked": N_("The token doesn't work any more."),
    "done_already": N_("This was sent twice, and done once."),
    "done_begun": N_("Your library is made. Next: add a unit or a person, or connect a channel."),
    "done_joined": N_(
        "This person has an account already and signs in as before. They have the roles here from now on."
    ),
}
