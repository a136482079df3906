"""Pictures of a unit: added once, described, shared, removed unless needed, brought back."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import assets
from app.actions.assets import AssetEdit
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.pictures import Rights, Shown
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.images import Taken
from app.models.assets import Asset
from app.models.history import Event
from app.models.posts import Revision
from tests import plans
from tests.builders import an_asset, with_pictures
from tests.cast import Cast, gather

TAKEN = Taken("a" * 64, 1200, 900, 100_000, "jpeg")


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def asset(session: Session, cast: Cast) -> Asset:
    return an_asset(session, cast.koivuranta, alt_text="")


def verbs(session: Session, asset: Asset) -> list[str]:
    wanted = select(Event.verb).where(Event.thing == "asset", Event.thing_id == asset.id)
    return list(session.scalars(wanted.order_by(Event.id)))


def added(session: Session, cast: Cast, name: str = "dogs.jpg", source: str = "b" * 64) -> Asset:
    return assets.add(session, cast.editor, cast.koivuranta.id, name, TAKEN, source)


def test_a_new_picture_waits_for_its_description(session: Session, cast: Cast) -> None:
    asset = added(session, cast)
    assert (asset.name, asset.width, asset.height, asset.size) == ("dogs.jpg", 1200, 900, 100_000)
    assert (asset.alt_text, asset.decorative, asset.rights, asset.shown) == ("", False, None, None)
    assert (asset.focal_x, asset.focal_y, asset.shared, asset.removed_at) == (0.5, 0.5, False, None)
    assert asset.added_by_id == cast.editor.person_id
    assert verbs(session, asset) == ["added"]


def test_the_same_file_is_one_picture_in_a_unit_and_another_in_the_next(session: Session, cast: Cast) -> None:
    first = added(session, cast)
    assert added(session, cast, "copy.jpg").id == first.id
    theirs = assets.add(session, cast.sibling_editor, cast.myllymaki.id, "x.jpg", TAKEN, "b" * 64)
    assert theirs.id != first.id
    assert session.scalar(select(func.count(Asset.id))) == 2


def test_a_removed_picture_that_is_sent_again_comes_back(session: Session, cast: Cast) -> None:
    first = added(session, cast)
    assets.edit(session, cast.editor, first.id, AssetEdit(alt_text="Three dogs"))
    assets.remove(session, cast.editor, first.id)
    again = added(session, cast)
    assert (again.id, again.alt_text, again.removed_at) == (first.id, "Three dogs", None)
    assert verbs(session, first) == ["added", "edited", "removed", "restored"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("dogs.jpg", "dogs.jpg"),
        ("/media/sara/dogs.jpg", "dogs.jpg"),
        ("C:\\Pictures\\dogs.jpg", "dogs.jpg"),
        ("a\u0308iti\x00\n .jpg", "äiti .jpg"),
        ("x" * 300, "x" * 200),
        ("\ud800.jpg", ".jpg"),
        ("", "jpeg"),
        ("../..", ".."),
    ],
)
def test_names_are_kept_plain(session: Session, cast: Cast, name: str, kept: str) -> None:
    assert added(session, cast, name).name == kept


def test_whoever_works_in_the_unit_adds(session: Session, cast: Cast) -> None:
    for who in (cast.sibling_editor, cast.stranger):
        with pytest.raises(Invalid, match="unit_not_yours"):
            assets.add(session, who, cast.koivuranta.id, "x", TAKEN, "b" * 64)
    for number, who in enumerate((cast.contributor, cast.manager, cast.approver)):
        assert assets.add(session, who, cast.koivuranta.id, "x", TAKEN, str(number) * 64).alt_text == ""


def test_who_may_only_add_changes_nothing_that_is_there(session: Session, cast: Cast) -> None:
    first = added(session, cast)
    assert assets.add(session, cast.contributor, cast.koivuranta.id, "x", TAKEN, "b" * 64).id == first.id
    assets.remove(session, cast.editor, first.id)
    with pytest.raises(Invalid, match="picture_taken_out"):
        assets.add(session, cast.contributor, cast.koivuranta.id, "x", TAKEN, "b" * 64)
    for step in (assets.restore, assets.remove):
        with pytest.raises(Forbidden):
            step(session, cast.contributor, first.id)
    assert verbs(session, first) == ["added", "removed"]


def test_a_picture_is_described_as_a_whole(session: Session, cast: Cast, asset: Asset) -> None:
    data = AssetEdit(
        name="Dogs", alt_text=" Three\r\ndogs ", credit="Photo: Sara", rights=Rights.OWN,
        shown=Shown.CHILDREN, focal=(0.25, 0.75),
    )  # fmt: skip
    assets.edit(session, cast.editor, asset.id, data)
    assert (asset.name, asset.alt_text, asset.credit) == ("Dogs", "Three\ndogs", "Photo: Sara")
    assert (asset.rights, asset.shown, asset.focal_x, asset.focal_y) == ("own", "children", 0.25, 0.75)
    assets.edit(session, cast.editor, asset.id, AssetEdit(decorative=True))
    assert (asset.name, asset.alt_text, asset.decorative, asset.rights) == ("Dogs", "", True, None)
    assert (asset.focal_x, asset.focal_y) == (0.25, 0.75)


def test_history_tells_what_was_changed_and_not_its_words(session: Session, cast: Cast, asset: Asset) -> None:
    data = AssetEdit(alt_text="Sari Niemi and three dogs", shared=True)
    assets.edit(session, cast.editor, asset.id, data)
    assets.edit(session, cast.editor, asset.id, data)
    assets.edit(session, cast.editor, asset.id, data.model_copy(update={"shared": False}))
    assert verbs(session, asset) == ["shared", "edited", "unshared"]
    facts = session.scalars(select(Event.facts).where(Event.verb == "edited")).one()
    assert facts == {"fields": ["alt_text"]}


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        (AssetEdit(alt_text="Dogs", decorative=True), "alt_text", "alt_and_decorative"),
        (AssetEdit(focal=(0.5, 1.1)), "focal", "bad_focal"),
        (AssetEdit(focal=(-0.1, 0.5)), "focal", "bad_focal"),
        (AssetEdit(focal=(float("nan"), 0.5)), "focal", "bad_focal"),
    ],
)
def test_a_description_that_can_not_be(
    session: Session, cast: Cast, asset: Asset, data: AssetEdit, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        assets.edit(session, cast.editor, asset.id, data)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]
    assert verbs(session, asset) == []


def test_others_find_nothing_and_readers_change_nothing(session: Session, cast: Cast, asset: Asset) -> None:
    for who in (cast.sibling_editor, cast.stranger):
        for act in (assets.remove, assets.restore):
            with pytest.raises(NotFound):
                act(session, who, asset.id)
    for act in (assets.remove, assets.restore):
        with pytest.raises(Forbidden):
            act(session, cast.manager, asset.id)
    shared = an_asset(session, cast.library, shared=True)
    with pytest.raises(Forbidden):
        assets.edit(session, cast.editor, shared.id, AssetEdit())


def test_a_removed_picture_can_be_brought_back_for_30_days(
    session: Session, cast: Cast, asset: Asset
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        assets.remove(session, cast.editor, asset.id)
        assets.remove(session, cast.editor, asset.id)
        with pytest.raises(Conflict, match="asset_removed"):
            assets.edit(session, cast.editor, asset.id, AssetEdit(alt_text="x"))
        traveller.shift(timedelta(days=30) - timedelta(seconds=1))
        assert assets.restore(session, cast.editor, asset.id).removed_at is None
        assert assets.restore(session, cast.editor, asset.id).removed_at is None
        assets.remove(session, cast.editor, asset.id)
        traveller.shift(timedelta(days=30))
        with pytest.raises(Conflict, match="asset_gone"):
            assets.restore(session, cast.editor, asset.id)
    assert verbs(session, asset) == ["removed", "restored", "removed"]


def carried(
    session: Session, cast: Cast, asset: Asset, status: PostStatus, title: str = "Reading dogs"
) -> int:
    """A post of Koivuranta that carries the picture; returns its id."""
    post = plans.post(session, cast.koivuranta, cast.editor, title, status)
    assert post.revision_id is not None
    with_pictures(session, post.revision_id, [asset])
    return post.id


@pytest.mark.parametrize("status", list(PostStatus))
def test_what_is_in_work_needs_its_picture(
    session: Session, cast: Cast, asset: Asset, status: PostStatus
) -> None:
    carried(session, cast, asset, status)
    if status is PostStatus.WITHDRAWN:
        assert assets.remove(session, cast.editor, asset.id).removed_at
        return
    with pytest.raises(Conflict) as refused:
        assets.remove(session, cast.editor, asset.id)
    assert [(one.code, one.params) for one in refused.value.faults] == [
        ("asset_in_use", {"posts": "Reading dogs"})
    ]
    assert asset.removed_at is None


@pytest.mark.parametrize("status", list(Status))
def test_what_is_not_over_needs_its_picture(
    session: Session, cast: Cast, asset: Asset, tmp_path: Path, status: Status
) -> None:
    """The publication keeps its revision, which carries the picture; the newest does not."""
    post = plans.post(session, cast.koivuranta, cast.editor)
    assert post.revision_id is not None
    with_pictures(session, post.revision_id, [asset])
    place = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    plans.publication(session, post, place, status).revision_id = post.revision_id
    newer = Revision(
        post_id=post.id, number=2, title="x", tone=None, text="x", link="",
        author_id=post.author_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(newer)
    session.flush()
    post.revision_id = newer.id
    session.flush()
    if status in (Status.PUBLISHED, Status.DONE, Status.CANCELLED, Status.REMOVED):
        assert assets.remove(session, cast.editor, asset.id).removed_at
    else:
        with pytest.raises(Conflict, match="asset_in_use"):
            assets.remove(session, cast.editor, asset.id)


def test_what_is_out_does_not_keep_its_picture_in_the_library(
    session: Session, cast: Cast, asset: Asset, tmp_path: Path
) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor)
    assert post.revision_id is not None
    with_pictures(session, post.revision_id, [asset])
    place = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    plans.publication(session, post, place, Status.PUBLISHED)
    assert assets.remove(session, cast.editor, asset.id).removed_at


def test_posts_elsewhere_are_told_neither_named_nor_counted(
    session: Session, cast: Cast, asset: Asset
) -> None:
    for number in range(7):
        carried(session, cast, asset, PostStatus.DRAFT, f"Post {number}")
    theirs = plans.post(session, cast.myllymaki, cast.sibling_editor, "Secret", PostStatus.DRAFT)
    assert theirs.revision_id is not None
    with_pictures(session, theirs.revision_id, [asset])
    with pytest.raises(Conflict) as refused:
        assets.remove(session, cast.editor, asset.id)
    in_use, elsewhere = refused.value.faults
    assert in_use.params["posts"].count("Post") == 5
    assert in_use.params["posts"].endswith(", …")
    assert (elsewhere.code, elsewhere.params) == ("asset_in_use_elsewhere", {})
    assert "Secret" not in str(refused.value.faults)
