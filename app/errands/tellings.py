"""Telling: each warning goes once by mail to those it concerns, and once more when it grows more urgent.

What is new for one person goes in one mail, in that person's language. In quiet hours it waits, unless it is
urgent and they said that they are told at any hour. Nothing is marked as told while no mail is sent, so that
whoever sets up mail later is told what stands then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, aliased

from app.connectors import registry
from app.domain.mails import MailKind, Verb
from app.domain.publications import HoldReason, Status
from app.domain.roles import Right, Scope
from app.domain.warnings import NOT_MAILED, OF_A_PUBLICATION, OF_A_STRATEGY, OF_THE_HOUSE, Code, Severity
from app.domain.working_hours import WorkingHours
from app.errands.ground import Ground
from app.errands.seats import Seats, Somebody
from app.foundation.database import AnyRow
from app.foundation.mail import postman_of
from app.models.channels import Channel
from app.models.duties import ChannelKeeper
from app.models.installations import Installation
from app.models.mails import Telling, is_off
from app.models.notices import Mail, Notice
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import mails as mail_questions
from app.queries import publications, stand_ins
from app.words import mails, statuses, warnings
from app.words.mails import Point

AT_ONCE = 300  # warnings told in one round; the rest in the next
_EDITORS = frozenset({Status.MISSED, Status.REJECTED, Status.PROPOSED})
_OWN_HOLDS = frozenset({HoldReason.PERSON, HoldReason.EVERYTHING})


@dataclass(frozen=True)
class News:
    """One warning to be told. `row`: as `_untold` reads it.

    Of a post that is not settled: `standing`, its words by language; `by_person`: it is an editor's matter.
    """

    row: AnyRow
    standing: Callable[[str], statuses.Standing] | None = None
    by_person: bool = False

    @property
    def kind(self) -> MailKind:
        """By which it can be switched off."""
        return MailKind.URGENT if self.row.severity >= Severity.NOW else MailKind.WARNINGS


@dataclass
class Letters:
    """What is to be told to whom: people by id, and their news."""

    people: dict[int, Somebody] = field(default_factory=dict)
    news: dict[int, list[News]] = field(default_factory=lambda: defaultdict(list))

    def add(self, people: Iterable[Somebody], news: News) -> None:
        """Give a piece of news to people, to each once."""
        for person in {one.id: one for one in people}.values():
            self.people[person.id] = person
            self.news[person.id].append(news)


def tell(ground: Ground, now: datetime) -> int:
    """Lay out a mail for everybody whom something new concerns; returns how many mails."""
    if postman_of(ground.settings) is None:
        return 0
    with ground.database.reads() as session:
        rows = session.execute(_untold()).all()
        letters, waiting = _awake(session, _addressed(session, rows, now), now)
        key = session.scalar(select(Installation.key)) or ""
    made = [_written(ground, letters.people[one], news, now, key) for one, news in letters.news.items()]
    if not rows:
        return 0
    with suppress(_ToldMeanwhile), ground.database.writes() as session:
        _mark(session, rows)
        session.add_all([*made, *waiting])
        return len(made)
    return 0


def late(
    ground: Ground, session: Session, tellings: Sequence[Telling], key: str, now: datetime
) -> list[Mail]:
    """Mails of warnings that waited for quiet hours to end, those that still stand."""
    if not tellings:
        return []
    rows = session.execute(
        _notices().where(Notice.id.in_([one.about_id for one in tellings]), Notice.ended_at.is_(None))
    ).all()
    known = {one.row.id: one for one in _with_standing(session, rows, now)}
    ids = {one.person_id for one in tellings}
    asked = select(Person.id, Person.name, Person.locale).where(Person.id.in_(ids), Person.active)
    people = {row.id: Somebody(*row) for row in session.execute(asked)}
    letters = Letters()
    for telling in tellings:
        if telling.about_id in known and telling.person_id in people:
            letters.add([people[telling.person_id]], known[telling.about_id])
    return [_written(ground, letters.people[one], news, now, key) for one, news in letters.news.items()]


def _awake(session: Session, letters: Letters, now: datetime) -> tuple[Letters, list[Telling]]:
    """What is told now, and what waits until the people are at work; what they do not want is left out."""
    told, waiting = Letters(), list[Telling]()
    places = mail_questions.places(session, Scope(), list(letters.people))
    units = {one.row.unit_id for news in letters.news.values() for one in news if one.row.unit_id}
    hours = mail_questions.hours(session, Scope(), units | set(places.values()))
    choices = mail_questions.choices(session, Scope(), list(letters.people))
    for person_id, news in letters.news.items():
        choice = choices.get(person_id)
        for one in news:
            if is_off(choice, one.kind):
                continue
            there = hours.get(one.row.unit_id or places.get(person_id, 0), WorkingHours())
            any_hour = choice is not None and choice.any_hour and one.kind is MailKind.URGENT
            if any_hour or not there.is_quiet(now):
                told.add([letters.people[person_id]], one)
            else:
                waiting.append(_waits(one, person_id, there.next_open(now), now))
    return told, waiting


def _waits(news: News, person_id: int, until: datetime, now: datetime) -> Telling:
    return Telling(
        kind=news.kind, verb=Verb.WARNING, about_id=news.row.id, unit_id=news.row.unit_id,
        person_id=person_id, at=now, next_at=until,
    )  # fmt: skip


class _ToldMeanwhile(Exception):
    """Another process was quicker with some of it: nothing is told, and the rest is looked up anew."""


def _mark(session: Session, rows: Sequence[AnyRow]) -> None:
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.told, row.severity].append(row.id)
    for (told, severity), ids in alike.items():
        untold = update(Notice).where(Notice.id.in_(ids), Notice.told == told)
        if session.connection().execute(untold.values(told=severity)).rowcount != len(ids):
            raise _ToldMeanwhile


def _untold() -> Select[*tuple[Any, ...]]:
    """Warnings that grew more urgent than was told."""
    grown = Notice.ended_at.is_(None), Notice.severity > Notice.told, Notice.code.not_in(NOT_MAILED)
    first = Notice.severity.desc(), Notice.until_at, Notice.id
    return _notices().where(*grown).order_by(*first).limit(AT_ONCE)


def _notices() -> Select[*tuple[Any, ...]]:
    """Warnings with the names that their words need."""
    channel_unit = aliased(Unit)
    return (
        select(
            Notice.id, Notice.code, Notice.severity, Notice.told, Notice.facts, Notice.until_at,
            Notice.channel_id, Notice.publication_id, Notice.unit_id, Unit.path, Unit.zone,
            Unit.name.label("unit"),
            Channel.name.label("channel"), channel_unit.path.label("channel_path"),
            Post.title, Post.author_id, Publication.planned_by_id, Publication.status,
            ChannelKeeper.owner_id, ChannelKeeper.deputy_id,
        )
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .outerjoin(Channel, Channel.id == Notice.channel_id)
        .outerjoin(channel_unit, channel_unit.id == Channel.unit_id)
        .outerjoin(ChannelKeeper, ChannelKeeper.channel_id == Channel.id)
        .outerjoin(Publication, Publication.id == Notice.publication_id)
        .outerjoin(Post, Post.id == Publication.post_id)
    )  # fmt: skip


def _addressed(session: Session, rows: Sequence[AnyRow], now: datetime) -> Letters:
    letters = Letters()
    if not rows:
        return letters
    seats = Seats.of(session, [path for row in rows for path in (row.path, row.channel_path) if path])
    away = stand_ins.covers(session, Scope(), now)
    for news in _with_standing(session, rows, now):
        people = _to_whom(seats, news)
        letters.add(seats.present(people, news.row.path or "", away), news)
    return letters


def _to_whom(seats: Seats, news: News) -> list[Somebody]:
    """Whom a warning concerns; of those who look after a place the nearest, when it burns all of them."""
    row = news.row
    if row.code in OF_THE_HOUSE:
        return seats.administrators()
    if row.code in OF_A_STRATEGY:
        return seats.holding(Right.STRATEGY, row.path)
    if row.code not in OF_A_PUBLICATION:
        keepers = [one for one in seats.above(row.path) if one.id in (row.owner_id, row.deputy_id)]
        return keepers + seats.holding(Right.CHANNELS, row.path, nearest=row.severity < Severity.NOW)
    people = [one for one in seats.above(row.path) if one.id in (row.author_id, row.planned_by_id)]
    if row.code == Code.UNAPPROVED or row.status is Status.PROPOSED:
        people += seats.holding(Right.APPROVE, row.channel_path) + seats.holding(Right.APPROVE, row.path)
    elif row.code == Code.STUCK and not (news.by_person and people):
        people += seats.holding(Right.CHANNELS, row.channel_path)
    # Whoever wrote it may be gone; somebody is told all the same.
    return people or seats.holding(Right.CHANNELS, row.path)


def _with_standing(session: Session, rows: Sequence[AnyRow], now: datetime) -> list[News]:
    """The rows, those of posts that are not settled with what is known of each."""
    late = {row.publication_id: row.unit_id for row in rows if row.code == Code.STUCK}
    scope = Scope({unit_id: frozenset() for unit_id in late.values()})
    holds = publications.holds(session, scope, list(late)) if late else {}
    whole = publications.rows(session, scope, list(late)) if late else {}
    found = []
    for row in rows:
        if row.code != Code.STUCK:
            found.append(News(row))
            continue
        its, theirs = whole[row.publication_id], holds[row.publication_id]
        label = registry.network(its.network).profile.label
        found.append(News(row, _standing_of(its, theirs, label, now), _stands_by_person(row, theirs)))
    return found


def _stands_by_person(row: AnyRow, holds: Sequence[AnyRow]) -> bool:
    """Whether it is an editor's matter alone: somebody holds it, its time is past, or it was sent back."""
    if row.status is Status.HELD:
        return all(one.reason in _OWN_HOLDS for one in holds)
    return row.status in _EDITORS


def _standing_of(
    row: AnyRow, holds: Sequence[AnyRow], label: str, now: datetime
) -> Callable[[str], statuses.Standing]:
    return lambda locale: statuses.standing(row, holds, label, locale, now)


def _written(ground: Ground, person: Somebody, news: Sequence[News], now: datetime, key: str) -> Mail:
    points = [_point(one, person, now) for one in news]
    words = mails.warnings(person.name, points, person.locale, ground.settings.address)
    kind = max((one.kind for one in news), key=lambda one: one is MailKind.URGENT)
    return Mail(
        person_id=person.id, kind=kind, locale=person.locale, subject=words.subject, text=words.text,
        html=words.html, made_by=key, created_at=now, next_at=now,
    )  # fmt: skip


def _point(news: News, person: Somebody, now: datetime) -> Point:
    said = warnings.said(news.row, person.locale, news.row.zone or "UTC", now)
    if news.standing is None:
        return Point(said.what, said.to_do, said.path, said.left)
    told = news.standing(person.locale)
    return Point(said.what, " ".join((told.happened, told.turn, told.next)), said.path)
