"""What people choose about their mails, when a unit is at work, a try, word to those without an account."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Input
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.mails import CHOICES, MailKind, Verb
from app.domain.roles import Actor, Right, Role, Scope
from app.domain.working_hours import wrong_hours
from app.foundation import clock
from app.models.installations import Installation
from app.models.mails import MailChoice, Telling, UnitHours
from app.models.notices import Mail
from app.models.people import Person
from app.queries import units
from app.words import mails

_TWO = _HOURS_AND_MINUTES = 2
OUTCOMES = frozenset({Verb.ACCEPTED, Verb.PARKED, Verb.DECLINED, Verb.MERGED, Verb.PUBLISHED})


def _typed(value: object) -> object:
    """A time as people type it in a form, with a point; anything else is left to be refused."""
    parts = value.strip().replace(".", ":").split(":") if isinstance(value, str) else []
    if len(parts) in (1, _HOURS_AND_MINUTES) and all(
        part.isdecimal() and len(part) <= _TWO for part in parts
    ):
        return ":".join(part.zfill(_TWO) for part in (*parts, "00")[:_HOURS_AND_MINUTES])
    return value


def _wall(value: time) -> time:
    if value.tzinfo is not None:
        raise PydanticCustomError("timezone_naive", "a wall time has no zone")
    return value.replace(second=0, microsecond=0)


WallTime = Annotated[time, BeforeValidator(_typed), AfterValidator(_wall)]


class MailsEdit(Input):
    """Which kinds of mails come, and whether urgent ones also in quiet hours."""

    kinds: frozenset[MailKind] = frozenset()
    any_hour: bool = False


class HoursEdit(Input):
    """From when to when people at a unit work, wall time there: "8.00" or "08:00"."""

    begins: WallTime
    ends: WallTime


def choose(session: Session, actor: Actor, data: MailsEdit) -> MailChoice:
    """Keep what the actor wants to be told by mail. Raises Forbidden for who is no person."""
    if actor.person_id is None:
        raise Forbidden("not_allowed")
    row = _row(session, actor.person_id)
    off = sorted(kind.value for kind in CHOICES if kind not in data.kinds)
    if (row.off, row.any_hour) != (off, data.any_hour):
        row.off, row.any_hour = off, data.any_hour
        _record(session, actor, actor.person_id)
    return row


def switch_off(session: Session, person_id: int, kind: MailKind) -> None:
    """No mails of a kind for a person any more: they used the address that each brings. Raises NotFound."""
    if kind not in CHOICES or session.get(Person, person_id) is None:
        raise NotFound
    row = _row(session, person_id)
    if kind not in row.off:
        row.off = sorted([*row.off, kind.value])
        _record(session, Actor(person_id, Scope(), via="mail"), person_id)


def _row(session: Session, person_id: int) -> MailChoice:
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    row = session.get(MailChoice, person_id)
    if row is None:
        row = MailChoice(person_id=person_id, off=[], any_hour=False)
        session.add(row)
        session.flush()
    return row


def _record(session: Session, actor: Actor, person_id: int) -> None:
    history.record(session, actor, "person", person_id, "mails_chosen", now=clock.now())


def set_hours(session: Session, actor: Actor, unit_id: int, data: HoursEdit | None) -> UnitHours | None:
    """A unit's own working hours; with None those of the unit above. Raises NotFound, Forbidden, Invalid."""
    units.unit(session, actor.scope, unit_id)
    if not actor.scope.may(Right.UNITS, unit_id):
        raise Forbidden("not_allowed")
    if data and (faults := wrong_hours(data.begins, data.ends)):
        raise Invalid.of(faults)
    row = session.get(UnitHours, unit_id)
    if data is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(row := UnitHours(unit_id=unit_id, begins=data.begins, ends=data.ends))
    else:
        row.begins, row.ends = data.begins, data.ends
    session.flush()
    history.record(session, actor, "unit", unit_id, "hours_changed", unit_id=unit_id, now=clock.now())
    return row if data else None


def may_look_after(actor: Actor) -> bool:
    """Whether somebody looks after mail: an administrator of any unit."""
    return any(Role.ADMINISTRATOR in roles for roles in actor.scope.roles.values())


def try_it(session: Session, actor: Actor, address: str) -> Mail:
    """A mail to the actor, to see whether mail works. `address`: of our pages. Raises Forbidden."""
    if not may_look_after(actor) or actor.person_id is None:
        raise Forbidden("not_allowed")
    now, words = clock.now(), mails.trial(actor.locale, address)
    mail = Mail(
        person_id=actor.person_id, made_by=session.scalar(select(Installation.key)) or "",
        locale=actor.locale, subject=words.subject, text=words.text, html=words.html,
        created_at=now, next_at=now,
    )  # fmt: skip
    session.add(mail)
    session.flush()
    return mail


def tell_outside(
    session: Session, address: str, kind: Verb, language: str, facts: Mapping[str, Any], now: datetime
) -> None:
    """Word to somebody without an account, of what became of the idea that they sent.

    `address`: their e-mail, checked before; it is forgotten as soon as the mail went, or was given up.
    `kind`: one of `OUTCOMES`. `language`: a locale of ours. `facts`: `title` of the idea, and where there are
    any `answer` (the words to them), `until` (a date, with parked), `path` (of our page where they may follow
    it, beginning with "/"), `unit_id` (whose quiet hours count) and `idea_id` (by which it is called back).
    Raises ValueError for another kind.
    """
    if kind not in OUTCOMES:
        raise ValueError(kind)
    until = facts.get("until")
    kept = {"verb": kind.value, "title": facts["title"], "answer": facts.get("answer", "")}
    kept |= {"path": facts.get("path", ""), "until": until.isoformat() if isinstance(until, date) else ""}
    session.add(
        Telling(
            kind=MailKind.IDEAS, verb=Verb.OUTSIDE, about_id=facts.get("idea_id"),
            unit_id=facts.get("unit_id"), at=now, next_at=now, address=address, locale=language, facts=kept,
        )
    )  # fmt: skip


def call_back(session: Session, idea_id: int) -> str:
    """Word of an idea to somebody without an account that has not gone yet does not go; returns their e-mail,
    or an empty text where nothing waited. What is on its way to the server just now goes."""
    noted = Telling.verb == Verb.OUTSIDE, Telling.about_id == idea_id
    laid_out = Mail.person_id.is_(None), Mail.about_id == idea_id, Mail.next_at.is_not(None)
    stopped = [
        *session.scalars(delete(Telling).where(*noted).returning(Telling.address)),
        *session.scalars(delete(Mail).where(*laid_out).returning(Mail.address)),
    ]
    return next(iter(stopped), "")
