"""Channels, posts and publications for tests, in any state, made with as few words as possible."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.networks import ChannelState, Format, NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind, Tone
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.found import FoundPost
from app.models.history import Event
from app.models.leases import ChannelLease
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.units import Unit

_numbers = count(1001)


def channel(
    session: Session, unit: Unit, keyring: Keyring, name: str = "Main Library", **more: Any
) -> Channel:
    """An active practice page of a unit, which every unit below it may use; `network`: another kind."""
    remote_id = str(more.pop("remote_id", "") or next(_numbers))
    realm = more.pop("realm", Realm.PRACTICE)
    network = more.pop("network", NetworkKind.FACEBOOK)
    values = {
        "state": ChannelState.ACTIVE,
        "connected_at": clock.now(),
        **more,
    }
    row = Channel(
        unit_id=unit.id,
        network=network,
        realm=realm,
        remote_id=remote_id,
        name=name,
        app_id="1",
        **values,
    )
    session.add(row)
    session.flush()
    session.add(ChannelLease(channel_id=row.id, token=0))
    if network is not NetworkKind.MANUAL:
        session.add(token(row, keyring.seal("token", row.place)))
    return row


def token(on: Channel, sealed: str, person: Actor | None = None, **more: Any) -> ChannelToken:
    """A token of a channel that has its id, in use unless told otherwise; `person`: who gave it."""
    values = {"in_use": True, "given_at": on.connected_at, **more}
    person_id = person.person_id if person else on.connected_by_id
    return ChannelToken(channel_id=on.id, person_id=person_id, app_id=on.app_id, sealed=sealed, **values)


def post(
    session: Session,
    unit: Unit,
    author: Actor,
    title: str = "Reading dogs",
    status: PostStatus = PostStatus.APPROVED,
    approver: Actor | None = None,
    tone: Tone | None = Tone.HUMAN,
    text: str = "Three dogs wait in the children's room.",
) -> Post:
    """A post with one revision; with an approver, that one's yes to it."""
    now = clock.now()
    row = Post(
        unit_id=unit.id, status=status, title=title, tone=tone, author_id=author.person_id,
        created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    revision = Revision(
        post_id=row.id, number=1, title=title, tone=tone, text=text, link="",
        author_id=author.person_id, created_at=now,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    row.revision_id = revision.id
    for who, kind in ((author, ReviewKind.SUBMITTED), (approver, ReviewKind.APPROVED)):
        if who is not None:
            session.add(
                Review(post_id=row.id, revision_id=revision.id, kind=kind, person_id=who.person_id, at=now)
            )
    session.flush()
    return row


def publication(
    session: Session,
    of: Post,
    on: Channel,
    status: Status = Status.PLANNED,
    minutes: float = 120,
    **more: Any,
) -> Publication:
    """A publication in any state, due in so many minutes, with the line of history that began it."""
    now = clock.now()
    due_at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    zone = more.pop("zone", "Europe/Helsinki")
    values: dict[str, Any] = {"since_at": now, "created_at": now, "planned_by_id": of.author_id, **more}
    row = Publication(
        post_id=of.id, channel_id=on.id, unit_id=of.unit_id, status=status, due_at=due_at, zone=zone,
        local_due=due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    facts = {"due_at": due_at.isoformat()}
    session.add(
        Event(
            at=now - timedelta(hours=1), person_id=of.author_id, via="web", thing="publication",
            thing_id=row.id, unit_id=of.unit_id, verb="planned", new_state="planned", facts=facts,
        )
    )  # fmt: skip
    session.flush()
    return row


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """An instant in UTC."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def load_channel(session: Session, channel_id: int) -> Channel:
    """A channel by its id."""
    return session.get_one(Channel, channel_id)


def found(channel_id: int, at: datetime, text: str = "Three dogs wait.", **more: Any) -> FoundPost:
    """A post found on the page of a channel in Helsinki's time, not stored yet."""
    values = {"remote_id": f"{channel_id}_{next(_numbers)}", "format": Format.POST, **more}
    wall = at.astimezone(ZoneInfo("Europe/Helsinki")).replace(tzinfo=None)
    return FoundPost(
        channel_id=channel_id, made_at=at, network_made_at=at, local_made=wall, found_at=clock.now(),
        listed_at=clock.now(), text=text, **values,
    )  # fmt: skip
