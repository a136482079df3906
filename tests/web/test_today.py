"""The first screen: what needs the viewer, and how a fresh library begins."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.actions import ideas, ledger
from app.domain.ledger import LedgerKind
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.domain.warnings import Code, Light, Severity
from app.errands import results
from app.errands.warnings import new_notice
from app.foundation import clock
from app.models.channels import Channel
from app.models.leases import Run
from app.models.slots import Rhythm
from app.web.today import DAY, EVENING, MORNING, greeting
from tests import plans
from tests.builders import actor, person, unit
from tests.cast import Cast
from tests.outings import Out, went_out
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_a_fresh_library_is_told_how_to_begin(app: FastAPI, cast: Cast, visit: Visit) -> None:
    page = visit(cast.stranger).get("/").text
    assert "To begin with" in page
    assert '<a href="/channels/connect">Connect a channel</a>' in page
    assert '<a href="/people/new">Add a person</a>' in page
    assert "Write the first post" not in page, "an administrator without a role that writes"


def test_the_first_steps_go_away(scene: Scene, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    assert "To begin with" not in boss.get("/").text
    assert "Write the first post" in visit(cast.editor).get("/").text
    scene.plan()
    assert "To begin with" not in visit(cast.editor).get("/").text


def test_who_works_alone_owes_nobody_a_second_person(
    scene: Scene, alone: Actor, cast: Cast, visit: Visit
) -> None:
    assert "To begin with" not in visit(alone).get("/").text
    assert "Add a person" in visit(cast.stranger).get("/").text


def test_what_waits_stands_before_ones_own_ideas(scene: Scene, cast: Cast, visit: Visit) -> None:
    assert "Needs you" not in (calm := visit(cast.approver).get("/").text)
    assert 'id="ideas"' in calm
    scene.write(
        lambda session: plans.post(session, cast.koivuranta, cast.editor, "Read", PostStatus.IN_REVIEW)
    )
    page = visit(cast.approver).get("/").text
    assert page.index('id="needs"') < page.index('id="ideas"')
    assert page.count('id="ideas"') == 1


def test_what_needs_somebody_depends_on_who_it_is(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(Status.MISSED, -300, title="Missed one")
    scene.write(
        lambda session: plans.post(session, cast.koivuranta, cast.editor, "To be read", PostStatus.IN_REVIEW)
    )
    scene.write(
        lambda session: plans.post(
            session, cast.koivuranta, cast.editor, "To be changed", PostStatus.CHANGES_REQUESTED
        )
    )
    editor, approver = visit(cast.editor).get("/").text, visit(cast.approver).get("/").text
    assert "2 things need you." in editor
    assert "To be changed" in editor
    assert "2 things need you." in approver
    assert "To be read" in approver
    assert "sent by Sara Niemi" in approver
    manager = visit(cast.manager).get("/").text
    assert "Nothing needs you just now." in manager
    assert "Missed one" in manager
    assert "Write a post" not in manager


def test_a_sibling_branch_sees_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Ours alone")
    scene.plan(Status.PUBLISHED, -300, title="Ours alone")
    scene.plan(Status.UNSURE, -3, title="Ours alone")
    assert "Ours alone" in visit(cast.administrator).get("/").text
    for who in (cast.sibling_editor, cast.stranger):
        assert "Ours alone" not in visit(who).get("/").text


def test_it_asks_few_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    for status in (Status.PLANNED, Status.MISSED, Status.HELD, Status.PUBLISHED):
        for _ in range(3):
            scene.plan(status)
    for who in (cast.approver, cast.editor):
        somebody = visit(who)
        somebody.get("/")
        with counted(scene.database) as asked:
            assert somebody.get("/").status_code == 200
        assert len(asked) <= MOST_QUESTIONS, len(asked)


@pytest.mark.parametrize(("hour", "words"), [(6, MORNING), (12, DAY), (18, EVENING), (0, EVENING)])
def test_greetings_fit_the_hour_there(hour: int, words: str) -> None:
    assert greeting("Europe/Helsinki", datetime(2030, 1, 7, hour, tzinfo=UTC)) == words


def test_what_is_the_matter_stands_on_top(scene: Scene, cast: Cast, visit: Visit) -> None:
    until = clock.now() + timedelta(days=3, hours=1)
    light = Light(
        Code.DATA_ACCESS_ENDS, Severity.SOON, "1", cast.koivuranta.id, scene.channel_id, until=until
    )
    scene.write(lambda session: session.add(new_notice(light, clock.now())))
    boss = visit(cast.coordinator).get("/").text
    assert "What Kuliss may do on Koivuranta page ends" in boss
    assert "4 days left." in boss
    assert f'href="/channels/{scene.channel_id}"' in boss
    editor = visit(cast.editor).get("/").text
    assert "What Kuliss may do on Koivuranta page ends" in editor
    assert "Whoever looks after the channel has been told." in editor
    assert f'href="/channels/{scene.channel_id}"' not in editor
    for who in (cast.sibling_editor, cast.contributor, cast.stranger):
        assert "Koivuranta page" not in visit(who).get("/").text


def test_a_good_day_is_told_kindly(scene: Scene, cast: Cast, visit: Visit) -> None:
    before = visit(cast.editor).get("/").text
    assert "Nothing to worry about" not in before
    assert "it has not run yet" in before
    assert "Kuliss sends no mail here" in before
    assert "No publishing clock is running" in visit(cast.coordinator).get("/").text
    scene.write(lambda session: session.add(Run(pid=1, started_at=clock.now(), seen_at=clock.now())))
    for who in (cast.editor, cast.coordinator):
        assert "Nothing to worry about" in visit(who).get("/").text
    assert "<dt>Backup</dt>" in visit(cast.administrator).get("/").text
    assert "<dt>Backup</dt>" not in visit(cast.editor).get("/").text
    assert "Nothing to worry about" not in visit(cast.contributor).get("/").text


@pytest.fixture
def alone(scene: Scene) -> Actor:
    """One person with every role, in a library of her own with a strategy, a channel and a promise."""

    def work(session: Session) -> Actor:
        small = unit(session, "Small Library")
        me = actor(session, person(session, "Everything Alone", small, *Role))
        channel = plans.channel(session, small, scene.keyring, "Small page")
        session.add(Rhythm(channel_id=channel.id, at_least=2, at_most=4))
        went_out(session, small, channel, me, [Out(f"Out {day}", days=day) for day in (0.5, 8, 15)])
        for status in (PostStatus.DRAFT, PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED):
            plans.post(session, small, me, f"A {status}", status)
        for stands in (Status.MISSED, Status.HELD, Status.UNSURE, Status.PLANNED):
            row = plans.post(session, small, me, f"Of {stands}")
            plans.publication(session, row, channel, stands, -30 if stands is not Status.PLANNED else 90)
        ideas.send(session, me, ideas.IdeaInput(unit_id=small.id, title="Foxes"))
        return me

    return scene.write(work)


def test_one_person_alone_sees_one_calm_screen(scene: Scene, alone: Actor, visit: Visit) -> None:
    me = visit(alone)
    me.get("/")
    with counted(scene.database) as asked:
        page = me.get("/").text
    assert len(asked) <= MOST_QUESTIONS, len(asked)
    assert "your own; nobody else can say yes" in page
    assert page.count('href="/posts/new"') >= 1
    assert "Rhythm this week" in page
    assert re.search(r"\d posts? of 2 to 4 promised", page)
    assert "How are we doing?" in page
    assert "Health check" not in page, "what looks back is a link away for whoever has to act"
    ids = re.findall(r'<h2 id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "no part stands there twice"
    with counted(scene.database) as asked:
        back = me.get("/health-check").text
    assert len(asked) <= MOST_QUESTIONS, len(asked)
    assert "A strategy is missing." in back
    assert "A lot of resources may be wasted." in back
    assert "1 of 1 people contributed in 90 days" in back
    assert "no strategy is in force" in back


def test_a_channel_of_today_broke_no_promise(scene: Scene, cast: Cast, visit: Visit) -> None:
    def promise(session: Session) -> Channel:
        channel = plans.channel(session, cast.koivuranta, scene.keyring, "Promising")
        session.add(Rhythm(channel_id=channel.id, at_least=1, at_most=None))
        return channel

    def connected(ago: timedelta) -> str:
        def work(session: Session) -> None:
            session.get_one(Channel, channel.id).connected_at = clock.now() - ago

        scene.write(work)
        return visit(cast.editor).get("/").text

    channel = scene.write(promise)
    assert "0 posts of 1 promised" in (fresh := connected(timedelta()))
    assert "not kept over four weeks" not in fresh
    assert "not kept over four weeks" in connected(timedelta(days=29))
    scene.write(
        lambda session: went_out(session, cast.koivuranta, channel, cast.editor, [Out("Before", days=20)])
    )
    results.follow(visit(cast.editor).app.state.ground)
    assert "not kept over four weeks" in connected(timedelta()), "it was only connected again"


def test_a_manager_sees_the_circles_and_what_is_known(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(Status.MISSED, -300, title="Missed one")
    sent = ledger.EntryInput(kind=LedgerKind.POST, minutes=60, unit_id=cast.koivuranta.id)
    scene.write(lambda session: [ledger.write(session, cast.editor, sent) for _ in range(3)])
    boss = visit(cast.manager)
    boss.get("/")
    with counted(scene.database) as asked:
        page = boss.get("/").text
    assert len(asked) <= MOST_QUESTIONS, len(asked)
    assert "Health check" in page
    for where in (page, boss.get("/results").text):
        assert 'href="/health-check"' in where
    assert "1 of 5 people contributed in 90 days" in page
    assert "the strategy promises no hours" in page
    assert "0 of 1 channels have an owner and a deputy who are there" in page
    assert "Nothing is counted yet." in page
    results.follow(boss.app.state.ground)
    assert "No post has its figure at seven days yet" in boss.get("/").text


def test_a_contributor_has_one_big_button(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = visit(cast.contributor).get("/").text
    assert '<a class="btn btn-go btn-wide" href="/ideas/new">' in page
    for words in ("Rhythm this week", "How it runs", "Health check", "With people", "Thank you!"):
        assert words not in page, words


def test_whose_idea_went_out_is_thanked(scene: Scene, cast: Cast, visit: Visit) -> None:
    """For two weeks, on the first screen of whoever sends ideas alone; nobody else's idea is theirs."""

    def work(session: Session) -> None:
        sent = [ideas.send(session, cast.contributor, ideas.IdeaInput(unit_id=cast.koivuranta.id, title=one))
                for one in ("Herons", "Foxes", "Owls")]  # fmt: skip
        own = ideas.send(session, cast.editor, ideas.IdeaInput(unit_id=cast.koivuranta.id, title="Bats"))
        for idea, days in ((sent[0], 1), (sent[1], 20), (own, 1)):
            post = ideas.accept(session, cast.editor, idea.id, ideas.Accepting())
            on, out = plans.load_channel(session, scene.channel_id), clock.now() - timedelta(days=days)
            more = {"revision_id": post.revision_id, "remote_id": f"1_{post.id}", "published_at": out}
            plans.publication(session, post, on, Status.PUBLISHED, -1440 * days, **more)

    scene.write(work)
    somebody = visit(cast.contributor)
    somebody.get("/")
    with counted(scene.database) as asked:
        page = somebody.get("/").text
    assert len(asked) <= MOST_QUESTIONS, len(asked)
    thanked = re.findall(r"Your idea was published: <a href=\"/ideas/\d+\">(\w+)</a>. Thank you!", page)
    assert thanked == ["Herons"]
    for other in (cast.editor, cast.approver, cast.manager):
        assert "Thank you!" not in visit(other).get("/").text
