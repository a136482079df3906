"""The weekly mail: laid out for everybody who plans, when the first working day of their week begins.

Once a week each: the Monday of the week is kept with what they chose about their mails. A clock that stood
still when the week began makes up for it within a day and a half; later it would be stale.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.mails import MailKind
from app.domain.results import Period
from app.domain.roles import RIGHTS, Right, Role, Scope
from app.domain.slots import Kept
from app.domain.timing import to_local
from app.domain.working_hours import WorkingHours
from app.errands.ground import Ground
from app.errands.seats import Somebody
from app.foundation import clock
from app.foundation.mail import postman_of
from app.models.installations import Installation
from app.models.mails import MailChoice
from app.models.notices import Mail
from app.models.people import Membership, Person
from app.queries import calendar, posts, publications, results, slots, tasks, today
from app.queries import mails as questions
from app.queries.calendar_wanted import Made, Narrowed
from app.queries.scopes import scope_of
from app.words import digests
from app.words.digests import PLANNED_MOST
from app.words.mails import Part

AT_ONCE = 20  # people in one round; the rest in the next
FRESH = timedelta(hours=36)
A_WEEK = timedelta(days=7)
MOST = 100  # of what waits, counted
_PLANNING = frozenset({Right.WRITE, Right.APPROVE, Right.CHANNELS})
_ROLES = sorted(role for role in Role if RIGHTS[role] & _PLANNING or role is Role.MANAGER)


@dataclass(frozen=True)
class Reader:
    """Somebody whose week begins: in which language they read, and the Monday of that week.

    `place`: their highest unit; `zone`: its.
    """

    person: Somebody
    place: int
    zone: str
    monday: date


def lay_out(ground: Ground) -> int:
    """One round; returns how many mails it made."""
    if postman_of(ground.settings) is None:
        return 0
    now, made = clock.now(), 0
    with ground.database.reads() as session:
        readers = _readers(session, now)
        key = session.scalar(select(Installation.key)) or ""
    for reader in readers[:AT_ONCE]:
        with ground.database.reads() as session:
            mail = _written(ground, session, reader, key, now)
        with ground.database.writes() as session:
            if _marked(session, reader) and mail is not None:
                session.add(mail)
                made += 1
    return made


def _readers(session: Session, now: datetime) -> list[Reader]:
    """Those who plan, whose week has begun a while ago, and who were not told of it."""
    planning = select(Membership.person_id).where(Membership.role.in_(_ROLES))
    rows = session.execute(
        select(Person.id, Person.name, Person.locale, Person.created_at, MailChoice.digest_on, MailChoice.off)
        .outerjoin(MailChoice, MailChoice.person_id == Person.id)
        .where(Person.active, Person.id.in_(planning))
        .order_by(Person.id)
    ).all()
    places = questions.places(session, Scope(), [row.id for row in rows])
    hours = questions.hours(session, Scope(), set(places.values()))
    found = []
    for row in rows:
        place = places[row.id]
        monday = _begun(hours[place], row.created_at, now)
        if monday is not None and row.digest_on != monday and MailKind.DIGEST not in (row.off or ()):
            found.append(Reader(Somebody(row.id, row.name, row.locale), place, hours[place].zone, monday))
    return found


def _begun(hours: WorkingHours, since: datetime, now: datetime) -> date | None:
    """The Monday of the week whose work has just begun there; None before and long after, and for somebody
    who came since."""
    today_there = to_local(now, hours.zone).date()
    monday = today_there - timedelta(days=today_there.weekday())
    begins = hours.begin_of_week(monday)
    fresh = begins <= now < begins + FRESH and since < begins
    return monday if fresh and not hours.is_quiet(now) else None


def _marked(session: Session, reader: Reader) -> bool:
    """Note the week as told; False when another process was quicker."""
    session.execute(select(Person.id).where(Person.id == reader.person.id).with_for_update())
    row = session.get(MailChoice, reader.person.id)
    if row is None:
        row = MailChoice(person_id=reader.person.id, off=[], any_hour=False)
        session.add(row)
    if row.digest_on == reader.monday:
        return False
    row.digest_on = reader.monday
    return True


def _written(ground: Ground, session: Session, reader: Reader, key: str, now: datetime) -> Mail | None:
    """The mail; None when there is nothing at all to tell."""
    scope, person = scope_of(session, reader.person.id), reader.person
    parts = _parts(session, scope, reader, now)
    if not any(part.points for part in parts):
        return None
    words = digests.week(person.name, reader.monday, parts, person.locale, ground.settings.address)
    return Mail(
        person_id=person.id, kind=MailKind.DIGEST, locale=person.locale, subject=words.subject,
        text=words.text, html=words.html, made_by=key, created_at=now, next_at=now,
    )  # fmt: skip


def _parts(session: Session, scope: Scope, reader: Reader, now: datetime) -> list[Part]:
    locale, sunday = reader.person.locale, reader.monday + timedelta(days=6)
    ends = datetime.combine(sunday + timedelta(days=1), time(), ZoneInfo(reader.zone))
    plan = calendar.between(session, scope, Narrowed(made=Made.HERE), now, ends, PLANNED_MOST + 1)
    waits = today.begun(session, scope, reader.person.id, now).ideas
    weeks = [one for one in slots.weeks(session, scope, reader.monday, now) if _is_short(one)]
    return [
        digests.planned(plan, locale),
        _waiting(session, scope, reader),
        digests.ideas(waits.waiting, waits.late, locale),
        digests.short(weeks, locale),
        _results(session, scope, reader, now),
    ]


def _waiting(session: Session, scope: Scope, reader: Reader) -> Part:
    me = reader.person.id
    reviews = [row for row in posts.to_review(session, scope, me, MOST) if row.sender_id != me]
    changes = [row for row in today.in_work(session, scope, me, MOST) if row.status == "changes_requested"]
    planning = scope.units_with(Right.SCHEDULE)
    questions_there = publications.waiting_for_person(session, scope, MOST) if planning else []
    by_hand = tasks.waiting(session, scope, me, MOST)
    counts = len(reviews), len(changes), len(questions_there), len(by_hand)
    return digests.waiting(*counts, reader.person.locale)


def _is_short(week: slots.Week) -> bool:
    return week.of.promise is not None and week.of.promise.kept(week.planned) is Kept.SHORT


def _results(session: Session, scope: Scope, reader: Reader, now: datetime) -> Part:
    """Of the week before last the figures: its last posts are out for seven days by now."""
    last, settled = (
        results.answers(session, scope, reader.place, Period(first, first + timedelta(days=6)), now)
        for first in (reader.monday - A_WEEK, reader.monday - 2 * A_WEEK)
    )
    return digests.results(last, settled, reader.person.locale)
