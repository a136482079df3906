"""Sentences for why a mail did not go, and for working hours."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "mail_off": N_("No mail is sent: SMTP_HOST is empty."),
    "mail_unreachable": N_("The mail server does not answer."),
    "mail_sign_in": N_("The mail server does not accept our name and password."),
    "mail_no_encryption": N_("The way to the mail server can't be encrypted as the settings say."),
    "mail_sender_refused": N_("The mail server does not accept the address in MAIL_FROM."),
    "mail_address_refused": N_("The mail server does not accept the address of the person."),
    "mail_refused": N_("The mail server does not take the mail."),
    "hours_too_early_or_late": N_("Choose a time between 7.00 and 21.00."),
    "hours_backwards": N_("Work can't end before it begins."),
    "done_mail_tried": N_("The try is on its way."),
    "mail_copied": N_("It was another installation's; this one is a copy or was restored."),
    "mail_unwanted": N_("The person does not want mails of this kind."),
    "mail_nobody": N_("The person does not work here any more."),
    "mail_made_up": N_("The person is made up: nobody in the example library gets mail."),
}
