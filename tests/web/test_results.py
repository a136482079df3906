"""The results: three questions with the posts behind every number, honest about what is not told."""

import re
from collections.abc import Callable
from datetime import timedelta
from gzip import compress
from html import unescape

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.domain.networks import Realm
from app.domain.posts import PostStatus, Tone
from app.domain.roles import Actor
from app.errands.results import follow
from app.foundation import clock
from app.foundation.database import Database
from app.models.found import FoundReading
from app.models.units import Unit
from tests import plans
from tests.cast import Cast
from tests.outings import WEEK, Out, both_tones, went_out
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12
MOST_BYTES = 20_000  # of a page, compressed
YEAR = "period=year"


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def publish(scene: Scene, *posts: Out) -> list[int]:
    """Posts of Koivuranta's that went out on its channel."""
    cast = scene.cast
    return scene.write(
        lambda session: went_out(
            session, cast.koivuranta, plans.load_channel(session, scene.channel_id), cast.editor, posts
        )
    )


def text(page: str) -> str:
    """What a person reads, spaces told once."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))).replace("\N{NO-BREAK SPACE}", " ")


def links(page: str, words: str) -> list[str]:
    """Addresses of the links whose words begin so."""
    return [unescape(href) for href in re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{words}', page)]


def rows(page: str) -> list[str]:
    """The titles of a list, in order."""
    return re.findall(r'<th role="rowheader" scope="row"><a href="/publications/\d+">([^<]+)</a>', page)


def test_a_new_library_is_told_what_will_stand_here(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = visit(cast.manager).get("/results")
    assert page.status_code == 200
    assert "No post went out in these days." in page.text
    assert "A week after each post" in page.text
    assert "From 8 human and 8 informative posts" in page.text
    assert links(page.text, "Last quarter")
    assert 'href="/results" aria-current="page"' in page.text
    assert 'class="stat"' not in page.text  # a wall of "not told" would say nothing


def test_the_three_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, *both_tones(10))
    page = visit(cast.manager).get(f"/results?{YEAR}").text
    said = text(page)
    for question in ("Do we reach out?", "Whom do we reach?", "Does it have an effect?"):
        assert said.count(question) == 1
    # 400, 410 … 490 and 800, 810 … 890: the middle of the twenty lies between 490 and 800
    assert "A usual post reached 645 accounts." in said
    assert "middle value of 20 posts" in said
    assert "before: not told" in said
    assert "All posts went out on Koivuranta page." in said
    assert "10 human against 10 informative posts" in said
    assert "times as many accounts as informative ones" in said
    assert "no verdict" in said
    assert "Practice: simulated numbers." in said
    assert "Branches are not ranked." in said
    assert not re.search(r'\sstyle="', page)
    assert len(compress(page.encode())) <= MOST_BYTES


def test_reach_beside_the_inhabitants_is_told_of_one_channel_alone(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    publish(scene, *both_tones(10))
    manager = visit(cast.manager)
    address = f"/results?{YEAR}"
    assert "the inhabitants saw a post" not in text(manager.get(address).text)

    def settle(session: Session) -> None:
        session.get_one(Unit, cast.koivuranta.id).population = 12_900

    scene.write(settle)
    page = manager.get(address).text
    assert re.findall(r'data-th="Per 1,000 inhabitants"[^>]*>([^<]+)<', page) == ["50"]  # 645 of 12,900
    assert "People elsewhere are among the accounts" in text(page)
    exported = manager.get(f"/results/overview.csv?{YEAR}").text
    assert "Usual reach per 1,000 inhabitants" in exported


def test_every_number_leads_to_its_posts(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, *both_tones(10), Out("Lonely reel", Tone.HUMAN, 11, read=False))
    manager = visit(cast.manager)
    page = manager.get(f"/results?{YEAR}").text
    figures = re.findall(r'<div class="stat">.*?</div>', page, re.DOTALL)
    assert len(figures) == 10
    assert all(len(re.findall(r'<a href="/results/posts\?', one)) == 1 for one in figures)
    [human] = [
        address for address in links(page, "10 posts") if "behind=reach" in address and "human" in address
    ]
    found = manager.get(human).text
    assert rows(found) == [f"human {number:02}" for number in range(10)]
    assert "Only the posts that stand behind the comparison" in found


def test_another_figure_can_be_compared_but_gets_no_verdict(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, *both_tones(10))
    said = text(visit(cast.manager).get(f"/results?{YEAR}&by=engagement").text)
    assert "times as much engagement" in said
    assert "no verdict" in said


def test_too_few_posts_are_not_compared(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, *both_tones(4))
    said = text(visit(cast.manager).get(f"/results?{YEAR}").text)
    assert "Too few posts." in said
    assert "times as many" not in said.split("What the words and numbers mean")[0]


def test_missing_is_not_told_and_never_zero(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Young", days=2, age=2 * 86_400, reach=120), Out("Unread", days=20, read=False))
    manager = visit(cast.manager)
    said = text(manager.get(f"/results?{YEAR}").text)
    assert "No post has its figure at seven days yet" in said
    assert "Reach of a usual post not told" in said
    assert "2 not told" in said
    assert " 0 accounts" not in said
    posts = text(manager.get(f"/results/posts?{YEAR}").text)
    assert "120 so far" in posts
    assert "2 days" in posts
    assert "not read yet" in posts


def test_the_list_is_ordered_by_a_link(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(
        scene,
        Out("Middle", days=10, reach=300),
        Out("Most", days=12, reach=900),
        Out("Least", days=14, reach=100),
        Out("Not told", days=9, reach=None),
    )
    manager = visit(cast.manager)
    page = manager.get(f"/results/posts?{YEAR}").text
    assert rows(page) == ["Not told", "Middle", "Most", "Least"]
    [by_reach] = links(page, "Reach")
    assert rows(manager.get(by_reach).text) == ["Most", "Middle", "Least", "Not told"]
    assert rows(manager.get(f"/results/posts?{YEAR}&sort=nonsense").text) == rows(page)


def test_the_list_is_narrowed_and_has_pages(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, *both_tones(26, apart=1))
    manager = visit(cast.manager)
    first = manager.get(f"/results/posts?{YEAR}").text
    assert len(rows(first)) == 50
    assert len(compress(first.encode())) <= MOST_BYTES
    second = manager.get(unescape(first.split('rel="next" href="')[1].split('"')[0])).text
    assert len(rows(second)) == 2
    assert set(rows(first)).isdisjoint(rows(second))
    by_reach = manager.get(f"/results/posts?{YEAR}&sort=reach").text
    last = manager.get(unescape(by_reach.split('rel="next" href="')[1].split('"')[0])).text
    assert rows(last) == ["informative 01", "informative 00"]
    human = manager.get(f"/results/posts?{YEAR}&tone=human").text
    assert len(rows(human)) == 26
    assert "No post fits all of that." in manager.get(f"/results/posts?{YEAR}&format=reel").text
    for nonsense in ("channel=x", "format=x", "tone=x", "behind=x", "after=x", "sort=reach&after=-1"):
        assert manager.get(f"/results/posts?{YEAR}&{nonsense}").status_code == 200, nonsense


def test_days_of_ones_own(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Old", days=300), Out("New", days=10))
    manager = visit(cast.manager)
    days = "from=2001-01-01&to=2010-12-31"
    none = manager.get(f"/results/posts?period=own&{days}").text
    assert "No post fits all of that." in none
    typed = manager.get(f"/results/posts?period=year&shown=year&{days}")
    assert rows(typed.text) == []  # days were typed, so they count
    chosen = manager.get(f"/results/posts?period=days_28&shown=year&{days}")
    assert rows(chosen.text) == ["New"]  # another period was chosen beside them


@pytest.mark.parametrize(
    ("since", "to", "words"),
    [
        ("2026-02-30", "2026-03-01", "Choose a day, for example"),
        ("2026-03-02", "2026-03-01", "The last day lies before the first."),
        ("1999-01-01", "1999-02-01", "That is too long ago or too long"),
        ("2000-01-01", "2026-01-01", "That is too long ago or too long"),
    ],
)
def test_days_that_are_none_are_told_at_their_field(
    scene: Scene, cast: Cast, visit: Visit, since: str, to: str, words: str
) -> None:
    manager = visit(cast.manager)
    for path in ("/results", "/results/posts"):
        page = manager.get(f"{path}?period=own&from={since}&to={to}")
        assert page.status_code == 422
        assert page.text.count(words) == 2  # in the summary, and at the field
        assert f'value="{since}"' in page.text or f'value="{to}"' in page.text
    assert manager.get(f"/results/overview.csv?period=own&from={since}&to={to}").status_code == 422


def test_siblings_and_strangers_see_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Ours alone", days=10))
    paths = ("/results", "/results/posts", "/results/overview.csv", "/results/posts.csv")
    for who in (cast.sibling_editor, cast.stranger):
        other = visit(who)
        for path in paths:
            own = other.get(f"{path}?{YEAR}")
            assert own.status_code == 200
            assert "Ours alone" not in own.text
            assert "Koivuranta" not in own.text
            assert other.get(f"{path}?{YEAR}&unit={cast.koivuranta.id}").status_code == 404
            assert other.get(f"{path}?{YEAR}&unit={cast.library.id}").status_code == 404
        only = other.get(f"/results/posts?{YEAR}&channel={scene.channel_id}").text
        assert "Ours alone" not in only
        assert "Koivuranta page" not in only


def test_whoever_sees_a_unit_sees_what_went_out_and_no_drafts(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Public", days=10))
    scene.write(
        lambda session: plans.post(session, cast.koivuranta, cast.editor, "Secret draft", PostStatus.DRAFT)
    )
    scene.plan(title="Planned only")
    for who in (cast.manager, cast.contributor, cast.administrator):
        visitor = visit(who)
        for path in ("/results/posts", "/results/posts.csv"):
            page = visitor.get(f"{path}?{YEAR}").text
            assert "Public" in page
            assert "Secret draft" not in page
            assert "Planned only" not in page


def test_a_branch_is_part_of_its_library(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Of the branch", days=10))
    boss = visit(cast.administrator)
    whole = boss.get(f"/results/posts?{YEAR}").text
    assert rows(whole) == ["Of the branch"]
    assert rows(boss.get(f"/results/posts?{YEAR}&unit={cast.myllymaki.id}").text) == []


def test_somebody_without_a_unit(app: FastAPI, database: Database, cast: Cast, visit: Visit) -> None:
    from app.models.people import Membership

    with database.writes() as session:
        session.query(Membership).filter_by(person_id=cast.manager.person_id).delete()
    assert visit(cast.manager).get("/results").status_code == 404


def test_they_ask_few_questions(app: FastAPI, scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, *both_tones(10))
    follow(app.state.ground)
    manager = visit(cast.manager)
    for path in ("/results", "/results/posts", "/results/posts?sort=reach", "/results/posts.csv"):
        address = f"{path}{'&' if '?' in path else '?'}{YEAR}"
        manager.get(address)
        with counted(scene.database) as asked:
            assert manager.get(address).status_code == 200
        assert len(asked) <= MOST_QUESTIONS, (path, "\n".join(asked))


def test_the_publication_leads_there(scene: Scene, cast: Cast, visit: Visit) -> None:
    [number] = publish(scene, Out("Reading dogs", days=10))
    page = visit(cast.manager).get(f"/publications/{number}").text
    [address] = links(page, "All posts with their numbers")
    assert rows(visit(cast.manager).get(address).text) == ["Reading dogs"]


def test_what_was_found_on_the_page_counts_too(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Ours", days=12))
    at = clock.now() - timedelta(days=10)

    def find(session: Session) -> None:
        row = plans.found(
            scene.channel_id, at, "Written on the phone, at the network itself", remote_id="9_9",
            permalink="https://x.example/9",
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(
            FoundReading(
                found_id=row.id, taken_at=at + timedelta(days=7), age=WEEK, api_version="v25.0", reach=77
            )
        )

    scene.write(find)
    manager = visit(cast.manager)
    page = manager.get(f"/results/posts?{YEAR}").text
    assert '<a href="https://x.example/9" rel="noopener noreferrer">Written on the phone' in page
    assert "found on the page" in page
    assert "77" in text(page)
    assert "2 posts together" in text(manager.get(f"/results?{YEAR}").text)
    assert "Written on the phone" in manager.get(f"/results/posts.csv?{YEAR}").text


def test_practice_is_left_out_of_real_results(scene: Scene, cast: Cast, visit: Visit) -> None:
    publish(scene, Out("Only practice", days=10))
    real = scene.write(
        lambda session: (
            plans.channel(session, cast.koivuranta, scene.keyring, "Public page", realm=Realm.META).id
        )
    )
    scene.write(
        lambda session: went_out(
            session,
            cast.koivuranta,
            plans.load_channel(session, real),
            cast.editor,
            [Out("For real", days=10)],
        )
    )
    manager = visit(cast.manager)
    for path in ("/results", "/results/posts"):
        page = manager.get(f"{path}?{YEAR}").text
        assert "simulated numbers" not in page
        assert "What went out on practice channels is left out." in page
    assert rows(page) == ["For real"]
    assert "Only practice" not in manager.get(f"/results/posts.csv?{YEAR}").text
