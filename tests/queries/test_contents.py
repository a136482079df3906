"""What posts say, read back: whole, for many revisions at once, and as little as a list shows."""

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.pictures import Rights, Shown
from app.foundation.crypto import keyring
from app.models.channels import Channel
from app.queries import checks, contents
from tests import plans
from tests.builders import LONG_AGO, an_asset, with_pictures
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def place(session: Session, cast: Cast, tmp_path: Path) -> Channel:
    return plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))


def revision(session: Session, cast: Cast, text: str = "Three dogs wait.") -> int:
    post = plans.post(session, cast.koivuranta, cast.editor, text=text)
    assert post.revision_id is not None
    return post.revision_id


def asked(session: Session) -> list[str]:
    """Fills with every question from now on."""
    found: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: found.append(args[2]))
    return found


def test_a_revision_is_read_whole(session: Session, cast: Cast, place: Channel) -> None:
    one = an_asset(
        session, cast.koivuranta, credit="Aino", rights=Rights.OWN, shown=Shown.STAFF, focal_x=0.25
    )
    two = an_asset(session, cast.koivuranta, "two.jpg", removed_at=LONG_AGO)
    number = revision(session, cast)
    with_pictures(session, number, [two, one])
    with_pictures(session, number, [one], place.id)
    found = contents.contents(session, cast.editor.scope, number)
    assert (found.revision_id, found.text, found.link) == (number, "Three dogs wait.", "")
    assert [(shot.asset_id, shot.removed) for shot in found.pictures] == [(two.id, True), (one.id, False)]
    shot = found.pictures[1]
    assert (shot.sha256, shot.width, shot.height, shot.focal) == (one.sha256, 1200, 900, (0.25, 0.5))
    assert (shot.credit, shot.rights, shot.shown) == ("Aino", Rights.OWN, Shown.STAFF)
    assert found.on(place.id).pictures == (shot,)
    assert found.on(place.id).text == "Three dogs wait."


def test_only_posts_in_scope_are_read(session: Session, cast: Cast) -> None:
    number = revision(session, cast)
    with_pictures(session, number, [an_asset(session, cast.koivuranta)])
    for who in (cast.sibling_editor, cast.stranger):
        with pytest.raises(NotFound):
            contents.contents(session, who.scope, number)
        assert contents.of_revisions(session, who.scope, [number]) == {}
        assert contents.first_pictures(session, who.scope, [number]) == {}
    for no_id in (0, -1, 10**30, number + 1):
        with pytest.raises(NotFound):
            contents.contents(session, cast.editor.scope, no_id)


def test_many_revisions_take_two_questions(session: Session, cast: Cast, place: Channel) -> None:
    one = an_asset(session, cast.koivuranta)
    numbers = [revision(session, cast, f"Text {number}") for number in range(4)]
    with_pictures(session, numbers[0], [one, one])
    with_pictures(session, numbers[1], [], place.id)
    questions = asked(session)
    found = contents.of_revisions(session, cast.editor.scope, numbers)
    assert len(questions) == 2
    assert [found[number].text for number in numbers] == [f"Text {number}" for number in range(4)]
    assert [len(found[number].pictures) for number in numbers] == [2, 0, 0, 0]
    assert found[numbers[1]].variants[place.id].pictures == ()
    assert contents.of_revisions(session, cast.editor.scope, []) == {}


def test_a_list_asks_once_for_its_first_pictures(session: Session, cast: Cast, place: Channel) -> None:
    one, two = an_asset(session, cast.koivuranta), an_asset(session, cast.koivuranta)
    numbers = [revision(session, cast) for _ in range(4)]
    with_pictures(session, numbers[0], [two, one])
    with_pictures(session, numbers[1], [one], place.id)
    with_pictures(session, numbers[2], [one], place.id)
    with_pictures(session, numbers[2], [two])
    questions = asked(session)
    found = contents.first_pictures(session, cast.editor.scope, numbers)
    assert len(questions) == 1
    shown = {number: first.asset_id for number, first in found.items()}
    assert shown == {numbers[0]: two.id, numbers[1]: one.id, numbers[2]: two.id}
    assert found[numbers[0]].sha256 == two.sha256


def test_the_checks_of_a_post_judge_each_channel(session: Session, cast: Cast, place: Channel) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor)
    bare = an_asset(session, cast.koivuranta, alt_text="")
    assert post.revision_id is not None
    with_pictures(session, post.revision_id, [bare], place.id)
    told = checks.of_post(session, cast.editor.scope, post.id)
    field = f"variants.{place.id}.pictures.0.alt_text"
    assert [(fault.code, fault.field) for fault in told.faults] == [("alt_missing", field)]
    [channel] = told.channels
    assert channel.differs
    assert [(fault.code, fault.field) for fault in channel.faults] == [("alt_missing", field)]
