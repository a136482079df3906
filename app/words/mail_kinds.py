"""The kinds of mails in words, for the page where people choose and the one that tells how mail fares."""

from app.domain.mails import CHOICES, MailKind
from app.foundation.i18n import N_, translations

KINDS: dict[MailKind, str] = {
    MailKind.SECURITY: N_("Invitations, passwords and second factors"),
    MailKind.URGENT: N_("Urgent: something failed or stands still"),
    MailKind.WARNINGS: N_("Warnings that can wait for a working hour"),
    MailKind.REVIEWS: N_("Posts that wait for a yes"),
    MailKind.OUTCOMES: N_("Answers to own posts"),
    MailKind.IDEAS: N_("What became of own ideas"),
    MailKind.TALK: N_("Comments on own ideas"),
    MailKind.DUTIES: N_("Handed over, standing in for somebody"),
    MailKind.DIGEST: N_("The week, on its first working day"),
}
HINTS: dict[MailKind, str] = {
    MailKind.SECURITY: N_("They always come."),
    MailKind.URGENT: N_(
        "A post that did not go out, a sign-in that ended. Else you see them in Kuliss alone."
    ),
    MailKind.WARNINGS: N_("A sign-in that ends soon, a full disk."),
    MailKind.REVIEWS: N_("Many at once in one mail, and one reminder after a working day."),
    MailKind.OUTCOMES: N_("A yes, or what should change."),
    MailKind.IDEAS: N_("When it is answered, and when it is out."),
    MailKind.TALK: N_("What somebody wrote or asked."),
    MailKind.DUTIES: N_("What you have in hand from then on."),
    MailKind.DIGEST: N_("What is planned, what waits for you, how last week went."),
}


def kind(name: MailKind, locale: str) -> str:
    """A kind of mails: "Answers to own posts"."""
    return translations(locale).gettext(KINDS[name])


def options(locale: str) -> list[tuple[str, str, str]]:
    """Those that can be switched off: value, words, hint."""
    say = translations(locale).gettext
    return [(one.value, say(KINDS[one]), say(HINTS[one])) for one in CHOICES]
