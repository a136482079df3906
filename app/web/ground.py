"""The ground that errands stand on, for pages that run one, and work done once in several steps."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from app.actions import repeats
from app.dependencies.viewers import Viewer
from app.domain.errors import Refusal
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Database
from app.web.forms import Form


async def ground_of(request: Request) -> Ground:  # async: one look-up isn't worth a thread
    """The app's ground."""
    ground: Ground = request.app.state.ground
    return ground


Grounded = Annotated[Ground, Depends(ground_of)]


def once_in_steps(db: Database, viewer: Viewer, form: Form, work: Callable[[], str]) -> str:
    """The address that a form's work leads to, done once. The work opens transactions of its own.

    Raises what the work raises (then the form may be sent again), and Conflict ("key_running") for the same
    form while the first is still being worked on.
    """
    if not form.once:
        return work()
    owner = f"form:{viewer.person_id}"
    with db.writes() as session:
        earlier = repeats.first(session, owner, form.key, "", clock.now())
    if earlier:
        return earlier.answer
    try:
        address = work()
    except Refusal:
        with db.writes() as session:
            repeats.forget(session, owner, form.key)
        raise
    with db.writes() as session:
        repeats.answer(session, owner, form.key, 303, address)
    return address
