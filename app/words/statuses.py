"""What happened to a publication, whose turn it is, what comes next: in that order, for every status."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.connectors.reasons import Reason
from app.domain.networks import NetworkKind
from app.domain.posts import PostStatus
from app.domain.publications import WATCHDOG_AFTER, HoldReason, Status
from app.foundation.i18n import N_, format_instant, translations
from app.words.sentences import sentence


@dataclass(frozen=True)
class Standing:
    """Three sentences or more: what happened, whose turn it is, the next step."""

    happened: str
    turn: str
    next: str


NOBODY = N_("Nobody's. Kuliss does it.")
EDITOR = N_("An editor's.")
ON_ITS_TIME = frozenset({Status.PLANNED, Status.STAGED})


@dataclass(frozen=True)
class _Told:
    """A publication's row with what its words need."""

    row: Any
    holds: Sequence[Any]
    network: str
    locale: str
    now: datetime
    doer: str = ""

    def say(self, words: str, **more: Any) -> str:
        """A sentence in the reader's language; instants in the publication's own zone."""
        facts = {"network": self.network, "channel": self.row.channel, **more}
        written = {
            name: self.at(value) if isinstance(value, datetime) else value for name, value in facts.items()
        }
        return translations(self.locale).gettext(words) % written

    def at(self, instant: datetime) -> str:
        """An instant in local words."""
        return format_instant(instant, self.row.zone, self.locale)

    @property
    def reason(self) -> str:
        """Why it is as it is, or an empty text."""
        return sentence(self.row.reason, self.locale) if self.row.reason else ""

    @property
    def shown_elsewhere(self) -> bool:
        """Whether it is public all the same, though not by us."""
        return bool(self.row.reason == "shown_elsewhere")

    @property
    def nothing(self) -> str:
        """That nothing went out, where that is so."""
        return "" if self.shown_elsewhere else self.say(N_("Nothing went out."))

    @property
    def by_hand(self) -> bool:
        """Whether a person posts it."""
        return bool(self.row.network == NetworkKind.MANUAL)

    @property
    def latest(self) -> datetime:
        """Until when it may still go out."""
        found: datetime = self.row.due_at + timedelta(minutes=self.row.lateness_minutes)
        return found


def standing(
    row: Any, holds: Sequence[Any], network: str, locale: str, now: datetime, doer: str = ""
) -> Standing:
    """The words for one publication (a row of `queries.publications`), with the holds that stand on it.

    `doer`: the name of whoever posts it by hand, if somebody in particular does.
    """
    told = _Told(row, holds, network, locale, now, doer)
    found = _WORDS[row.status](told)
    return _overdue(told, found) if is_overdue(row, now) and row.status is not Status.PROPOSED else found


def is_overdue(row: Any, now: datetime) -> bool:
    """Whether its time is past by ten minutes and nothing has settled it, though no person was asked."""
    waits = row.status in (Status.PROPOSED, Status.PLANNED, Status.STAGED, Status.PUBLISHING)
    return bool(waits and row.due_at < now - WATCHDOG_AFTER)


def _overdue(told: _Told, found: Standing) -> Standing:
    late = told.say(N_("Its time is past by more than ten minutes, and nothing has settled it."))
    turn = told.say(N_("Somebody's who looks after Kuliss: is it running, and can it reach %(network)s?"))
    return Standing(f"{late} {told.reason}".strip(), turn, found.next)


def _proposed(told: _Told) -> Standing:
    turns = {
        PostStatus.IN_REVIEW: N_("An approver's: the post waits for a yes."),
        PostStatus.APPROVED: N_("An approver's who answers for %(channel)s."),
        PostStatus.CHANGES_REQUESTED: N_("The author's: changes were asked for."),
    }
    turn = turns.get(told.row.post_status, N_("The author's: the post is still a draft."))
    return Standing(
        told.say(N_("It has a time, and no yes yet.")),
        told.say(turn),
        told.say(N_("Without a yes by %(latest)s it does not go out."), latest=told.latest),
    )


def _planned(told: _Told) -> Standing:
    happened = told.reason or told.say(N_("It has its yes and waits for its time."))
    if told.row.progress is not None:
        sent = told.say(
            N_("Its video is on its way to %(network)s: %(percent)s %% are there."), percent=told.row.progress
        )
        happened = sent if told.row.reason in ("", Reason.PREPARING) else f"{happened} {sent}"
    if told.row.progress is not None and told.now < told.row.due_at:
        next_step = told.say(
            N_("When all of it is there it lies ready, hidden. It is shown %(due)s."), due=told.row.due_at
        )
    elif told.by_hand:
        next_step = told.say(
            N_("Its time is %(due)s. A day before, it becomes a task for a person."), due=told.row.due_at
        )
    elif told.row.due_at <= told.now:
        next_step = told.say(
            N_("It goes out as soon as it can, until %(latest)s at the latest."), latest=told.latest
        )
    elif told.row.step_at and told.now < told.row.step_at < told.row.due_at:
        next_step = told.say(
            N_("It is laid ready, hidden, %(at)s. It is shown %(due)s."),
            at=told.row.step_at, due=told.row.due_at,
        )  # fmt: skip
    else:
        next_step = told.say(
            N_("Shortly before its time it is laid ready, hidden. It is shown %(due)s."), due=told.row.due_at
        )
    return Standing(happened, told.say(NOBODY), next_step)


def _staged(told: _Told) -> Standing:
    happened = told.say(N_("It lies ready at %(network)s, hidden."))
    if told.reason:
        happened = f"{told.reason} {happened}"
    if told.row.due_at <= told.now:
        next_step = told.say(
            N_("It is shown as soon as it can, until %(latest)s at the latest."), latest=told.latest
        )
    else:
        next_step = told.say(N_("It is shown %(due)s."), due=told.row.due_at)
    return Standing(happened, told.say(NOBODY), next_step)


def _publishing(told: _Told) -> Standing:
    if told.row.reason == Reason.PREPARING:
        look = told.say(N_("Kuliss looks until it is public, next %(at)s."), at=told.row.step_at or told.now)
        return Standing(
            told.say(N_("%(network)s took it and is making it public.")), told.say(N_("%(network)s’s.")), look
        )
    return Standing(
        told.say(N_("It is going out just now.")),
        told.say(NOBODY),
        told.say(N_("In a moment this page says how it went.")),
    )


def _unsure(told: _Told) -> Standing:
    happened = " ".join(
        part for part in (told.reason, told.say(N_("Nobody knows for certain whether it is public."))) if part
    )
    if told.row.answered_no_at:
        turn = told.say(N_("Nobody's for now: you said that it is not on the page."))
        next_step = told.say(N_("Kuliss looks once more, and then shows the very same post."))
    else:
        turn = told.say(N_("Yours, if you can see the page at %(network)s."))
        next_step = told.say(N_("Look at the page and answer."))
    if told.row.step_at and told.row.step_at > told.now:
        next_step += " " + told.say(N_("Kuliss looks again %(at)s."), at=told.row.step_at)
    return Standing(happened, turn, next_step)


def _held(told: _Told) -> Standing:
    happened = " ".join(_hold(told, one) for one in told.holds) or told.say(N_("It stands still."))
    dead = told.row.token_state != "ok"  # noqa: S105 - a state, not a token
    if dead and any(one.reason == HoldReason.RECONNECT for one in told.holds):
        return Standing(
            happened,
            told.say(N_("Somebody's who looks after channels.")),
            told.say(
                N_("Connect %(channel)s again. If that is done by %(latest)s, it goes out."),
                latest=told.latest,
            ),
        )
    if any(one.found_id for one in told.holds):
        return Standing(happened, told.say(EDITOR), told.say(N_("Look at it and answer.")))
    if any(one.reason == HoldReason.RESTING for one in told.holds):
        again = told.say(N_("Take the channel into use again, then release it. Or cancel it."))
        return Standing(happened, told.say(EDITOR), again)
    return Standing(happened, told.say(EDITOR), told.say(N_("Release it, give it a new time, or cancel it.")))


def _hold(told: _Told, one: Any) -> str:
    if one.reason == HoldReason.RECONNECT:
        return told.reason or told.say(N_("The channel must be connected again."))
    if one.reason == HoldReason.RESTORED:
        return _restored(told, one)
    if one.reason == HoldReason.BLOCKED:
        return told.say(
            N_("The network has stopped posting on this page for a while. The page itself tells why.")
        )
    if one.reason == HoldReason.EVERYTHING:
        return _stop(told, one)
    if one.reason == HoldReason.RESTING:
        return told.say(N_("%(channel)s is not in use any more, so nothing goes out there by itself."))
    if one.reason == HoldReason.SHOWN:
        return told.reason or told.say(N_("What lay ready was shown by somebody else."))
    who, since = one.person or told.say(N_("Somebody")), one.since_at
    words = (
        N_("%(who)s holds it since %(since)s: %(note)s")
        if one.note
        else N_("%(who)s holds it since %(since)s.")
    )
    return told.say(words, who=who, since=since, note=one.note)


def _restored(told: _Told, one: Any) -> str:
    if one.found_id:
        return told.say(N_("The data were restored from a copy. A post like this is on the page already."))
    if one.looked_at:
        words = N_(
            "The data were restored from a copy. Kuliss looked %(at)s and saw no such post there."
            " A story, or a post without words, it can't tell: look yourself."
        )
        return told.say(words, at=one.looked_at)
    return told.say(N_("The data were restored from a copy, so a person must look first."))


def _stop(told: _Told, one: Any) -> str:
    words = (
        N_("%(who)s stopped the queue %(since)s: %(note)s")
        if one.note
        else N_("%(who)s stopped the queue %(since)s.")
    )
    return told.say(words, who=one.person or told.say(N_("Somebody")), since=one.since_at, note=one.note)


def _missed(told: _Told) -> Standing:
    late = told.say(
        N_("Its time passed, and it may be at most %(minutes)s minutes late."),
        minutes=told.row.lateness_minutes,
    )
    return Standing(
        " ".join(part for part in (told.reason, late, told.nothing) if part),
        told.say(EDITOR),
        told.say(
            N_("Post it by hand and say so here, give it a new time, or cancel it. It stays here until then.")
            if told.by_hand
            else N_("Publish it now, give it a new time, or cancel it. It stays here until somebody decides.")
        ),
    )


def _rejected(told: _Told) -> Standing:
    happened = told.reason or told.say(N_("%(network)s said no."))
    return Standing(
        f"{happened} {told.nothing}".strip(),
        told.say(EDITOR),
        told.say(N_("Change the post and give it a new time; then it needs a new yes. Or cancel it.")),
    )


def _to_do(told: _Told) -> Standing:
    turn = told.say(N_("%(who)s’s: post it by hand."), who=told.doer) if told.doer else told.say(EDITOR)
    return Standing(
        told.say(N_("A person posts it on %(channel)s, at %(due)s."), due=told.row.due_at),
        turn,
        told.say(
            N_("Copy the text, post it there by %(latest)s at the latest, then say so here."),
            latest=told.latest,
        ),
    )


def _done(told: _Told) -> Standing:
    return Standing(
        told.say(N_("It was posted by hand %(at)s."), at=told.row.published_at or told.row.since_at),
        told.say(N_("Nobody's.")),
        told.say(N_("No numbers are read there.")),
    )


def _published(told: _Told) -> Standing:
    at = told.row.published_at or told.row.since_at
    if told.row.remote_id:
        then = N_("Kuliss reads its numbers for four weeks.")
    elif told.row.step_at:
        then = N_("Kuliss looks for its address there. Its numbers come after that.")
    else:
        then = N_("Which post it is there could not be told, so no numbers are read.")
    return Standing(
        told.say(N_("It is public since %(at)s."), at=at), told.say(N_("Nobody's.")), told.say(then)
    )


def _cancelled(told: _Told) -> Standing:
    cancelled = told.say(N_("It was cancelled %(at)s and does not go out."), at=told.row.since_at)
    if told.shown_elsewhere:
        return Standing(
            f"{cancelled} {told.reason}",
            told.say(EDITOR),
            told.say(N_("Look at the page; what shall not stand there is taken down there.")),
        )
    return Standing(
        cancelled,
        told.say(N_("Nobody's.")),
        told.say(N_("The post can be given a new time on this channel.")),
    )


def _removed(told: _Told) -> Standing:
    words = (
        N_("It is not on the page any more; this was found %(at)s.")
        if told.row.reason
        else N_("It was taken down %(at)s.")
    )
    return Standing(
        told.say(words, at=told.row.since_at),
        told.say(N_("Nobody's.")),
        told.say(N_("Kuliss never publishes it again by itself.")),
    )


_WORDS: dict[Status, Callable[[_Told], Standing]] = {
    Status.PROPOSED: _proposed,
    Status.PLANNED: _planned,
    Status.STAGED: _staged,
    Status.PUBLISHING: _publishing,
    Status.UNSURE: _unsure,
    Status.HELD: _held,
    Status.MISSED: _missed,
    Status.REJECTED: _rejected,
    Status.TO_DO: _to_do,
    Status.PUBLISHED: _published,
    Status.DONE: _done,
    Status.CANCELLED: _cancelled,
    Status.REMOVED: _removed,
}
