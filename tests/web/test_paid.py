"""Whether money was behind a post, said on its page."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

QUESTION = "Was money spent on showing it to more people?"


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_it_is_said_where_it_is_out(scene: Scene, cast: Cast, visit: Callable[[Actor], Visitor]) -> None:
    editor = visit(cast.editor)
    live = scene.plan(Status.PUBLISHED, -300, published_at=clock.now())
    address = f"/publications/{live}"
    page = editor.get(address).text
    assert QUESTION in page
    assert "Paid posts are compared apart." in page
    assert 'value="unknown" checked' in page
    answer = editor.send(address, f"{address}/paid", paid="yes")
    page = editor.get(answer.headers["location"]).text
    assert 'value="yes" checked' in page
    assert "said of money behind it: paid." in page
    refused = editor.send(address, f"{address}/paid")
    assert (refused.status_code, 'value="yes" checked' in refused.text) == (422, True)
    assert QUESTION not in visit(cast.manager).get(address).text
    ahead = scene.plan(Status.PLANNED, 300, "Choir")
    assert QUESTION not in editor.get(f"/publications/{ahead}").text
    assert editor.send(address, f"/publications/{ahead}/paid", paid="yes").status_code == 409
