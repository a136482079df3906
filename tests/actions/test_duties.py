"""Handing over what somebody has in hand: to people with the right, in one go, and what stays behind."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import duties, duty_mails, erasures, ideas, keepers, people, tokens
from app.actions.duties import HandingOver, Leaving
from app.actions.ideas import IdeaInput
from app.actions.keepers import KeepersEdit
from app.actions.people import RolesEdit
from app.actions.tokens import NewToken
from app.domain.duties import Kind, SignIns, by_kind
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.networks import NetworkKind
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Role
from app.foundation.crypto import Keyring, keyring
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.duties import ChannelKeeper, HandOver
from app.models.feeds import Feed
from app.models.history import Event
from app.models.notices import Mail
from app.models.people import ApiToken, Membership, Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.queries.channel_tokens import tokens_of
from app.words.mails import Written
from tests import plans
from tests.builders import LONG_AGO
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return keyring(tmp_path)


def give_plenty(session: Session, cast: Cast, keys: Keyring) -> Channel:
    """One thing of each kind in the editor's hand, and a channel that only their sign-in keeps going."""
    here, editor = cast.koivuranta, cast.editor
    page = plans.channel(session, here, keys, "Koivuranta page", connected_by_id=editor.person_id)
    group = plans.channel(session, here, keys, "Neighbours", network=NetworkKind.MANUAL)
    session.add(ManualPlace(channel_id=group.id, person_id=editor.person_id))
    session.add(ChannelKeeper(channel_id=page.id, owner_id=editor.person_id))
    for title, status in (("A draft", PostStatus.DRAFT), ("In review", PostStatus.IN_REVIEW)):
        plans.post(session, here, editor, title, status)
    approved = plans.post(session, here, editor, "Approved", approver=cast.approver)
    plans.publication(session, approved, page, Status.PLANNED)
    out = plans.post(session, here, editor, "Out already", approver=cast.approver)
    plans.publication(session, out, page, Status.PUBLISHED, -300)
    plans.publication(session, out, group, Status.MISSED, -60)
    theirs = plans.post(session, here, cast.coordinator, "By hand", approver=cast.approver)
    by_hand = plans.publication(session, theirs, group, Status.TO_DO)
    suggested = IdeaInput(unit_id=here.id, title="Foxes")
    ideas.assign(session, editor, ideas.send(session, cast.contributor, suggested).id, editor.person_id)
    session.add(Assignment(publication_id=by_hand.id, person_id=editor.person_id, assigned_at=LONG_AGO))
    session.flush()
    return page


def second_editor(session: Session, cast: Cast) -> int:
    """The approver writes too from now on."""
    assert cast.approver.person_id
    session.add(Membership(person_id=cast.approver.person_id, unit_id=cast.koivuranta.id, role=Role.EDITOR))
    session.flush()
    return cast.approver.person_id


def count_of(session: Session, cast: Cast) -> dict[Kind, int]:
    things = duties.in_hand(session, cast.coordinator, cast.editor.person_id or 0)
    return {kind: len(some) for kind, some in by_kind(things).items()}


def test_everything_goes_to_one_and_is_noted(session: Session, cast: Cast, keys: Keyring) -> None:
    give_plenty(session, cast, keys)
    to = second_editor(session, cast)
    assert count_of(session, cast) == dict.fromkeys(Kind, 1)
    done = duties.leave(session, cast.coordinator, cast.editor.person_id or 0, Leaving(to=to))
    assert done.left == []
    assert count_of(session, cast) == {}
    [row] = session.scalars(select(HandOver))
    assert {kind: len(ids) for kind, ids in row.things.items()} == dict.fromkeys(map(str, Kind), 1)
    assert (row.to_id, row.by_id, row.seen_at) == (to, cast.coordinator.person_id, None)
    drafts = session.scalars(select(Post.title).where(Post.author_id == to).order_by(Post.id)).all()
    assert drafts == ["A draft", "In review", "Approved"]
    out = session.scalars(select(Publication).where(Publication.status == Status.PUBLISHED)).one()
    assert out.planned_by_id == cast.editor.person_id, "what is over keeps who did it"
    assert not session.get_one(Person, cast.editor.person_id).active
    events = session.scalars(select(Event).where(Event.verb == "handed_over")).all()
    assert len(events) == len(Kind) + 1
    assert all("Sara" not in str(event.facts) for event in events), "history holds numbers, no names"


def test_each_kind_goes_to_whom_it_is_given_and_nobody_gets_more_than_their_rights(
    session: Session, cast: Cast, keys: Keyring
) -> None:
    give_plenty(session, cast, keys)
    boss, who = cast.coordinator, cast.editor.person_id or 0
    helper = cast.contributor.person_id
    for wrong in (HandingOver(kinds={Kind.DRAFTS: helper}), HandingOver(to=cast.sibling_editor.person_id)):
        with pytest.raises(Invalid) as told:
            duties.hand_over(session, boss, who, wrong)
        assert {fault.code for fault in told.value.faults} == {"cannot_take_over"}
    chosen = HandingOver(to=helper, kinds={Kind.PLACES: None, Kind.QUESTIONS: cast.approver.person_id})
    done = duties.hand_over(session, boss, who, chosen)
    assert {row.to_id: sorted(row.things) for row in done.given} == {
        helper: ["ideas", "tasks"],
        cast.approver.person_id: ["questions"],
    }
    left = {Kind.DRAFTS, Kind.REVIEWS, Kind.APPROVED, Kind.PLANNED, Kind.PLACES, Kind.CHANNELS}
    assert {one.kind for one in done.left} == left
    assert session.get_one(Person, who).active, "only handed over"


def test_history_of_a_unit_tells_of_what_is_there_alone(session: Session, cast: Cast, keys: Keyring) -> None:
    give_plenty(session, cast, keys)
    plans.post(session, cast.myllymaki, cast.editor, "A draft elsewhere", PostStatus.DRAFT)
    elsewhere, here = cast.sibling_editor.person_id, second_editor(session, cast)
    chosen = HandingOver(to=here, kinds={Kind.DRAFTS: elsewhere})
    duties.hand_over(session, cast.administrator, cast.editor.person_id or 0, chosen)
    events = session.scalars(select(Event).where(Event.verb == "handed_over", Event.thing == "person")).all()
    told = {event.unit_id: (event.facts["to"], event.facts["counts"].get("drafts")) for event in events}
    assert told == {cast.koivuranta.id: ([here], None), cast.myllymaki.id: ([elsewhere], 1)}


def test_a_short_name_is_not_erased_inside_of_words(session: Session, cast: Cast) -> None:
    who = cast.editor.person_id or 0
    session.get_one(Person, who).name = "Li"
    text = "Li asks: does Lisa like the Library of Olli?"
    words = Written("Li", text, f"<p>{text}</p>")
    duty_mails.lay_out(session, cast.approver.person_id or 0, lambda _to: words, LONG_AGO)
    people.deactivate(session, cast.administrator, who)
    erasures.erase(session, cast.administrator, who)
    [mail] = session.scalars(select(Mail))
    assert mail.text == "a former colleague asks: does Lisa like the Library of Olli?"


def test_who_may_look_and_hand_over(session: Session, cast: Cast, keys: Keyring) -> None:
    give_plenty(session, cast, keys)
    who = cast.editor.person_id or 0
    for outsider in (cast.sibling_editor, cast.stranger):
        with pytest.raises(NotFound):
            duties.hand_over(session, outsider, who, HandingOver(to=outsider.person_id))
    with pytest.raises(Forbidden):
        duties.in_hand(session, cast.approver, who)
    with pytest.raises(NotFound):
        duties.in_hand(session, cast.coordinator, cast.sibling_editor.person_id or 0)


def test_sign_ins_keys_and_feed_at_the_end(session: Session, cast: Cast, keys: Keyring) -> None:
    page = give_plenty(session, cast, keys)
    editor = cast.editor
    spare = plans.channel(session, cast.koivuranta, keys, "Second page", connected_by_id=editor.person_id)
    session.add(plans.token(spare, "other", cast.coordinator, in_use=False))
    session.add(Feed(person_id=editor.person_id, token_hash="x", created_at=LONG_AGO))
    tokens.create(session, editor, editor.person_id or 0, NewToken(name="Sara's script"))
    session.flush()
    theirs = {
        one.channel_id: one.others
        for one in tokens_of(session, cast.coordinator.scope, editor.person_id or 0)
    }
    assert theirs == {page.id: 0, spare.id: 1}
    duties.leave(session, cast.coordinator, editor.person_id or 0, Leaving(sign_ins=SignIns.SPARE))
    kept = session.scalars(select(ChannelToken.channel_id).where(ChannelToken.person_id == editor.person_id))
    assert kept.all() == [page.id], "what a channel needs stays"
    in_use = select(ChannelToken.person_id).where(ChannelToken.channel_id == spare.id, ChannelToken.in_use)
    assert session.scalar(in_use) == cast.coordinator.person_id
    assert session.scalar(select(func.count(Feed.id))) == 0
    assert session.scalars(select(ApiToken.revoked_at)).one() is not None


def test_after_a_role_is_taken_what_is_out_of_reach_is_told(
    session: Session, cast: Cast, keys: Keyring
) -> None:
    give_plenty(session, cast, keys)
    boss, who = cast.coordinator, cast.editor.person_id or 0
    assert duties.in_hand(session, boss, who, out_of_reach=True) == []
    people.change_roles(
        session, boss, who, RolesEdit(unit_id=cast.koivuranta.id, roles=frozenset({Role.APPROVER}))
    )
    gone = {one.kind for one in duties.in_hand(session, boss, who, out_of_reach=True)}
    assert gone == {Kind.DRAFTS, Kind.REVIEWS, Kind.APPROVED}
    people.change_roles(session, boss, who, RolesEdit(unit_id=cast.koivuranta.id))
    assert len(duties.in_hand(session, boss, who, out_of_reach=True)) == len(Kind), "also when they are out"
    to = second_editor(session, cast)
    done = duties.hand_over(session, boss, who, HandingOver(to=to), out_of_reach=True)
    assert done.left == []


def test_a_channel_has_an_owner_and_a_deputy(session: Session, cast: Cast, keys: Keyring) -> None:
    page = plans.channel(session, cast.koivuranta, keys)
    editor, approver = cast.editor.person_id, cast.approver.person_id
    keepers.edit(session, cast.coordinator, page.id, KeepersEdit(owner_id=editor, deputy_id=approver))
    row = session.get_one(ChannelKeeper, page.id)
    assert (row.owner_id, row.deputy_id) == (editor, approver)
    for wrong, field in (
        (KeepersEdit(owner_id=editor, deputy_id=editor), "deputy_id"),
        (KeepersEdit(owner_id=cast.contributor.person_id), "owner_id"),
        (KeepersEdit(owner_id=cast.sibling_editor.person_id), "owner_id"),
    ):
        with pytest.raises(Invalid) as told:
            keepers.edit(session, cast.coordinator, page.id, wrong)
        assert told.value.faults[0].field == field
    with pytest.raises(Forbidden):
        keepers.edit(session, cast.editor, page.id, KeepersEdit())
    with pytest.raises(NotFound):
        keepers.edit(session, cast.stranger, page.id, KeepersEdit())
    keepers.edit(session, cast.coordinator, page.id, KeepersEdit())
    assert session.get_one(ChannelKeeper, page.id).owner_id is None
