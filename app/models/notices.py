"""Notices: what people are warned of, the mails that tell them, and what networks last told of allowances."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.mails import MailKind
from app.foundation.database import Base, Instant, Word


class Notice(Base):
    """One warning, from when it was first seen until its cause is gone (`domain.warnings.Light` in a row).

    `key` names its cause, so that a cause has one row however often it is looked at. Without a unit it is
    about the installation. `told`: the highest severity that was told by mail, 0 for none.
    `ended_at`: since when the cause is gone; if it comes back within a day nobody is told anew.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str] = mapped_column(String(40))
    severity: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publications.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    until_at: Mapped[datetime | None] = mapped_column(Instant)
    since_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    told: Mapped[int] = mapped_column(default=0)


class Mail(Base):
    """One mail to one person, kept until it is sent or given up. The address is read when it is sent.

    Without a person it goes to `address`, of somebody who has no account, and is gone when it was sent;
    `about_id`: of the idea that it tells them of.
    `kind`: by which its reader can switch it off. `created_at`: from when it counts; it may wait till then.
    `next_at`: when it is tried next; None when it is sent or given up. A try moves it ahead before the
    server is called, so that no other process takes the same mail. `reason`: why the latest try failed.
    `made_by`: the key of the installation that it is of; a copy or a restored backup does not send it again.
    `link_hours`: it brings a one-time link that works for so many hours. The link is made when the mail is
    sent and is not kept here; the text only says where it stands (`TOKEN_PLACE`).
    """

    TOKEN_PLACE: ClassVar[str] = "{token}"  # noqa: S105 - where one will stand

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_next", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    address: Mapped[str] = mapped_column(String(254), default="")
    about_id: Mapped[int | None]
    kind: Mapped[MailKind] = mapped_column(Word(MailKind), default=MailKind.SECURITY)
    made_by: Mapped[str] = mapped_column(String(40), default="")
    link_hours: Mapped[int | None]
    locale: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(40), default="")
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    given_up_at: Mapped[datetime | None] = mapped_column(Instant)


class Allowance(Base):
    """What a channel's network told last: posts of its quota, percent of calls used, seconds it is ahead.

    Nulls and an empty instant: not told. Each has the instant (ours, UTC) at which it was told.
    """

    __tablename__ = "allowances"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    quota_used: Mapped[int | None]
    quota_total: Mapped[int | None]
    quota_at: Mapped[datetime | None] = mapped_column(Instant)
    usage: Mapped[int | None]
    usage_at: Mapped[datetime | None] = mapped_column(Instant)
    ahead: Mapped[float | None]
    ahead_at: Mapped[datetime | None] = mapped_column(Instant)
