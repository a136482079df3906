"""The page of one publication: where it stands, its story, its numbers, what it says, and who does what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.connectors import registry
from app.connectors.profiles import Profile
from app.dependencies.viewers import Viewer
from app.domain import readings
from app.domain.contents import Said, said_of
from app.domain.errors import Refusal
from app.domain.networks import NetworkKind
from app.domain.posts import PostStatus
from app.domain.publications import OPEN, OUT, Status, Wish
from app.domain.results import Paid
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.i18n import translations
from app.foundation.settings import Settings
from app.queries import history_facts, paid, posts, tasks, wishes
from app.queries import publications as questions
from app.queries.contents import of_revisions
from app.queries.tasks import Doer
from app.web.cards import Card, card, spans
from app.web.forms import Form, said
from app.web.rendering import render
from app.words.results import PAID
from app.words.statuses import Standing
from app.words.story import story
from app.words.wishes import wish_standing


@dataclass(frozen=True)
class Shown:
    """What goes out or went out on this channel. `pinned`: exactly this revision, whatever is written later.

    `newest`: number of the newest revision. `differs`: it has its yes and says another thing here.
    """

    number: int
    content: Said
    pinned: bool
    newest: int
    differs: bool


@dataclass(frozen=True)
class Task:
    """The work of a hand: who does it, and who could."""

    doer: Doer
    people: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class PaidChoice:
    """Whether money was behind it: what was said (`now`), and each answer with its words."""

    now: Paid
    options: Sequence[tuple[Paid, str]]


@dataclass(frozen=True)
class Asked:
    """An open wish: its words, and what ends it. `doubt`: of a comment, that it may be there already."""

    kind: Wish
    by_hand: bool
    standing: Standing
    doubt: bool = False


def page(
    request: Request,
    viewer: Viewer,
    session: Session,
    settings: Settings,
    publication_id: int,
    refusal: Refusal | None = None,
    form: Form | None = None,
    template: str = "publications/publication.html",
) -> Response:
    """The page, or the part of it that changes by itself; with what was refused, if something was."""
    scope, now = viewer.actor.scope, clock.now()
    row = questions.row(session, scope, publication_id)
    profile = registry.network(row.network).profile
    task = _task(session, viewer, row) if row.network is NetworkKind.MANUAL else None
    asked = wishes.all_of(session, scope, [row.id]) if row.status in OUT else []
    wish = _wish(viewer, row, profile, asked, comment=False)
    comment = _wish(viewer, row, profile, asked, comment=True)
    holds = questions.holds(session, scope, [row.id])[row.id] if row.status is Status.HELD else []
    shown = _shown(session, viewer, row)
    told = card(viewer, settings, row, holds, now, task.doer.person if task else "")
    return render(
        request,
        template,
        refusal.status if refusal else 200,
        card=_offered(told, profile, shown.content),
        steps=_story(session, viewer, row, profile),
        shown=shown,
        readings=_readings(session, viewer, row, profile),
        every=_every(row, profile, shown.content, (wish, comment), now),
        span=spans(viewer),
        task=task,
        may_do=task is not None and _may_do(viewer, row, task),
        wish=wish,
        comment=comment,
        paid=_paid(session, viewer, row),
        takes_comment=_takes_comment(profile, shown.content),
        form=form or Form(),
        errors=said(request, refusal),
    )


def _offered(found: Card, profile: Profile, said: Said) -> Card:
    """The card without what the network does not do in this format."""
    if (profile.in_format(said.format) or profile).corrects:
        return found
    return replace(found, acts=found.acts - {"correct"})


def _task(session: Session, viewer: Viewer, row: Any) -> Task | None:
    scope = viewer.actor.scope
    doer = tasks.doer(session, scope, row.id)
    if doer is None:
        return None
    choosing = row.status in OPEN and scope.may(Right.SCHEDULE, row.unit_id)
    return Task(doer, list(tasks.doers(session, scope, row.unit_id).items()) if choosing else [])


def _paid(session: Session, viewer: Viewer, row: Any) -> PaidChoice | None:
    """What may be said of money behind it, by those who may; None where it is not out."""
    scope = viewer.actor.scope
    if row.status not in OUT or row.published_at is None or not scope.may(Right.SCHEDULE, row.unit_id):
        return None
    say = translations(viewer.locale).gettext
    now = paid.marks(session, scope, [row.id]).get(row.id, Paid.UNKNOWN)
    return PaidChoice(now, [(answer, say(words)) for answer, words in PAID.items()])


def _may_do(viewer: Viewer, row: Any, task: Task) -> bool:
    """Whether the viewer may say that it is done; whoever shall do it may, whatever their role."""
    theirs = task.doer.person_id == viewer.person_id
    may = theirs or viewer.actor.scope.may(Right.SCHEDULE, row.unit_id)
    ready = row.status in (Status.PLANNED, Status.MISSED) and row.post_status is PostStatus.APPROVED
    return may and (row.status is Status.TO_DO or ready)


def _wish(viewer: Viewer, row: Any, profile: Profile, asked: Sequence[Any], *, comment: bool) -> Asked | None:
    """The open wish, or the first comment that is still to be written."""
    found = next((one for one in asked if (one.kind is Wish.COMMENT) is comment), None)
    if found is None:
        return None
    where = row.channel if profile.by_hand else profile.label
    doubt = found.by_hand and found.tried_at is not None
    return Asked(found.kind, found.by_hand, wish_standing(found, where, viewer.locale), doubt)


def _takes_comment(profile: Profile, said: Said) -> bool:
    """Whether its first comment is written by us or, where people post by hand, by them."""
    formed = profile.in_format(said.format)
    return profile.by_hand or (formed is not None and formed.comments is not None)


def _story(session: Session, viewer: Viewer, row: Any, profile: Profile) -> Any:
    scope = viewer.actor.scope
    tries = [] if profile.by_hand else questions.attempts(session, scope, [row.id])[row.id]
    events = questions.story(session, scope, row.id)
    known = history_facts.known(session, scope, events)
    return story(events, tries, row.zone, viewer.locale, known)


def _shown(session: Session, viewer: Viewer, row: Any) -> Shown:
    """The pinned revision, else the newest."""
    rows = posts.revisions(session, viewer.actor.scope, row.post_id)
    pinned = next((one for one in rows if one.id == row.revision_id), None)
    shown, newest = pinned or rows[0], rows[0]
    found = of_revisions(session, viewer.actor.scope, {shown.id, newest.id})
    here, there = found[shown.id].on(row.channel_id), found[newest.id].on(row.channel_id)
    differs = row.status in OUT and row.post_status is PostStatus.APPROVED and _differs(here, there)
    return Shown(shown.number, here, pinned is not None, newest.number, differs)


def _differs(one: Said, other: Said) -> bool:
    return (one.text, one.link, said_of(one.pictures)) != (other.text, other.link, said_of(other.pictures))


def _readings(session: Session, viewer: Viewer, row: Any, profile: Profile) -> dict[str, Any]:
    rows = (
        questions.readings(session, viewer.actor.scope, [row.id])[row.id]
        if row.published_at and not profile.by_hand
        else []
    )
    lines = [
        {
            "age": one.age,
            "taken_at": one.taken_at,
            "values": [(name, getattr(one, name)) for name in profile.metrics],
            "engagement": readings.engagement(one.reactions, one.comments, one.shares, one.saves),
        }
        for one in rows
    ]
    return {"names": profile.metrics, "lines": lines}


def _every(row: Any, profile: Profile, said: Said, asked: Sequence[Asked | None], now: datetime) -> int:
    """After how many seconds the page asks again; 0 when nothing moves by itself soon."""
    if row.status in (Status.PUBLISHING, Status.UNSURE) or any(one and not one.by_hand for one in asked):
        return 3
    if row.status not in (Status.PLANNED, Status.STAGED) or profile.by_hand:
        return 0
    left = (row.due_at - profile.lead(bool(said.videos)) - now).total_seconds()
    return 0 if left > 24 * 3600 else min(max(3, int(left / 2)), 600)
