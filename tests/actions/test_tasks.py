"""Places that people post to by hand: made, planned on, done, and handed to somebody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import channel_tokens, posts, publications, tasks
from app.actions.posts import PostEdit
from app.actions.publications import MoveInput
from app.actions.tasks import PlaceEdit, PlaceInput
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.networks import NetworkKind, Realm
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import keyring
from app.models.channels import Channel
from app.models.history import Event
from app.models.posts import Post
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.queries import tasks as questions
from tests import plans
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def place(session: Session, cast: Cast, **more: Any) -> Channel:
    values = {"name": "Koivuranta people", "address": "https://group.example/koivuranta", **more}
    return tasks.add_place(session, cast.coordinator, PlaceInput(unit_id=cast.koivuranta.id, **values))


def plan(session: Session, cast: Cast, on: Channel, status: Status = Status.TO_DO) -> Publication:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    return plans.publication(session, post, on, status)


def test_a_place_for_hands(session: Session, cast: Cast) -> None:
    channel = place(session, cast, how="Ask Pirjo to let you in.", person_id=cast.contributor.person_id)
    assert (channel.network, channel.realm) == (NetworkKind.MANUAL, Realm.META)
    assert channel_tokens.in_use(session, channel.id) is None
    kept = session.get_one(ManualPlace, channel.id)
    assert (kept.address, kept.person_id) == ("https://group.example/koivuranta", cast.contributor.person_id)
    tasks.edit_place(session, cast.coordinator, channel.id, PlaceEdit(name="Neighbours"))
    assert (channel.name, kept.address, kept.person_id) == ("Neighbours", "", None)


def test_what_a_place_must_be(session: Session, cast: Cast, tmp_path: Path) -> None:
    stranger = cast.stranger.person_id
    with pytest.raises(Invalid) as told:
        place(session, cast, name=" ", address="group", person_id=stranger)
    assert [fault.field for fault in told.value.faults] == ["name", "address", "person_id"]
    with pytest.raises(Forbidden):
        tasks.add_place(session, cast.editor, PlaceInput(unit_id=cast.koivuranta.id, name="X"))
    with pytest.raises(Invalid, match="unit_not_yours"):
        tasks.add_place(session, cast.coordinator, PlaceInput(unit_id=cast.myllymaki.id, name="X"))
    page = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    with pytest.raises(Conflict, match="not_by_hand"):
        tasks.edit_place(session, cast.coordinator, page.id, PlaceEdit(name="X"))


@pytest.mark.parametrize("status", [Status.TO_DO, Status.PLANNED, Status.MISSED])
def test_done_by_hand(session: Session, cast: Cast, status: Status) -> None:
    row = plan(session, cast, place(session, cast), status)
    tasks.done(session, cast.editor, row.id, "https://group.example/1")
    assert (row.status, row.permalink) == (Status.DONE, "https://group.example/1")
    post = session.get_one(Post, row.post_id)
    assert (row.revision_id, post.tone_frozen) == (post.revision_id, post.tone)
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (event.verb, event.new_state) == ("done", "done")
    with pytest.raises(Conflict, match="not_to_do"):
        tasks.done(session, cast.editor, row.id)


def test_what_is_not_done(session: Session, cast: Cast, tmp_path: Path) -> None:
    row = plan(session, cast, place(session, cast))
    with pytest.raises(Invalid, match="bad_link"):
        tasks.done(session, cast.editor, row.id, "javascript:alert(1)")
    late = plan(session, cast, place(session, cast), Status.MISSED)
    session.get_one(Post, late.post_id).status = PostStatus.DRAFT
    session.flush()
    with pytest.raises(Conflict, match="needs_yes"):
        tasks.done(session, cast.editor, late.id)
    page = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    plain = plan(session, cast, page, Status.PLANNED)
    with pytest.raises(Conflict, match="not_by_hand"):
        tasks.done(session, cast.editor, plain.id)
    with pytest.raises(Conflict, match="not_by_hand"):
        tasks.assign(session, cast.editor, plain.id, None)


def test_whose_task_it_is(session: Session, cast: Cast) -> None:
    usual, other = cast.manager, cast.contributor
    row = plan(session, cast, place(session, cast, person_id=usual.person_id))

    def seen(who: Actor) -> list[str | None]:
        return [one.person for one in questions.waiting(session, who.scope, who.person_id or 0)]

    assert seen(usual) == seen(cast.editor) == ["Pirjo Koski"]
    assert seen(other) == seen(cast.sibling_editor) == []
    tasks.assign(session, cast.editor, row.id, other.person_id)
    assert seen(other) == ["Veera Salo"]
    assert seen(usual) == []
    told = questions.doer(session, cast.editor.scope, row.id)
    assert told is not None
    assert (told.person, told.assigned) == ("Veera Salo", True)
    with pytest.raises(Forbidden):
        tasks.done(session, usual, row.id)
    tasks.assign(session, cast.editor, row.id, None)
    assert session.get_one(Assignment, row.id).person_id is None
    tasks.assign(session, cast.editor, row.id, other.person_id)
    tasks.done(session, other, row.id)
    assert row.status is Status.DONE


def test_who_may_not(session: Session, cast: Cast) -> None:
    row = plan(session, cast, place(session, cast))
    with pytest.raises(Invalid, match="person_not_here"):
        tasks.assign(session, cast.editor, row.id, cast.sibling_editor.person_id)
    with pytest.raises(Forbidden):
        tasks.assign(session, cast.contributor, row.id, None)
    with pytest.raises(NotFound):
        tasks.done(session, cast.sibling_editor, row.id)
    with pytest.raises(NotFound):
        tasks.assign(session, cast.sibling_editor, row.id, None)


def test_an_edit_takes_a_task_back(session: Session, cast: Cast) -> None:
    row = plan(session, cast, place(session, cast))
    post = session.get_one(Post, row.post_id)
    posts.edit(
        session, cast.editor, post.id, PostEdit(revision=1, title=post.title, tone=post.tone, text="X")
    )
    assert (row.status, row.revision_id) == (Status.PROPOSED, None)


def test_a_task_gets_a_new_time(session: Session, cast: Cast) -> None:
    row = plan(session, cast, place(session, cast))
    publications.move(session, cast.editor, row.id, MoveInput(due_at=clock.now() + timedelta(days=5)))
    assert row.status is Status.PLANNED
    assert row.step_at == row.due_at - timedelta(hours=24)
