"""The page of posts found on the page: many tones at once, taken back, and nothing of a sibling's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.domain.posts import Tone
from app.domain.results import Paid
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.database import Database
from app.models.found import FoundPost
from app.models.history import Event
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
PAGE = "/channels/found"


def put(database: Database, channel_id: int, count: int = 3, word: str = "Post") -> list[int]:
    """Found posts on a channel, the newest first."""
    now = clock.now()
    with database.writes() as session:
        made = [
            plans.found(
                channel_id, now - timedelta(hours=n + 1), f"{word} {n}", permalink=f"https://example.org/{n}"
            )
            for n in range(count)
        ]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def words(database: Database) -> dict[int, str | None]:
    """Each found post with what was said of it."""
    with database.reads() as session:
        rows = session.scalars(select(FoundPost))
        return {row.id: "left_out" if row.left_out else row.tone for row in rows}


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_the_first_screen_leads_there(scene: Scene, cast: Cast, visit: Visit) -> None:
    put(scene.database, scene.channel_id)
    assert "3 posts found on the page wait for their tone." in visit(cast.editor).get("/").text
    for who in (cast.contributor, cast.manager, cast.sibling_editor, cast.stranger):
        assert "found on the page" not in visit(who).get("/").text


def test_many_get_their_word_at_once(scene: Scene, cast: Cast, visit: Visit) -> None:
    first, second, third, fourth = put(scene.database, scene.channel_id, 4)
    editor = visit(cast.editor)
    page = editor.get(PAGE).text
    assert "4 posts found on the page wait for their tone." in page
    assert 'href="https://example.org/0"' in page
    chosen = {f"tone-{first}": "human", f"tone-{second}": "left_out", f"tone-{fourth}": "nonsense"}
    ids = f"{first}.{second}.{third}.{fourth}"
    answer = editor.send(PAGE, PAGE, ids=ids, show="waiting", **chosen)
    assert answer.status_code == 303
    assert words(scene.database) == {first: Tone.HUMAN, second: "left_out", third: None, fourth: None}
    told = editor.get(answer.headers["location"]).text
    assert "Saved for 2 posts." in told
    assert "Take it back" in told
    assert "Post 0" not in told
    editor.send(PAGE, PAGE, ids=f"{third}.{fourth}", rest="informative", **{f"tone-{third}": "human"})
    assert words(scene.database)[third] is Tone.HUMAN
    assert words(scene.database)[fourth] is Tone.INFORMATIVE
    assert "No post found on the page waits for its tone." in editor.get(PAGE).text


def test_it_is_taken_back_and_changed_later(scene: Scene, cast: Cast, visit: Visit) -> None:
    first, second = put(scene.database, scene.channel_id, 2)
    editor = visit(cast.editor)
    ids = f"{first}.{second}"
    editor.send(PAGE, PAGE, ids=ids, rest="human", show="waiting")
    editor.send(PAGE, f"{PAGE}/undo", ids=str(first))
    assert words(scene.database) == {first: None, second: Tone.HUMAN}
    page = editor.get(f"{PAGE}?show=told").text
    assert "said by Sara Niemi" in page
    chosen = {f"tone-{second}": "informative", f"was-{second}": "human"}
    editor.send(PAGE, PAGE, ids=str(second), show="told", **chosen)
    assert words(scene.database)[second] is Tone.INFORMATIVE
    with scene.database.reads() as session:
        events = session.scalars(select(Event).where(Event.verb == "tones_said").order_by(Event.id)).all()
    assert [event.facts["said"] for event in events] == [
        {"human": [first, second]},
        {"none": [first]},
        {"informative": [second]},
    ]
    assert {event.thing_id for event in events} == {scene.channel_id}


def test_nothing_chosen_is_said_and_who_was_quicker_keeps_their_word(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    (first,) = put(scene.database, scene.channel_id, 1)
    editor = visit(cast.editor)
    answer = editor.send(PAGE, PAGE, ids=str(first))
    assert answer.status_code == 422
    assert "Choose for at least one post what it does, or whether it was paid for." in answer.text
    with scene.database.writes() as session:
        session.get_one(FoundPost, first).tone = Tone.HUMAN
    answer = editor.send(PAGE, PAGE, ids=str(first), **{f"tone-{first}": "informative"})
    assert "Somebody else was quicker with one post" in editor.get(answer.headers["location"]).text
    assert words(scene.database) == {first: Tone.HUMAN}


def monies(database: Database) -> list[str]:
    """What is known of money behind each found post, in order of ids."""
    with database.reads() as session:
        return [word.value for word in session.scalars(select(FoundPost.paid).order_by(FoundPost.id))]


def test_money_is_said_alone_and_of_the_rest_and_put_back(scene: Scene, cast: Cast, visit: Visit) -> None:
    first, second, third = put(scene.database, scene.channel_id, 3)
    editor = visit(cast.editor)
    ids = f"{first}.{second}.{third}"
    page = editor.get(PAGE).text
    assert page.count("Money behind it") == 3
    answer = editor.send(PAGE, PAGE, ids=ids, rest_paid="no", **{f"paid-{first}": "yes"})
    assert monies(scene.database) == ["yes", "no", "no"]
    told = editor.get(answer.headers["location"]).text
    assert "Saved for 3 posts." in told
    before = told.split('name="before" value="')[1].split('"')[0]
    alone = f"{PAGE}?post={first}"
    assert editor.get(alone).text.count("<fieldset") == 1
    changed = {f"paid-{first}": "no", f"paid-was-{first}": "yes", f"tone-{first}": "human"}
    answer = editor.send(alone, PAGE, ids=str(first), post=str(first), **changed)
    assert f"post={first}" in answer.headers["location"]
    assert (monies(scene.database), words(scene.database)[first]) == (["no"] * 3, Tone.HUMAN)
    # Somebody else said of the second meanwhile that it was paid for: their word stays, and so it does later.
    with scene.database.writes() as session:
        row = session.get_one(FoundPost, second)
        row.paid, row.paid_by_id = Paid.YES, cast.administrator.person_id
    answer = editor.send(
        PAGE, PAGE, ids=str(second), **{f"paid-was-{second}": "no", f"paid-{second}": "unknown"}
    )
    assert "Somebody else was quicker with one post" in editor.get(answer.headers["location"]).text
    editor.send(PAGE, f"{PAGE}/undo", before=before)
    assert monies(scene.database) == ["unknown", "yes", "unknown"]
    assert editor.get(f"{PAGE}?show=waiting&paid=yes").text.count("<fieldset") == 1
    with scene.database.reads() as session:
        events = session.scalars(
            select(Event).where(Event.verb == "found_paid_said").order_by(Event.id)
        ).all()
    assert [event.facts["said"] for event in events] == [
        {"yes": [first], "no": [second, third]},
        {"no": [first]},
        {"unknown": [first, third]},
    ]


def test_only_those_who_write_there_see_and_say(scene: Scene, cast: Cast, visit: Visit) -> None:
    shared = scene.write(
        lambda session: (
            plans.channel(session, cast.library, scene.keyring, "Everybody's", used_by="subtree").id
        )
    )
    (own,) = put(scene.database, scene.channel_id, 1, "Ours alone")
    (common,) = put(scene.database, shared, 1, "Everybody's")
    sibling = visit(cast.sibling_editor)
    page = sibling.get(PAGE).text
    assert "Everybody&#39;s 0" in page
    assert "Ours alone" not in page
    assert "One post" in page or "1 post" in page
    answer = sibling.send(PAGE, PAGE, ids=f"{own}.{common}", rest="human")
    assert answer.status_code == 409
    assert words(scene.database) == {own: None, common: None}
    sibling.send(PAGE, f"{PAGE}/undo", ids=str(own))
    assert sibling.send(PAGE, PAGE, ids=str(common), rest="human").status_code == 303
    assert words(scene.database)[common] is Tone.HUMAN
    for who in (cast.contributor, cast.manager, cast.approver):
        assert visit(who).get(PAGE).status_code == 403


def test_long_lists_are_paged_and_narrowed(scene: Scene, cast: Cast, visit: Visit) -> None:
    other = scene.write(
        lambda session: plans.channel(session, cast.koivuranta, scene.keyring, "Other page").id
    )
    put(scene.database, scene.channel_id, 30)
    put(scene.database, other, 2, "Elsewhere")
    editor = visit(cast.editor)
    page = editor.get(f"{PAGE}?channel={scene.channel_id}").text
    assert page.count("<fieldset") == 25
    assert "Elsewhere" not in page
    after = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert editor.get(after).text.count("<fieldset") == 5
    assert editor.get(f"{PAGE}?channel=x&show=y&after=z&said=q&meanwhile=w").status_code == 200


def test_the_questions_do_not_grow(scene: Scene, cast: Cast, visit: Visit) -> None:
    editor = visit(cast.editor)
    put(scene.database, scene.channel_id, 1)
    editor.get(PAGE)
    with counted(scene.database) as few:
        editor.get(PAGE)
    put(scene.database, scene.channel_id, 60, "More")
    with counted(scene.database) as many:
        editor.get(PAGE)
    assert len(many) == len(few) <= 8
