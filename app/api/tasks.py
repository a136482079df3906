"""What people post by hand: channels that no program reaches, who posts there, and that it is done."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import tasks
from app.actions.tasks import AssignInput, DoneInput, PlaceInput
from app.api import channels
from app.api.publication_shapes import PublicationOut, shown
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId
from app.dependencies.viewers import ByToken

router = api_router()


@router.post("/channels/manual", status_code=201, response_model=channels.ChannelOut, tags=["channels"])
def add_place(viewer: ByToken, sent: Sent, data: PlaceInput) -> Response:
    """A new channel that people post to by hand."""

    def work(session: Session) -> channels.ChannelOut:
        return channels.one(session, viewer, tasks.add_place(session, viewer.actor, data).id)

    return sent.once(201, work)


@router.post("/publications/{publication_id}/done", response_model=PublicationOut, tags=["publications"])
def done(viewer: ByToken, sent: Sent, publication_id: PathId, data: DoneInput | None = None) -> Response:
    """Note that somebody has posted it by hand, with its address if there is one."""
    return sent.act(viewer, publication_id, shown, tasks.done, data.link if data else "")


@router.post("/publications/{publication_id}/assign", response_model=PublicationOut, tags=["publications"])
def assign(viewer: ByToken, sent: Sent, publication_id: PathId, data: AssignInput) -> Response:
    """Say who posts it by hand; null for nobody in particular."""
    return sent.act(viewer, publication_id, shown, tasks.assign, data.person_id)
