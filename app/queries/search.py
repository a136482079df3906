"""The search across everything that the asker may see; what they may not see is not even counted.

Long texts are looked through folded (see `domain.finding`), in the database; the few names of people, units
and channels are compared here. First what begins with the words in its title, then what begins with them
anywhere, then what holds them inside of a word; among equals the newest. Of words that stand nearly
everywhere only the newest five hundred things of a kind are looked at, so that no search takes long.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from app.domain.finding import asked, begins, fold, is_found, part_of
from app.domain.naming import in_order
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Aside, among
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.ideas import Idea
from app.models.people import Person
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.search import COMMENT, IDEA, PICTURE, POST, Holds, SearchEntry
from app.models.units import Unit
from app.queries import channels, people, units
from app.queries.scopes import are_few, within

KINDS = ("posts", "publications", "ideas", "pictures", "comments", "people", "units", "channels")
MOST = 500


@dataclass(frozen=True)
class Group:
    """What was found of one kind: how many, and the rows of one page. `more`: there are older ones too."""

    kind: str
    total: int
    rows: Sequence[Any]
    more: bool = False


def found(
    session: Session,
    scope: Scope,
    query: str,
    kinds: Collection[str],
    limit: int,
    skip: int = 0,
    locale: str = "en",
) -> list[Group]:
    """What is found of each of some KINDS, in their order: `limit` rows after the first `skip`."""
    words = asked(query)
    if not words:
        return [Group(kind, 0, ()) for kind in kinds]
    hits: dict[str, list[int]] = {}
    groups = []
    for kind in kinds:
        if kind in _NAMES:
            groups.append(_named(_NAMES[kind](session, scope, locale), kind, words, limit, skip))
            continue
        of, entries = _TEXTS[kind]
        if entries not in hits:
            hits[entries] = _hits(session, scope, entries, words)
        groups.append(of(session, scope, hits[entries], limit, skip))
    return groups


def _hits(session: Session, scope: Scope, kind: str, words: Sequence[str]) -> list[int]:
    """Ids of things that hold the words, the best first; one more than MOST when there are older ones."""
    given: dict[str, Any] = {f"begin{n}": f" {word}" for n, word in enumerate(words)}
    given |= {f"part{n}": part_of(word) for n, word in enumerate(words)}
    seen = scope.units | scope.shared if kind == PICTURE else scope.units
    statement = _looking(len(words), are_few(seen))
    rows = session.execute(statement, {**given, "kind": kind, "units": list(seen), "most": MOST + 1}).all()
    return [row.thing_id for row in sorted(rows, key=lambda row: (row.rank, -row.thing_id))]


@cache
def _looking(words: int, few: bool) -> Select[*tuple[Any, ...]]:
    """The newest entries that hold so many words, and how well: 0 is best."""
    entry = SearchEntry
    parts = [Holds(entry.words, bindparam(f"part{n}")) for n in range(words)]
    in_title = and_(*(Holds(entry.title, bindparam(f"begin{n}")) for n in range(words)))
    anywhere = and_(*(Holds(entry.words, bindparam(f"begin{n}")) for n in range(words)))
    rank = case((in_title, 0), (anywhere, 1), else_=2)
    return (
        select(entry.thing_id, rank.label("rank"))
        .where(entry.kind == bindparam("kind"), within(entry.unit_id, few), *parts)
        .order_by(entry.thing_id.desc())
        .limit(bindparam("most"))
    )


def _page(kind: str, hits: Sequence[int], rows: Sequence[AnyRow], limit: int, skip: int) -> Group:
    """A group whose rows stand in the order of their hits; a hit without a row is not in sight."""
    by_id = {row.id: row for row in rows}
    there = [by_id[key] for key in hits if key in by_id]
    return Group(kind, min(len(there), MOST), there[skip : skip + limit], len(hits) > MOST)


def _sliced(kind: str, hits: Sequence[int], page: Sequence[int], rows: Sequence[AnyRow]) -> Group:
    """A group of which only the rows of one page of hits were read: every hit is in sight."""
    by_id = {row.id: row for row in rows}
    shown = [by_id[key] for key in page if key in by_id]
    return Group(kind, min(len(hits), MOST), shown, len(hits) > MOST)


def _posts(session: Session, scope: Scope, hits: Sequence[int], limit: int, skip: int) -> Group:
    page = list(hits[skip : min(skip + limit, MOST)])
    rows = session.execute(
        select(
            Post.id, Post.title, Post.tone, Post.status, Post.changed_at, Unit.name.label("unit"),
            Revision.text,
        )
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Revision, Revision.id == Post.revision_id)
        .where(Post.id.in_(page), Aside(Post.unit_id).in_(scope.units))
    ).all() if page else []  # fmt: skip
    return _sliced("posts", hits, page, rows)


def _publications(session: Session, scope: Scope, hits: Sequence[int], limit: int, skip: int) -> Group:
    """Those of the posts that are found; what is to come and what was out lately stand first."""
    if not hits:
        return Group("publications", 0, ())
    # Names are asked of those that are shown alone.
    page = (
        select(Publication.id, func.count().over().label("total"))
        .where(among(Publication.post_id, hits[:MOST]), Aside(Publication.unit_id).in_(scope.units))
        .order_by(Publication.due_at.desc(), Publication.id.desc())
        .limit(limit)
        .offset(skip)
        .subquery()
    )
    rows = session.execute(
        select(
            Publication.id, Publication.post_id, Post.title, Post.tone, Publication.status,
            Publication.due_at, Publication.zone, Channel.name.label("channel"), Channel.network,
            Channel.realm, Unit.name.label("unit"), page.c.total,
        )
        .select_from(page)
        .join(Publication, Publication.id == page.c.id)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .order_by(Publication.due_at.desc(), Publication.id.desc())
    ).all()  # fmt: skip
    return Group("publications", rows[0].total if rows else 0, rows, len(hits) > MOST)


def _ideas(session: Session, scope: Scope, hits: Sequence[int], limit: int, skip: int) -> Group:
    page = list(hits[skip : min(skip + limit, MOST)])
    rows = session.execute(
        select(
            Idea.id, Idea.title, Idea.why, Idea.state, Idea.parked_until, Idea.sent_at,
            Unit.name.label("unit"),
        )
        .join(Unit, Unit.id == Idea.unit_id)
        .where(Idea.id.in_(page), Aside(Idea.unit_id).in_(scope.units))
    ).all() if page else []  # fmt: skip
    return _sliced("ideas", hits, page, rows)


def _pictures(session: Session, scope: Scope, hits: Sequence[int], limit: int, skip: int) -> Group:
    """Those of units in scope, and those that units above share."""
    shared = Aside(Asset.unit_id).in_(scope.shared) & Asset.shared
    rows = session.execute(
        select(Asset.id, Asset.name, Asset.alt_text, Unit.name.label("unit"))
        .join(Unit, Unit.id == Asset.unit_id)
        .where(
            among(Asset.id, hits[:MOST]),
            Aside(Asset.unit_id).in_(scope.units) | shared,
            Asset.removed_at.is_(None),
        )
    ).all() if hits else []  # fmt: skip
    return _page("pictures", hits, rows, limit, skip)


def _comments(session: Session, scope: Scope, hits: Sequence[int], limit: int, skip: int) -> Group:
    rows = session.execute(
        select(
            Review.id, Review.post_id, Post.title, Review.comment, Person.name.label("person"), Review.at
        )
        .join(Post, Post.id == Review.post_id)
        .join(Person, Person.id == Review.person_id)
        .where(among(Review.id, hits[:MOST]), Aside(Post.unit_id).in_(scope.units))
    ).all() if hits else []  # fmt: skip
    return _page("comments", hits, rows, limit, skip)


Folded = Sequence[tuple[Any, str]]


def _people(session: Session, scope: Scope, locale: str) -> Folded:
    return [(row, fold(f"{row.name} {row.email}")) for row in people.people(session, scope, locale)]


def _units(session: Session, scope: Scope, locale: str) -> Folded:
    rows = [row for row in units.tree(session, scope, locale) if row.open]
    return [(row, fold(row.name)) for row in in_order(rows, lambda row: row.name, locale)]


def _channels(session: Session, scope: Scope, locale: str) -> Folded:
    rows: Sequence[AnyRow] = channels.listed(session, scope)
    return [(row, fold(f"{row.name} {row.unit}")) for row in in_order(rows, lambda row: row.name, locale)]


def _named(named: Folded, kind: str, words: Sequence[str], limit: int, skip: int) -> Group:
    fits = [pair for pair in named if is_found(words, pair[1])]
    best = sorted(fits, key=lambda pair: not begins(words, pair[1]))  # sorted keeps equals in their order
    return Group(kind, len(fits), [row for row, _ in best[skip : skip + limit]])


# How a page of each kind is read, and in which entries it is looked for.
_TEXTS: Mapping[str, tuple[Callable[[Session, Scope, Sequence[int], int, int], Group], str]] = {
    "posts": (_posts, POST),
    "publications": (_publications, POST),
    "ideas": (_ideas, IDEA),
    "pictures": (_pictures, PICTURE),
    "comments": (_comments, COMMENT),
}
_NAMES: Mapping[str, Callable[[Session, Scope, str], Folded]] = {
    "people": _people,
    "units": _units,
    "channels": _channels,
}
