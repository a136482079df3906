"""Which pictures somebody sees, finds and may use, and where one is used."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.pictures import Shown
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor, Scope
from app.foundation.crypto import keyring
from app.models.assets import Asset
from app.models.posts import Post
from app.queries import asset_uses, assets
from app.queries.assets import AssetFilter
from tests import plans
from tests.builders import LONG_AGO, an_asset, with_pictures
from tests.cast import Cast, gather

ALL = AssetFilter()


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def names(session: Session, scope: Scope, wanted: AssetFilter = ALL) -> list[str]:
    rows = assets.listed(session, scope, wanted)
    assert assets.count(session, scope, wanted) == len(rows)
    return [row.name for row in rows]


@pytest.fixture
def everywhere(session: Session, cast: Cast) -> dict[str, Asset]:
    """A picture of each unit, and a shared one of each."""
    units = {"network": cast.network, "library": cast.library, "own": cast.koivuranta}
    units |= {"sibling": cast.myllymaki, "elsewhere": cast.elsewhere}
    return {
        name: an_asset(session, unit, name, shared=shared)
        for of, unit in units.items()
        for name, shared in ((of, False), (f"{of} shared", True))
    }


SEEN = {
    "editor": {"own", "own shared", "library shared", "network shared"},
    "sibling_editor": {"sibling", "sibling shared", "library shared", "network shared"},
    "stranger": {"elsewhere", "elsewhere shared"},
    "administrator": {
        f"{unit}{shared}" for unit in ("network", "library", "own", "sibling") for shared in ("", " shared")
    },
}


@pytest.mark.parametrize("who", SEEN)
def test_sight_is_the_same_everywhere(
    session: Session, cast: Cast, everywhere: dict[str, Asset], who: str
) -> None:
    scope: Scope = getattr(cast, who).scope
    assert set(names(session, scope)) == SEEN[who]
    for name, asset in everywhere.items():
        for question in (assets.asset, assets.line, assets.viewable, asset_uses.used_in):
            if name in SEEN[who]:
                assert question(session, scope, asset.id)
            else:
                with pytest.raises(NotFound):
                    question(session, scope, asset.id)


def test_nobody_sees_nothing(session: Session, everywhere: dict[str, Asset]) -> None:
    assert names(session, Scope()) == []


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_numbers_that_are_none_find_nothing(session: Session, cast: Cast, number: int) -> None:
    for question in (assets.asset, assets.line, assets.viewable, asset_uses.used_in):
        with pytest.raises(NotFound):
            question(session, cast.editor.scope, number)
    assert assets.usable(session, cast.editor.scope, cast.koivuranta.id, [number]) == {}


WORDS = [
    ("dogs", True),
    ("DOGS", True),
    ("hund carpet", True),
    ("hund cat", False),
    ("äiti", True),
    ("ÄITI", True),
    ("Äiti", True),
    ("öljyä", True),
    ("åsa", True),
    ("ÅSA öljyä DOGS", True),
    ("a\u0308iti", True),
    ("élan", True),
    ("aiti", False),
    ("100%", True),
    ("1_0", False),
    ("%", True),
    ("\\", False),
    ("  ", True),
    ("ẞ", False),
]


@pytest.mark.parametrize(("words", "found"), WORDS)
def test_words_are_found_however_they_are_written(
    session: Session, cast: Cast, words: str, found: bool
) -> None:
    an_asset(
        session, cast.koivuranta, "HUND 100%.jpg",
        alt_text="Three dogs on a CARPET, ÄITI paints with Öljyä", credit="Photo: ÅSA Élan",
    )  # fmt: skip
    assert bool(names(session, cast.editor.scope, AssetFilter(words=words))) is found


def test_lists_are_narrowed(session: Session, cast: Cast) -> None:
    mine: dict[str, Any] = {"added_by_id": cast.editor.person_id}
    an_asset(session, cast.koivuranta, "bare", alt_text="", shown=Shown.CHILDREN)
    an_asset(session, cast.koivuranta, "decorative", alt_text="", decorative=True, **mine)
    used = an_asset(session, cast.koivuranta, "used")
    an_asset(session, cast.library, "above", alt_text="", shared=True)
    an_asset(session, cast.koivuranta, "removed", removed_at=LONG_AGO)
    post = plans.post(session, cast.koivuranta, cast.editor)
    with_pictures(session, post.revision_id or 0, [used])

    def found(**wanted: Any) -> list[str]:
        return names(session, cast.editor.scope, AssetFilter(**wanted))

    assert found() == ["above", "used", "decorative", "bare"]
    assert found(undescribed=True) == ["above", "bare"]
    assert found(shown=Shown.CHILDREN) == ["bare"]
    assert found(mine=cast.editor.person_id) == ["decorative"]
    assert found(unused=True) == ["above", "decorative", "bare"]
    assert found(unit_id=cast.koivuranta.id) == ["used", "decorative", "bare"]
    assert found(unit_id=cast.library.id) == ["above"]
    assert found(unit_id=cast.myllymaki.id) == []
    assert found(unit_id=cast.koivuranta.id, undescribed=True, words="BARE") == ["bare"]


def test_the_list_comes_in_pages_newest_first(session: Session, cast: Cast) -> None:
    for number in range(7):
        an_asset(session, cast.koivuranta, str(number)).created_at = LONG_AGO + timedelta(days=number // 2)
    session.flush()
    seen: list[str] = []
    after = None
    while rows := assets.listed(session, cast.editor.scope, ALL, after, limit=3):
        seen += [row.name for row in rows]
        after = rows[-1].created_at, rows[-1].id
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_each_answer_takes_few_questions(session: Session, cast: Cast, everywhere: dict[str, Asset]) -> None:
    asked: list[str] = []
    listen = (session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    event.listen(*listen)
    scope, asset_id = cast.administrator.scope, everywhere["own"].id
    session.expunge_all()
    counts = []
    for ask in (
        lambda: assets.listed(session, scope, AssetFilter(words="own", undescribed=True)),
        lambda: assets.count(session, scope, ALL),
        lambda: assets.line(session, scope, asset_id),
        lambda: assets.viewable(session, scope, asset_id),
        lambda: assets.usable(session, scope, cast.koivuranta.id, range(1, 100)),
        lambda: asset_uses.used_in(session, scope, asset_id),
    ):
        before = len(asked)
        ask()
        counts.append(len(asked) - before)
    event.remove(*listen)
    assert counts == [1, 1, 1, 1, 1, 2]


def test_a_unit_uses_its_own_and_what_is_shared_from_above(
    session: Session, cast: Cast, everywhere: dict[str, Asset]
) -> None:
    ids = {asset.id: name for name, asset in everywhere.items()}

    def used(who: Actor, unit_id: int) -> set[str]:
        return {ids[asset_id] for asset_id in assets.usable(session, who.scope, unit_id, list(ids))}

    assert used(cast.editor, cast.koivuranta.id) == SEEN["editor"]
    assert used(cast.administrator, cast.koivuranta.id) == SEEN["administrator"]
    assert used(cast.editor, cast.myllymaki.id) == set()
    everywhere["own"].removed_at = LONG_AGO
    session.flush()
    assert used(cast.editor, cast.koivuranta.id) == SEEN["editor"] - {"own"}


def test_a_picture_in_ones_own_post_may_be_looked_at(
    session: Session, cast: Cast, everywhere: dict[str, Asset]
) -> None:
    """An administrator put a picture of one branch into a post of another."""
    post = plans.post(session, cast.koivuranta, cast.administrator)
    with_pictures(session, post.revision_id or 0, [everywhere["sibling"]])
    assert assets.viewable(session, cast.editor.scope, everywhere["sibling"].id)
    with pytest.raises(NotFound):
        assets.asset(session, cast.editor.scope, everywhere["sibling"].id)
    with pytest.raises(NotFound):
        assets.viewable(session, cast.stranger.scope, everywhere["sibling"].id)


def carrying(session: Session, cast: Cast, asset: Asset, title: str, **more: Any) -> Post:
    post = plans.post(session, more.pop("unit", cast.koivuranta), cast.editor, title, **more)
    with_pictures(session, post.revision_id or 0, [asset, asset])
    return post


def test_where_a_picture_is_used(session: Session, cast: Cast, tmp_path: Path) -> None:
    asset = an_asset(session, cast.library, shared=True)
    draft = carrying(session, cast, asset, "Draft", status=PostStatus.DRAFT)
    out = carrying(session, cast, asset, "Out")
    place = plans.channel(session, cast.library, keyring(tmp_path, ""))
    plans.publication(session, out, place, Status.PUBLISHED).revision_id = out.revision_id
    forgotten = carrying(session, cast, asset, "Not any more")
    for post in (out, forgotten):
        _edited(session, post)
    carrying(session, cast, asset, "Theirs", unit=cast.myllymaki)
    found = asset_uses.used_in(session, cast.editor.scope, asset.id)
    assert (found.count, found.elsewhere) == (2, False)  # the library looks after it, not Koivuranta
    told = {row.title: (row.status, row.newest, row.publication_status, row.public) for row in found.rows}
    assert told == {
        "Draft": (PostStatus.DRAFT, True, None, False),
        "Out": (PostStatus.APPROVED, False, Status.PUBLISHED, True),
    }
    assert {row.post_id for row in found.rows} == {draft.id, out.id}
    everything = asset_uses.used_in(session, cast.administrator.scope, asset.id)
    assert (everything.count, everything.elsewhere) == (3, False)


def test_who_looks_after_a_picture_hears_of_posts_out_of_sight(session: Session, cast: Cast) -> None:
    asset = an_asset(session, cast.koivuranta)
    carrying(session, cast, asset, "Theirs", unit=cast.myllymaki)
    found = asset_uses.used_in(session, cast.editor.scope, asset.id)
    assert (found.count, found.elsewhere, list(found.rows)) == (0, True, [])


def _edited(session: Session, post: Post) -> None:
    """A newer revision without pictures."""
    from app.models.posts import Revision

    newer = Revision(
        post_id=post.id, number=2, title="x", tone=None, text="x", link="",
        author_id=post.author_id, created_at=LONG_AGO,
    )  # fmt: skip
    session.add(newer)
    session.flush()
    post.revision_id = newer.id
    session.flush()
