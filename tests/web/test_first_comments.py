"""What a person sees of a publication on its way and of its first comment: where it is, what comes next."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import sign_ins
from app.connectors.reasons import Reason
from app.dependencies.viewers import SIGN_IN_COOKIE
from app.domain.publications import AttemptKind, HoldReason, Outcome, Status, Wish
from app.domain.roles import Actor
from app.foundation import clock
from app.models.attempts import Attempt
from app.models.holds import Hold
from app.models.posts import Revision
from app.models.publications import Publication
from app.models.wishes import PublicationWish
from tests.cast import Cast
from tests.support.browser import check_both, on_a_desk
from tests.support.server import served
from tests.web.scene import Scene
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
TEXT = "Opening hours: www.example.org"


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


@pytest.fixture
def editor(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's editor."""
    return visit(cast.editor)


def commented(scene: Scene, by_hand: bool, tried_at: datetime | None, reason: str = "") -> int:
    """A post that is out, its first comment not known to be there."""
    live = scene.plan(Status.PUBLISHED, -60, published_at=clock.now(), permalink="https://example.org/1")

    def work(session: Session) -> None:
        revision_id = session.get_one(Publication, live).revision_id
        session.execute(update(Revision).where(Revision.id == revision_id).values(first_comment=TEXT))
        session.add(
            PublicationWish(
                publication_id=live, kind=Wish.COMMENT, revision_id=revision_id, asked_at=clock.now(),
                by_hand=by_hand, tried_at=tried_at, reason=reason,
            )
        )  # fmt: skip

    scene.write(work)
    return live


def wish_of(scene: Scene, live: int) -> PublicationWish:
    """Its one wish."""
    with scene.database.reads() as session:
        return session.query(PublicationWish).filter_by(publication_id=live).one()


@pytest.mark.parametrize(
    ("verb", "done", "ended"),
    [("comment-there", True, True), ("comment-again", False, False), ("comment-left-out", False, True)],
)
def test_the_question_about_a_comment(
    scene: Scene, editor: Visitor, verb: str, done: bool, ended: bool
) -> None:
    live = commented(scene, True, clock.now(), Reason.UNCLEAR_ANSWER)
    address = f"/publications/{live}"
    page = editor.get(address).text
    for words in ("Is our comment there?", "Yes, it is there", "No, write it", "Leave it out", TEXT):
        assert words in page
    assert "is its first comment there?" in editor.get("/queue").text
    assert editor.send(address, f"{address}/{verb}").status_code == 303
    wish = wish_of(scene, live)
    assert (wish.done, wish.ended_at is not None, wish.by_hand) == (done, ended, verb != "comment-again")
    assert (scene.read(live).step_at is not None) is (verb == "comment-again")
    assert "first comment" in editor.get(address).text
    assert editor.send(address, f"{address}/comment-there").status_code == 409


def test_a_refused_comment_is_a_task_with_its_text(scene: Scene, editor: Visitor) -> None:
    live = commented(scene, True, None, Reason.CONTENT_REFUSED)
    page = editor.get(f"/publications/{live}").text
    assert "write the comment there, then say so here" in page
    assert "I have written it" in page
    assert 'data-copy="copy-comment"' in page
    assert "write its first comment there" in editor.get("/queue").text


def test_who_may_not_answers_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    live = commented(scene, True, clock.now())
    for who, code in ((cast.contributor, 403), (cast.sibling_editor, 404)):
        for verb in ("comment-there", "comment-again", "comment-left-out"):
            assert visit(who).send("/queue", f"/publications/{live}/{verb}").status_code == code


def _on_its_way(scene: Scene) -> dict[str, int]:
    """Publications in the states that only long files, the network's own work and colleagues make."""
    soon = clock.now() + timedelta(minutes=40)
    found = {
        "sending": scene.plan(Status.PLANNED, 50, reason=Reason.PREPARING, progress=37, step_at=clock.now()),
        "later": scene.plan(Status.PLANNED, 120, step_at=soon),
        "coming-out": scene.plan(Status.PUBLISHING, -1, reason=Reason.PREPARING, step_at=clock.now()),
        "resting": scene.plan(Status.HELD, 50),
        "shown-elsewhere": scene.plan(Status.CANCELLED, -60, reason="shown_elsewhere"),
        "question": commented(scene, True, clock.now(), Reason.UNCLEAR_ANSWER),
    }

    def work(session: Session) -> None:
        now = clock.now()
        session.add(Hold(publication_id=found["resting"], reason=HoldReason.RESTING, note="", since_at=now))
        session.add(
            Attempt(
                publication_id=found["sending"], kind=AttemptKind.STAGE, started_at=now, ended_at=now,
                outcome=Outcome.NO_ANSWER, reason=Reason.NO_ANSWER, code=2, subcode=99, trace_id="AbCdEf",
                message="An unexpected error has occurred.",
            )
        )  # fmt: skip

    scene.write(work)
    return found


SAID = {
    "sending": ("37 % are there", "What the network said", "AbCdEf", "progress max"),
    "later": ("It is laid ready, hidden,",),
    "coming-out": ("took it and is making it public", "Kuliss looks until it is public"),
    "resting": ("is not in use any more", "then release it"),
    "shown-elsewhere": ("was shown there by somebody else", "Look at the page"),
    "question": ("Is our comment there?",),
}


def test_where_it_is_and_what_comes_next(scene: Scene, editor: Visitor) -> None:
    for name, publication_id in _on_its_way(scene).items():
        page = editor.get(f"/publications/{publication_id}").text
        for words in SAID[name]:
            assert words in page, name
        assert "Is it on the page?" not in page, name


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # above on both
@on_a_desk
def test_it_is_as_good_to_look_at(scene: Scene, cast: Cast, address: str, page: Page) -> None:
    assert cast.editor.person_id is not None
    with scene.database.writes() as session:
        token = sign_ins.begin(session, cast.editor.person_id, "Test", clock.now())
    page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": token, "url": address}])
    for name, publication_id in _on_its_way(scene).items():
        page.goto(f"{address}/publications/{publication_id}")
        check_both(page, f"publication {name}")


@pytest.mark.parametrize(("answer", "status"), [("yes", Status.PUBLISHED), ("no", Status.REJECTED)])
def test_what_is_not_made_public_for_an_hour_a_person_answers_for(
    scene: Scene, editor: Visitor, answer: str, status: Status
) -> None:
    then = clock.now() - timedelta(hours=2)
    slow = scene.plan(
        Status.PUBLISHING,
        -120,
        reason=Reason.PREPARING,
        shown_at=then,
        step_at=clock.now(),
        remote_id="501_1",
    )
    address = f"/publications/{slow}"
    assert "Is it on the page?" in editor.get(address).text
    assert editor.send(address, f"{address}/settle", public=answer).status_code == 303
    assert scene.read(slow).status is status
