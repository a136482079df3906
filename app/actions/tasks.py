"""What people post by hand: places that no program reaches, who posts there, and that it is done."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.actions import channel_states, channels, history, publication_moves, publications
from app.actions.inputs import Id
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.publications import Status
from app.domain.roles import Actor, Right
from app.domain.texts import is_web_address, normalise
from app.foundation import clock
from app.foundation.crypto import new_token
from app.foundation.database import lock
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.posts import Post
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.queries import channels as channel_questions
from app.queries import publications as questions
from app.queries import stand_ins, tasks

LINK_MOST = 2000
HOW_MOST = 2000
Link = Annotated[str, Field(max_length=LINK_MOST)]


class PlaceEdit(BaseModel):
    """A channel that people post to by hand: its name and address, how it is done, who usually does it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)]
    address: Link = ""
    how: Annotated[str, Field(max_length=HOW_MOST)] = ""
    person_id: Id | None = None
    used_by: channels.UsedBy = "subtree"
    units: Annotated[list[Id], Field(max_length=2000)] = []
    state: ChannelState = ChannelState.ACTIVE


class PlaceInput(PlaceEdit):
    """A new one, of a unit."""

    unit_id: Id


class DoneInput(BaseModel):
    """Where it stands now, if there is an address."""

    model_config = ConfigDict(extra="forbid")

    link: Link = ""


class AssignInput(BaseModel):
    """Who shall post it; nobody in particular with None."""

    model_config = ConfigDict(extra="forbid")

    person_id: Id | None = None


def add_place(session: Session, actor: Actor, data: PlaceInput) -> Channel:
    """A new channel that people post to by hand, in use at once unless it is planned.

    Raises Forbidden, Invalid.
    """
    if data.unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    if not actor.scope.may(Right.CHANNELS, data.unit_id):
        raise Forbidden("not_allowed")
    now = clock.now()
    # Such a place belongs to no network: its number is ours, and its world the real one, where people are.
    channel = Channel(
        unit_id=data.unit_id, network=NetworkKind.MANUAL, realm=Realm.META, remote_id=new_token()[:32],
        name="", used_by="unit", state=data.state, app_id="",
        connected_by_id=actor.person_id, connected_at=now, health={},
    )  # fmt: skip
    place = ManualPlace()
    _fill(session, actor, channel, place, data)
    session.add(channel)
    session.flush()
    place.channel_id = channel.id
    session.add_all([place, ChannelLease(channel_id=channel.id, token=0)])
    session.flush()
    channels.share(session, channel, data.used_by, data.units)
    history.record(
        session, actor, "channel", channel.id, "added",
        unit_id=channel.unit_id, new=channel.state, now=now, name=channel.name,
    )  # fmt: skip
    return channel


def edit_place(session: Session, actor: Actor, channel_id: int, data: PlaceEdit) -> Channel:
    """Change such a channel. Raises NotFound, Forbidden, Invalid, Conflict when a program posts there."""
    channel = channel_questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    place = session.get(ManualPlace, channel.id)
    if channel.network is not NetworkKind.MANUAL or place is None:
        raise Conflict("not_by_hand")
    now, old = clock.now(), channel.state
    channel_states.check(session, actor, channel, data.state)
    _fill(session, actor, channel, place, data)
    channels.share(session, channel, data.used_by, data.units)
    history.record(
        session, actor, "channel", channel.id, "edited",
        unit_id=channel.unit_id, old=old, new=channel.state, now=now, name=channel.name,
        used_by=data.used_by,
    )  # fmt: skip
    return channel


def _fill(session: Session, actor: Actor, channel: Channel, place: ManualPlace, data: PlaceEdit) -> None:
    name, address = normalise(data.name), normalise(data.address)
    faults = []
    if not name:
        faults.append(Fault("name_missing", "name"))
    if address and not is_web_address(address):
        faults.append(Fault("bad_link", "address"))
    if data.person_id and data.person_id not in tasks.doers(session, actor.scope, channel.unit_id):
        faults.append(Fault("person_not_here", "person_id"))
    if faults:
        raise Invalid.of(faults)
    channel.name, channel.state = name, data.state
    place.address, place.how, place.person_id = address, normalise(data.how), data.person_id


def done(session: Session, actor: Actor, publication_id: int, link: str = "") -> Publication:
    """Note that somebody has posted it by hand, with its address if there is one.

    Whoever shall post it may say so too. Raises NotFound, Forbidden, Invalid for a link that is none, and
    Conflict when it is not waiting for a hand, or has no yes.
    """
    publication = _task(session, actor, publication_id)
    link = normalise(link)
    if link and not is_web_address(link):
        raise Invalid("bad_link", "link")
    now = clock.now()
    _come_to_hand(session, publication)
    publication.permalink, publication.published_at = link, now
    publication.revision_id = (
        publication.revision_id or session.get_one(Post, publication.post_id).revision_id
    )
    publications.freeze_tone(session, publication)
    publication_moves.step(session, actor, publication, Status.DONE, "done", now, link=link)
    return publication


def _come_to_hand(session: Session, publication: Publication) -> None:
    """Someone may be quicker than the plan, or late: by the table's own steps it becomes a task first."""
    if publication.status is Status.TO_DO:
        return
    if publication.status not in (Status.PLANNED, Status.MISSED):
        raise Conflict("not_to_do", old=publication.status)
    now = clock.now()
    if publication.status is Status.MISSED:
        post, channel = session.get_one(Post, publication.post_id), _channel(session, publication)
        if publication_moves.ready_status(session, post, channel) is not Status.PLANNED:
            raise Conflict("needs_yes")
        publication.move(Status.PLANNED, now)
        publication.revision_id = None
    publication.move(Status.TO_DO, now)


def assign(session: Session, actor: Actor, publication_id: int, person_id: int | None) -> Publication:
    """Say who shall post it by hand. Raises NotFound, Forbidden, Conflict, Invalid for a stranger here."""
    publication = publications.locked(session, actor, publication_id)
    _check_by_hand(session, publication)
    people = tasks.doers(session, actor.scope, publication.unit_id)
    if person_id is not None and person_id not in people:
        raise Invalid("person_not_here", "person_id")
    now = clock.now()
    row = session.get(Assignment, publication.id)
    if row is None:
        session.add(Assignment(publication_id=publication.id, person_id=person_id, assigned_at=now))
    else:
        row.person_id, row.assigned_at = person_id, now
    history.record(
        session, actor, "publication", publication.id, "assigned",
        unit_id=publication.unit_id, old=publication.status, new=publication.status, now=now,
        to=person_id,
    )  # fmt: skip
    return publication


def _task(session: Session, actor: Actor, publication_id: int) -> Publication:
    """A publication on a channel by hand, locked, that the actor may answer for."""
    publication = questions.publication(session, actor.scope, publication_id)
    _check_by_hand(session, publication)
    mine = tasks.doer(session, actor.scope, publication.id)
    if not actor.scope.may(Right.SCHEDULE, publication.unit_id) and not _is_doer(session, actor, mine):
        raise Forbidden("not_allowed")
    lock(session, session.get_one(Post, publication.post_id))
    lock(session, publication)
    return publication


def _is_doer(session: Session, actor: Actor, doer: tasks.Doer | None) -> bool:
    """Whether it is the actor's to do, or somebody's for whom they stand in just now."""
    if doer is None or doer.person_id is None or actor.person_id is None:
        return False
    if doer.person_id == actor.person_id:
        return True
    covered = stand_ins.covered_by(session, actor.scope, actor.person_id, clock.now())
    return any(one.person_id == doer.person_id for one in covered)


def _check_by_hand(session: Session, publication: Publication) -> None:
    if _channel(session, publication).network is not NetworkKind.MANUAL:
        raise Conflict("not_by_hand")


def _channel(session: Session, publication: Publication) -> Channel:
    return session.get_one(Channel, publication.channel_id)
