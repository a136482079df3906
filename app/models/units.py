"""Units: network > library > branch, as a tree with its path written out."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.units import UnitKind
from app.foundation.database import Base, Instant, Word


class Unit(Base):
    """A library, a branch, a bookmobile… `path` is "/1/4/9/": the ids from the top down to this one.

    `second_factor`, of a unit at the top: who may publish, approve or administer below it needs one.
    """

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), unique=True)
    kind: Mapped[UnitKind] = mapped_column(Word(UnitKind))
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(2))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    population: Mapped[int | None]
    second_factor: Mapped[bool] = mapped_column(default=False)
