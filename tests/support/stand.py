"""A small library with a practice channel and an approved post, and a hand that drives the clock's steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

import time_machine
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.publication_moves import begins_at
from app.connectors.contract import Network
from app.connectors.facebook.network import Facebook
from app.connectors.http import Wire
from app.connectors.instagram.network import Instagram
from app.connectors.manual.network import Manual
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind, Tone
from app.domain.publications import Status
from app.domain.roles import RIGHTS, Actor, Right, Role, Scope
from app.domain.units import UnitKind
from app.errands import leases
from app.errands.ground import Ground, line_to
from app.foundation import clock
from app.foundation.crypto import Keyring, keyring
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.assets import Asset
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.people import Membership, Person
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.units import Unit
from app.worker.plan import job, soon
from tests.builders import an_asset, with_pictures
from tests.support.practice import PracticeServer

ALL = frozenset(Right)


@dataclass(frozen=True)
class Shot:
    """A picture of one colour for a test."""

    alt_text: str
    colour: str = "teal"
    width: int = 800
    height: int = 600


@dataclass
class Stand:
    """The library: ids of its unit and channel, its people as actors, the ground that errands stand on."""

    ground: Ground
    practice: PracticeServer
    unit_id: int
    channel_id: int
    writer: Actor
    approver: Actor
    page: str

    @property
    def database(self) -> Database:
        """Its database."""
        return self.ground.database

    def plan(self, text: str = "A text", due_in: float = 300, lateness: int = 60) -> int:
        """An approved post planned on the channel in `due_in` seconds. Returns the publication's id."""
        with self.database.writes() as session:
            return self._planned(session, text, due_in, lateness).id

    def plan_pictures(
        self, channel_id: int, text: str, pictures: Sequence[Shot], due_in: float = 600, lateness: int = 60
    ) -> int:
        """The same with pictures, on any channel: their files in the store, their descriptions in order."""
        # In one transaction: a clock that runs already must not take it up half made.
        with self.database.writes() as session:
            publication = self._planned(session, text, due_in, lateness)
            channel = session.get_one(Channel, channel_id)
            post = session.get_one(Post, publication.post_id)
            rows = [keep_picture(session, self, shot) for shot in pictures]
            assert post.revision_id is not None
            with_pictures(session, post.revision_id, rows)
            publication.channel_id = channel_id
            publication.step_at = begins_at(session, publication, channel)
            return publication.id

    def _planned(self, session: Session, text: str, due_in: float, lateness: int) -> Publication:
        post = approved_post(session, self, text)
        due_at = clock.now() + timedelta(seconds=due_in)
        publication = Publication(
            post_id=post.id, channel_id=self.channel_id, unit_id=self.unit_id, status=Status.PLANNED,
            since_at=clock.now(), local_due=due_at.replace(tzinfo=None), zone="UTC", fold=0,
            due_at=due_at,
            lateness_minutes=lateness, created_at=clock.now(),
            step_at=due_at - timedelta(minutes=2),
        )  # fmt: skip
        session.add(publication)
        session.flush()
        return publication

    def read(self, publication_id: int) -> Publication:
        """A publication as it is now."""
        with self.database.reads() as session:
            return session.get_one(Publication, publication_id)

    def seen(self, place: str) -> list[tuple[str, list[str]]]:
        """What the public has seen appear on a Page or profile: words, and the pictures' descriptions."""
        return [
            (row["message"], [picture["alt_text"] for picture in row["pictures"]])
            for row in self.practice.public_log()
            if row["event"] == "appeared" and row["page"] == place
        ]

    def public(self) -> list[str]:
        """The texts that the public has seen appear on the Page, in order."""
        return [
            row["message"]
            for row in self.practice.public_log()
            if row["event"] == "appeared" and row["page"] == self.page
        ]


def build(database: Database, practice: PracticeServer, settings: Settings) -> Stand:
    """Fill an empty database with the small library."""
    keys = keyring(settings.data_dir)
    page = practice.add_pages("Saarivesi")[0]
    with database.writes() as session:
        now = clock.now()
        unit = Unit(
            path="/1/", kind=UnitKind.LIBRARY, name="Saarivesi", zone="Europe/Helsinki", locale="fi",
            country="FI",
            created_at=now,
        )  # fmt: skip
        session.add(unit)
        session.flush()
        unit.path = f"/{unit.id}/"
        people = [
            _person(session, unit.id, name, role) for name, role in (("w", Role.EDITOR), ("a", Role.APPROVER))
        ]
        channel = _channel(practice, unit.id, page)
        session.add(channel)
        session.flush()
        session.add_all([ChannelLease(channel_id=channel.id, token=0), _token(keys, practice, channel)])
        ids = unit.id, channel.id
    ground = Ground(settings, database, keys, _networks(settings.network_timeout_seconds).__getitem__)
    return Stand(ground, practice, ids[0], ids[1], people[0], people[1], page)


@cache
def _networks(timeout: float) -> dict[NetworkKind, Network]:
    """One wire for all tests, so that its connections are not left open by each."""
    wire = Wire(timeout=timeout)
    return {
        NetworkKind.FACEBOOK: Facebook(wire),
        NetworkKind.INSTAGRAM: Instagram(wire),
        NetworkKind.MANUAL: Manual(),
    }


def more_channels(stand: Stand, count: int) -> list[int]:
    """So many more Pages, each a channel of the unit. Returns the channels' ids."""
    if not count:
        return []
    pages = stand.practice.add_pages("Page", count)
    with stand.database.writes() as session:
        made = [_channel(stand.practice, stand.unit_id, page) for page in pages]
        session.add_all(made)
        session.flush()
        session.add_all(ChannelLease(channel_id=channel.id, token=0) for channel in made)
        session.add_all(_token(stand.ground.keyring, stand.practice, channel) for channel in made)
        return [channel.id for channel in made]


def add_profile(stand: Stand) -> tuple[int, str]:
    """An Instagram profile of the Page as a channel of the unit: the channel's id, the profile's id."""
    profile = str(stand.practice.ask("profiles", {"page": stand.page})["profile"])
    channel = _channel(stand.practice, stand.unit_id, stand.page)
    channel.network, channel.remote_id, channel.page_id = NetworkKind.INSTAGRAM, profile, stand.page
    with stand.database.writes() as session:
        session.add(channel)
        session.flush()
        session.add(ChannelLease(channel_id=channel.id, token=0))
        session.add(_token(stand.ground.keyring, stand.practice, channel))
        return channel.id, profile


def keep_picture(session: Session, stand: Stand, shot: Shot) -> Asset:
    """A described picture of the unit, its master in the store."""
    source = stand.ground.store.incoming_path("shot")
    source.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (shot.width, shot.height), shot.colour).save(source, "JPEG")
    digest = sha256(source.read_bytes()).hexdigest()
    stand.ground.store.put("master", digest, source)
    unit = session.get_one(Unit, stand.unit_id)
    return an_asset(
        session, unit, alt_text=shot.alt_text, width=shot.width, height=shot.height, sha256=digest
    )


def _channel(practice: PracticeServer, unit_id: int, page: str) -> Channel:
    return Channel(
        unit_id=unit_id, network=NetworkKind.FACEBOOK, realm=Realm.PRACTICE, remote_id=page, name="Saarivesi",
        used_by="subtree", state=ChannelState.ACTIVE, app_id=practice.keys.app_id, connected_at=clock.now(),
    )  # fmt: skip


def _token(keys: Keyring, practice: PracticeServer, channel: Channel) -> ChannelToken:
    """The token of a channel that has its id, for its page or the page of its profile."""
    sealed = keys.seal(practice.page_token(channel.page_id or channel.remote_id), channel.place)
    return ChannelToken(
        channel_id=channel.id, app_id=channel.app_id, sealed=sealed, in_use=True, given_at=clock.now()
    )


def _person(session: Session, unit_id: int, name: str, role: Role) -> Actor:
    person = Person(
        email=f"{name}@example.org",
        name=name,
        locale="en",
        password_hash=None,
        active=True,
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, unit_id=unit_id, role=role))
    return Actor(person.id, Scope({unit_id: RIGHTS[role]}, frozenset(), {unit_id: frozenset({role})}), name)


def approved_post(session: Session, stand: Stand, text: str) -> Post:
    """A post whose one revision has its yes."""
    now = clock.now()
    assert stand.writer.person_id is not None
    post = Post(
        unit_id=stand.unit_id, status=PostStatus.APPROVED, title=text[:50], tone=Tone.HUMAN,
        author_id=stand.writer.person_id, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(post)
    session.flush()
    revision = Revision(
        post_id=post.id, number=1, title=post.title, tone=post.tone, text=text, link="",
        author_id=post.author_id,
        created_at=now,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    post.revision_id = revision.id
    session.add(
        Review(
            post_id=post.id, revision_id=revision.id, kind=ReviewKind.APPROVED,
            person_id=stand.approver.person_id, at=now,
        )
    )  # fmt: skip
    return post


class Hand:
    """Does the clock's steps one by one, moving the time to each. Begins as a run of its own."""

    def __init__(self, stand: Stand, traveller: time_machine.Traveller) -> None:
        self.stand, self._traveller = stand, traveller
        self.life = leases.begin(stand.database)

    def step(self, within: float = 7200) -> bool:
        """Do the earliest step of the next `within` seconds; False when there is none."""
        steps = soon(self.stand.database, clock.now() + timedelta(seconds=within))
        if not steps:
            return False
        first = min(steps, key=lambda step: step.at)
        if first.at > clock.now():
            self._traveller.move_to(first.at)
        leases.claim(self.stand.database, self.life, {first.channel_id})
        with self.stand.database.reads() as session:
            line = line_to(session, self.stand.ground, first.channel_id)
        job(self.stand.ground, first, self.life.leases[first.channel_id]).work(line)
        return True

    def run(self, steps: int = 60, within: float = 7200) -> None:
        """Do steps until none is left, at most `steps`."""
        for _ in range(steps):
            if not self.step(within):
                return

    def run_to(self, publication_id: int, *statuses: Status, steps: int = 60) -> Publication:
        """Do steps until a publication is in one of the statuses."""
        for _ in range(steps):
            found = self.stand.read(publication_id)
            if found.status in statuses or not self.step():
                break
        return self.stand.read(publication_id)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self._traveller.shift(seconds)


def begin_time() -> datetime:
    """A Monday morning."""
    return datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def statuses(database: Database) -> list[Status]:
    """The statuses of all publications, by id."""
    with database.reads() as session:
        return list(session.scalars(select(Publication.status).order_by(Publication.id)))
