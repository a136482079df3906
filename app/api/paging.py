"""Pages of a list: `?after=` is the `next` of the page before, `?limit=` how many; answered: items, next."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.actions.inputs import Id
from app.api.shapes import GivenInstant, Shape
from app.domain.errors import Invalid

S = TypeVar("S", bound=Shape)
R = TypeVar("R")
LIMIT, LIMIT_MOST = 50, 200
_MOMENT = TypeAdapter(tuple[GivenInstant, Id])
_NUMBER = TypeAdapter(Id)


class Listed(BaseModel, Generic[S]):
    """One page. `next`: send it as `after` for the page that follows; null on the last one."""

    items: list[S]
    next: str | None


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for."""

    after: str | None
    limit: int

    def moment(self) -> tuple[datetime, int] | None:
        """The instant and id of the last row before this page; None on the first. Raises Invalid."""
        return self._cursor(_MOMENT)

    def number(self) -> int | None:
        """The id of the last row before this page; None on the first. Raises Invalid."""
        return self._cursor(_NUMBER)

    def _cursor(self, kind: TypeAdapter[R]) -> R | None:
        if self.after is None:
            return None
        try:
            text = base64.b64decode(self.after, altchars=b"-_", validate=True)
            return kind.validate_json(text)
        except (binascii.Error, ValueError, ValidationError):
            raise Invalid("bad_cursor", "after") from None

    def cut(self, rows: Sequence[Any], key: Callable[[Any], Any], shape: Callable[[Any], S]) -> Listed[S]:
        """The page, from rows of which one more than `limit` was asked.

        `key`: what `moment` or `number` shall read of a row, for the page that follows.
        """
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        return Listed(items=[shape(row) for row in shown], next=_written(key(shown[-1])) if more else None)

    def part(self, rows: Sequence[Any], shape: Callable[[Any], S]) -> Listed[S]:
        """The page of a short list that is there as a whole. Raises Invalid when its beginning is gone."""
        after = self.number()
        start = 0 if after is None else next((i for i, row in enumerate(rows, 1) if row.id == after), None)
        if start is None:
            raise Invalid("bad_cursor", "after")
        return self.cut(rows[start : start + self.limit + 1], lambda row: row.id, shape)


def whole(rows: Sequence[Any], shape: Callable[[Any], S]) -> Listed[S]:
    """All rows as one page, where a list can't grow long."""
    return Listed(items=[shape(row) for row in rows], next=None)


def _written(key: Any) -> str:
    text = (_NUMBER if isinstance(key, int) else _MOMENT).dump_json(key)
    return base64.urlsafe_b64encode(text).decode()


def _page(
    after: Annotated[str | None, Query(max_length=200, description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MOST)] = LIMIT,
) -> Page:
    return Page(after, limit)


Paged = Annotated[Page, Depends(_page)]
