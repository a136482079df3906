"""After a restore: the page of a held publication asks about what was found, and its buttons answer."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.domain.publications import HoldReason, Status
from app.domain.roles import Actor
from app.foundation import clock
from app.models.holds import Hold
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
LINK = "https://www.facebook.com/501_7"


@pytest.mark.parametrize("yes", [True, False])
def test_the_question_and_its_answers(app: FastAPI, cast: Cast, visit: Visit, yes: bool) -> None:
    scene, editor = Scene(app, cast), visit(cast.editor)
    number = scene.plan(Status.HELD, 5)

    def found(session: Session) -> None:
        session.add(
            Hold(
                publication_id=number,
                reason=HoldReason.RESTORED,
                note="",
                since_at=clock.now(),
                looked_at=clock.now(),
                found_id="501_7",
                found_link=LINK,
            )
        )

    scene.write(found)
    page = editor.get(f"/publications/{number}").text
    assert "This looks like it is out already. Is it this one?" in page
    assert f'href="{LINK}"' in page
    assert "Release it<" not in page
    assert "Is it this one?" in editor.get("/queue").text
    editor.send(f"/publications/{number}", f"/publications/{number}/settle", public="yes" if yes else "no")
    now = scene.read(number)
    assert now.status is (Status.PUBLISHED if yes else Status.PLANNED)
    assert now.permalink == (LINK if yes else "")
    assert ("it was out already" in editor.get(f"/publications/{number}").text) is yes
