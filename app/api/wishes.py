"""What is asked of publications that are out: another text, or that they are taken down."""

from starlette.responses import Response

from app.actions import wishes
from app.actions.wishes import RemoveInput
from app.api.publication_acts import act
from app.api.publication_shapes import PublicationOut
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId
from app.dependencies.viewers import ByToken

router = api_router(prefix="/publications/{publication_id}", tags=["publications"])


@router.post("/correct", response_model=PublicationOut)
def correct(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Ask that a live post gets the text of its newest revision, which needs its yes. See `wish`."""
    return act(viewer, sent, publication_id, wishes.correct)


@router.post("/remove", response_model=PublicationOut)
def remove(viewer: ByToken, sent: Sent, publication_id: PathId, data: RemoveInput | None = None) -> Response:
    """Ask that a post is taken down. See `wish`: where the network does not do it, a person must."""
    note = data.note if data else ""
    return act(
        viewer, sent, publication_id, lambda session, actor, id_: wishes.remove(session, actor, id_, note)
    )


@router.post("/taken-down", response_model=PublicationOut)
def taken_down(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Note that a person took it down at the network."""
    return act(viewer, sent, publication_id, wishes.taken_down)


@router.post("/corrected", response_model=PublicationOut)
def corrected(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Note that a person corrected the text at the network, as was asked."""
    return act(viewer, sent, publication_id, wishes.corrected)


@router.post("/give-up", response_model=PublicationOut)
def give_up(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Leave the post as it is after all."""
    return act(viewer, sent, publication_id, wishes.give_up)


@router.post("/comment-there", response_model=PublicationOut)
def comment_there(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Answer that the first comment stands below the post, or note that a person wrote it there."""
    return act(viewer, sent, publication_id, wishes.comment_there)


@router.post("/comment-again", response_model=PublicationOut)
def comment_again(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Answer that the first comment is not there and shall be written; it is looked for once more before."""
    return act(viewer, sent, publication_id, wishes.comment_again)


@router.post("/comment-left-out", response_model=PublicationOut)
def comment_left_out(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """No first comment after all."""
    return act(viewer, sent, publication_id, wishes.comment_left_out)
