"""Connecting channels: begin, let the person sign in at the network, finish with its answer, choose."""

from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import Response

from app.actions.channels import BeginInput
from app.actions.inputs import Input
from app.api import channels
from app.api.ground import Grounded
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.viewers import ByToken, Viewer
from app.domain.networks import NetworkKind, Realm
from app.errands import connect
from app.errands.ground import Ground
from app.queries import channels as questions

router = api_router(prefix="/channels/connections", tags=["channels"])
ShortText = Annotated[str, Field(min_length=1, max_length=2000)]


class Begun(Shape):
    """Where the person must sign in at the network, within ten minutes."""

    url: str


class Callback(Input):
    """`state` and `code` of the address that the network sent the person's browser back to."""

    state: ShortText
    code: ShortText


class PlaceOut(Shape):
    """A page or profile to choose. It can be taken when nothing is missing and no other unit has it.

    `page_id`: of a profile, the page that it is linked to; empty for a page. `portfolio`: the business
    portfolio through which it comes, empty for none; the tasks are not told then. `taken`: "no", "here" (it
    is a channel already, which is connected again) or "elsewhere" (of a unit that you may not see).
    """

    network: NetworkKind
    remote_id: str
    page_id: str
    name: str
    tasks: list[str]
    missing_scopes: list[str]
    missing_tasks: list[str]
    portfolio: str
    taken: Literal["no", "here", "elsewhere"] = "no"


class Offered(Shape):
    """A finished sign-in; its places can be chosen for 15 minutes.

    `channel_id`: the channel that shall be connected again, if it was begun for one. `portfolios`: pages of
    business portfolios are among the places.
    """

    connection_id: int
    unit_id: int
    realm: Realm
    person_name: str
    declined: list[str]
    places: list[PlaceOut]
    portfolios: bool
    channel_id: int | None


class Chosen(Input):
    """The `remote_id` of each place to take into use.

    `new_app`: a channel that another Meta app connected leaves it; without it such a channel is refused.
    """

    places: Annotated[list[ShortText], Field(max_length=200)]
    new_app: bool = False


class Connected(Shape):
    """The channels that the places are now."""

    channels: list[channels.ChannelOut]


@router.post("", response_model=Begun)
def begin(viewer: ByToken, sent: Sent, ground: Grounded, data: BeginInput) -> Response:
    """Begin to connect a network for a unit."""
    return sent.step_by_step(200, lambda: Begun(url=connect.begin(ground, viewer.actor, data, None)))


@router.post("/finish", response_model=Offered)
def finish(viewer: ByToken, sent: Sent, ground: Grounded, data: Callback) -> Response:
    """Hand in what the network sent back; the answer offers places to choose."""
    return sent.step_by_step(200, lambda: _finished(ground, viewer, data))


def _finished(ground: Ground, viewer: Viewer, data: Callback) -> Offered:
    offered = Offered.model_validate(connect.finish(ground, viewer.actor, data.state, data.code, None))
    ids = [place.remote_id for place in offered.places]
    with ground.database.reads() as session:
        taken = questions.places_taken(session, viewer.actor.scope, offered.realm, ids)
    for place in offered.places:
        if place.remote_id in taken:
            place.taken = "here" if taken[place.remote_id] else "elsewhere"
    return offered


@router.post("/{connection_id}/choose", response_model=Connected)
def choose(viewer: ByToken, sent: Sent, ground: Grounded, connection_id: PathId, data: Chosen) -> Response:
    """Take places into use as channels, all or none."""
    return sent.step_by_step(200, lambda: _chosen(ground, viewer, connection_id, data))


def _chosen(ground: Ground, viewer: Viewer, connection_id: int, data: Chosen) -> Connected:
    made = connect.choose(ground, viewer.actor, connection_id, data.places, data.new_app)
    with ground.database.reads() as session:
        return Connected(channels=[channels.one(session, viewer, channel_id) for channel_id in made])
