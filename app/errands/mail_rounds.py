"""Rounds of mail: what was noted to be told becomes mails, when people are at work, many things in one mail.

A telling is gone in the transaction that makes its mail, so that nothing is told two times and nothing is
lost between. On a server that sends no mail tellings are dropped as they come due.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from app.domain.mails import MailKind, Verb
from app.domain.publications import OUT
from app.domain.roles import Scope
from app.domain.working_hours import WorkingHours
from app.errands import mail_facts, tellings
from app.errands.ground import Ground
from app.errands.mail_facts import News
from app.errands.seats import Somebody
from app.foundation import clock
from app.foundation.mail import postman_of
from app.models.installations import Installation
from app.models.mails import Telling, is_off
from app.models.notices import Mail
from app.models.publications import Publication
from app.queries import mails as questions
from app.words import mail_points, mails

AT_ONCE = 300  # tellings in one round; the rest in the next
NO_NEWS = timedelta(days=7)  # what could not be told for so long is no news any more
WAITED = timedelta(days=400)  # so long a post may be made of an idea until nobody waits for it
_WARNINGS = frozenset({Verb.WARNING})


@dataclass
class Plan:
    """What becomes of the tellings of one round: told or void by now, or looked at later."""

    over: list[int] = field(default_factory=list)
    later: dict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    mails: list[Mail] = field(default_factory=list)


def gather(ground: Ground) -> int:
    """One round; returns how many mails it made."""
    now = clock.now()
    if postman_of(ground.settings) is None:
        _drop(ground, now)
        return 0
    with ground.database.reads() as session:
        due = list(session.scalars(_due(now)))
        if not due:
            return 0
        plan = _planned(ground, session, due, now)
    with suppress(_DoneMeanwhile), ground.database.writes() as session:
        _settle(session, plan)
        return len(plan.mails)
    return 0


class _DoneMeanwhile(Exception):
    """Another process was quicker with some of it: nothing is written, and the rest is looked up anew."""


def _due(now: datetime) -> Select[Telling]:
    return select(Telling).where(or_(Telling.next_at <= now, _is_out())).order_by(Telling.id).limit(AT_ONCE)


def _is_out() -> ColumnElement[bool]:
    """Whether a telling waits for a post to be out, and it is."""
    out = select(Publication.id).where(
        Publication.post_id == Telling.about_id, Publication.status.in_(sorted(OUT))
    )
    return Telling.next_at.is_(None) & (Telling.verb == Verb.PUBLISHED) & out.exists()


def _planned(ground: Ground, session: Session, due: Sequence[Telling], now: datetime) -> Plan:
    plan, ready = Plan(), list[Telling]()
    hours = questions.hours(session, Scope(), {one.unit_id for one in due if one.unit_id is not None})
    for telling in due:
        begins = _begins(telling, hours, now)
        if telling.next_at is not None and telling.next_at < now - NO_NEWS:
            plan.over.append(telling.id)
        elif begins > now:
            plan.later[begins].append(telling.id)
        else:
            plan.over.append(telling.id)
            ready.append(telling)
    key = session.scalar(select(Installation.key)) or ""
    plan.mails += _letters(ground, session, mail_facts.news(session, ready, now), key, now)
    plan.mails += tellings.late(ground, session, [one for one in ready if one.verb in _WARNINGS], key, now)
    plan.mails += [_outside(ground, one, key, now) for one in ready if one.verb is Verb.OUTSIDE]
    return plan


def _begins(telling: Telling, hours: Mapping[int, WorkingHours], now: datetime) -> datetime:
    """When a telling may go: now, unless it is quiet there, or it is a reminder in its first round."""
    of = hours.get(telling.unit_id or 0, WorkingHours())
    if telling.verb is Verb.REMINDER:
        return max(of.a_working_day_later(telling.at), of.next_open(now))
    return of.next_open(now)


def _letters(ground: Ground, session: Session, news: Iterable[News], key: str, now: datetime) -> list[Mail]:
    """One mail for each person and kind, but for kinds that somebody does not want."""
    people: dict[int, Somebody] = {}
    told: dict[tuple[int, MailKind], dict[tuple[int, str], News]] = defaultdict(dict)
    for one in news:
        for person in one.people:
            people[person.id] = person
            # Of two that say the same of one thing the later counts.
            told[person.id, one.telling.kind][one.telling.about_id or 0, one.telling.verb] = one
    choices = questions.choices(session, Scope(), list(people))
    return [
        _letter(ground, people[person_id], kind, list(points.values()), key, now)
        for (person_id, kind), points in told.items()
        if not is_off(choices.get(person_id), kind)
    ]


def _letter(
    ground: Ground, person: Somebody, kind: MailKind, news: Sequence[News], key: str, now: datetime
) -> Mail:
    points = [one.words(person.locale) for one in news]
    words = mails.gathered(kind, person.name, points, person.locale, ground.settings.address)
    return Mail(
        person_id=person.id, kind=kind, locale=person.locale, subject=words.subject, text=words.text,
        html=words.html, made_by=key, created_at=now, next_at=now,
    )  # fmt: skip


def _outside(ground: Ground, telling: Telling, key: str, now: datetime) -> Mail:
    """To somebody without an account, whose address is known to this one mail alone."""
    facts, until = telling.facts, telling.facts.get("until")
    point = mail_points.idea(
        Verb(facts["verb"]), facts["title"], facts.get("answer", ""), facts.get("path", ""), telling.locale,
        date.fromisoformat(until) if until else None,
    )  # fmt: skip
    if facts["verb"] == Verb.MERGED:
        point = replace(point, to_do="")  # their address is forgotten by now: they hear no more
    words = mails.outside(point, telling.locale, ground.settings.address)
    return Mail(
        address=telling.address, about_id=telling.about_id, kind=telling.kind, locale=telling.locale,
        subject=words.subject, text=words.text, html=words.html, made_by=key, created_at=now, next_at=now,
    )  # fmt: skip


def _settle(session: Session, plan: Plan) -> None:
    """Write a plan down, unless another process has begun with one of the tellings."""
    gone = session.connection().execute(delete(Telling).where(Telling.id.in_(plan.over))).rowcount
    if gone != len(plan.over):
        raise _DoneMeanwhile
    for begins, ids in plan.later.items():
        session.execute(update(Telling).where(Telling.id.in_(ids)).values(next_at=begins))
    session.add_all(plan.mails)


def _drop(ground: Ground, now: datetime) -> None:
    with ground.database.reads() as session:
        ids = list(session.scalars(select(Telling.id).where(or_(Telling.next_at <= now, _is_out()))))
    if ids:
        with ground.database.writes() as session:
            session.execute(delete(Telling).where(Telling.id.in_(ids)))


def clear(ground: Ground) -> None:
    """Delete what waits for posts that were made of ideas more than a year ago."""
    with ground.database.writes() as session:
        old = Telling.next_at.is_(None) & (Telling.at < clock.now() - WAITED)
        session.execute(delete(Telling).where(old))
