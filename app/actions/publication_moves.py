"""Steps of publications that several actions share: they move the state and write history.

The caller has locked the row, so that no clock moves it meanwhile.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app.actions import history, lendings
from app.connectors import registry
from app.connectors.profiles import Profile
from app.connectors.reasons import Reason
from app.domain.checks import Goal, misfits
from app.domain.contents import Contents
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.networks import DISCARDED_BY_US, ChannelState, Format, NetworkKind, Seen
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import OPEN, HoldReason, Status, is_too_late
from app.domain.roles import RIGHTS, Actor, Right, Role
from app.domain.units import ancestors
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.leases import ChannelLease
from app.models.people import Membership, Person
from app.models.posts import Post, Review, Revision, RevisionPicture, RevisionVariant
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from app.models.units import Unit

# So long a network may work at what it makes public by itself before a person is asked.
MADE_PUBLIC_WITHIN = timedelta(hours=1)
_BACK = frozenset({Status.PLANNED, Status.STAGED, Status.TO_DO})


def step(
    session: Session,
    actor: Actor,
    publication: Publication,
    new: Status,
    verb: str,
    now: datetime,
    step_at: datetime | None = None,
    **facts: Any,
) -> None:
    """Move a publication by a person's hand and write it down. Raises Conflict.

    What lies hidden at the network is discarded when the publication is over or must be laid out anew.
    """
    old = publication.move(new, now, step_at)
    publication.progress = None
    if new is Status.PLANNED and old is not Status.STAGED:
        publication.revision_id = None  # its yes is for the newest one, whatever was laid ready before
    if new in (Status.CANCELLED, Status.REJECTED):
        discard_staged(session, publication, now)
    history.record(
        session, actor, "publication", publication.id, verb,
        unit_id=publication.unit_id, old=old, new=new, now=now, **facts,
    )  # fmt: skip


def change(
    session: Session,
    actor: Actor,
    publication: Publication,
    verb: str,
    now: datetime,
    step_at: datetime | None,
    **facts: Any,
) -> None:
    """Change what the clock shall do with a publication without moving its state, and write it down."""
    publication.step_at = step_at
    publication.version += 1
    history.record(
        session, actor, "publication", publication.id, verb,
        unit_id=publication.unit_id, old=publication.status, new=publication.status, now=now, **facts,
    )  # fmt: skip


def locked_of(session: Session, post_id: int, statuses: Collection[Status]) -> Sequence[Publication]:
    """A post's publications in some statuses, their rows locked."""
    return session.scalars(
        select(Publication)
        .where(Publication.post_id == post_id, Publication.status.in_(statuses))
        .order_by(Publication.id)
        .with_for_update()
    ).all()


def discard_staged(session: Session, publication: Publication, now: datetime) -> None:
    """Mark everything that lies hidden for a publication as unwanted; an errand looks, then deletes it.

    Nobody may fetch its pictures any more.
    """
    lendings.revoke(session, [publication.id], now)
    session.execute(
        update(RemoteObject)
        .where(
            RemoteObject.publication_id == publication.id,
            RemoteObject.unwanted_at.is_(None),
            RemoteObject.seen.not_in([Seen.GONE, Seen.LIVE]),
        )
        .values(
            unwanted_at=now,
            # The rest can't be deleted, and goes by itself within a day.
            discard_at=case((RemoteObject.kind.in_(sorted(DISCARDED_BY_US)), now), else_=None),
        ),
        execution_options={"synchronize_session": False},
    )


def back_to_proposed(session: Session, actor: Actor, post: Post, now: datetime) -> None:
    """Take the yes back from what is not yet on its way; the others keep their revision."""
    for publication in locked_of(session, post.id, _BACK):
        publication.revision_id = None
        publication.tries = 0
        step(session, actor, publication, Status.PROPOSED, "unapproved", now, expires_at(publication))
        discard_staged(session, publication, now)


def plan_approved(
    session: Session, actor: Actor, post: Post, now: datetime, approver_id: int | None = None
) -> None:
    """After a yes: plan what was proposed on channels that the approver answers for.

    `approver_id`: on whose right it stands too, when an approver corrected and the actor agrees.
    """
    for publication in locked_of(session, post.id, {Status.PROPOSED}):
        channel = session.get_one(Channel, publication.channel_id)
        theirs = approver_id is not None and approves(session, approver_id, channel.unit_id)
        if theirs or actor.scope.may(Right.APPROVE, channel.unit_id):
            if is_too_late(publication.due_at, publication.lateness, now):
                step(session, actor, publication, Status.MISSED, "missed", now)
            else:
                step(
                    session,
                    actor,
                    publication,
                    Status.PLANNED,
                    "planned",
                    now,
                    begins_at(session, publication, channel),
                )


def ready_status(session: Session, post: Post, channel: Channel) -> Status:
    """Planned when the newest revision has a yes from somebody who answers for the channel, else proposed.

    A yes to one's own words, said where nobody else could, does not count where somebody else can.
    """
    if post.status is not PostStatus.APPROVED:
        return Status.PROPOSED
    said_yes = session.execute(
        select(Review.person_id, Review.approver_id, Review.own).where(
            Review.revision_id == post.revision_id, Review.kind == ReviewKind.APPROVED
        )
    ).all()
    on_whose_right = {one for row in said_yes for one in row[:2] if one is not None}
    counts = on_whose_right and holds(session, on_whose_right, Right.APPROVE, channel.unit_id)
    if counts and all(row.own for row in said_yes):
        counts = not holds(session, on_whose_right, Right.APPROVE, channel.unit_id, others=True)
    return Status.PLANNED if counts else Status.PROPOSED


def approves(session: Session, person_id: int, unit_id: int) -> bool:
    """Whether somebody may approve in a unit, and may come in at all."""
    return holds(session, {person_id}, Right.APPROVE, unit_id)


def holds(
    session: Session, person_ids: Collection[int], right: Right, unit_id: int, others: bool = False
) -> bool:
    """Whether any of these people has a right in a unit, by a role there or above, and may come in.

    `others`: whether anybody else has.
    """
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""
    found = session.scalar(
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id.not_in(person_ids) if others else Membership.person_id.in_(person_ids),
            Membership.role.in_([role for role in Role if right in RIGHTS[role]]),
            Membership.unit_id.in_([*ancestors(path), unit_id]),
            Person.active,
        )
        .limit(1)
    )
    return found is not None


def begins_at(session: Session, publication: Publication, channel: Channel) -> datetime:
    """When the clock starts on a planned one: its lead before the time, or at it (`prepare_late`)."""
    if publication.prepare_late:
        return publication.due_at
    newest = select(Post.revision_id).where(Post.id == publication.post_id)
    revision_id = publication.revision_id or session.scalar(newest)
    profile = registry.network(channel.network).profile
    return publication.due_at - profile.lead(moves(session, revision_id, channel.id))


def takings(session: Session, publication: Publication, network: NetworkKind) -> Profile:
    """What a network takes and can do in the format of a publication that was laid ready."""
    profile = registry.network(network).profile
    if publication.revision_id is None:
        return profile
    wanted = format_of(session, publication.revision_id, publication.channel_id)
    return profile.in_format(wanted) or profile


def format_of(session: Session, revision_id: int, channel_id: int) -> Format:
    """The format of a revision on a channel."""
    own = (RevisionVariant.revision_id == Revision.id) & (RevisionVariant.channel_id == channel_id)
    found = (
        select(func.coalesce(RevisionVariant.format, Revision.format))
        .select_from(Revision)
        .outerjoin(RevisionVariant, own)
        .where(Revision.id == revision_id)
    )
    return Format(session.scalars(found).one())


def moves(session: Session, revision_id: int | None, channel_id: int) -> bool:
    """Whether what a revision shows on a channel holds a video."""
    own = select(RevisionVariant.id).where(
        RevisionVariant.revision_id == revision_id,
        RevisionVariant.channel_id == channel_id,
        RevisionVariant.own_pictures,
    )
    here = session.scalar(own) is not None
    found = (
        select(RevisionPicture.id)
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .where(
            RevisionPicture.revision_id == revision_id,
            RevisionPicture.channel_id == channel_id if here else RevisionPicture.channel_id.is_(None),
            Asset.video_sha256.is_not(None),
        )
        .limit(1)
    )
    return session.scalar(found) is not None


def expires_at(publication: Publication) -> datetime:
    """When one without a yes is missed."""
    return publication.due_at + publication.lateness + timedelta(seconds=1)


def step_time(
    session: Session, publication: Publication, channel: Channel, status: Status
) -> datetime | None:
    """When the clock must next see a publication that a person has put in a status."""
    if status is Status.PLANNED:
        return begins_at(session, publication, channel)
    return expires_at(publication) if status is Status.PROPOSED else None


def channel_units(session: Session, post_id: int) -> frozenset[int]:
    """Ids of the units that own the channels of a post's open publications."""
    return frozenset(
        session.scalars(
            select(Channel.unit_id)
            .join(Publication, Publication.channel_id == Channel.id)
            .where(Publication.post_id == post_id, Publication.status.in_(OPEN))
        )
    )


def check_fits_planned_channels(session: Session, post: Post, contents: Contents) -> None:
    """Nothing, when what each planned channel is told fits it; without any, the roomiest network.

    Raises Invalid with everything that does not, in fields as `domain.checks.misfits` names them.
    """
    planned = session.execute(
        select(Channel.id, Channel.network)
        .join(Publication, Publication.channel_id == Channel.id)
        .where(Publication.post_id == post.id, Publication.status.in_(OPEN))
        .order_by(Channel.id)
    ).all()
    goals = [Goal(row.id, registry.network(row.network).profile) for row in planned]
    _check_fits(contents, goals or [_roomiest()])


def check_fits(contents: Contents, channel: Channel) -> None:
    """Nothing, when what a channel is told fits it. Raises Invalid as `check_fits_planned_channels`."""
    _check_fits(contents, [Goal(channel.id, registry.network(channel.network).profile)])


def _check_fits(contents: Contents, goals: Sequence[Goal]) -> None:
    found: list[Fault] = []
    for goal in goals:
        faults = misfits(contents.on(goal.channel_id), goal.takes)
        found += [fault for fault in faults if fault not in found]
    if found:
        raise Invalid.of(found)


def _roomiest() -> Goal:
    """The network that takes the longest texts of those that Kuliss posts to itself."""
    profiles = [profile for profile in registry.profiles() if not profile.by_hand]
    return Goal(None, max(profiles, key=lambda profile: profile.limits.most))


def open_holds(session: Session, publication_id: int) -> list[Hold]:
    """The holds that still stand, the oldest first."""
    return list(
        session.scalars(
            select(Hold)
            .where(Hold.publication_id == publication_id, Hold.ended_at.is_(None))
            .order_by(Hold.id)
        )
    )


def check_in_use(session: Session, publication: Publication) -> None:
    """What stands still because its channel rests would stand still again at once."""
    rests = session.get_one(Channel, publication.channel_id).state is not ChannelState.ACTIVE
    holds = open_holds(session, publication.id)
    if rests and any(row.reason is HoldReason.RESTING for row in holds):
        raise Conflict("channel_rests")


def end_hold(session: Session, actor: Actor, publication: Publication, row: Hold, now: datetime) -> None:
    """End one reason to stand still."""
    row.ended_at, row.ended_by_id = now, actor.person_id
    if row.reason is HoldReason.BLOCKED:
        # Somebody says that the network lets us post again: it is asked at once.
        session.execute(
            update(ChannelLease)
            .where(ChannelLease.channel_id == publication.channel_id)
            .values(paused_until=None)
        )


def usual_lateness(channel: Channel) -> int:
    """Minutes that a post may be late on a channel when nobody says otherwise."""
    return int(registry.network(channel.network).profile.lateness.total_seconds() // 60)


def comes_too_slowly(publication: Publication, now: datetime) -> bool:
    """Whether the network took it so long ago, and it is still not public, that a person is asked."""
    taken = publication.status is Status.PUBLISHING and publication.reason == Reason.PREPARING
    return taken and now - (publication.shown_at or publication.due_at) > MADE_PUBLIC_WITHIN
