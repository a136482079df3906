"""The register of channels: plans written, the rule for active ones, what is due, lists for all."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from time_machine import travel

from app.actions import channel_register
from app.actions.channel_register import PlanInput
from app.domain.channel_register import Decision, Matter
from app.domain.networks import ChannelState
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor
from app.models.channel_register import ChannelPlan
from app.models.channels import Channel
from app.models.history import Event
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.slots import Slot
from app.queries import channel_register as questions
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 7, 30, tzinfo=ZoneInfo("UTC"))  # Wednesday


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """A Wednesday that stands still, also while fixtures are made."""
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


@pytest.fixture
def boss(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's coordinator."""
    return visit(cast.coordinator)


def whole(cast: Cast, **more: Any) -> dict[str, Any]:
    """The fields of a plan that lacks nothing."""
    return {
        "purposes": "inspire", "audiences": "Newcomers\nFamilies", "owner_id": cast.editor.person_id,
        "deputy_id": cast.approver.person_id, "hours_a_week": "2,5", "at_least": 2, "at_most": 4,
        "evidence": "", "review_on": "2030-12-01", **more,
    }  # fmt: skip


def state(scene: Scene, channel_id: int) -> ChannelState:
    with scene.database.reads() as session:
        return session.get_one(Channel, channel_id).state


def test_a_plan_is_written_bit_by_bit(scene: Scene, cast: Cast, boss: Visitor) -> None:
    page = f"/channels/{scene.channel_id}/plan"
    scene.write(
        lambda session: session.add(Slot(channel_id=scene.channel_id, weekday=3, local_time=NOW.time()))
    )
    assert "7 things are missing" in boss.get(page).text
    assert boss.send(page, page, purpose="To be near", evidence="").headers["location"].endswith("plan_saved")
    assert "6 things are missing" in boss.get(f"/channels/{scene.channel_id}").text
    boss.send(page, page, **whole(cast, privacy_on="2030-01-10", privacy_decision="limits"))
    told = boss.get(page).text
    for value in ('value="2.5"', "Newcomers\nFamilies", 'value="2030-12-01"', 'value="2030-01-10"'):
        assert value in told
    assert "missing" not in told
    scene.write(lambda session: setattr(session.get_one(Person, cast.coordinator.person_id), "locale", "nb"))
    assert 'value="2,5"' in boss.get(page).text
    with scene.database.reads() as session:
        plan = session.get_one(ChannelPlan, scene.channel_id)
        assert (plan.purposes, plan.audiences) == (["inspire"], ["Newcomers", "Families"])
        assert (plan.hours_a_week, plan.privacy_decision) == (2.5, Decision.LIMITS)
        assert session.scalars(select(Slot.weekday)).all() == [3], "the hours that are kept stay"
    assert state(scene, scene.channel_id) is ChannelState.ACTIVE


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(
    scene: Scene, cast: Cast, boss: Visitor
) -> None:
    page = f"/channels/{scene.channel_id}/plan"
    wrong = boss.send(
        page, page, evidence="They told us", hours_a_week="many", home_link="library", at_least="4",
        at_most="3", deputy_id=cast.editor.person_id, owner_id=cast.editor.person_id,
    )  # fmt: skip
    assert wrong.status_code == 422
    assert '<a href="#hours_a_week">' in wrong.text
    assert "They told us</textarea>" in wrong.text
    wrong = boss.send(
        page, page, evidence="They told us", home_link="library", at_least="4", at_most="3",
        privacy_on="2030-03-01", deputy_id=cast.editor.person_id, owner_id=cast.editor.person_id,
    )  # fmt: skip
    for field in ("home_link", "at_most", "privacy_on", "privacy_decision", "deputy_id"):
        assert f'<a href="#{field}">' in wrong.text, field
    with scene.database.reads() as session:
        assert session.get(ChannelPlan, scene.channel_id) is None


def test_only_a_whole_plan_makes_a_channel_active(scene: Scene, cast: Cast, boss: Visitor) -> None:
    page = f"/channels/{scene.channel_id}"
    boss.send(page, page, name="Ours", used_by="unit", state="dormant")
    refused = boss.send(page, page, name="Ours", used_by="unit", state="active")
    assert refused.status_code == 422
    for field in ("purposes", "audiences", "owner_id", "deputy_id", "hours_a_week", "at_least", "review_on"):
        assert f'<a href="{page}/plan#{field}">' in refused.text, field
    assert boss.send(f"{page}/plan", f"{page}/open").status_code == 422
    assert state(scene, scene.channel_id) is ChannelState.DORMANT
    boss.send(f"{page}/plan", f"{page}/plan", **whole(cast))
    assert boss.send(f"{page}/plan", f"{page}/open").headers["location"] == f"{page}?done=made_active"
    assert state(scene, scene.channel_id) is ChannelState.ACTIVE
    closed = boss.send(page, page, name="Ours", used_by="unit", state="closed")
    assert closed.status_code == 409
    assert f'<a href="{page}/closing">' in closed.text


def test_a_channel_is_considered_turned_down_and_taken_over(scene: Scene, cast: Cast, boss: Visitor) -> None:
    sent = boss.send(
        "/channels/planned", "/channels/planned", name="Us on TikTok", service="TikTok",
        unit_id=cast.koivuranta.id,
    )  # fmt: skip
    plan = sent.headers["location"].split("?")[0]
    page = plan.removesuffix("/plan")
    made = int(page.split("/")[-1])
    boss.send(plan, plan, **whole(cast, service="TikTok"))
    assert state(scene, made) is ChannelState.PLANNED
    assert boss.send(plan, f"{page}/turn-down").status_code == 422
    boss.send(plan, f"{page}/turn-down", why="Nobody has the hours")
    register = boss.get("/channels/register").text
    assert "Decided not to be there" in register
    assert "Nobody has the hours" in register
    assert "Us on TikTok" not in boss.get("/channels/accounts").text
    boss.send(plan, f"{page}/take-up")
    assert "Nobody has the hours" not in boss.get("/channels/register").text
    own = f"/channels/{scene.channel_id}"
    taken = boss.send(f"{own}/plan", f"{own}/plan/from", planned_id=made)
    assert taken.headers["location"] == f"{own}/plan?done=plan_saved"
    assert state(scene, made) is ChannelState.CLOSED
    with scene.database.reads() as session:
        entry = questions.entry(session, cast.coordinator.scope, scene.channel_id)
    assert (entry.lacks, entry.row.owner) == ((), "Sara Niemi")
    assert boss.send(f"{own}/plan", f"{own}/plan/from", planned_id=made).status_code == 422


def test_a_channel_is_closed_by_its_steps(scene: Scene, cast: Cast, boss: Visitor, visit: Visit) -> None:
    page = f"/channels/{scene.channel_id}/closing"
    waiting = scene.plan(Status.PLANNED)
    scene.plan(Status.PUBLISHED, -600, "A quiet morning", published_at=NOW, permalink="https://x.example/1")
    assert boss.send(page, page).status_code == 422
    boss.send(page, page, why="Nobody reads it", elsewhere="Our newsletter")
    assert state(scene, scene.channel_id) is ChannelState.ACTIVE
    for step in ("export", "followers", "elsewhere", "network"):
        boss.send(page, f"{page}/steps", step=step)
    kept = boss.send(page, f"{page}/steps", step="queue")
    assert kept.status_code == 409
    assert "Something still waits to go out there: 1." in kept.text
    assert f"/publications/{waiting}" in kept.text
    assert boss.send(page, f"{page}/finish").status_code == 409
    editor = visit(cast.editor)
    assert editor.send("/account", page, why="x").status_code == 403
    assert editor.send("/account", f"/publications/{waiting}/cancel").status_code == 303
    boss.send(page, f"{page}/steps", step="queue")
    assert "Mikael Berg" in boss.get(page).text
    file = boss.get(f"/channels/{scene.channel_id}/posts.csv").text
    assert "A quiet morning" in file
    assert "https://x.example/1" in file
    assert boss.send(page, f"{page}/finish").headers["location"] == f"{page}?done=channel_closed"
    assert state(scene, scene.channel_id) is ChannelState.CLOSED
    assert "Nobody reads it" in boss.get(page).text


def test_who_closes_a_channel_deals_with_its_queue_at_once(
    app: FastAPI, scene: Scene, cast: Cast, boss: Visitor, visit: Visit
) -> None:
    page = f"/channels/{scene.channel_id}/closing"
    first, second = scene.plan(Status.PLANNED), scene.plan(Status.PROPOSED, 180, "Heron")
    held, leaving = scene.plan(Status.HELD, 200, "Otter"), scene.plan(Status.PUBLISHING, 0, "Beaver")
    with scene.database.writes() as session:
        session.get_one(Post, scene.read(second).post_id).status = PostStatus.IN_REVIEW
    other = scene.write(lambda session: plans.channel(session, cast.koivuranta, scene.keyring, "Other").id)
    assert boss.send("/account", f"{page}/queue", sure="yes").status_code == 409, "nobody closes it"
    boss.send(page, page, why="Nobody reads it")
    assert "Deal with all of them" not in visit(cast.editor).get(page).text
    assert visit(cast.editor).send("/account", f"{page}/queue", sure="yes").status_code == 403
    assert visit(cast.stranger).send("/account", f"{page}/queue", sure="yes").status_code == 404
    unsure = boss.send(page, f"{page}/queue", to_channel_id=str(other))
    assert unsure.status_code == 422
    assert f'value="{other}" selected' in unsure.text
    assert scene.read(first).status is Status.PLANNED
    told = boss.send(page, f"{page}/queue", to_channel_id=str(other), sure="yes").headers["location"]
    assert "2 posts go out on another channel." in boss.get(told).text
    assert "Only what waits for its time" in boss.get(told).text
    with scene.database.reads() as session:
        there = session.scalars(select(Publication).where(Publication.channel_id == other)).all()
        verbs = session.scalars(select(Event.verb).where(Event.person_id == cast.coordinator.person_id)).all()
    assert {(one.status, one.local_due) for one in there} == {
        (Status.PLANNED, scene.read(first).local_due), (Status.PROPOSED, scene.read(second).local_due)
    }  # fmt: skip
    assert {scene.read(one).status for one in (first, second)} == {Status.CANCELLED}
    assert verbs.count("cancelled") == verbs.count("planned") == 2
    told = boss.send(page, f"{page}/queue", sure="yes").headers["location"]
    assert "One post is cancelled." in boss.get(told).text
    assert "It is on its way already" in boss.get(told).text
    assert (scene.read(held).status, scene.read(leaving).status) == (Status.CANCELLED, Status.PUBLISHING)


def test_what_is_due_is_told_to_who_looks_after_channels(scene: Scene, cast: Cast, boss: Visitor) -> None:
    def matters(who: Actor) -> list[tuple[Matter, int | None, int]]:
        with scene.database.reads() as session:
            return [(one.kind, one.days, one.count) for one in questions.matters(session, who.scope)]

    assert matters(cast.coordinator) == [(Matter.PLAN, 0, 7)]
    assert matters(cast.editor) == matters(cast.stranger) == []
    data = PlanInput.model_validate({"purposes": ["inspire"], "review_on": "2030-02-10"})
    scene.write(lambda session: channel_register.write(session, cast.coordinator, scene.channel_id, data))
    assert matters(cast.coordinator) == [
        (Matter.REVIEW, 10, 1), (Matter.PLAN, 0, 5), (Matter.PRIVACY_MISSING, None, 1)
    ]  # fmt: skip
    told = boss.get("/channels/register").text
    assert "Plan incomplete: 5 things missing" in told
    assert "audience, owner, deputy, hours a week, rhythm" in told
    assert f"/channels/{scene.channel_id}/plan#review_on" in told


def test_lists_for_all_hold_what_anybody_may_know(
    scene: Scene, cast: Cast, boss: Visitor, visit: Visit
) -> None:
    page = f"/channels/{scene.channel_id}/plan"
    boss.send(page, page, **whole(cast, risks="Trolls", privacy_note="Locked away"))
    editor = visit(cast.editor)
    who = editor.get("/channels/who").text
    assert who.count("Sara Niemi") >= 2
    assert "2.5 hours a week in all" in who
    accounts, notice = editor.get("/channels/accounts").text, editor.get("/channels/privacy-notice").text
    for told in (who, accounts, notice):
        assert "Koivuranta page" in told
        assert "nspire" in told
        assert "Trolls" not in told
        assert "Locked away" not in told
    assert notice.count("<textarea") == 4
    sibling = visit(cast.sibling_editor)
    for address in ("register", "who", "accounts", "privacy-notice"):
        assert "Koivuranta page" not in sibling.get(f"/channels/{address}").text
        with counted(scene.database) as asked:
            editor.get(f"/channels/{address}")
        assert len(asked) <= 12, asked


def test_only_who_looks_after_channels_writes_plans(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = f"/channels/{scene.channel_id}"
    for who, code in ((cast.editor, 403), (cast.sibling_editor, 404), (cast.stranger, 404)):
        for part in ("plan", "open", "turn-down", "closing", "closing/finish"):
            assert visit(who).send("/account", f"{page}/{part}", why="x").status_code == code, part
        assert visit(who).get(f"{page}/plan").status_code == code
