"""What differs on one channel: written, chosen, shown, compared, and drawn as each network shows it."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select

from app.actions import posts as actions
from app.domain.networks import ChannelState, NetworkKind
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.posts import Post, Revision, RevisionPicture, RevisionVariant
from app.web.rendering import STATIC
from tests import plans
from tests.builders import an_asset
from tests.cast import Cast
from tests.web.scene import counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
WRITTEN = {"title": "Ten books", "tone": "human", "text": "For all.", "link": "https://library.example/a"}
QUESTIONS = 12


@dataclass(frozen=True)
class Desk:
    """Ids of Koivuranta, a page, a profile, and three pictures of it; and its editor in a browser."""

    unit: int
    page: int
    profile: int
    pictures: list[int]
    editor: Visitor


@pytest.fixture
def desk(app: FastAPI, database: Database, cast: Cast, visit: Visit) -> Desk:
    with database.writes() as session:
        keyring = app.state.keyring
        page = plans.channel(session, cast.koivuranta, keyring, "Koivuranta page")
        profile = plans.channel(
            session, cast.koivuranta, keyring, "koivurantabooks", network=NetworkKind.INSTAGRAM
        )
        made = [an_asset(session, cast.koivuranta, f"{name}.jpg", alt_text=name) for name in ("A", "B", "C")]
        ids = cast.koivuranta.id, page.id, profile.id, [row.id for row in made]
    return Desk(*ids, visit(cast.editor))


def pressed(desk: Desk, do: str, path: str = "/posts/new", /, **fields: Any) -> Response:
    """The composer with these fields in it, and one of its buttons pressed."""
    owner = {"unit_id": str(desk.unit)} if path == "/posts/new" else {}
    return desk.editor.send(path, path, do=do, **{**WRITTEN, **owner, **fields})


def create(database: Database, cast: Cast, **content: object) -> int:
    """A post of Koivuranta with a content; its id."""
    with database.writes() as session:
        data = {"unit_id": cast.koivuranta.id, "title": "T", "tone": Tone.HUMAN, **content}
        return actions.create(session, cast.editor, actions.PostInput.model_validate(data)).id


def own(database: Database, channel_id: int) -> tuple[str | None, list[int]]:
    """The own text and own pictures of a channel in the newest revision."""
    with database.reads() as session:
        newest = session.scalars(select(Revision.id).order_by(Revision.id.desc()).limit(1)).one()
        text = session.scalar(
            select(RevisionVariant.text).where(
                RevisionVariant.revision_id == newest, RevisionVariant.channel_id == channel_id
            )
        )
        pictures = session.scalars(
            select(RevisionPicture.asset_id)
            .where(RevisionPicture.revision_id == newest, RevisionPicture.channel_id == channel_id)
            .order_by(RevisionPicture.position)
        )
        return text, list(pictures)


def test_a_channel_has_its_own_text_and_pictures(desk: Desk, database: Database) -> None:
    a, b, c = map(str, desk.pictures)
    name = f"variant.{desk.profile}"
    fields: dict[str, Any] = {
        "pictures": [a, b],
        f"{name}.own_text": "yes",
        f"{name}.text": "For the profile",
        f"{name}.own_pictures": "yes",
        f"{name}.pictures": [a, b, c],
        f"{name}.extra": [c],
        f"{name}.place.{a}": "3",
        f"{name}.place.{b}": "2",
        f"{name}.place.{c}": "1",
    }
    answer = pressed(desk, "save", **fields)
    assert answer.status_code == 303
    assert own(database, desk.profile) == ("For the profile", [desk.pictures[2], *desk.pictures[1::-1]])
    assert own(database, desk.page) == (None, [])
    form = desk.editor.get("/posts/1/edit").text
    assert "On Instagram · koivurantabooks (practice) it differs" in form
    assert "own text, own pictures" in form
    assert form.count("it differs") == 1
    shown = desk.editor.get("/posts/1").text
    assert "For the profile" in shown
    assert "For all." in shown


def test_what_is_not_ticked_is_the_same(desk: Desk, database: Database) -> None:
    name = f"variant.{desk.profile}"
    a = str(desk.pictures[0])
    answer = pressed(
        desk, "save", **{"pictures": [a], f"{name}.text": "Typed, not ticked", f"{name}.pictures": [a]}
    )
    assert answer.status_code == 303
    assert own(database, desk.profile) == (None, [])
    typed = pressed(desk, "preview", **{f"{name}.text": "Typed, not ticked"}).text
    assert "Typed, not ticked</textarea>" in typed
    assert typed.count("Typed, not ticked") == 1


def test_a_channel_takes_a_picture_that_is_only_there(desk: Desk) -> None:
    a, b, _ = map(str, desk.pictures)
    name = f"variant.{desk.profile}"
    opened = pressed(desk, f"library:{desk.profile}", pictures=[a])
    assert f'name="shelf" value="{desk.profile}"' in opened.text
    added = pressed(desk, "add", pictures=[a], shelf=str(desk.profile), chosen=[b])
    assert f'name="{name}.extra" value="{b}"' in added.text
    assert f'name="{name}.own_pictures" value="yes" checked' in added.text
    assert re.findall(r'name="pictures" value="(\d+)"', added.text) == [a]
    fields: dict[str, Any] = {
        "pictures": [a],
        f"{name}.own_pictures": "yes",
        f"{name}.pictures": [a, b],
        f"{name}.extra": [b],
    }
    dropped = pressed(desk, f"drop:{desk.profile}:{b}", **fields)
    assert f'name="{name}.extra"' not in dropped.text
    kept = pressed(desk, f"remove:{a}", **fields)
    assert f'name="{name}.extra" value="{a}"' in kept.text
    assert 'name="pictures" value=' not in kept.text


def test_faults_stand_at_the_channel(desk: Desk, cast: Cast) -> None:
    name = f"variant.{desk.profile}"
    other = {f"variant.{desk.page}.own_text": "yes", f"variant.{desk.page}.text": "Short"}
    long = {f"{name}.own_text": "yes", f"{name}.text": "x" * 100_001}
    answer = pressed(desk, "save", **other, **long)
    assert answer.status_code == 422
    assert f'<a href="#{name}.text">' in answer.text
    tagged = {f"{name}.own_text": "yes", f"{name}.text": "#tag " * 31, "pictures": [str(desk.pictures[0])]}
    checked = pressed(desk, "preview", **tagged).text
    assert f'<a href="#{name}.text">Instagram takes at most 30 hashtags' in checked


def test_a_channel_out_of_use_keeps_what_was_said_for_it(desk: Desk, database: Database, cast: Cast) -> None:
    variants = [{"channel_id": desk.profile, "text": "Old words"}]
    post_id = create(database, cast, text="For all.", variants=variants)
    with database.writes() as session:
        session.get_one(Channel, desk.profile).state = ChannelState.CLOSED
    path = f"/posts/{post_id}/edit"
    assert "Old words</textarea>" in desk.editor.get(path).text
    fields: dict[str, Any] = {
        f"variant.{desk.profile}.own_text": "yes",
        f"variant.{desk.profile}.text": "Old words",
    }
    answer = pressed(desk, "save", path, revision="1", **fields)
    assert answer.status_code == 303
    assert own(database, desk.profile) == ("Old words", [])


def test_both_networks_are_drawn_as_they_show_it(desk: Desk) -> None:
    text = "Words " * 40 + "end"
    page = pressed(desk, "preview", text=text, pictures=list(map(str, desk.pictures))).text
    facebook, instagram = re.findall(r'<figure class="frame (?:fb|ig)">.*?</figure>', page, re.DOTALL)
    assert 'class="collage c3"' in facebook
    assert "end\n\nhttps://library.example/a" in facebook
    assert "…" not in facebook
    assert 'class="reel" tabindex="0"' in instagram
    assert "1/3" in instagram
    assert "end" not in re.sub(r"<[^>]+>", "", instagram.split('class="said"')[1].split("</p>")[0])
    assert "Instagram shows none" in page
    assert re.findall(r"<li>([ABC])</li>", instagram) == ["A", "B", "C"]


def test_channels_that_are_told_the_same_are_drawn_once(
    app: FastAPI, desk: Desk, database: Database, cast: Cast
) -> None:
    post_id = create(database, cast, text="For all.")
    with database.writes() as session:
        second = plans.channel(session, cast.koivuranta, app.state.keyring, "Second page")
        post = session.get_one(Post, post_id)
        for channel in (session.get_one(Channel, desk.page), second):
            plans.publication(session, post, channel, Status.PROPOSED)
    page = desk.editor.get(f"/posts/{post_id}").text
    assert page.count('class="frame') == 1
    assert "Koivuranta page, Second page" in page


def test_who_approves_sees_what_changed(desk: Desk, database: Database, cast: Cast, visit: Visit) -> None:
    a, b, c = desk.pictures
    post_id = create(database, cast, text="For all.", asset_ids=[a, b, c])
    with database.writes() as session:
        actions.submit(session, cast.editor, post_id)
    approver = visit(cast.approver)
    path = f"/posts/{post_id}/review"
    approver.send(path, path, do="changes", revision="1", comment="Other pictures")
    with database.writes() as session:
        pictures = [
            {"asset_id": c},
            {"asset_id": a, "alt_text": "A better one", "crops": {"instagram": [0.1, 0.1, 0.5, 0.5]}},
        ]
        variants = [{"channel_id": desk.profile, "text": "For the profile", "asset_ids": [b]}]
        change = {"revision": 1, "title": "T", "tone": Tone.HUMAN, "text": "For all."}
        data = actions.PostEdit.model_validate({**change, "pictures": pictures, "variants": variants})
        actions.edit(session, cast.editor, post_id, data)
        actions.submit(session, cast.editor, post_id)
    page = approver.get(path).text
    for words in (
        "Picture 2 went away.",
        "now.",
        "The description of picture 2 changed:",
        "Picture 2 is cut differently.",
        "<small>Instagram · koivurantabooks (practice)</small>",
        "For the profile",
    ):
        assert words in page, words
    assert "The same as before: Working title, Tone, Link." in page
    alone = approver.get(f"{path}?alone=1").text
    assert "On Instagram · koivurantabooks (practice) it differs" in alone
    assert f"/pictures/{a}/cut.jpg?network=instagram&amp;box=" in page or f"/pictures/{b}/" in page
    assert "Picture 2 went away." in desk.editor.get(f"/posts/{post_id}/revisions/2").text


def test_pages_with_pictures_ask_little(
    app: FastAPI, desk: Desk, database: Database, cast: Cast, visit: Visit
) -> None:
    variants = [{"channel_id": desk.profile, "text": "Own", "asset_ids": desk.pictures[:1]}]
    post_id = create(database, cast, text="For all.", asset_ids=desk.pictures, variants=variants)
    with database.writes() as session:
        post = session.get_one(Post, post_id)
        plans.publication(session, post, session.get_one(Channel, desk.page), Status.PROPOSED)
        post.status = PostStatus.IN_REVIEW
    approver = visit(cast.approver)
    hidden = re.search(r'name="csrf" value="([^"]+)"', desk.editor.get("/posts/new").text)
    assert hidden
    drawn = {
        **WRITTEN,
        "csrf": hidden[1],
        "do": "library",
        "revision": "1",
        "pictures": [*map(str, desk.pictures)],
    }
    asks: dict[str, Callable[[], object]] = {
        "edit": lambda: desk.editor.get(f"/posts/{post_id}/edit"),
        "new": lambda: desk.editor.get("/posts/new"),
        "drawn": lambda: desk.editor.post(f"/posts/{post_id}/edit", drawn),
        "post": lambda: desk.editor.get(f"/posts/{post_id}"),
        "revision": lambda: desk.editor.get(f"/posts/{post_id}/revisions/1"),
        "list": lambda: desk.editor.get("/posts"),
        "review": lambda: approver.get(f"/posts/{post_id}/review"),
    }
    for name, ask in asks.items():
        ask()
        with counted(database) as asked:
            ask()
        assert len(asked) <= QUESTIONS, (name, len(asked))


def weight(content: bytes) -> int:
    """Bytes as they travel."""
    return len(gzip.compress(content, 6))


def test_scripts_are_small() -> None:
    """10 kB more in the composer, then what the calendar or a part of a picture brings."""
    size = {file.stem: weight(file.read_bytes()) for file in STATIC.glob("*.js")}
    assert size.keys() == {"kuliss", "unsaved", "pictures", "composer", "cuts", "calendar"}
    assert size["pictures"] + size["composer"] <= 10_000
    assert size["cuts"] <= 3_500
    assert size["calendar"] <= 3_500


@pytest.fixture
def groups(app: FastAPI, database: Database, cast: Cast) -> list[int]:
    """Forty places of Koivuranta where people post by hand."""
    with database.writes() as session:
        made = [
            plans.channel(
                session, cast.koivuranta, app.state.keyring, f"Group {number}", network=NetworkKind.MANUAL
            )
            for number in range(40)
        ]
        return [row.id for row in made]


def test_the_page_of_many_channels_and_pictures_is_small(
    desk: Desk, database: Database, cast: Cast, groups: list[int]
) -> None:
    with database.writes() as session:
        more = [
            an_asset(session, cast.koivuranta, f"IMG_20261105_{number}.jpg", alt_text=f"Shelf {number}").id
            for number in range(7)
        ]
    post_id = create(database, cast, text="For all. " * 50, asset_ids=[*desk.pictures, *more])
    page = desk.editor.get(f"/posts/{post_id}/edit")
    assert weight(page.content) <= 20_000
    assert page.text.count("Text on ") == 42
    assert len(groups) == 40


def test_one_of_many_channels_gets_its_own_choice(desk: Desk, groups: list[int]) -> None:
    a, b, _ = map(str, desk.pictures)
    first = pressed(desk, "preview", pictures=[a, b]).text
    last = max(groups, key=lambda group: first.index(f'id="variant.{group}"'))
    assert f'name="variant.{last}.own_pictures"' not in first
    chosen = pressed(desk, f"own:{last}", pictures=[a, b]).text
    name = f"variant.{last}"
    for key in (a, b):
        assert re.search(rf'name="{name}.pictures" value="{key}" checked', chosen)
    kept = {f"{name}.own_pictures": "yes", f"{name}.pictures": [b]}
    again = pressed(desk, f"own:{last}", pictures=[a, b], **kept).text
    assert not re.search(rf'name="{name}.pictures" value="{a}" checked', again)
    for odd in ("own:", "own:x", f"own:{'9' * 12}"):
        assert pressed(desk, odd, pictures=[a, b]).status_code == 200


def test_the_hint_is_of_a_network_that_cuts_texts(
    app: FastAPI, desk: Desk, database: Database, cast: Cast, groups: list[int]
) -> None:
    hint = re.compile(r"About the first ([\d,]+) characters")
    assert set(hint.findall(pressed(desk, "preview").text)) == {"477", "125"}
    with database.writes() as session:
        for channel_id in (desk.page, desk.profile):
            session.get_one(Channel, channel_id).state = ChannelState.CLOSED
    assert hint.findall(pressed(desk, "preview").text) == []
    assert len(groups) == 40


def a_video(database: Database, cast: Cast, **more: Any) -> int:
    with database.writes() as session:
        facts: dict[str, Any] = {
            "alt_text": "", "video_sha256": "v" * 64, "video_size": 1_000_000, "duration_ms": 42_000,
            "frame_rate": 25.0, "video_codec": "h264", "width": 1080, "height": 1920, **more,
        }  # fmt: skip
        return an_asset(session, cast.koivuranta, "dogs.mp4", **facts).id


def test_form_and_first_comment_for_all_and_for_one(desk: Desk, database: Database) -> None:
    a = str(desk.pictures[0])
    name = f"variant.{desk.profile}"
    story = {f"{name}.format": "story", f"{name}.own_comment": "yes", f"{name}.first_comment": ""}
    answer = pressed(desk, "save", pictures=[a], first_comment="#dogs", **story)
    assert answer.status_code == 303
    with database.reads() as session:
        revision = session.scalars(select(Revision)).one()
        variant = session.scalars(select(RevisionVariant)).one()
        assert (revision.format, revision.first_comment) == ("post", "#dogs")
        assert (variant.format, variant.first_comment, variant.text) == ("story", "", None)
    form = desk.editor.get("/posts/1/edit").text
    assert "Story, own first comment" in form
    assert "Stories carry no text" in form
    assert re.search(r'<option value="story" selected>', form)
    changed = pressed(desk, "save", "/posts/1/edit", revision="1", pictures=[a], format="story")
    assert changed.status_code == 303
    seen = desk.editor.get("/posts/1/revisions/2").text
    assert "</span>Story</ins>" in seen
    assert "</span>#dogs</del>" in seen


def test_a_video_asks_whether_it_can_be_followed(desk: Desk, database: Database, cast: Cast) -> None:
    video = a_video(database, cast)
    sent = pressed(desk, "submit", pictures=[str(video)], format="reel")
    assert sent.status_code == 422
    assert f'href="#picture.{video}.captions"' in sent.text
    assert f'name="picture.{video}.alt_text"' not in sent.text
    answered = {f"picture.{video}.captions": "silent"}
    saved = pressed(desk, "submit", pictures=[str(video)], format="reel", **answered)
    again = desk.editor.get(saved.headers["location"].partition("?")[0] + "/edit").text
    assert '<option value="silent" selected>' in again
    with database.reads() as session:
        assert session.get_one(Asset, video).captions == "silent"
