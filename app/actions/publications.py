"""What a person does with a publication: plan, move, publish now, hold, release, cancel, settle a doubt."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import comments, history, lendings, publication_moves, restored
from app.actions.inputs import Id
from app.actions.posts import newest
from app.actions.publication_moves import change, step
from app.domain import timing
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.networks import ChannelState
from app.domain.posts import PostStatus
from app.domain.publications import (
    ENDS_BY_ITSELF,
    MAY_CHANGE_TIME,
    MAY_HOLD,
    OPEN,
    OUT,
    HoldReason,
    Status,
    is_too_late,
)
from app.domain.readings import next_reading_at
from app.domain.roles import Actor, Right
from app.domain.texts import is_web_address, normalise
from app.foundation import clock
from app.foundation.database import lock
from app.models.channels import Channel, ChannelUnit
from app.models.holds import Hold
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import posts as post_questions
from app.queries import publications as questions
from app.queries.contents import contents

Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]


class When(BaseModel):
    """A time, either as naive local wall time (with `fold` for an hour that exists twice) or as an instant.

    `ask`: refuse an hour that exists twice instead of taking its first; pages ask, programs choose by `fold`.
    """

    model_config = ConfigDict(extra="forbid")

    local_due: NaiveDatetime | None = None
    due_at: AwareDatetime | None = None
    fold: Literal[0, 1] | None = None
    ask: bool = False


class PlanInput(When):
    """A post on a channel at a time. `repeats`: publish it there again although it has been out before.

    `lateness_limit_minutes` None: as is usual for the channel's network. `prepare_late`: nothing is laid
    ready at the network before the time; then it goes out a little later.
    """

    channel_id: Id
    lateness_limit_minutes: Minutes | None = None
    repeats: bool = False
    prepare_late: bool = False


class MoveInput(When):
    """Another time, another limit of lateness, or whether it is prepared only at its time; None: as it is."""

    lateness_limit_minutes: Minutes | None = None
    prepare_late: bool | None = None


class SettleInput(BaseModel):
    """A person's answer to "is it on the page?", with the address of the post if they have it."""

    model_config = ConfigDict(extra="forbid")

    public: bool
    link: Annotated[str, Field(max_length=2000)] = ""


def plan(session: Session, actor: Actor, post_id: int, data: PlanInput) -> Publication:
    """Give a post a time on a channel. Planned when it has its yes there, else proposed.

    Raises NotFound, Forbidden, Conflict (withdrawn) and Invalid: the channel is not one of this unit's, the
    content does not fit it, the time is past or does not exist, the post has a time there or was out there.
    """
    post = _post_to_plan(session, actor, post_id)
    channel = usable_channel(session, actor, post.unit_id, data.channel_id)
    publication_moves.check_fits(contents(session, actor.scope, newest(session, post).id), channel)
    now = clock.now()
    local, fold, due_at = _when(data, _zone(session, post.unit_id))
    timing.check_ahead(due_at, now, "due_at" if data.due_at else "local_due")
    before = _earlier(session, post, channel, data.repeats)
    status = publication_moves.ready_status(session, post, channel)
    publication = Publication(
        post_id=post.id, channel_id=channel.id, unit_id=post.unit_id, repeats_id=before,
        status=status, since_at=now, local_due=local, zone=_zone(session, post.unit_id), fold=fold,
        due_at=due_at,
        lateness_minutes=data.lateness_limit_minutes or publication_moves.usual_lateness(channel),
        prepare_late=data.prepare_late, planned_by_id=actor.person_id, created_at=now,
    )  # fmt: skip
    publication.step_at = publication_moves.step_time(session, publication, channel, status)
    session.add(publication)
    session.flush()
    history.record(
        session, actor, "publication", publication.id, "planned",
        unit_id=post.unit_id, new=status, now=now, due_at=due_at.isoformat(), channel_id=channel.id,
    )  # fmt: skip
    return publication


def move(session: Session, actor: Actor, publication_id: int, data: MoveInput) -> Publication:
    """Give it another time or limit. Raises NotFound, Forbidden, Conflict ("on its way"), Invalid."""
    publication = locked(session, actor, publication_id)
    if publication.status not in MAY_CHANGE_TIME:
        raise Conflict("on_its_way" if publication.status is Status.PUBLISHING else "may_not_move")
    now = clock.now()
    if data.lateness_limit_minutes:
        publication.lateness_minutes = data.lateness_limit_minutes
    if data.prepare_late is not None:
        publication.prepare_late = data.prepare_late
    if data.local_due or data.due_at:
        local, fold, due_at = _when(data, publication.zone)
        timing.check_ahead(due_at, now, "due_at" if data.due_at else "local_due")
        publication.local_due, publication.fold, publication.due_at = local, fold, due_at
    _wait_again(session, actor, publication, "moved", now, due_at=publication.due_at.isoformat())
    return publication


def publish_now(session: Session, actor: Actor, publication_id: int) -> Publication:
    """Send it out at once, from planned, staged or missed. Raises Conflict when it has no yes, or is held."""
    publication = locked(session, actor, publication_id)
    now = clock.now()
    if publication.status not in (Status.PLANNED, Status.STAGED, Status.MISSED):
        raise Conflict(
            "on_its_way" if publication.status is Status.PUBLISHING else "not_ready", old=publication.status
        )
    post = session.get_one(Post, publication.post_id)
    channel = session.get_one(Channel, publication.channel_id)
    if publication_moves.ready_status(session, post, channel) is not Status.PLANNED:
        raise Conflict("needs_yes")
    publication.due_at = now
    publication.local_due = timing.to_local(now, publication.zone).replace(microsecond=0)
    publication.fold = 0
    publication.tries = 0
    if publication.status is Status.MISSED:
        step(session, actor, publication, Status.PLANNED, "published_now", now, now)
    else:
        change(session, actor, publication, "published_now", now, now)
    return publication


def hold(session: Session, actor: Actor, publication_id: int, note: str = "") -> Publication:
    """Stop it until a person releases it. Raises Conflict when it is on its way or over."""
    publication = locked(session, actor, publication_id)
    if publication.status not in MAY_HOLD:
        raise Conflict("on_its_way" if publication.status is Status.PUBLISHING else "may_not_hold")
    now = clock.now()
    note = normalise(note)[:500]
    session.add(
        Hold(
            publication_id=publication.id,
            reason=HoldReason.PERSON,
            note=note,
            person_id=actor.person_id,
            since_at=now,
        )
    )
    if publication.status is not Status.HELD:
        step(session, actor, publication, Status.HELD, "held", now, note=note)
        lendings.revoke(session, [publication.id], now)
    return publication


def release(session: Session, actor: Actor, publication_id: int) -> Publication:
    """End the holds that people may end. It waits for its time again, or is missed when that is past.

    Raises Conflict when it is not held, or when a reason is left that a person can't end here.
    """
    publication = locked(session, actor, publication_id)
    if publication.status is not Status.HELD:
        raise Conflict("not_held")
    now = clock.now()
    publication_moves.check_in_use(session, publication)
    alive = session.get_one(Channel, publication.channel_id).token_state == "ok"  # noqa: S105 - a state
    for row in publication_moves.open_holds(session, publication.id):
        if alive or row.reason not in ENDS_BY_ITSELF:
            publication_moves.end_hold(session, actor, publication, row, now)
    session.flush()
    if publication_moves.open_holds(session, publication.id):
        raise Conflict("still_held")
    _wait_again(session, actor, publication, "released", now)
    return publication


def end_holds(session: Session, actor: Actor, publication_id: int, hold_ids: Collection[int]) -> Publication:
    """End exactly these holds. When none is left it waits for its time again, or is missed when that is past.

    Raises Conflict ("not_held") when none of them stands any more.
    """
    publication = locked(session, actor, publication_id)
    now = clock.now()
    rows = [row for row in publication_moves.open_holds(session, publication.id) if row.id in hold_ids]
    if publication.status is not Status.HELD or not rows:
        raise Conflict("not_held")
    for row in rows:
        publication_moves.end_hold(session, actor, publication, row, now)
    session.flush()
    if publication_moves.open_holds(session, publication.id):
        change(session, actor, publication, "hold_ended", now, None)
    else:
        _wait_again(session, actor, publication, "released", now)
    return publication


def cancel(session: Session, actor: Actor, publication_id: int) -> Publication:
    """It shall not go out. Raises Conflict when it is on its way, out, over, or when nobody knows."""
    publication = locked(session, actor, publication_id)
    if publication.status is Status.UNSURE and publication.answered_no_at is None:
        # It may be public: "cancelled" would be a lie, and planned again it would be out twice.
        raise Conflict("on_its_way")
    step(session, actor, publication, Status.CANCELLED, "cancelled", clock.now())
    return publication


def settle(session: Session, actor: Actor, publication_id: int, data: SettleInput) -> Publication:
    """Answer the question of an unsure one. Yes: it is published. No: one more look, then the SAME object.

    Of one that the network took long ago, no: it is sent back. And the question of one that was held after a
    restore, where something like it was found on the page. Yes: that one is it. No: it is released.
    Raises Conflict when nothing is asked, Invalid for a bad link.
    """
    publication = locked(session, actor, publication_id)
    if publication.status is Status.HELD and (asked := restored.question(session, publication.id)):
        if not data.public:
            return release(session, actor, publication_id)
        restored.it_is(session, actor, publication, asked, clock.now())
        freeze_tone(session, publication)
        return publication
    now = clock.now()
    if publication.status is not Status.UNSURE and not publication_moves.comes_too_slowly(publication, now):
        raise Conflict("not_unsure")
    link = normalise(data.link)
    if link and not is_web_address(link):
        raise Invalid("bad_link", "link")
    if not data.public:
        _is_not_there(session, actor, publication, now)
        return publication
    publication.permalink = link or publication.permalink
    publication.published_at = publication.published_at or publication.due_at
    publication.reading_at = next_reading_at(publication.published_at, timedelta(0))
    freeze_tone(session, publication)
    again = None
    if _becomes_another(session, publication):
        # What lay ready is not what is public; that is found by what it says.
        publication.remote_id, publication.tries, again = "", 0, now
    step(session, actor, publication, Status.PUBLISHED, "answered_yes", now, again, link=link)
    session.flush()
    comments.ask(session, publication.id, publication.channel_id, publication.revision_id, now, sure=False)
    session.refresh(publication)
    return publication


def _is_not_there(session: Session, actor: Actor, publication: Publication, now: datetime) -> None:
    if publication.status is Status.PUBLISHING:
        publication.reason = "not_made_public"
        step(session, actor, publication, Status.REJECTED, "answered_no", now)
        return
    publication.answered_no_at = now
    change(session, actor, publication, "answered_no", now, now)


def _becomes_another(session: Session, publication: Publication) -> bool:
    """Whether what is public has another id than what lay ready."""
    network = session.get_one(Channel, publication.channel_id).network
    return publication_moves.takings(session, publication, network).makes_new


def freeze_tone(session: Session, publication: Publication) -> None:
    """Keep the tone of what was first public; results are counted by it. A newer draft's says nothing."""
    post = session.get_one(Post, publication.post_id)
    if post.tone_frozen is None:
        out = session.get(Revision, publication.revision_id) if publication.revision_id else None
        post.tone_frozen = out.tone if out else post.tone


def _names(session: Session, channel: Channel, unit_id: int) -> bool:
    """Whether a channel is shared with a unit by name."""
    return channel.used_by == "units" and session.get(ChannelUnit, (channel.id, unit_id)) is not None


def usable_channel(session: Session, actor: Actor, unit_id: int, channel_id: int) -> Channel:
    """A channel that a unit's posts may go to. Raises Invalid at channel_id, the same for "not there"."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""
    channel = session.get(Channel, channel_id)
    mine = channel is not None and (
        channel.unit_id == unit_id
        or (
            f"/{channel.unit_id}/" in path
            and unit_id in actor.scope.units
            and (channel.used_by == "subtree" or _names(session, channel, unit_id))
        )
    )
    if channel is None or not mine:
        raise Invalid("channel_not_yours", "channel_id")
    if channel.state is not ChannelState.ACTIVE:
        raise Invalid("channel_not_active", "channel_id")
    return channel


def _wait_again(
    session: Session, actor: Actor, publication: Publication, verb: str, now: datetime, **facts: str
) -> None:
    post = session.get_one(Post, publication.post_id)
    channel = session.get_one(Channel, publication.channel_id)
    publication.tries = 0
    old = publication.status
    if old is Status.HELD and verb != "released":
        new = Status.HELD
    elif is_too_late(publication.due_at, publication.lateness, now):
        new = Status.MISSED
    elif old is Status.REJECTED:
        new = Status.PROPOSED
    elif old in (Status.PLANNED, Status.STAGED, Status.TO_DO):
        new = Status.PLANNED  # it has its yes; a changed time does not void it, even if who said it has left
    else:
        new = publication_moves.ready_status(session, post, channel)
    due = publication_moves.step_time(session, publication, channel, new)
    if new is not old:
        step(session, actor, publication, new, verb, now, due, **facts)
        return
    change(session, actor, publication, verb, now, due, **facts)


def _when(data: When, zone: str) -> tuple[datetime, int, datetime]:
    if data.due_at is not None:
        if data.local_due is not None:
            raise Invalid("time_twice", "due_at")
        local, fold = timing.to_wall(data.due_at, zone)
        return local, fold, timing.to_instant(local, zone, fold, "due_at")
    if data.local_due is None:
        raise Invalid("time_missing", "local_due")
    if data.ask and data.fold is None and timing.exists_twice(data.local_due, zone):
        raise Invalid("time_exists_twice", "fold", local=data.local_due)
    return data.local_due, data.fold or 0, timing.to_instant(data.local_due, zone, data.fold)


def _post_to_plan(session: Session, actor: Actor, post_id: int) -> Post:
    post = post_questions.post(session, actor.scope, post_id)
    if not actor.scope.may(Right.SCHEDULE, post.unit_id):
        raise Forbidden("not_allowed")
    lock(session, post)
    if post.status is PostStatus.WITHDRAWN:
        raise Conflict("post_withdrawn")
    return post


def _zone(session: Session, unit_id: int) -> str:
    return session.scalars(select(Unit.zone).where(Unit.id == unit_id)).one()


def _earlier(session: Session, post: Post, channel: Channel, repeats: bool) -> int | None:
    rows = session.execute(
        select(Publication.id, Publication.status)
        .where(Publication.post_id == post.id, Publication.channel_id == channel.id)
        .order_by(Publication.id.desc())
    ).all()
    if any(row.status in OPEN for row in rows):
        raise Invalid("already_planned", "channel_id")
    out = next((row.id for row in rows if row.status in OUT), None)
    if out and not repeats:
        raise Invalid("already_published", "repeats")
    return out


def locked(session: Session, actor: Actor, publication_id: int) -> Publication:
    """A publication to change: in scope, the right checked, its row locked. Raises NotFound, Forbidden."""
    publication = questions.publication(session, actor.scope, publication_id)
    if not actor.scope.may(Right.SCHEDULE, publication.unit_id):
        raise Forbidden("not_allowed")
    # The post first, as an edit does: else an edit meanwhile would not see what is planned by its old yes.
    lock(session, session.get_one(Post, publication.post_id))
    lock(session, publication)
    return publication
