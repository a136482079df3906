"""A year of published posts with readings, drawn from a seed, and their figures counted a second way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.networks import ChannelState, Format, NetworkKind, Realm
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.results import Paid
from app.models.channels import Channel
from app.models.found import FoundPost, FoundReading
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.results import PaidMark
from app.models.units import Unit
from tests.cast import Cast

NOW = datetime(2030, 1, 15, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PARTS = ("reactions", "comments", "shares", "saves")
SOURCES = {"reach": "post_total_media_view_unique", "reactions": "post_reactions_by_type_total"}

_ids = count(100_000)  # told beforehand, so that everything is written in a few statements


def page(session: Session, unit: Unit, name: str, **more: Any) -> Channel:
    """A practice page, without any token."""
    values = {"network": NetworkKind.FACEBOOK, "realm": Realm.PRACTICE, **more}
    row = Channel(
        unit_id=unit.id, remote_id=name, name=name, state=ChannelState.ACTIVE, app_id="1",
        connected_at=NOW - timedelta(days=900), **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@dataclass
class Shelf:
    """Puts in published posts, each with readings; keeps what is put in until `write`."""

    session: Session
    person_id: int
    drawn: Random

    def post(self, unit: Unit, channel: Channel, at: datetime, tone: Tone | None, **more: Any) -> Publication:
        """One of ours; `format`, `status` and other columns of the publication may be told."""
        common = {"title": f"Post of {at:%d %B}", "tone": tone, "author_id": self.person_id, "created_at": at}
        post = Post(unit_id=unit.id, status=PostStatus.APPROVED, tone_frozen=tone, changed_at=at, **common)
        post.id = next(_ids)
        kind = more.pop("format", Format.POST)
        revision = Revision(post_id=post.id, number=1, text="Three dogs wait.", format=kind, **common)
        revision.id = post.id
        zone = more.pop("zone", unit.zone)
        row = Publication(
            **{
                "id": post.id, "post_id": post.id, "channel_id": channel.id, "unit_id": unit.id,
                "revision_id": revision.id, "status": Status.PUBLISHED, "since_at": at, "zone": zone,
                "due_at": at, "created_at": at, "published_at": at,
                "local_due": at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), **more,
            }
        )  # fmt: skip
        self.session.add_all([post, revision, row])
        return row

    def found(self, channel: Channel, at: datetime, tone: Tone | None, **more: Any) -> FoundPost:
        """One that was not made here."""
        values = {"format": Format.POST, "text": "\n  Tuesday is for the choir.\nCome!", **more}
        row = FoundPost(
            id=next(_ids), channel_id=channel.id, remote_id=f"{at.timestamp()}", made_at=at, tone=tone,
            network_made_at=at, found_at=at, listed_at=at,
            local_made=at.astimezone(ZoneInfo("Europe/Helsinki")).replace(tzinfo=None), **values,
        )  # fmt: skip
        self.session.add(row)
        return row

    def read(self, row: Publication | FoundPost, age: timedelta, **more: Any) -> None:
        """A reading at an age; what is not told is drawn, and seldom null."""
        values: dict[str, Any] = {name: self._some(30) for name in PARTS} | {
            "views": self._some(900),
            "clicks": self._some(20),
        }
        values |= {"reach": self._some(600), "sources": SOURCES, **more}
        begun = row.published_at if isinstance(row, Publication) else row.made_at
        assert begun is not None
        common = {"taken_at": begun + age, "age": int(age.total_seconds()), "api_version": "v25.0", **values}
        if isinstance(row, Publication):
            self.session.add(Reading(publication_id=row.id, **common))
        else:
            self.session.add(FoundReading(found_id=row.id, **common))

    def read_at_ages(self, row: Publication | FoundPost, ages: Sequence[float]) -> None:
        """Readings at so many days."""
        for days in ages:
            self.read(row, days * DAY + self.drawn.randrange(-600, 600) * timedelta(seconds=1))

    def _some(self, most: int) -> int | None:
        return None if self.drawn.random() < 0.1 else self.drawn.randrange(most)


def year(session: Session, cast: Cast, seed: int = 1, posts: int = 130) -> list[Channel]:
    """Fourteen months of two branches and their library on three channels; returns the channels.

    Among them are posts without figures, removed ones, stories, found ones and some that were paid for.
    """
    drawn = Random(seed)  # noqa: S311
    assert cast.editor.person_id
    shelf = Shelf(session, cast.editor.person_id, drawn)
    shared, own = page(session, cast.library, "Saarivesi"), page(session, cast.koivuranta, "Koivuranta page")
    profile = page(session, cast.library, "saarivesi_library", network=NetworkKind.INSTAGRAM)
    for number in range(posts):
        unit = drawn.choice([cast.library, cast.koivuranta, cast.koivuranta, cast.myllymaki])
        channel = own if unit is cast.koivuranta and drawn.random() < 0.6 else drawn.choice([shared, profile])
        at = NOW - drawn.randrange(430) * DAY - drawn.randrange(3) * 6 * HOUR
        tone = drawn.choice([Tone.HUMAN, Tone.INFORMATIVE, Tone.INFORMATIVE])
        kind = drawn.choice([Format.POST, Format.POST, Format.POST, Format.STORY])
        status = Status.REMOVED if drawn.random() < 0.1 else Status.PUBLISHED
        row = shelf.post(unit, channel, at, tone, format=kind, status=status)
        ages = (0.04, 0.9, 0.99) if kind is Format.STORY else (0.04, 1, 6.8, 7.1, 14)
        told = [days for days in ages if drawn.random() < 0.8 and at + days * DAY < NOW]
        shelf.read_at_ages(row, told)
        if number % 29 == 0:
            said = Paid.YES if number % 2 else Paid.NO
            session.add(PaidMark(publication_id=row.id, paid=said, person_id=shelf.person_id, at=at))
    for number in range(40):
        channel = drawn.choice([shared, own, profile])
        at = NOW - drawn.randrange(90) * DAY - number * timedelta(minutes=1)
        gone = NOW if drawn.random() < 0.1 else None
        asked = drawn.choice([None, Tone.HUMAN, Tone.INFORMATIVE])
        found = shelf.found(channel, at, asked, left_out=drawn.random() < 0.1, gone_at=gone)
        found.paid = {0: Paid.YES, 1: Paid.NO}.get(number % 8, Paid.UNKNOWN)
        shelf.read_at_ages(found, [days for days in (1, 7, 14) if at + days * DAY < NOW])
    session.flush()
    return [shared, own, profile]


@dataclass(frozen=True)
class Plain:
    """One published post as a person would note it down. Figures: of 7 days, None: not told."""

    id: int
    unit_id: int
    channel_id: int
    format: Format
    paid: Paid
    tone: Tone | None
    at: datetime
    day: date
    figures: dict[str, int | None] | None

    def figure(self, name: str) -> int | None:
        """One of them."""
        return self.figures[name] if self.figures else None

    @property
    def engagement(self) -> int | None:
        """The four parts together, as far as they are told."""
        told = [value for name in PARTS if (value := self.figure(name)) is not None]
        return sum(told) if told else None

    @property
    def rate(self) -> float | None:
        """Engagement by reach."""
        reach = self.figure("reach")
        if self.engagement is None or reach is None or reach < 50:
            return None
        return self.engagement / reach


def plain(session: Session, units: Sequence[Unit]) -> list[Plain]:
    """Every published post of some units, by simple loops over the tables."""
    wanted = {unit.id for unit in units}
    channels = {row.id: row for row in session.scalars(select(Channel))}
    zones = {row.id: row.zone for row in session.scalars(select(Unit))}
    found = []
    for row in session.scalars(select(Publication)):
        if row.unit_id in wanted and row.status in (Status.PUBLISHED, Status.DONE, Status.REMOVED):
            revision = session.get_one(Revision, row.revision_id)
            told = session.scalars(select(Reading).where(Reading.publication_id == row.id)).all()
            figures = _figures(told, revision.format)
            if (figures or row.status is not Status.REMOVED) and row.published_at:
                tone, mark = session.get_one(Post, row.post_id).tone_frozen, session.get(PaidMark, row.id)
                paid = mark.paid if mark else Paid.UNKNOWN
                day = row.published_at.astimezone(ZoneInfo(row.zone)).date()
                found.append(
                    Plain(row.id * 2, row.unit_id, row.channel_id, revision.format, paid, tone,
                          row.published_at, day, figures)
                )  # fmt: skip
    for post in session.scalars(select(FoundPost)):
        unit_id = channels[post.channel_id].unit_id
        read = session.scalars(select(FoundReading).where(FoundReading.found_id == post.id)).all()
        figures = _figures(read, post.format)
        if unit_id in wanted and not post.left_out and (figures or not post.gone_at):
            day = post.made_at.astimezone(ZoneInfo(zones[unit_id])).date()
            found.append(
                Plain(post.id * 2 + 1, unit_id, post.channel_id, post.format, post.paid, post.tone,
                      post.made_at, day, figures)
            )  # fmt: skip
    return found


def _figures(readings: Sequence[Any], kind: Format) -> dict[str, int | None] | None:
    best, nearest = None, None
    for one in readings:
        hours, most = (24, 6) if kind is Format.STORY else (7 * 24, 12)
        away = abs(one.age / 3600 - hours)
        if away <= most and (nearest is None or away < nearest):
            best, nearest = one, away
    return {name: getattr(best, name) for name in (*PARTS, "views", "reach", "clicks")} if best else None


def usual(one: Plain, posts: Sequence[Plain], name: str) -> float | None:
    """The baseline of a post by "reach", "engagement" or "rate"; None under 8."""
    told = []
    for other in posts:
        same = all(
            getattr(other, of) == getattr(one, of) for of in ("unit_id", "channel_id", "format", "paid")
        )
        before = timedelta(0) < one.at - other.at <= 90 * DAY
        value = other.figure("reach") if name == "reach" else getattr(other, name)
        if same and before and value is not None:
            told.append(value)
    return median(told) if len(told) >= 8 else None


def readings_of(session: Session, row: Publication, **more: Any) -> None:
    """One new reading at 7 days, taken now."""
    values = {
        "views": 500,
        "reach": 321,
        "clicks": 1,
        "reactions": 7,
        "comments": 1,
        "shares": 0,
        "saves": None,
    }
    session.execute(
        insert(Reading).values(
            publication_id=row.id, taken_at=NOW, age=7 * 86400, api_version="v25.0", sources=SOURCES,
            **{**values, **more},
        )
    )  # fmt: skip
