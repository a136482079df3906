"""The search across everything that the person may see."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import Query

from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.queries import search as questions
from app.queries.search import KINDS, Group

router = api_router(tags=["search"])
Kind = Literal["posts", "publications", "ideas", "pictures", "comments", "people", "units", "channels"]
LIMIT, LIMIT_MOST, SKIP_MOST = 10, 100, 1_000_000


class FoundOut(Shape):
    """One thing that was found. `id` is that of its kind; `title` is what it is called.

    `text`: a post's text, why an idea matters, a picture's description, a comment's words, a person's
    e-mail; else empty.
    `post_id`: of publications and comments.
    """

    id: int
    title: str
    unit: str | None
    text: str
    post_id: int | None


class GroupOut(Shape):
    """What was found of one kind: how many in all, and the best of them. `more`: and older ones besides."""

    kind: Kind
    total: int
    more: bool
    items: list[FoundOut]


class SearchOut(Shape):
    """What was found, by kind; kinds of which nothing was found are there with a total of 0."""

    groups: list[GroupOut]


@router.get("/search")
def search(
    viewer: ByToken,
    session: Reads,
    q: Annotated[
        str, Query(max_length=200, description="Words that must all be there; a beginning is enough.")
    ],
    kind: Annotated[list[Kind], Query(description="Only these.")] = [],  # noqa: B006 - never changed
    limit: Annotated[int, Query(ge=1, le=LIMIT_MOST, description="Of each kind.")] = LIMIT,
    skip: Annotated[int, Query(ge=0, le=SKIP_MOST, description="So many of each kind.")] = 0,
) -> SearchOut:
    """Posts, publications, ideas, pictures, comments, people, units and channels that hold the words."""
    scope, locale = viewer.actor.scope, viewer.locale
    wanted = [name for name in KINDS if not kind or name in kind]
    groups = questions.found(session, scope, q, wanted, limit, skip, locale)
    return SearchOut(groups=[_group(group) for group in groups])


def _group(group: Group) -> GroupOut:
    items = [_SHAPES.get(group.kind, _named)(row) for row in group.rows]
    values = {"kind": group.kind, "total": group.total, "more": group.more, "items": items}
    return GroupOut.model_validate(values)


def _named(row: Any) -> FoundOut:
    return FoundOut(id=row.id, title=row.name, unit=getattr(row, "unit", None), text="", post_id=None)


_SHAPES: Mapping[str, Callable[[Any], FoundOut]] = {
    "posts": lambda row: FoundOut(
        id=row.id, title=row.title, unit=row.unit, text=row.text or "", post_id=None
    ),
    "publications": lambda row: FoundOut(
        id=row.id, title=row.title, unit=row.unit, text="", post_id=row.post_id
    ),
    "ideas": lambda row: FoundOut(id=row.id, title=row.title, unit=row.unit, text=row.why, post_id=None),
    "pictures": lambda row: FoundOut(
        id=row.id, title=row.name, unit=row.unit, text=row.alt_text, post_id=None
    ),
    "comments": lambda row: FoundOut(
        id=row.id, title=row.title, unit=None, text=row.comment, post_id=row.post_id
    ),
    "people": lambda row: FoundOut(id=row.id, title=row.name, unit=None, text=row.email, post_id=None),
}
