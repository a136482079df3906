"""The example library: made whole, taken away without a trace, and never in the way of what is real."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.errors import Conflict
from app.domain.examples import State
from app.domain.ideas import IdeaState
from app.domain.networks import Realm
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import Actor, Scope
from app.errands import history, history_check, reach
from app.errands.examples import making, plan, removing, texts
from app.errands.examples.scenery import SCENES
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.rows import Digest, digest, shapes
from app.foundation.settings import Settings
from app.models.channels import Channel
from app.models.examples import ONLY, Example, ExamplePerson
from app.models.found import FoundPost
from app.models.history import Event, Seal
from app.models.ideas import Idea
from app.models.people import Person
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.results import Result
from app.models.units import Unit
from app.queries import examples
from tests import plans
from tests.cast import Cast, gathered
from tests.support.practice import PracticeServer

BY_HAND = Actor(None, Scope(), via="cli")
# What the program notes about itself: history grows by two entries, and how far results were worked out.
_GROWS = {"history", "history_seals", "result_runs", "result_summaries"}


@pytest.fixture
def ground(database: Database, practice: PracticeServer, practice_folder: Path) -> Iterator[Ground]:
    """An installation with a practice network."""
    settings = Settings(
        data_dir=practice_folder, practice_port=practice.port, network_timeout_seconds=30,
        public_url="http://localhost:8000", _env_file=None,
    )  # fmt: skip
    # What was sealed in the database of another test says nothing of this one.
    (practice_folder / "history-seal.json").unlink(missing_ok=True)
    made = Ground(settings, database, keyring(practice_folder))
    yield made
    made.close()


def _rows(database: Database) -> dict[str, Digest]:
    with database.engine.connect() as connection:
        return {name: digest(connection, shape) for name, shape in shapes(connection).items()}


def _files(ground: Ground) -> set[Path]:
    """All but the proof that networks can fetch from us, which others lay there too."""
    proof = reach.sample_digest()
    return {path for path in ground.store.folder.rglob("*") if path.is_file() and proof not in path.name}


def _is_whole(ground: Ground) -> bool:
    return not list(history_check.breaks(ground, history_check.Walk()))


def test_it_is_made_and_goes_without_a_trace(ground: Ground, practice: PracticeServer) -> None:
    cast: Cast = gathered(ground.database)
    with ground.database.writes() as session:
        plans.post(session, cast.koivuranta, cast.editor, "A real one", approver=cast.approver)
    history.seal_new(ground, everything=True)
    rows, files, pages = _rows(ground.database), _files(ground), len(practice.state()["pages"])

    said: list[str] = []
    making.make(ground, BY_HAND, "sv", lambda part, _done, _total: said.append(part), share=0.06)
    history.seal_new(ground, everything=True)
    assert _is_whole(ground)
    assert list(dict.fromkeys(said)) == [
        "people", "pages", "pictures", "past", "numbers", "ideas", "coming", "waiting", "results",
    ]  # fmt: skip
    _looks_right(ground.database)
    _opens_there(ground.database, practice)
    assert len(practice.state()["pages"]) > pages

    assert removing.remove(ground, BY_HAND) > 1000
    history.seal_new(ground, everything=True)
    assert _is_whole(ground)
    after = _rows(ground.database)
    assert {name for name in rows if rows[name] != after[name]} <= _GROWS
    assert after["history"].rows == rows["history"].rows + 2
    assert _files(ground) == files
    state = practice.state()
    assert (len(state["pages"]), state["posts"], state["media"]) == (pages, [], [])


def _looks_right(database: Database) -> None:
    """What each role finds, and that all of it is the example's."""
    with database.reads() as session:
        root = session.scalars(select(Unit.path).join(Example, Example.unit_id == Unit.id)).one()
        its = select(Unit.id).where(Unit.path.startswith(root))
        assert session.get_one(Example, ONLY).state is State.READY
        assert len(session.scalars(its).all()) == 1 + len(plan.UNITS)
        assert {row.realm for row in session.scalars(select(Channel).where(Channel.unit_id.in_(its)))} == {
            Realm.PRACTICE
        }
        mine = Publication.unit_id.in_(its)
        states = dict(
            session.execute(select(Publication.status, func.count()).where(mine).group_by("status")).all()
        )
        assert states[Status.PUBLISHED] > 40
        assert states[Status.PLANNED] > 10
        assert states[Status.MISSED] == states[Status.HELD] == 1
        posts = dict(
            session.execute(
                select(Post.status, func.count()).where(Post.unit_id.in_(its)).group_by("status")
            ).all()
        )
        assert posts[PostStatus.CHANGES_REQUESTED] == 1
        assert posts[PostStatus.IN_REVIEW] >= 3
        tones = set(session.scalars(select(Result.tone).where(Result.unit_id.in_(its))))
        assert tones >= {Tone.HUMAN, Tone.INFORMATIVE}
        assert set(session.scalars(select(Idea.state).where(Idea.unit_id.in_(its)))) == set(IdeaState)
        assert (session.scalar(select(func.count()).select_from(Reading)) or 0) > 200
        sealed = select(Seal.place).join(Event, Event.id == Seal.history_id).where(Event.unit_id.in_(its))
        assert session.scalar(sealed.limit(1)) is None
        assert len(examples.faces(session, Scope())) == len(plan.PEOPLE)


def _opens_there(database: Database, practice: PracticeServer) -> None:
    """What is out stands on the practice network, with the same words, and nothing else of ours does."""
    with database.reads() as session:
        rows = session.execute(
            select(Publication.remote_id, Publication.permalink, Revision.text)
            .join(Revision, Revision.id == Publication.revision_id)
            .where(Publication.status == Status.PUBLISHED)
        ).all()
        found = set(session.scalars(select(FoundPost.remote_id)))
    state = practice.state()
    there = {one["id"]: one.get("message") or one.get("caption") for one in state["posts"] + state["media"]}
    assert {row.remote_id: row.text for row in rows} == {
        one: text for one, text in there.items() if one not in found
    }
    for row in rows[:: len(rows) // 5]:
        answer = practice.http.get(f"{practice.url}{urlsplit(row.permalink).path.removeprefix('/practice')}")
        assert (answer.status_code, row.text.split("\n")[0][:20] in unescape(answer.text)) == (200, True)


def test_beside_a_real_channel_there_is_none(ground: Ground) -> None:
    cast = gathered(ground.database)
    with ground.database.writes() as session:
        channel = plans.channel(session, cast.koivuranta, ground.keyring, "A real page")
        channel.realm = Realm.META
    with pytest.raises(Conflict) as refused:
        making.make(ground, BY_HAND, "sv")
    assert refused.value.code == "example_real"


def test_what_fails_halfway_leaves_nothing(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_stage: object) -> None:
        raise OSError("no space")

    before = _rows(ground.database)
    monkeypatch.setattr("app.errands.examples.pictures.draw", broken)
    with pytest.raises(OSError, match="no space"):
        making.make(ground, BY_HAND, "fi", share=0.02)
    after = _rows(ground.database)
    assert {name for name in before if before[name] != after[name]} == {"history"}


def test_history_of_others_can_not_go_with_it(database: Database) -> None:
    """The one exception from "only added" holds for unsealed entries of the example, while it goes."""
    cast = gathered(database)
    now = clock.now()
    with database.writes() as session:
        top = Unit(path="/900/", id=900, kind=cast.library.kind, name="E", zone="UTC", locale="sv",
                   country="SE", created_at=now)  # fmt: skip
        face = Person(email="a@x.example", name="A", locale="sv", created_at=now)
        session.add_all([top, face])
        session.flush()
        session.add_all([
            ExamplePerson(person_id=face.id),
            Example(id=ONLY, unit_id=900, state=State.READY, locale="sv", made_at=now, beat_at=now),
        ])  # fmt: skip
        told = {"at": now, "via": "web", "thing": "x", "thing_id": 1, "verb": "made", "facts": {}}
        session.add_all([
            Event(unit_id=900, **told), Event(person_id=face.id, **told),
            Event(unit_id=cast.koivuranta.id, **told),
        ])  # fmt: skip
    with pytest.raises(DBAPIError), database.writes() as session:
        session.execute(delete(Event).where(Event.unit_id == 900))
    with database.writes() as session:
        session.execute(update(Example).values(state=State.GOING))
    for wrong in (Event.unit_id == cast.koivuranta.id, text("1 = 1")):
        with pytest.raises(DBAPIError), database.writes() as session:
            session.execute(delete(Event).where(wrong))
    with pytest.raises(DBAPIError), database.writes() as session:
        session.execute(update(Event).where(Event.unit_id == 900).values(verb="other"))
    with database.writes() as session:
        session.execute(delete(Event).where(Event.unit_id == 900))
        session.execute(delete(Event).where(Event.person_id == face.id))
    with database.reads() as session:
        assert session.scalars(select(Event.unit_id).where(Event.thing == "x")).all() == [cast.koivuranta.id]


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_texts_are_whole(locale: str) -> None:
    found = texts.library(locale)
    assert len(found.units) == len(plan.UNITS)
    assert len(found.people) == len(plan.PEOPLE) == len(set(found.people))
    assert {one.picture for one in found.posts} <= SCENES.keys() == found.pictures.keys()
    for tone in Tone:
        of_tone = [one for one in found.posts if one.tone is tone]
        assert len({one.title for one in of_tone}) == len(of_tone) >= (30 if locale in ("sv", "fi") else 12)
    assert len(found.posts) >= (60 if locale in ("sv", "fi") else 25)
    assert len(found.ideas) >= (25 if locale in ("sv", "fi") else 10)
    assert {one.state for one in found.ideas} == set(IdeaState)
    given = {"here": "i X", "Here": "I X", "day": "d", "day_cap": "D", "hour": 12}
    for one in found.posts:
        assert "{" not in one.text.format(**given)
        assert len(one.text) < 600
