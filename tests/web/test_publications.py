"""One publication: its story, its buttons, its numbers, and what bad input gets."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.publications import AttemptKind, HoldReason, Outcome, Status
from app.domain.roles import Actor
from app.foundation import clock
from app.models.attempts import Attempt
from app.models.history import Event
from app.models.holds import Hold
from app.models.readings import Reading
from tests import plans
from tests.cast import Cast
from tests.support.days import today
from tests.web.network import FakeNetwork, stand_in
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


@pytest.fixture
def editor(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's editor."""
    return visit(cast.editor)


def test_the_story_is_told_in_order(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.UNSURE, -5, reason="no_answer")
    begun = clock.now() - timedelta(minutes=4)

    def tell(session: Session) -> None:
        session.add_all(
            Attempt(
                publication_id=number,
                kind=kind,
                started_at=begun + timedelta(seconds=offset),
                ended_at=begun + timedelta(seconds=offset + 1.5),
                outcome=outcome,
                **more,
            )
            for offset, kind, outcome, more in (
                (0, AttemptKind.STAGE, Outcome.OK, {}),
                (9, AttemptKind.LOOK, Outcome.UNKNOWN, {"code": 2, "trace_id": "Tr4ce", "message": "Theirs"}),
                (5, AttemptKind.SHOW, Outcome.NO_ANSWER, {"reason": "no_answer"}),
            )
        )

    scene.write(tell)
    page = editor.get(f"/publications/{number}").text
    told = ["gave it its time", "Laid it ready", "Asked the network to show it.", "Looked: the network"]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    assert "Tr4ce" in page
    assert "Theirs" in page
    assert "1.5\u00a0s" in page
    assert "Is it on the page?" in page


def test_it_asks_few_questions(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.PUBLISHED, -300, published_at=clock.now())
    editor.get(f"/publications/{number}")
    with counted(scene.database) as asked:
        assert editor.get(f"/publications/{number}").status_code == 200
    assert len(asked) <= MOST_QUESTIONS


@pytest.mark.parametrize("status", list(Status))
def test_every_state_has_its_words(scene: Scene, editor: Visitor, status: Status) -> None:
    number = scene.plan(status, -5, published_at=clock.now() if status is Status.PUBLISHED else None)
    page = editor.get(f"/publications/{number}")
    assert page.status_code == 200
    assert "Whose turn:" in page.text


@pytest.mark.parametrize(
    ("status", "minutes", "moves"),
    [
        (Status.PLANNED, 30, True),
        (Status.STAGED, 1, True),
        (Status.PUBLISHING, 0, True),
        (Status.UNSURE, -3, True),
        (Status.PUBLISHED, -60, False),
        (Status.MISSED, -300, False),
        (Status.PLANNED, 60 * 24 * 9, False),
    ],
)
def test_it_refreshes_while_something_moves(
    scene: Scene, editor: Visitor, status: Status, minutes: int, moves: bool
) -> None:
    number = scene.plan(status, minutes)
    part = editor.get(f"/publications/{number}/now").text
    assert ("data-refresh" in part) is moves
    assert "<html" not in part
    assert 'id="now"' in part


def test_a_sibling_branch_finds_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan()
    for who in (cast.sibling_editor, cast.stranger):
        other = visit(who)
        for path in ("", "/now", "/move", "/hold"):
            assert other.get(f"/publications/{number}{path}").status_code == 404
        for verb in ("publish-now", "release", "cancel", "hold", "move", "settle", "read"):
            assert other.send("/queue", f"/publications/{number}/{verb}").status_code in (403, 404)
    assert scene.read(number).status is Status.PLANNED


def test_who_may_not_schedule_changes_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan()
    for who in (cast.contributor, cast.manager, cast.coordinator):
        reader = visit(who)
        page = reader.get(f"/publications/{number}").text
        assert 'action="/publications/' not in page
        for verb in ("publish-now", "release", "cancel", "hold", "move", "read"):
            assert reader.send("/account", f"/publications/{number}/{verb}").status_code == 403
    assert scene.read(number).status is Status.PLANNED


def test_buttons_do_what_they_say(scene: Scene, editor: Visitor) -> None:
    number = scene.plan()
    page = f"/publications/{number}"
    held = editor.send(f"{page}/hold", f"{page}/hold", note="Wait for the photo")
    assert held.headers["location"] == f"{page}?done=held"
    assert "Wait for the photo" in editor.get(page).text
    assert editor.send(page, f"{page}/release").headers["location"] == f"{page}?done=released"
    assert scene.read(number).status is Status.PLANNED
    now = editor.send(page, f"{page}/publish-now", back="/queue?channel=1")
    assert now.headers["location"] == "/queue?channel=1&done=published_now"
    assert scene.read(number).due_at <= clock.now()
    assert editor.send(page, f"{page}/cancel").status_code == 303
    assert "It was cancelled" in editor.get(page).text


def test_the_way_back_leads_nowhere_else(scene: Scene, editor: Visitor) -> None:
    page = f"/publications/{scene.plan()}"
    answer = editor.send(page, f"{page}/cancel", back="https://evil.example/")
    assert answer.headers["location"] == "/?done=cancelled"


def test_a_form_sent_twice_is_done_once(scene: Scene, editor: Visitor) -> None:
    number = scene.plan()
    page = f"/publications/{number}"
    form = editor.get(f"{page}/hold").text
    data = dict(re.findall(r'<input type="hidden" name="(csrf|once)" value="([^"]*)"', form))
    places = {editor.post(f"{page}/hold", data).headers["location"] for _ in range(2)}
    assert places == {f"{page}?done=held"}
    with scene.database.reads() as session:
        assert session.scalar(select(func.count()).where(Hold.publication_id == number)) == 1
        assert session.scalar(select(func.count()).where(Event.verb == "held")) == 1


@pytest.mark.parametrize(
    ("status", "verb", "words"),
    [
        (Status.PUBLISHING, "cancel", "It is on its way already"),
        (Status.PUBLISHING, "hold", "It is on its way already"),
        (Status.PUBLISHING, "publish-now", "It is on its way already"),
        (Status.PUBLISHED, "cancel", "be done in its present state"),
        (Status.PUBLISHED, "settle", "It is settled already."),
        (Status.PLANNED, "release", "held any more"),
    ],
)
def test_what_comes_too_late_is_told_kindly(
    scene: Scene, editor: Visitor, status: Status, verb: str, words: str
) -> None:
    number = scene.plan(status, -1)
    answer = editor.send(
        "/queue", f"/publications/{number}/{verb}", **({"public": "yes"} if verb == "settle" else {})
    )
    assert answer.status_code == 409
    assert words in answer.text
    assert "Reading dogs" in answer.text
    assert scene.read(number).status is status


def test_forms_that_can_do_nothing_are_not_shown(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.PUBLISHED, -60)
    for form in ("move", "hold"):
        assert editor.get(f"/publications/{number}/{form}").status_code == 409


def test_without_a_yes_it_does_not_go_out_now(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.PROPOSED)
    assert editor.send("/queue", f"/publications/{number}/publish-now").status_code == 409


def test_an_unsure_one_is_answered(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.UNSURE, -5)
    page = f"/publications/{number}"
    wrong = editor.send(page, f"{page}/settle", public="yes", link="not an address")
    assert wrong.status_code == 422
    assert 'value="not an address"' in wrong.text
    assert editor.send(page, f"{page}/settle").status_code == 422
    assert scene.read(number).status is Status.UNSURE
    no = editor.send(page, f"{page}/settle", public="no")
    assert no.headers["location"] == f"{page}?done=answered_no"
    assert scene.read(number).answered_no_at is not None
    yes = editor.send(page, f"{page}/settle", public="yes", link="https://facebook.example/1", back="/queue")
    assert yes.headers["location"] == "/queue?done=answered_yes"
    assert scene.read(number).permalink == "https://facebook.example/1"
    assert scene.read(number).status is Status.PUBLISHED


def move(editor: Visitor, number: int, **fields: str) -> tuple[int, str]:
    """The move form sent; its status and page."""
    page = f"/publications/{number}/move"
    answer = editor.send(page, page, lateness_limit_minutes="60", **fields)
    return answer.status_code, answer.text


def clocks_change(month: int) -> str:
    """The last Sunday of a month of 31 days, next year: in March and October clocks change then in Europe."""
    last = date(clock.now().year + 1, month, 31)
    return (last - timedelta(days=(last.weekday() + 1) % 7)).isoformat()


def test_it_gets_a_new_time(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.MISSED, -300)
    day = today() + timedelta(days=3)
    assert move(editor, number, day=day.isoformat(), hour="9.30")[0] == 303
    found = scene.read(number)
    assert found.status is Status.PLANNED
    assert found.local_due == datetime(day.year, day.month, day.day, 9, 30)  # noqa: DTZ001 - wall time


def test_another_limit_alone_keeps_the_time(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(minutes=600)
    before = scene.read(number)
    page = f"/publications/{number}/move"
    typed = {"day": before.local_due.date().isoformat(), "hour": before.local_due.strftime("%H.%M")}
    assert editor.send(page, page, lateness_limit_minutes="240", **typed).status_code == 303
    after = scene.read(number)
    assert (after.due_at, after.lateness_minutes) == (before.due_at, 240)


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        ("2020-01-01", "9.00", "This time has passed."),
        ("2099-01-01", "9.00", "more than two years away"),
        ("in spring", "3.30", "does not exist"),
        ("in autumn", "3.30", "happens twice"),
        ("tomorrow", "9.00", "Write a day"),
        ("in spring", "half past", "Write a time"),
        ("in spring", "25.00", "Write a time"),
        ("in spring", "", "Write a time"),
        ("", "", "Write a day"),
        ("0001-01-01", "0.00", "This"),
        ("9999-12-31", "23.59", "more than two years away"),
    ],
)
def test_times_that_cannot_be_keep_what_was_typed(
    scene: Scene, editor: Visitor, day: str, hour: str, words: str
) -> None:
    number, day = scene.plan(), {"in spring": clocks_change(3), "in autumn": clocks_change(10)}.get(day, day)
    before = scene.read(number).due_at
    status, page = move(editor, number, day=day, hour=hour)
    assert status == 422
    assert words in page
    assert f'value="{hour}"' in page
    assert f'value="{day}"' in page
    assert scene.read(number).due_at == before


@pytest.mark.parametrize(("fold", "offset"), [("0", 3), ("1", 2)])
def test_of_two_equal_hours_one_is_chosen(scene: Scene, editor: Visitor, fold: str, offset: int) -> None:
    number, day = scene.plan(), clocks_change(10)
    assert 'name="fold"' in move(editor, number, day=day, hour="3.30")[1]
    assert move(editor, number, day=day, hour="3.30", fold=fold)[0] == 303
    found = scene.read(number)
    assert found.local_due - found.due_at.replace(tzinfo=None) == timedelta(hours=offset)


def test_a_limit_that_is_none_is_told_at_its_field(scene: Scene, editor: Visitor) -> None:
    page = f"/publications/{scene.plan()}/move"
    for wrong in ("soon", "0", "99999999"):
        answer = editor.send(page, page, day=clocks_change(3), hour="9", lateness_limit_minutes=wrong)
        assert answer.status_code == 422, wrong
        assert '<a href="#lateness_limit_minutes">' in answer.text


def test_only_people_end_holds_of_people(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.HELD, 60, reason="token_expired")
    scene.write(lambda session: setattr(plans.load_channel(session, scene.channel_id), "token_state", "dead"))
    hold = {"reason": HoldReason.RECONNECT, "note": "", "since_at": clock.now()}
    scene.write(lambda session: session.add(Hold(publication_id=number, **hold)))
    page = f"/publications/{number}"
    assert "Connect the channel again" in editor.get(page).text
    assert "/release" not in editor.get(page).text
    assert editor.send(page, f"{page}/release").status_code == 409
    scene.write(lambda session: setattr(plans.load_channel(session, scene.channel_id), "token_state", "ok"))
    assert editor.send(page, f"{page}/release").status_code == 303


def test_numbers_that_are_not_told_are_not_zero(scene: Scene, editor: Visitor) -> None:
    number = scene.plan(Status.PUBLISHED, -300, published_at=clock.now())
    told = {"views": 120, "reach": None, "clicks": None, "reactions": 0, "comments": None, "shares": None}
    scene.write(
        lambda session: session.add(
            Reading(publication_id=number, taken_at=clock.now(), age=3600, api_version="v25.0", **told)
        )
    )
    page = editor.get(f"/publications/{number}").text
    assert page.count("not told") == 4
    assert "<b>0</b>" in page, "engagement counts what is told"
    assert "1 hour" in page
    assert "simulated numbers" in page


def test_the_numbers_are_read_when_asked(app: FastAPI, scene: Scene, editor: Visitor) -> None:
    fake = stand_in(app, FakeNetwork(values={"views": 77}))
    number = scene.plan(Status.PUBLISHED, -300, published_at=clock.now() - timedelta(hours=2))
    page = f"/publications/{number}"
    answer = editor.send(page, f"{page}/read")
    assert answer.headers["location"] == f"{page}?done=numbers_read"
    assert "77" in editor.get(page).text
    assert fake.asked == ["read"]
