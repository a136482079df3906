"""What is to be told by mail, what people want to be told, and when a place is at work."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.mails import MailKind, Verb
from app.domain.working_hours import USUAL
from app.foundation.database import Base, Instant, Word


class Telling(Base):
    """One thing to be told, written in the transaction that did it; gone as soon as it is told or void.

    It holds numbers only: whom it concerns, and what is said, is looked up when its hour comes, so that
    nothing is told that is true no more. `about_id`: of a post, an idea, an idea's comment or a notice, as
    `verb` says. `person_id`: to whom, where that is known at once. `by_id`: who did it, and needs no mail.
    `next_at`: when it is looked at next; None: it waits for something else to happen.
    `address`, `locale` and `facts`: of what goes to somebody without an account (`Verb.OUTSIDE`).
    """

    __tablename__ = "tellings"
    __table_args__ = (
        Index("ix_tellings_next", "next_at"),
        Index("ix_tellings_verb_about", "verb", "about_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    verb: Mapped[Verb] = mapped_column(Word(Verb))
    about_id: Mapped[int | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(254), default="")
    locale: Mapped[str] = mapped_column(String(8), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class MailChoice(Base):
    """What somebody chose about their mails; without a row all kinds come, and none in quiet hours.

    `off`: kinds (`domain.mails.MailKind`) that do not come. `any_hour`: urgent ones also in quiet hours.
    `digest_on`: the Monday of the last week that was told of.
    """

    __tablename__ = "mail_choices"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    off: Mapped[list[str]] = mapped_column(JSON, default=list)
    any_hour: Mapped[bool] = mapped_column(default=False)
    digest_on: Mapped[date | None]


class UnitHours(Base):
    """From when to when people at a unit work, wall time there; without a row as at the unit above."""

    __tablename__ = "unit_hours"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    begins: Mapped[time] = mapped_column(default=USUAL[0])
    ends: Mapped[time] = mapped_column(default=USUAL[1])


def is_off(choice: MailChoice | None, kind: MailKind) -> bool:
    """Whether somebody does not want a kind of mail; `choice`: what they chose, None for nothing."""
    return choice is not None and kind is not MailKind.SECURITY and kind in choice.off
