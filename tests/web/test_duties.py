"""The pages of leaving and standing in: what is listed, handed over, seen by who got it; names erased."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import ideas, keepers, stand_ins, tasks
from app.actions.ideas import IdeaInput
from app.actions.keepers import KeepersEdit
from app.actions.stand_ins import NewStandIn
from app.actions.tasks import PlaceInput
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor
from app.models.channel_tokens import ChannelToken
from app.models.duties import HandOver
from app.models.ideas import Idea
from app.models.people import Person
from app.models.posts import Post
from tests import plans
from tests.cast import Cast
from tests.support.days import today
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    return Scene(app, cast)


def a_post(scene: Scene, title: str, status: PostStatus) -> None:
    scene.write(lambda session: plans.post(session, scene.cast.koivuranta, scene.cast.editor, title, status))


def theirs(scene: Scene) -> None:
    """The editor's own sign-in keeps the channel going, and they have posts in hand."""

    def give(session: object) -> None:
        for token in session.scalars(select(ChannelToken)):  # type: ignore[attr-defined]
            token.person_id = scene.cast.editor.person_id

    scene.write(give)
    a_post(scene, "A long draft", PostStatus.DRAFT)
    scene.plan(Status.PLANNED, title="Planned dogs")


def stand_in(scene: Scene, who: Actor, deputy: Actor) -> None:
    """Somebody stands in from today on."""
    day = today()
    data = NewStandIn(deputy_id=deputy.person_id or 0, from_on=day, until_on=day + timedelta(days=2))
    scene.write(lambda session: stand_ins.name(session, who, who.person_id or 0, data))


def test_before_somebody_leaves_it_is_listed_and_handed_over(scene: Scene, cast: Cast, visit: Visit) -> None:
    theirs(scene)
    boss, page = visit(cast.coordinator), f"/people/{cast.editor.person_id}"
    assert f'href="{page}/leaving"' in boss.get(page).text
    listed = boss.get(f"{page}/leaving").text
    for words in ("A long draft", "Planned dogs", "Koivuranta page stands still without this person"):
        assert words in listed
    assert "Olli Laine (may take 1 of " in listed
    refused = boss.send(f"{page}/leaving", f"{page}/leaving", do="close", to=cast.contributor.person_id)
    assert refused.status_code == 422
    assert "roles are not enough" in refused.text
    done = boss.send(
        f"{page}/leaving", f"{page}/leaving", do="close", to=cast.approver.person_id, sign_ins="spare"
    )
    assert done.headers["location"] == f"{page}?done=person_closed"
    closed = boss.get(page).text
    assert "things still stand in this person" in closed, "an approver does not write"
    receiver = visit(cast.approver)
    first = receiver.get("/").text
    assert "You have taken over from Sara Niemi: 1 planned post." in first
    with scene.database.reads() as session:
        number = session.scalars(select(HandOver.id)).one()
    came = receiver.get(f"/handed-over/{number}")
    assert "Planned dogs" in came.text
    assert boss.get(f"/handed-over/{number}").status_code == 404
    receiver.send(f"/handed-over/{number}", f"/handed-over/{number}/seen")
    assert "You have taken over" not in receiver.get("/").text


def test_closing_without_handing_over_and_coming_back(scene: Scene, cast: Cast, visit: Visit) -> None:
    theirs(scene)
    boss, page = visit(cast.administrator), f"/people/{cast.editor.person_id}"
    boss.send(f"{page}/leaving", f"{page}/deactivate")
    assert boss.get(f"{page}/leaving").status_code == 200, "it can be handed over later"
    only = boss.send(
        f"{page}/leaving", f"{page}/leaving", do="only", **{"kinds.planned": cast.approver.person_id}
    )
    assert only.status_code == 303
    assert boss.send(page, f"{page}/activate").status_code == 303
    assert "This account is closed." not in boss.get(page).text


def test_after_a_role_is_taken_the_page_leads_to_what_is_out_of_reach(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    theirs(scene)
    boss, page = visit(cast.coordinator), f"/people/{cast.editor.person_id}"
    roles = f"{page}/roles?unit={cast.koivuranta.id}"
    answer = boss.send(roles, f"{page}/roles", unit_id=cast.koivuranta.id)
    assert answer.headers["location"] == f"{page}/leaving?reach=1&done=saved"
    left = boss.get(answer.headers["location"]).text
    assert "A long draft" in left
    assert "Posts still go out with them." in left, "the sign-in"


def test_outsiders_get_nowhere(scene: Scene, cast: Cast, visit: Visit) -> None:
    theirs(scene)
    page = f"/people/{cast.editor.person_id}"
    for who in (cast.sibling_editor, cast.stranger):
        for path in (f"{page}/leaving", f"{page}/deputy", f"{page}/erase"):
            assert visit(who).get(path).status_code == 404, path
            assert visit(who).send("/", path).status_code == 404, path
    for path in (
        f"{page}/leaving",
        f"{page}/deputy",
        f"{page}/erase",
        f"/channels/{scene.channel_id}/keepers",
    ):
        assert visit(cast.approver).get(path).status_code == 403, path


def test_a_deputy_sees_what_waits_and_everybody_sees_who_is_away(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    a_post(scene, "To be put right", PostStatus.CHANGES_REQUESTED)
    editor, deputy = visit(cast.editor), visit(cast.approver)
    day = today()
    fields = {"deputy_id": cast.approver.person_id, "from_on": day, "until_on": day + timedelta(days=2)}
    wrong = editor.send("/account/deputy", "/account/deputy", **{**fields, "until_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert 'href="#until_on"' in wrong.text
    assert editor.send("/account/deputy", "/account/deputy", **fields).status_code == 303
    first = deputy.get("/").text
    assert "You stand in for Sara Niemi until" in first
    assert "To be put right" in first
    assert "in the place of Sara Niemi" in first
    assert "Olli Laine stands in" in visit(cast.contributor).get("/people").text
    ended = deputy.send("/account/deputy", "/stand-ins/1/end")
    assert ended.status_code == 303
    assert "To be put right" not in deputy.get("/").text


def test_a_deputy_may_do_a_task_for_as_long(scene: Scene, cast: Cast, visit: Visit) -> None:
    data = PlaceInput(unit_id=cast.koivuranta.id, name="Group", person_id=cast.manager.person_id)
    place = scene.write(lambda session: tasks.add_place(session, cast.coordinator, data).id)

    def plan(session: object) -> int:
        post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)  # type: ignore[arg-type]
        on = plans.load_channel(session, place)  # type: ignore[arg-type]
        return plans.publication(session, post, on, Status.TO_DO).id  # type: ignore[arg-type]

    task = scene.write(plan)
    helper = visit(cast.contributor)
    page = f"/publications/{task}"
    assert helper.send("/", f"{page}/done").status_code == 403
    stand_in(scene, cast.manager, cast.contributor)
    assert helper.send("/", f"{page}/done").status_code == 303


def test_who_answers_for_a_channel_is_named_on_its_page(scene: Scene, cast: Cast, visit: Visit) -> None:
    boss, page = visit(cast.coordinator), f"/channels/{scene.channel_id}"
    named = {"owner_id": cast.editor.person_id, "deputy_id": cast.approver.person_id}
    assert boss.send(f"{page}/keepers", f"{page}/keepers", **named).status_code == 303
    stand_in(scene, cast.editor, cast.manager)
    shown = visit(cast.contributor).get(page).text
    assert shown.index("Sara Niemi") < shown.index("Olli Laine") < shown.index("Pirjo Koski")
    same = boss.send(f"{page}/keepers", f"{page}/keepers", owner_id=1, deputy_id=1)
    assert same.status_code == 422
    assert "Somebody else must be the deputy." in same.text


def test_an_erased_name_is_said_in_words_in_every_language(scene: Scene, cast: Cast, visit: Visit) -> None:
    theirs(scene)
    task = scene.plan(Status.PLANNED, title="With a story")
    boss, page = visit(cast.coordinator), f"/people/{cast.editor.person_id}"
    assert boss.send(f"{page}/erase", f"{page}/erase", sure="yes").status_code == 409, "the account is open"
    boss.send(f"{page}/leaving", f"{page}/deactivate")
    assert boss.send(f"{page}/erase", f"{page}/erase").status_code == 409, "not ticked"
    assert boss.send(f"{page}/erase", f"{page}/erase", sure="yes").status_code == 303
    assert f'href="{page}/roles' not in boss.get(page).text
    with scene.database.reads() as session:
        email = session.get_one(Person, cast.editor.person_id).email
        assert session.scalars(select(Post.author_id).distinct()).all() == [cast.editor.person_id]
    for path in ("/people", page, "/history", "/history/file.csv", f"/publications/{task}", "/posts"):
        shown = boss.get(path).text
        assert "Sara" not in shown, path
        assert email not in shown, path
        if path != "/posts":
            assert "former colleague" in shown, path
    assert "can&#39;t be opened again" in boss.send(page, f"{page}/activate").text


def test_the_pages_ask_few_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    theirs(scene)
    named = KeepersEdit(owner_id=cast.editor.person_id, deputy_id=cast.approver.person_id)
    scene.write(lambda session: keepers.edit(session, cast.coordinator, scene.channel_id, named))
    stand_in(scene, cast.editor, cast.manager)
    boss = visit(cast.coordinator)
    person = cast.editor.person_id
    for path in (
        "/people",
        f"/people/{person}",
        f"/people/{person}/leaving",
        f"/channels/{scene.channel_id}",
        "/history",
    ):
        boss.get(path)
        with counted(scene.database) as asked:
            assert boss.get(path).status_code == 200
        assert len(asked) <= MOST_QUESTIONS, (path, len(asked))


def test_an_idea_that_somebody_looks_after_is_handed_over_too(scene: Scene, cast: Cast, visit: Visit) -> None:
    def assign(session: Session) -> int:
        sent = ideas.send(session, cast.contributor, IdeaInput(unit_id=cast.koivuranta.id, title="Foxes"))
        return ideas.assign(session, cast.editor, sent.id, cast.editor.person_id).id

    idea_id = scene.write(assign)
    boss, page = visit(cast.coordinator), f"/people/{cast.editor.person_id}/leaving"
    listed = boss.get(page).text
    assert f'<a href="/ideas/{idea_id}">Foxes</a>' in listed
    assert "Ideas to look after" in listed
    boss.send(page, page, do="hand", to=cast.approver.person_id)
    with scene.database.reads() as session:
        assert session.get_one(Idea, idea_id).assigned_id == cast.approver.person_id
        row_id = session.scalars(select(HandOver.id)).one()
    got = visit(cast.approver).get(f"/handed-over/{row_id}").text
    assert f'<a href="/ideas/{idea_id}">Foxes</a>' in got
