"""Unsaved forms: what somebody is typing in the composer and has not saved yet, as of a moment ago.

Why not a revision: revisions are immutable, numbered for people, and an approval names one. Typing makes
dozens of states a minute, most of them with half a sentence, many not even valid (no title yet, a picture
without words). So what is typed lies here, as the fields of the form, one row for each opened form, written
over each time; a revision is made when a person presses "Save", and once, because the form has its key.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class UnsavedForm(Base):
    """One opened form of one person. `form`: the path that it is sent to. `key`: the form's own (`once`).

    `sealed`: its fields, sealed to "unsaved_forms:<person>:<key>"; empty once it was saved or thrown away, so
    that what was still on its way then brings nothing back.
    """

    __tablename__ = "unsaved_forms"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_unsaved_forms_form", "form"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
