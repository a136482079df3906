"""Minutes in words: what they went to, and what a week of them tells."""

from app.domain.ledger import LEAST_PEOPLE, LedgerKind, Promise, Side, Verdict, Week
from app.foundation.i18n import N_, format_number, translations

SIDES: dict[Side, str] = {
    Side.INTERACTING: N_("With people"),
    Side.PUBLISHING: N_("Our own posts"),
}
KINDS: dict[LedgerKind, str] = {
    LedgerKind.REPLY: N_("Replies to comments"),
    LedgerKind.QUESTION: N_("Questions answered"),
    LedgerKind.GROUP: N_("Talk in others’ groups and pages"),
    LedgerKind.RESIDENTS: N_("Meeting people who live here"),
    LedgerKind.IDEA: N_("Work on ideas"),
    LedgerKind.POST: N_("Writing posts"),
    LedgerKind.PICTURE: N_("Photos and videos"),
    LedgerKind.TASK: N_("Posting by hand"),
    LedgerKind.GATHERING: N_("Meeting of the editors"),
}
TOO_FEW_PEOPLE = N_("fewer than three people")
TOO_LITTLE = N_("too little written down")
_HIDDEN = N_(
    "Fewer than %(least)s people wrote something down this week, or all but one are known to you: a sum "
    "would tell what one of them did."
)
_SAID: dict[Verdict, str] = {
    Verdict.TOO_LITTLE: N_("Too little is written down this week to tell how the time was shared."),
    Verdict.BELOW: N_(
        "%(ratio)s minutes with people for each minute on our own posts; the aim is at least %(target)s."
    ),
    Verdict.REACHED: N_(
        "%(ratio)s minutes with people for each minute on our own posts. The aim of %(target)s is reached."
    ),
    Verdict.ALONE: N_("All of it was time with people; nothing was written down for posts of our own."),
}
_HOURS = N_("%(hours)s hours are written down this week; the strategy gives %(promised)s a week.")
_HOURS_ALONE = N_("%(hours)s hours are written down this week.")


def said(week: Week | None, promise: Promise, locale: str) -> str:
    """What may be said of this week."""
    say = translations(locale).gettext
    if week is None:
        return say(_HIDDEN) % {"least": LEAST_PEOPLE}
    words = {"ratio": ratio(week, locale), "target": rounded(promise.target, locale)}
    return say(_SAID[week.judged(promise.target)]) % words


def hours(week: Week, promise: Promise, locale: str) -> str:
    """The week's hours beside those of the strategy."""
    words = {"hours": rounded(week.minutes / 60, locale)}
    say = translations(locale).gettext
    if promise.hours is None:
        return say(_HOURS_ALONE) % words
    return say(_HOURS) % {**words, "promised": rounded(promise.hours, locale)}


def ratio(week: Week | None, locale: str) -> str:
    """The ratio for a table, or why there is none."""
    say = translations(locale).gettext
    if week is None:
        return say(TOO_FEW_PEOPLE)
    if week.ratio is None:
        return say(TOO_LITTLE) if week.judged(1) is Verdict.TOO_LITTLE else say(N_("with people alone"))
    return rounded(week.ratio, locale)


def rounded(value: float, locale: str) -> str:
    """A number with at most one decimal: "1", "0.5"."""
    return format_number(round(value, 1), locale)
