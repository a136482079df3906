"""Every published post with its figures: the list behind each number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, and_, bindparam, case, null, or_, select
from sqlalchemy.orm import Session

from app.domain.comparison import comparable, value_of
from app.domain.errors import NotFound
from app.domain.networks import Format, NetworkKind, Realm
from app.domain.posts import Tone
from app.domain.results import (
    LEAST_REACH,
    Baseline,
    Figures,
    Outcome,
    Paid,
    Period,
    at_seven_days,
    latest,
    rate,
)
from app.domain.results_sums import pieces
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Aside, table_of
from app.models.channels import Channel
from app.models.found import FoundPost
from app.models.posts import Post
from app.models.publications import Publication
from app.models.results import Result
from app.models.units import Unit
from app.queries.results_answers import lines
from app.queries.results_fresh import Standing, changed, standing
from app.queries.results_rows import ResultRow, figures, made
from app.queries.scopes import are_few, within

TITLE_MOST = 80  # signs of a found post's text that stand for a title
MOST_ANEW = 1000
FIGURES = ("reach", "views", "engagement", "rate")  # by which the list can be ordered
DAY = timedelta(days=1)
_AT_ONCE = 500


@dataclass(frozen=True)
class PostRow:
    """One published post on one channel. `published_at`: UTC; `zone`: to tell it in the place's time.

    `id`: of this row, for links and paging. Either `publication_id` and `post_id` are told, or `found_id` for
    one that was not made here; its title is how its text begins. `removed`: it is gone from the network
    since, but had its figure at 7 days; what went before is left out.
    """

    id: int
    publication_id: int | None
    post_id: int | None
    found_id: int | None
    title: str
    unit_id: int
    unit: str
    channel_id: int
    channel: str
    network: NetworkKind
    realm: Realm
    format: Format
    paid: Paid
    tone: Tone | None
    published_at: datetime
    zone: str
    permalink: str
    removed: bool
    at_seven_days: Figures | None
    latest: Figures | None
    baseline: Baseline


@dataclass(frozen=True)
class Wanted:
    """What a list of posts is narrowed to; None means no narrowing.

    `side_of`: only the posts that stand behind a comparison of this outcome (those `used`, with `tone`).
    """

    channel_id: int | None = None
    format: Format | None = None
    tone: Tone | None = None
    side_of: Outcome | None = None


def posts(
    session: Session,
    scope: Scope,
    unit_id: int,
    period: Period,
    wanted: Wanted | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int | None = 50,
    order: str = "",
    skip: int = 0,
) -> Sequence[PostRow]:
    """Published posts of a unit and below, the latest first. `after`: (published_at, id) of the last row of
    the page before. `limit` None: all, for exports. `order`: a figure of `FIGURES`, the highest at 7 days
    first and what has none last; then `skip` tells how many stood on the pages before. Raises NotFound.
    """
    wanted = wanted or Wanted()
    stands = standing(session, scope, unit_id)
    anew = _anew(session, scope, stands)
    keys = _behind(session, scope, stands, period, wanted.side_of, anew) if wanted.side_of else None
    narrowed = _Narrowed(stands, period, wanted, after, keys)
    fresh = [row for row in anew.values() if narrowed.fits(row)]
    most = None if limit is None else skip + limit + len(anew)  # some may have to give way to new ones
    stored = [row for row in _stored(session, narrowed, most, order) if row["id"] not in anew]
    found = sorted([*fresh, *stored], key=partial(_rank, order=order), reverse=True)
    return _whole(session, scope, found[skip : None if limit is None else skip + limit])


def post(session: Session, scope: Scope, result_id: int) -> PostRow:
    """One published post with its figures. Raises NotFound, also for what is left out or of another realm."""
    found = {row["id"]: row for row in made(session, scope, [result_id])}.get(result_id)
    if found is None or not found["counts"]:
        raise NotFound
    stands = standing(session, scope, found["unit_id"])
    if found["realm"] is not stands.realm:
        raise NotFound
    return _whole(session, scope, [_anew(session, scope, stands).get(result_id, found)])[0]


def _anew(session: Session, scope: Scope, stands: Standing) -> dict[int, ResultRow]:
    """Rows that are not stored as they are now, by id; of very many only what is stored is told."""
    ids = changed(session, scope, stands, MOST_ANEW + 1)
    if len(ids) > MOST_ANEW:
        return {}
    return {row["id"]: row for row in made(session, scope, ids)}


def _place(row: Mapping[str, Any]) -> tuple[datetime, int]:
    return row["published_at"], row["id"]


def _rank(row: Mapping[str, Any], order: str) -> tuple[bool, float, datetime, int]:
    """Its place in a list by a figure, or by time alone."""
    value = rate(row["engagement"], row["reach"]) if order == "rate" else row[order] if order else None
    return value is not None, value or 0, *_place(row)


@dataclass(frozen=True)
class _Narrowed:
    """Which rows are wanted; the same for those that are stored and those that are made now."""

    stands: Standing
    period: Period
    wanted: Wanted
    after: tuple[datetime, int] | None
    keys: frozenset[int] | None

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Whether a row that was made now is among them."""
        first, last = self.period.from_on.toordinal(), self.period.to_on.toordinal()
        same = all(row[name] == value for name, value in self.given.items())
        return (
            same
            and row["counts"]
            and row["realm"] is self.stands.realm
            and row["unit_id"] in self.stands.units
            and first <= row["day"] <= last
            and (self.after is None or _place(row) < self.after)
            and (self.keys is None or row["id"] in self.keys)
        )

    @property
    def given(self) -> dict[str, Any]:
        """Column -> the value that it must have."""
        names = ("channel_id", "format", "tone")
        return {name: value for name in names if (value := getattr(self.wanted, name)) is not None}


def _behind(
    session: Session, scope: Scope, stands: Standing, period: Period, outcome: Outcome, anew: Iterable[int]
) -> frozenset[int]:
    """Ids of the posts that a comparison holds side by side."""
    found = pieces(lines(session, scope, stands, period.from_on, period.to_on, list(anew)))
    measured = [piece for piece in found if value_of(piece, outcome) is not None]
    return frozenset(piece.key for piece in comparable(measured, outcome))


def _stored(session: Session, narrowed: _Narrowed, most: int | None, order: str) -> list[Any]:
    """The first stored rows in the list's order."""
    units = sorted(narrowed.stands.units)
    asked: dict[str, Any] = {
        **narrowed.given, "units": units, "realm": narrowed.stands.realm,
        "first": narrowed.period.from_on.toordinal(), "last": narrowed.period.to_on.toordinal(),
        **_around(narrowed),
    }  # fmt: skip
    if narrowed.after:
        asked |= {"after_at": narrowed.after[0], "after_id": narrowed.after[1]}
    statement = _list(frozenset(narrowed.given), narrowed.after is not None, are_few(units), order)
    if narrowed.keys is not None:
        rows = session.execute(statement, asked).mappings()
        return [row for row in rows if row["id"] in narrowed.keys][:most]
    if most is not None:
        return list(session.execute(_first(statement, order), {**asked, "most": most}).mappings())
    return list(session.execute(statement, asked).mappings())


def _around(narrowed: _Narrowed) -> dict[str, datetime]:
    """Instants between which a period's days lie in every zone, to walk along the rows in order of time."""
    period, after = narrowed.period, narrowed.after
    begins, ends = (datetime.combine(day, time(), UTC) for day in (period.from_on, period.to_on))
    latest = ends + 2 * DAY
    return {"earliest": begins - DAY, "latest": min(latest, after[0]) if after else latest}


def _first(statement: Select[*tuple[Any, ...]], order: str) -> Select[*tuple[Any, ...]]:
    """The first rows of a list: whole ones are read of these alone, not of all that are put in order."""
    table = table_of(Result)
    ids = statement.with_only_columns(table.c.id).limit(bindparam("most", type_=Integer)).subquery()
    return select(table).join(ids, ids.c.id == table.c.id).order_by(*_in_order(table, order))


@cache
def _list(given: frozenset[str], after: bool, few: bool, order: str) -> Select[*tuple[Any, ...]]:
    table = table_of(Result)
    statement = select(table).where(
        within(table.c.unit_id, few),
        table.c.counts,
        table.c.realm == bindparam("realm"),
        Aside(table.c.day).between(bindparam("first"), bindparam("last")),
        table.c.published_at.between(bindparam("earliest"), bindparam("latest")),
        *(table.c[name] == bindparam(name) for name in sorted(given)),
    )
    if after:
        earlier = table.c.published_at < bindparam("after_at")
        same = and_(table.c.published_at == bindparam("after_at"), table.c.id < bindparam("after_id"))
        statement = statement.where(or_(earlier, same))
    return statement.order_by(*_in_order(table, order))


def _in_order(table: Table, order: str) -> list[ColumnElement[Any]]:
    highest = [_figure(table, order).desc().nulls_last()] if order else []
    return [*highest, table.c.published_at.desc(), table.c.id.desc()]


def _figure(table: Table, order: str) -> ColumnElement[Any]:
    if order != "rate":
        return table.c[order]
    return case((table.c.reach >= LEAST_REACH, table.c.engagement * 1.0 / table.c.reach))


def _whole(session: Session, scope: Scope, rows: Sequence[Mapping[str, Any]]) -> list[PostRow]:
    """With names and all their readings, some hundred at once."""
    return [
        post
        for start in range(0, len(rows), _AT_ONCE)
        for post in _named(session, scope, rows[start : start + _AT_ONCE])
    ]


def _named(session: Session, scope: Scope, rows: Sequence[Mapping[str, Any]]) -> list[PostRow]:
    names: dict[int, AnyRow] = {}
    for odd, statement in ((0, _ours()), (1, _theirs())):
        ids = [row["id"] // 2 for row in rows if row["id"] % 2 == odd]
        if ids:
            names |= {row.of_id * 2 + odd: row for row in session.execute(statement, {"ids": ids})}
    told = figures(session, scope, [row["id"] for row in rows])
    # A found post that turned out to be ours has no name any more; its row goes with the next round.
    return [_post(row, names[row["id"]], told.get(row["id"], [])) for row in rows if row["id"] in names]


def _post(row: Mapping[str, Any], names: AnyRow, told: Sequence[Figures]) -> PostRow:
    kind = row["format"]
    return PostRow(
        id=row["id"],
        publication_id=row["publication_id"],
        post_id=names.post_id,
        found_id=row["found_id"],
        title=_title(names.title),
        unit_id=row["unit_id"],
        unit=names.unit,
        channel_id=row["channel_id"],
        channel=names.channel,
        network=names.network,
        realm=row["realm"],
        format=kind,
        paid=row["paid"],
        tone=row["tone"],
        published_at=row["published_at"],
        zone=names.zone,
        permalink=names.permalink,
        removed=row["removed"],
        at_seven_days=at_seven_days(told, kind),
        latest=latest(told),
        baseline=_baseline(row),
    )


def _title(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if len(first) <= TITLE_MOST else first[: TITLE_MOST - 1].rstrip() + "…"


def _baseline(row: Mapping[str, Any]) -> Baseline:
    return Baseline(**{name: row[f"usual_{name}"] for name in Baseline.__dataclass_fields__})


@cache
def _ours() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Publication.id.label("of_id"),
            Publication.post_id,
            Post.title,
            Publication.zone,
            Publication.permalink,
            Unit.name.label("unit"),
            Channel.name.label("channel"),
            Channel.network,
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .where(Publication.id.in_(bindparam("ids", expanding=True)))
    )


@cache
def _theirs() -> Select[*tuple[Any, ...]]:
    return (
        select(
            FoundPost.id.label("of_id"),
            null().label("post_id"),
            FoundPost.text.label("title"),
            Unit.zone,
            FoundPost.permalink,
            Unit.name.label("unit"),
            Channel.name.label("channel"),
            Channel.network,
        )
        .join(Channel, Channel.id == FoundPost.channel_id)
        .join(Unit, Unit.id == Channel.unit_id)
        .where(FoundPost.id.in_(bindparam("ids", expanding=True)))
    )
