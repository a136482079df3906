"""A publication as lists and pages show it: its row, its words, and what the viewer may do with it now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.actions.publication_moves import comes_too_slowly
from app.connectors import registry
from app.dependencies.viewers import Viewer
from app.domain.networks import NetworkKind, Realm
from app.domain.posts import PostStatus
from app.domain.publications import (
    ENDS_BY_ITSELF,
    MAY_CHANGE_TIME,
    MAY_HOLD,
    MOVES,
    OPEN,
    OUT,
    HoldReason,
    Status,
)
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.settings import Settings
from app.queries import publications as questions
from app.web import formats
from app.words.statuses import Standing, is_overdue, standing

NOW = frozenset({Status.PLANNED, Status.STAGED, Status.MISSED})


@dataclass(frozen=True)
class Card:
    """row: of `queries.publications`. acts: what the viewer may do now. there: where to look at it.

    stopped: it stands still because somebody stopped a whole queue. found: the address of a public post that
    looks like it, after a restore; empty when the network told none, None when nothing is asked.
    """

    row: Any
    standing: Standing
    overdue: bool
    acts: frozenset[str]
    there: str
    stopped: bool = False
    found: str | None = None


def cards(
    session: Session, viewer: Viewer, settings: Settings, rows: Sequence[Any], now: datetime
) -> list[Card]:
    """Cards of rows, in their order; one question more, for the holds that stand."""
    holds = questions.holds(session, viewer.actor.scope, [row.id for row in rows])
    return [card(viewer, settings, row, holds[row.id], now) for row in rows]


def card(
    viewer: Viewer, settings: Settings, row: Any, holds: Sequence[Any], now: datetime, doer: str = ""
) -> Card:
    """One card. `doer`: whoever posts it by hand, where that is known."""
    label = registry.network(row.network).profile.label
    may = viewer.actor.scope.may(Right.SCHEDULE, row.unit_id)
    return Card(
        row,
        standing(row, holds, label, viewer.locale, now, doer),
        is_overdue(row, now),
        _acts(row, holds) if may else frozenset(),
        row.permalink or _page(settings, row),
        any(hold.reason is HoldReason.EVERYTHING for hold in holds),
        next((hold.found_link for hold in holds if hold.found_id), None),
    )


def _page(settings: Settings, row: Any) -> str:
    by_hand = row.network is NetworkKind.MANUAL
    return (
        "" if by_hand else page_address(settings, row.network, row.realm, row.channel_remote_id, row.channel)
    )


def _acts(row: Any, holds: Sequence[Any]) -> frozenset[str]:
    status: Status = row.status
    dead = row.token_state != "ok"  # noqa: S105 - a state, not a token
    by_people = any(hold.reason not in ENDS_BY_ITSELF for hold in holds)
    by_itself = any(hold.reason in ENDS_BY_ITSELF for hold in holds)
    found = status is Status.HELD and any(hold.found_id for hold in holds)
    by_hand = row.network is NetworkKind.MANUAL
    approved = row.post_status is PostStatus.APPROVED
    allowed = {
        "publish_now": status in NOW and approved and not by_hand,
        "assign": by_hand and status in OPEN,
        "correct": status is Status.PUBLISHED and registry.network(row.network).profile.corrects,
        "take_down": status in OUT,
        "move": status in MAY_CHANGE_TIME,
        "hold": status in MAY_HOLD and status is not Status.HELD,
        "release": status is Status.HELD and (by_people or not dead) and not found,
        "reconnect": status is Status.HELD and by_itself and dead,
        "settle": status is Status.UNSURE or found or comes_too_slowly(row, clock.now()),
        "change": status is Status.REJECTED,
        "read": status is Status.PUBLISHED and bool(row.remote_id),
        # An unsure one is answered, not cancelled: it may be public.
        "cancel": Status.CANCELLED in MOVES[status] and status is not Status.UNSURE,
    }
    return frozenset(name for name, is_so in allowed.items() if is_so)


def spans(viewer: Viewer) -> Callable[[float], str]:
    """Lengths of time (seconds) in words, for templates."""
    return partial(formats.span, locale=viewer.locale)


def page_address(
    settings: Settings, network: NetworkKind, realm: Realm, remote_id: str, name: str = ""
) -> str:
    """Where a browser sees a page or profile as the public does; Instagram knows profiles by their names."""
    return registry.page_address(settings, network, realm, remote_id, name)
