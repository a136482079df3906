"""The search: everything in sight, the best first, in groups and pages; of others not even a count."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.actions import ideas
from app.domain.posts import PostStatus, ReviewKind
from app.domain.roles import Actor
from app.foundation import clock
from app.models.assets import Asset
from app.models.posts import Post, Review, Revision, RevisionVariant
from tests import plans
from tests.builders import an_asset
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def written(scene: Scene, title: str, text: str = "Nothing more.") -> int:
    """A draft of Koivuranta's."""
    cast = scene.cast
    return scene.write(
        lambda session: (
            plans.post(session, cast.koivuranta, cast.editor, title, PostStatus.DRAFT, text=text).id
        )
    )


def an_idea(session: Session, cast: Cast, title: str, why: str = "") -> int:
    """Sent at Koivuranta by somebody of its staff."""
    given = ideas.IdeaInput(unit_id=cast.koivuranta.id, title=title, why=why)
    return ideas.send(session, cast.contributor, given).id


def group(page: str, name: str) -> str:
    """The part of a page with what was found of one kind; empty without one."""
    _, _, found = page.partition(f'id="found-{name}"')
    return found.partition("</section>")[0]


def test_it_finds_every_kind_of_thing(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan(title="Ärtsoppa på torsdag")

    def more(session: Session) -> None:
        publication = scene.read(number)
        picture = an_asset(session, cast.koivuranta, "soup.jpg", alt_text="En kastrull ärtsoppa")
        assert picture.id
        assert publication.revision_id is None
        post = session.get_one(Post, publication.post_id)
        session.add(
            Review(
                post_id=post.id, revision_id=post.revision_id, kind=ReviewKind.CHANGES_REQUESTED,
                person_id=cast.approver.person_id, comment="Är ärtsoppan slut?", at=clock.now(),
            )
        )  # fmt: skip
        an_idea(session, cast, "Ärtsoppa för alla", "Den är ärtsoppa.")

    scene.write(more)
    editor = visit(cast.editor)
    page = editor.get("/search?q=ÄRTSOPPA").text
    assert "5 found" in page
    assert "<mark>Ärtsoppa</mark> för alla" in group(page, "ideas")
    assert "Den är <mark>ärtsoppa</mark>" in group(page, "ideas")
    assert "<mark>Ärtsoppa</mark> på torsdag" in group(page, "posts")
    assert f'href="/publications/{number}"' in group(page, "publications")
    assert "En kastrull <mark>ärtsoppa</mark>" in group(page, "pictures")
    assert "Är <mark>ärtsoppa</mark>n slut?" in group(page, "comments")
    assert "Nothing found" in editor.get("/search?q=artsoppa").text  # a and ä are two letters
    assert "Sara Niemi" in editor.get("/search?q=niem").text.replace("<mark>", "").replace("</mark>", "")
    names = editor.get("/search?q=koivu").text
    assert f'href="/units/{cast.koivuranta.id}"' in group(names, "units")
    assert f'href="/channels/{scene.channel_id}"' in group(names, "channels")


def test_the_newest_words_are_found_and_the_old_ones_not(scene: Scene, cast: Cast, visit: Visit) -> None:
    post_id = written(scene, "Wet books", "They came in from the rain.")

    def edit(session: Session) -> None:
        row = Revision(
            post_id=post_id, number=2, title="Dry books", text="All is well.",
            author_id=cast.editor.person_id, created_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.get_one(Post, post_id).revision_id = row.id
        session.add(
            RevisionVariant(revision_id=row.id, channel_id=scene.channel_id, text="Only here: umbrellas.")
        )

    scene.write(edit)
    editor = visit(cast.editor)
    assert "Nothing found" in editor.get("/search?q=rain").text
    assert "1 found" in editor.get("/search?q=dry").text
    assert "1 found" in editor.get("/search?q=umbrellas").text


def test_titles_come_before_texts_and_beginnings_before_insides(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    written(scene, "Inside", "The bookbusses are late.")
    written(scene, "In the text", "A busser in the rain.")
    written(scene, "Busser for all")
    found = group(visit(cast.editor).get("/search?q=buss").text, "posts")
    places = [
        found.index(words) for words in ("er</a>", "er for all", "In the text", "Inside") if words in found
    ]
    assert places == sorted(places)
    assert len(places) == 3


def test_a_part_has_pages(scene: Scene, cast: Cast, visit: Visit) -> None:
    for number in range(27):
        written(scene, f"Story hour {number:02}")
    editor = visit(cast.editor)
    page = editor.get("/search?q=story").text
    assert group(page, "posts").count("<li>") == 5
    assert "All 27" in page
    first = editor.get("/search?q=story&kind=posts").text
    assert first.count("<li>\n<a") == 25
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert editor.get(address).text.count("<li>\n<a") == 2


def test_siblings_find_nothing_and_count_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Secret plan")
    scene.write(lambda session: an_asset(session, cast.koivuranta, "secret.jpg", alt_text="A secret"))
    scene.write(lambda session: an_idea(session, cast, "A secret wish"))
    for who in (cast.sibling_editor, cast.stranger):
        for words in ("secret", "sara niemi", "koivuranta page"):
            for kind in ("", "posts", "publications", "ideas", "pictures", "people", "channels"):
                page = visit(who).get(f"/search?q={words}&kind={kind}").text
                assert "Nothing found" in page, (words, kind)


def test_shared_pictures_of_units_above_are_found_and_removed_ones_not(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    def add(session: Session) -> tuple[int, int]:
        an_asset(session, cast.library, "logo-own.png", alt_text="For us alone")
        shared = an_asset(session, cast.library, "logo-shared.png", shared=True)
        gone = an_asset(session, cast.koivuranta, "logo-gone.png")
        gone.removed_at = clock.now()
        return shared.id, gone.id

    shared, _ = scene.write(add)
    page = visit(cast.editor).get("/search?q=logo").text
    assert "1 found" in page
    assert f'href="/pictures/{shared}"' in page

    def describe(session: Session) -> None:
        session.get_one(Asset, shared).alt_text = "Ugglan"

    scene.write(describe)
    assert "1 found" in visit(cast.editor).get("/search?q=ugglan").text


@pytest.mark.parametrize("query", ["", "%20", "%25", "_", "'", "%00", "a" * 201, "..", "%F0%9F%90%B6"])
def test_what_is_no_word_finds_nothing_and_breaks_nothing(
    scene: Scene, cast: Cast, visit: Visit, query: str
) -> None:
    written(scene, "Anything")
    page = visit(cast.editor).get(f"/search?q={query}")
    assert page.status_code == 200
    assert "Anything" not in page.text


def test_what_is_found_is_escaped(scene: Scene, cast: Cast, visit: Visit) -> None:
    written(scene, "<b>Bold</b>", "One & <script>two</script>")
    page = visit(cast.editor).get("/search?q=bold+two").text
    assert "&lt;b&gt;<mark>Bold</mark>" in page
    assert "One &amp; &lt;script&gt;<mark>two</mark>" in page


def test_it_asks_few_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Koivuranta reads")
    editor = visit(cast.editor)
    editor.get("/search?q=koivuranta")
    with counted(scene.database) as asked:
        assert editor.get("/search?q=koivuranta").status_code == 200
    assert len(asked) <= MOST_QUESTIONS
