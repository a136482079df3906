"""What a mail tells of one thing: posts that ask for a yes, answers, ideas, what is said of them."""

from datetime import date

from app.domain.mails import Verb
from app.foundation.former import called
from app.foundation.i18n import N_, translations
from app.words import duties
from app.words.mails import Point

QUOTE_MOST = 600
_ASKS = N_("%(who)s asks for your yes to “%(title)s”.")
_STILL_ASKS = N_("“%(title)s” still waits for a yes.")
_APPROVED = N_("%(who)s said yes to “%(title)s”.")
_CHANGES = N_("%(who)s asks for changes in “%(title)s”.")
_IDEA = {
    Verb.ACCEPTED: N_("Your idea “%(title)s” becomes a post."),
    Verb.PARKED: N_("Your idea “%(title)s” is kept until %(day)s."),
    Verb.DECLINED: N_("Your idea “%(title)s” does not become a post."),
    Verb.MERGED: N_("Your idea “%(title)s” goes on as a part of another one."),
    Verb.PUBLISHED: N_("Your idea “%(title)s” is out. Thank you."),
}
_NEXT = {
    Verb.ACCEPTED: N_("You will hear when it is out."),
    Verb.PARKED: N_("It comes back by itself on that day."),
    Verb.DECLINED: N_("Thank you for sending it. The next one is just as welcome."),
    Verb.MERGED: N_("You will hear when that one is out."),
    Verb.PUBLISHED: N_("Look how it turned out, and tell whoever is in it."),
}
_WROTE = N_("%(who)s wrote about “%(title)s”.")


def review(title: str, who: str, post_id: int, locale: str, again: bool) -> Point:
    """To somebody who may approve: a post that `who` handed in waits. `again`: they were told already."""
    say = translations(locale).gettext
    what = say(_STILL_ASKS if again else _ASKS) % {"who": called(who, locale), "title": title}
    handed_in = say(N_("Handed in by %(who)s.")) % {"who": called(who, locale)} if again else ""
    to_do = say(N_("Say yes to it, or what should change."))
    return Point(what, to_do, f"/posts/{post_id}/review", handed_in)


def outcome(title: str, who: str, comment: str, post_id: int, locale: str, approved: bool) -> Point:
    """To whoever wrote a post: the answer to it, and what was said with it."""
    say = translations(locale).gettext
    what = say(_APPROVED if approved else _CHANGES) % {"who": called(who, locale), "title": title}
    to_do = N_("It goes out at its time. Give it one, if it has none.")
    if not approved:
        to_do = N_("Change it and hand it in again, or talk with them.")
    return Point(what, say(to_do), f"/posts/{post_id}", quoted(comment, locale))


def idea(verb: Verb, title: str, answer: str, path: str, locale: str, until: date | None = None) -> Point:
    """To whoever sent an idea: what became of it, with the answer that was given. `path`: of its page."""
    say = translations(locale).gettext
    day = duties.day(until, locale) if until else ""
    return Point(
        say(_IDEA[verb]) % {"title": title, "day": day}, say(_NEXT[verb]), path, quoted(answer, locale)
    )


def comment(title: str, who: str, text: str, path: str, locale: str) -> Point:
    """To somebody whose idea it is: what `who` said about it."""
    say = translations(locale).gettext
    what = say(_WROTE) % {"who": called(who, locale), "title": title}
    return Point(what, say(N_("Answer them there.")), path, quoted(text, locale))


def quoted(text: str, locale: str) -> str:
    """Somebody's words in the quotation marks of the reader's language, a long text cut; an empty text stays
    empty."""
    if not text:
        return ""
    cut = text if len(text) <= QUOTE_MOST else text[: QUOTE_MOST - 1].rstrip() + "…"
    return translations(locale).gettext(N_("“%(words)s”")) % {"words": cut}
