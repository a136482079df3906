"""The example library: which root it is, how far it has been made, and which people belong to it alone.

Entries of history about it are never sealed (`errands.history`): they are the only ones that may go again,
and the database lets them go only while the example is being removed (a trigger of migration 0022).
"""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.domain.examples import State
from app.foundation.database import Base, Instant, Word
from app.models.history import Event
from app.models.units import Unit

ONLY = 1  # the id of the one row: an installation has one example at most


class Example(Base):
    """The one row. `part`: what is being made just now, `done` of `total` of it.

    `locale`: of its texts. `beat_at`: when whoever makes or removes it last said so; long ago, and they died.
    """

    __tablename__ = "examples"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[State] = mapped_column(Word(State))
    part: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(Instant)
    beat_at: Mapped[datetime] = mapped_column(Instant)


class ExamplePerson(Base):
    """Somebody who exists in the example alone: made up, or added there by somebody who looked around."""

    __tablename__ = "example_people"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)


def of_example(unit_id: ColumnElement[int | None] | Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    """Whether a column's unit is one of the example's."""
    its, top = aliased(Unit), aliased(Unit)
    return (
        select(its.id)
        .join(top, its.path.startswith(top.path))
        .join(Example, Example.unit_id == top.id)
        .where(its.id == unit_id)
        .exists()
    )


def entry_of_example() -> ColumnElement[bool]:
    """Whether an entry of history is the example's: happened there, or done by one of its people."""
    by_its_people = select(ExamplePerson.person_id).where(ExamplePerson.person_id == Event.person_id).exists()
    return or_(of_example(Event.unit_id), by_its_people)
