"""Strategies: versions per unit, the rows of their lists, and what was said about a draft."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.results import Outcome
from app.domain.strategies import Kind
from app.foundation.database import Base, Instant, Word

_IS_DRAFT = text("from_on IS NULL")


class Strategy(Base):
    """A version of a unit's strategy. What is None is as the units above say.

    `from_on`: its first day in force, in the unit's calendar; None as long as it is a draft, of which a unit
    has one at most. `mix_low`, `mix_high`: the share of human posts, in percent. `interaction_percent`: 100
    for as many minutes with people as with making posts. `minutes_per_week`: of work, all people together.
    `own_goals` and the like: its list stands instead of the one from above, else it goes on with that.
    `open_since`: since when everybody on staff may read and discuss the draft.
    """

    __tablename__ = "strategies"
    __table_args__ = (
        UniqueConstraint("unit_id", "number"),
        Index("uq_strategies_draft", "unit_id", unique=True,
              sqlite_where=_IS_DRAFT, postgresql_where=_IS_DRAFT),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    number: Mapped[int]
    from_on: Mapped[date | None]
    purpose: Mapped[str | None] = mapped_column(Text)
    mix_low: Mapped[int | None]
    mix_high: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    interaction_percent: Mapped[int | None]
    minutes_per_week: Mapped[int | None]
    house_rules: Mapped[str | None] = mapped_column(Text)
    review_on: Mapped[date | None]
    own_goals: Mapped[bool] = mapped_column(default=False)
    own_audiences: Mapped[bool] = mapped_column(default=False)
    own_pillars: Mapped[bool] = mapped_column(default=False)
    open_since: Mapped[datetime | None] = mapped_column(Instant)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    adopted_at: Mapped[datetime | None] = mapped_column(Instant)


class StrategyPoint(Base):
    """A goal, an audience or a pillar of a unit, the same through all versions; posts name it.

    `name`: what it is called in the newest version that has it.
    """

    __tablename__ = "strategy_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    name: Mapped[str] = mapped_column(String(200))


class StrategyLine(Base):
    """What one version says of a point, at its place (from 0). A version without it has retired it."""

    __tablename__ = "strategy_lines"

    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategies.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("strategy_points.id"), primary_key=True, index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")


class StrategyComment(Base):
    """What somebody said about a version while it was open for that."""

    __tablename__ = "strategy_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategies.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
