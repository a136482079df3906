"""Whether a network can fetch pictures from us: told on the channel, with what to open, and tried again."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.domain.networks import NetworkKind
from app.domain.roles import Actor
from app.foundation import clock
from app.models.channels import Channel
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


@pytest.fixture
def profile(app: FastAPI, cast: Cast) -> tuple[Scene, int]:
    """Koivuranta with an Instagram profile."""
    scene = Scene(app, cast)
    network = NetworkKind.INSTAGRAM
    return scene, scene.write(
        lambda session: plans.channel(session, cast.koivuranta, scene.keyring, "@koivu", network=network).id
    )


def _set(scene: Scene, channel_id: int, reach: str, reason: str = "") -> None:
    values = {"reach": reach, "reach_reason": reason, "reach_at": clock.now()}
    scene.write(
        lambda session: session.execute(update(Channel).where(Channel.id == channel_id).values(**values))
    )


@pytest.mark.parametrize(
    ("reach", "reason", "words"),
    [
        ("", "", "Not tried yet whether the network can fetch pictures"),
        ("trying", "", "The network is fetching a sample picture."),
        ("ok", "", "The network can fetch pictures from Kuliss."),
        ("failed", "picture_not_fetched", "http://testserver/m/ and nothing else."),
    ],
)
def test_each_state_is_told(
    profile: tuple[Scene, int], cast: Cast, visit: Visit, reach: str, reason: str, words: str
) -> None:
    scene, channel_id = profile
    _set(scene, channel_id, reach, reason)
    page = visit(cast.coordinator).get(f"/channels/{channel_id}").text
    assert words in page
    assert ("Try it now" in page) == (reach != "trying")


def test_a_failed_one_is_seen_in_the_list(profile: tuple[Scene, int], cast: Cast, visit: Visit) -> None:
    scene, channel_id = profile
    _set(scene, channel_id, "failed", "picture_not_fetched")
    page = visit(cast.coordinator).get("/channels").text
    assert "the network could not fetch a picture from Kuliss" in page.replace("&#39;", "'")


def test_trying_is_for_those_who_look_after_channels(
    profile: tuple[Scene, int], cast: Cast, visit: Visit
) -> None:
    _scene, channel_id = profile
    page = f"/channels/{channel_id}"
    assert "Try it now" not in visit(cast.editor).get(page).text
    assert visit(cast.editor).send("/account", f"{page}/reach").status_code == 403
    assert visit(cast.sibling_editor).send("/account", f"{page}/reach").status_code == 404


def test_a_network_that_does_not_answer_is_a_failed_try(
    profile: tuple[Scene, int], cast: Cast, visit: Visit
) -> None:
    scene, channel_id = profile
    boss, page = visit(cast.coordinator), f"/channels/{channel_id}"
    assert boss.send(page, f"{page}/reach").headers["location"] == f"{page}?done=reach_tried"
    with scene.database.reads() as session:
        assert session.get_one(Channel, channel_id).reach == "failed"
    assert "The network could not be reached." in boss.get(page).text


def test_a_page_needs_no_such_proof(app: FastAPI, cast: Cast, visit: Visit) -> None:
    scene = Scene(app, cast)
    assert "fetch pictures" not in visit(cast.coordinator).get(f"/channels/{scene.channel_id}").text
