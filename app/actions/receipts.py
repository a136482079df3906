"""What became of many at once, kept for its doer for a while: to be read again, and to be taken back."""

import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.actions import repeats
from app.actions.queue import Done, Left, Outcome
from app.domain.errors import Fault, NotFound
from app.domain.roles import Actor
from app.foundation import clock


def keep(session: Session, actor: Actor, outcome: Outcome) -> str:
    """Keep an outcome as long as answers to forms are kept; returns its key."""
    key, now = secrets.token_urlsafe(12), clock.now()
    written = {
        "verb": outcome.verb,
        "done": [[one.publication_id, one.undo] for one in outcome.done],
        "left": [
            [one.publication_id, one.fault.code, one.fault.field, _flat(one.fault.params)]
            for one in outcome.left
        ],
    }
    repeats.first(session, _owner(actor), key, "", now)
    repeats.answer(session, _owner(actor), key, 200, json.dumps(written))
    return key


def read(session: Session, actor: Actor, key: str) -> Outcome:
    """An outcome that the actor kept. Raises NotFound, also for somebody else's."""
    text = repeats.kept(session, _owner(actor), key, clock.now())
    if text is None:
        raise NotFound
    kept = json.loads(text)
    return Outcome(
        kept["verb"],
        [Done(*each) for each in kept["done"]],
        [Left(id_, Fault(code, field, _whole(params))) for id_, code, field, params in kept["left"]],
    )


def _owner(actor: Actor) -> str:
    return f"queue:{actor.person_id}"


def _flat(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else str(value)
        for name, value in params.items()
    }


def _whole(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
        for name, value in params.items()
    }
