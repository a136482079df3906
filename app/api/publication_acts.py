"""An action on one publication, as the API answers it: done once, then the publication as it is now."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api.publication_shapes import shown
from app.api.repeats import Sending
from app.dependencies.viewers import Viewer
from app.domain.roles import Actor
from app.models.publications import Publication

Action = Callable[[Session, Actor, int], Publication]


def act(viewer: Viewer, sent: Sending, publication_id: int, action: Action) -> Response:
    """Do it, unless the same was sent before, and answer with what became of it."""
    return sent.act(viewer, publication_id, shown, action)
