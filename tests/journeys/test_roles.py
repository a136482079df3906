"""A morning of each role in four ways: mouse, keyboard alone, no script, phone; every state is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import links
from app.domain.ideas import IdeaState
from app.domain.posts import PostStatus
from app.domain.roles import Actor, Role
from app.errands.results import follow
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.main import create_app
from app.models.ideas import Idea, IdeaPost
from app.models.people import Membership, Person
from app.models.posts import Post
from app.models.strategies import Strategy
from app.models.units import Unit
from tests import plans
from tests.builders import person, unit
from tests.cast import Cast, gathered
from tests.journeys.hands import WAYS, Hand, hand
from tests.outings import both_tones, went_out
from tests.support.databases import SQLiteDatabases
from tests.support.server import served
from tests.web.scene import Scene
from tests.web.visitor import enter

PASSWORD = "three blue bicycles"


@dataclass(frozen=True)
class House:
    """A running Kuliss with the cast in it; each journey brings its own posts."""

    address: str
    scene: Scene

    @property
    def cast(self) -> Cast:
        """Who works there."""
        return self.scene.cast

    @property
    def database(self) -> Database:
        """Its database."""
        return self.scene.database


@pytest.fixture(scope="module")
def house(sqlite_databases: SQLiteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        folder: Path = tmp_path_factory.mktemp("house")
        settings = Settings(
            _env_file=None, data_dir=folder, public_url="http://127.0.0.1", argon2_memory_mib=8
        )
        database = Database(engine)
        app = create_app(settings, database)
        scene = Scene(app, gathered(database))
        scene.write(lambda session: _past(session, scene))
        follow(app.state.ground)
        with served(app) as address:
            yield House(address, scene)
        app.state.ground.close()


def _past(session: Session, scene: Scene) -> None:
    """Enough posts of both tones for results that say something."""
    on = plans.load_channel(session, scene.channel_id)
    went_out(session, scene.cast.koivuranta, on, scene.cast.editor, both_tones(9))


@pytest.fixture(params=WAYS)
def person_at_work(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Hand]:
    """Somebody who is not signed in yet."""
    with hand(browser, request.param) as one:
        yield one


@pytest.fixture
def title(request: pytest.FixtureRequest) -> str:
    """A title of this journey alone."""
    return f"Reading dogs, {request.node.callspec.id}"


def come_in(house: House, one: Hand, who: Actor) -> None:
    """Be one of the cast, on the first screen."""
    enter(one.page, house.database, house.address, who)
    one.page.goto(house.address)


def test_an_administrator_takes_somebody_in(house: House, person_at_work: Hand, title: str) -> None:
    one = person_at_work
    come_in(house, one, house.cast.administrator)
    one.follow("Units", "nav")
    one.follow("Add a unit", "main")
    one.write("Name", f"Lighthouse, {title}")
    one.pick("Belongs to", "Saarivesi City Library")
    one.press("Add")
    one.look(f"Lighthouse, {title}")
    one.follow("People", "nav")
    one.follow("Add a person", "main")
    one.write("Name", f"Newcomer {title}")
    one.write("E-mail", f"{title.replace(', ', '.').replace(' ', '.')}@library.example")
    one.tick("Approver")
    one.press("Add")
    one.look("/link/")
    one.follow("History", "nav")
    one.look("Aino Lehtinen")
    with house.database.reads() as session:
        unit = session.scalars(select(Unit).where(Unit.name == f"Lighthouse, {title}")).one()
        assert unit.parent_id == house.cast.library.id
        named = select(Membership.role).join(Person).where(Person.name == f"Newcomer {title}")
        assert session.scalars(named).all() == [Role.APPROVER]


def test_an_editor_writes_and_moves(house: House, person_at_work: Hand, title: str) -> None:
    one, soon = person_at_work, clock.now() + timedelta(days=3)
    house.scene.plan(minutes=60, title=f"Moves, {title}")
    come_in(house, one, house.cast.editor)
    one.follow("Write a post", "main")
    one.press("Send to review")
    one.look("Give it a working title.")
    one.tick("Human")
    one.write("Working title", title)
    one.write("Text", "Three dogs wait in the children's room.")
    one.press("Send to review")
    one.look("In review")
    one.follow("Queue", "nav")
    one.follow(f"Moves, {title}", "main")
    one.follow("New time", "main")
    one.write("Day", f"{soon:%Y-%m-%d}")
    one.look("A new time")
    one.press("Give it this time")
    one.look("Planned", "at")
    with house.database.reads() as session:
        post = session.scalars(select(Post).where(Post.title == title)).one()
        assert post.status is PostStatus.IN_REVIEW


def test_an_approver_asks_and_says_yes(house: House, person_at_work: Hand, title: str) -> None:
    one, cast = person_at_work, house.cast
    for name in ("Unclear", "Clear"):
        house.scene.write(partial(_sent, cast=cast, title=f"{name}: {title}"))
    come_in(house, one, cast.approver)
    one.follow(f"Unclear: {title}", "main")
    one.follow("Read and answer", "main")
    one.press("Ask for changes")
    one.look("Say in a few words what should change.")
    one.write("Or ask for a change", "When does it begin?")
    one.press("Ask for changes")
    one.look(f"Your answer to “Unclear: {title}” is noted.")
    one.follow("Look at it again", "main")
    one.look("When does it begin?")
    one.follow("Today", "nav")
    one.follow(f"Clear: {title}", "main")
    one.follow("Read and answer", "main")
    one.press("Approve revision 1")
    one.look("Approved")
    with house.database.reads() as session:
        asked = select(Post.title, Post.status).where(
            Post.title.in_([f"Unclear: {title}", f"Clear: {title}"])
        )
        assert {row.title.split(":")[0]: row.status for row in session.execute(asked)} == {
            "Unclear": PostStatus.CHANGES_REQUESTED,
            "Clear": PostStatus.APPROVED,
        }


def _sent(session: Session, cast: Cast, title: str) -> None:
    plans.post(session, cast.koivuranta, cast.editor, title, PostStatus.IN_REVIEW)


def test_a_contributor_comes_in_and_reads(house: House, person_at_work: Hand, title: str) -> None:
    one = person_at_work
    house.scene.plan(minutes=45, title=f"Soon: {title}")
    link = house.scene.write(lambda session: _invited(session, house.cast, title))
    one.page.goto(f"{house.address}/link/{link}")
    one.look("Welcome")
    one.write("Password", PASSWORD)
    one.press("Come in")
    one.look("Goes out next")
    expect(one.page.get_by_role("link", name="New post")).to_have_count(
        0
    )  # who may not write is not led there
    one.follow(f"Soon: {title}", "main")
    one.look("Planned")
    expect(one.page.get_by_role("main").get_by_role("button")).to_have_count(0)
    one.follow("Calendar", "nav")
    one.look("Week")


def _invited(session: Session, cast: Cast, title: str) -> str:
    row: Person = person(session, title, cast.koivuranta, Role.CONTRIBUTOR, password_hash=None)
    return links.make(session, cast.administrator, row, clock.now())


def test_a_manager_asks_what_it_brings(house: House, person_at_work: Hand, title: str) -> None:
    one = person_at_work
    come_in(house, one, house.cast.manager)
    one.look("Health check", "Three questions")
    one.follow("Ideas", "nav")
    one.follow("Who takes part", "main")
    one.look("Colleagues who sent an idea")
    one.follow("Results", "nav")
    one.pick("Days", "Last 90 days")
    one.press("Show")
    one.look("Do we reach out?", "Does it have an effect?")
    one.follow("posts", ".stat")
    one.look("human 00")
    expect(one.page.get_by_role("link", name="CSV")).to_be_visible()


def test_an_idea_goes_from_hand_to_hand(house: House, person_at_work: Hand, title: str) -> None:
    one, cast = person_at_work, house.cast
    come_in(house, one, cast.contributor)
    one.follow("Send an idea", "main")
    one.write("What is it about?", f"Idea: {title}")
    one.write("Why would somebody care? if you like", "Nalle has learned to wait for the last page.")
    one.press("Send the idea")
    one.look("Idea: ", "Nothing yet.")
    come_in(house, one, cast.approver)
    one.follow("Ideas", "nav")
    one.follow(f"Idea: {title}", "main")
    one.press("I would like it too")
    one.look("Would like it too")
    come_in(house, one, cast.editor)
    one.follow("Ideas", "nav")
    one.follow(f"Idea: {title}", "main")
    one.press("Make a post")
    expect(one.page.get_by_label("Working title")).to_have_value(f"Idea: {title}")
    come_in(house, one, cast.contributor)
    one.look(f"Idea: {title}", "Draft")
    with house.database.reads() as session:
        found = session.execute(
            select(Idea.state, Post.author_id)
            .join(IdeaPost, IdeaPost.idea_id == Idea.id)
            .join(Post, Post.id == IdeaPost.post_id)
            .where(Idea.title == f"Idea: {title}")
        ).one()
        assert tuple(found) == (IdeaState.ACCEPTED, cast.editor.person_id)


def test_a_strategy_is_made_of_questions_and_taken_into_force(
    house: House, person_at_work: Hand, title: str
) -> None:
    one = person_at_work
    lighthouse = house.scene.write(lambda session: unit(session, f"Keepers, {title}", house.cast.library).id)
    come_in(house, one, house.cast.administrator)
    one.page.goto(f"{house.address}/strategy?unit={lighthouse}")
    one.follow("Begin with the questions", "main")
    one.press("Make a draft of it")
    one.look("Only you who write it can read it.")
    one.press("Open it for comments")
    one.read("Everybody on staff can read it and say what they think.")
    one.press("Take it into force")
    one.look("in force from", "40 to 60 of 100 posts")
    with house.database.reads() as session:
        row = session.scalars(select(Strategy).where(Strategy.unit_id == lighthouse)).one()
        assert row.from_on is not None
