"""Pictures and variants of posts: whose may be used, what is kept, what fits a channel, copies of posts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import posts, publications, reviews
from app.actions.posts import PostEdit, PostInput
from app.actions.publications import MoveInput, PlanInput
from app.domain.contents import Contents
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.networks import ChannelState, NetworkKind
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import keyring
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.history import Event
from app.models.posts import Post, Revision, RevisionPicture
from app.queries import contents as questions
from tests import plans
from tests.builders import LONG_AGO, an_asset
from tests.cast import Cast, gather

Channels = Callable[..., Channel]
UPPER = [0, 0, 1, 0.5]


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def channel(session: Session, cast: Cast, tmp_path: Path) -> Channels:
    return lambda unit=cast.koivuranta, **more: plans.channel(session, unit, keyring(tmp_path, ""), **more)


def draft(session: Session, cast: Cast, who: Actor | None = None, **content: Any) -> Post:
    values = {"title": "Dogs", "tone": "human", "text": "Three dogs wait.", **content}
    data = PostInput.model_validate({"unit_id": cast.koivuranta.id, **values})
    return posts.create(session, who or cast.editor, data)


def edited(session: Session, cast: Cast, post: Post, **content: Any) -> Post:
    number = posts.newest(session, post).number
    values = {"title": post.title, "tone": post.tone, "text": "Three dogs wait.", **content}
    return posts.edit(session, cast.editor, post.id, PostEdit.model_validate({"revision": number, **values}))


def said(session: Session, cast: Cast, post: Post) -> Contents:
    assert post.revision_id is not None
    return questions.contents(session, cast.editor.scope, post.revision_id)


def faults(act: Callable[[], Any]) -> list[tuple[str, str | None]]:
    with pytest.raises(Invalid) as refused:
        act()
    return [(fault.code, fault.field) for fault in refused.value.faults]


def in_a_week() -> datetime:
    """A wall time at noon, away from the nights of clock changes."""
    return (clock.now() + timedelta(days=7)).replace(tzinfo=None, hour=12, minute=0, second=0, microsecond=0)


def picture(asset: Asset, **more: Any) -> dict[str, Any]:
    return {"asset_id": asset.id, **more}


def test_a_revision_keeps_pictures_in_their_order_with_what_is_said(session: Session, cast: Cast) -> None:
    one, two = an_asset(session, cast.koivuranta), an_asset(session, cast.koivuranta, "carpet.jpg")
    post = draft(
        session,
        cast,
        pictures=[
            picture(two, alt_text=" A red\r\ncarpet ", crops={"instagram": ["0", "0", "1", "0.5"]}),
            picture(one, decorative="on"),
            picture(one),
        ],
    )
    first, second, third = said(session, cast, post).pictures
    assert (first.asset_id, first.alt_text, first.name) == (two.id, "A red\ncarpet", "carpet.jpg")
    assert first.crops[NetworkKind.INSTAGRAM].values == (0, 0, 1, 0.5)
    assert (second.alt_text, second.decorative) == ("", True)
    assert (third.alt_text, third.decorative) == ("Three dogs on a red carpet", False)
    one.alt_text = "Changed later"
    assert said(session, cast, post).pictures[2].alt_text == "Three dogs on a red carpet"


def test_the_same_pictures_and_variants_make_no_revision(
    session: Session, cast: Cast, channel: Channels
) -> None:
    one, two, place = an_asset(session, cast.koivuranta), an_asset(session, cast.koivuranta), channel()
    content: dict[str, Any] = {
        "pictures": [picture(one, crops={"facebook": UPPER}), picture(two, crops={"facebook": [0, 0, 1, 1]})],
        "variants": [{"channel_id": place.id, "text": "Shorter", "pictures": [picture(two)]}],
    }
    post = draft(session, cast, **content)
    edited(session, cast, post, **content)
    assert posts.newest(session, post).number == 1
    content["pictures"].reverse()
    edited(session, cast, post, **content)
    content["variants"][0]["text"] = "Longer"
    edited(session, cast, post, **content)
    content["pictures"][0]["alt_text"] = "Other words"
    edited(session, cast, post, **content)
    content["pictures"][1]["crops"] = {}
    edited(session, cast, post, **content)
    content["variants"] = []
    edited(session, cast, post, **content)
    assert posts.newest(session, post).number == 6
    assert session.scalar(select(func.count()).where(Revision.post_id == post.id)) == 6
    kept = select(func.count()).where(RevisionPicture.revision_id == Revision.id, Revision.post_id == post.id)
    assert session.scalar(kept) == 5 * 3 + 2  # the older revisions keep theirs


def test_a_changed_picture_takes_the_yes_back(session: Session, cast: Cast, channel: Channels) -> None:
    post = draft(session, cast, asset_ids=[an_asset(session, cast.koivuranta).id])
    posts.submit(session, cast.editor, post.id)
    reviews.approve(session, cast.approver, post.id, reviews.Approval(revision=1))
    planned = plans.publication(session, post, channel())
    edited(session, cast, post, asset_ids=[an_asset(session, cast.koivuranta).id])
    assert (post.status, planned.status) == (PostStatus.DRAFT, Status.PROPOSED)


def test_whose_pictures_may_be_used(session: Session, cast: Cast) -> None:
    shared = an_asset(session, cast.library, shared=True)
    private = an_asset(session, cast.library)
    siblings, strangers = an_asset(session, cast.myllymaki, shared=True), an_asset(session, cast.elsewhere)
    gone = an_asset(session, cast.koivuranta, removed_at=LONG_AGO)
    assert len(said(session, cast, draft(session, cast, asset_ids=[shared.id])).pictures) == 1
    for not_ours in (private, siblings, strangers, gone):
        told = faults(partial(draft, session, cast, asset_ids=[shared.id, not_ours.id]))
        assert told == [("picture_not_yours", "pictures.1")]
    assert faults(lambda: draft(session, cast, asset_ids=[2**31 - 1]))[0][0] == "picture_not_yours"


def test_what_is_in_a_post_already_stays_usable_there(session: Session, cast: Cast) -> None:
    borrowed = an_asset(session, cast.koivuranta)
    post = draft(session, cast, pictures=[picture(borrowed, alt_text="A dog")])
    borrowed.unit_id = cast.myllymaki.id
    session.flush()
    edited(session, cast, post, text="Anew", pictures=[picture(borrowed, alt_text="A dog")])
    assert posts.newest(session, post).number == 2
    borrowed.removed_at = LONG_AGO
    session.flush()
    again = {"text": "Once more", "pictures": [picture(borrowed)]}
    assert faults(lambda: edited(session, cast, post, **again)) == [("picture_gone", "pictures.0")]
    assert faults(lambda: posts.submit(session, cast.editor, post.id)) == [("picture_gone", "pictures.0")]
    edited(session, cast, post, text="Without it")
    assert said(session, cast, post).pictures == ()


def test_ids_alone_keep_what_was_said_about_pictures(session: Session, cast: Cast) -> None:
    one, two = an_asset(session, cast.koivuranta), an_asset(session, cast.koivuranta, alt_text="Two")
    post = draft(session, cast, pictures=[picture(one, alt_text="Said here", crops={"instagram": UPPER})])
    edited(session, cast, post, asset_ids=[two.id, one.id])
    second, first = said(session, cast, post).pictures
    assert (first.alt_text, second.alt_text) == ("Said here", "Two")
    assert NetworkKind.INSTAGRAM in first.crops
    both = {"asset_ids": [one.id], "pictures": [picture(one)]}
    assert faults(lambda: edited(session, cast, post, **both)) == [("pictures_twice", "asset_ids")]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"alt_text": "📚" * 501}, ("alt_too_long", "pictures.0.alt_text")),
        ({"alt_text": "A dog", "decorative": True}, ("alt_and_decorative", "pictures.0.alt_text")),
        ({"crops": {"instagram": [0.5, 0, 0.6, 1]}}, ("bad_crop", "pictures.0.crops.instagram")),
        ({"crops": {"facebook": [0, 0, 1]}}, ("bad_crop", "pictures.0.crops.facebook")),
        ({"crops": {"facebook": [0, 0, 1, float("nan")]}}, ("bad_crop", "pictures.0.crops.facebook")),
    ],
)
def test_a_picture_that_can_not_be_kept(
    session: Session, cast: Cast, more: dict[str, Any], fault: tuple[str, str]
) -> None:
    one = an_asset(session, cast.koivuranta)
    assert faults(lambda: draft(session, cast, pictures=[picture(one, **more)])) == [fault]
    assert session.scalar(select(func.count()).select_from(Post)) == 0


def test_lists_have_an_end(session: Session, cast: Cast, channel: Channels) -> None:
    one, place = an_asset(session, cast.koivuranta), channel()
    assert len(said(session, cast, draft(session, cast, asset_ids=[one.id] * 20)).pictures) == 20
    assert faults(lambda: draft(session, cast, asset_ids=[one.id] * 21)) == [("too_long_list", "pictures")]
    variants = [{"channel_id": place.id, "asset_ids": [one.id] * 40_000}]
    told = faults(lambda: draft(session, cast, variants=variants))
    assert told == [("too_long_list", f"variants.{place.id}.pictures")]
    many = [{"channel_id": number + 1, "text": "x"} for number in range(13)]
    assert faults(lambda: draft(session, cast, variants=many)) == [("too_many_variants", "variants")]


def test_all_faults_are_told_at_once(session: Session, cast: Cast, channel: Channels) -> None:
    one, place = an_asset(session, cast.koivuranta), channel()
    bad = [picture(one), picture(one, alt_text="x" * 1001)]
    variants = [{"channel_id": place.id, "pictures": bad}]
    told = faults(lambda: draft(session, cast, title=" ", link="x", pictures=bad, variants=variants))
    assert told == [
        ("title_missing", "title"),
        ("bad_link", "link"),
        ("alt_too_long", "pictures.1.alt_text"),
        ("alt_too_long", f"variants.{place.id}.pictures.1.alt_text"),
    ]


def test_words_written_here_describe_a_picture_that_nobody_has_described(
    session: Session, cast: Cast
) -> None:
    bare, borrowed = (
        an_asset(session, unit, alt_text="", shared=True) for unit in (cast.koivuranta, cast.library)
    )
    described = an_asset(session, cast.koivuranta, alt_text="Its own")
    pictures = [picture(one, alt_text="Said here") for one in (bare, borrowed, described)]
    draft(session, cast, pictures=[*pictures, picture(bare, alt_text="Said second")])
    session.flush()
    session.expire_all()
    assert [one.alt_text for one in (bare, borrowed, described)] == ["Said here", "", "Its own"]
    assert bare.changed_at != LONG_AGO
    event = session.scalars(select(Event).where(Event.thing == "asset")).one()
    assert (event.thing_id, event.verb, event.unit_id) == (bare.id, "described", cast.koivuranta.id)


def test_a_decorative_picture_can_be_described_in_a_post(session: Session, cast: Cast) -> None:
    leaf = an_asset(session, cast.koivuranta, alt_text="", decorative=True)
    bare = an_asset(session, cast.koivuranta, alt_text="")
    pictures = [picture(leaf), picture(leaf, alt_text="A leaf"), picture(bare, alt_text="")]
    shots = said(session, cast, draft(session, cast, pictures=pictures)).pictures
    assert [(shot.alt_text, shot.decorative) for shot in shots] == [
        ("", True),
        ("A leaf", False),
        ("", False),
    ]
    session.expire_all()
    assert leaf.decorative


def test_a_variant_keeps_only_what_differs(session: Session, cast: Cast, channel: Channels) -> None:
    one, two = an_asset(session, cast.koivuranta), an_asset(session, cast.koivuranta)
    places = [channel() for _ in range(5)]
    wanted: list[dict[str, Any]] = [
        {"text": " Three dogs wait.\r\n", "asset_ids": [one.id]},
        {"text": None, "pictures": None},
        {"text": ""},
        {"pictures": []},
        {"text": "Own", "asset_ids": [two.id, one.id]},
    ]
    pairs = zip(places, wanted, strict=True)
    variants = [{"channel_id": place.id, **each} for place, each in pairs]
    found = said(session, cast, draft(session, cast, asset_ids=[one.id], variants=variants))
    assert list(found.variants) == [place.id for place in places[2:]]
    assert (found.variants[places[2].id].text, found.variants[places[2].id].pictures) == ("", None)
    assert (found.variants[places[3].id].text, found.variants[places[3].id].pictures) == (None, ())
    own = found.on(places[4].id)
    assert (own.text, [shot.asset_id for shot in own.pictures]) == ("Own", [two.id, one.id])


def test_variants_are_for_channels_that_the_unit_may_use(
    session: Session, cast: Cast, channel: Channels
) -> None:
    above = channel(cast.library)
    not_ours = [channel(cast.myllymaki), channel(cast.library, used_by="unit"), channel(cast.elsewhere)]
    draft(session, cast, variants=[{"channel_id": above.id, "text": "Own"}])
    for place in not_ours:
        own = [{"channel_id": place.id, "text": "Own"}]
        assert faults(partial(draft, session, cast, variants=own)) == [("channel_not_yours", "variants")]
    twice = [{"channel_id": above.id, "text": each} for each in ("One", "Two")]
    assert faults(lambda: draft(session, cast, variants=twice)) == [("variant_twice", "variants")]


def test_a_variant_outlives_its_channel_as_long_as_nobody_changes_it(
    session: Session, cast: Cast, channel: Channels
) -> None:
    place = channel()
    own = {"channel_id": place.id, "text": "Own", "asset_ids": [an_asset(session, cast.koivuranta).id]}
    post = draft(session, cast, variants=[own])
    place.state = ChannelState.DORMANT
    session.flush()
    edited(session, cast, post, text="Anew", variants=[own])
    assert said(session, cast, post).variants[place.id].text == "Own"
    changed = [{**own, "text": "Changed"}]
    assert faults(lambda: edited(session, cast, post, variants=changed)) == [
        ("channel_not_yours", "variants")
    ]
    edited(session, cast, post, text="Once more")
    assert said(session, cast, post).variants == {}


def test_a_review_needs_every_picture_described(session: Session, cast: Cast, channel: Channels) -> None:
    bare, place = an_asset(session, cast.koivuranta, alt_text=""), channel()
    post = draft(session, cast, text="", asset_ids=[bare.id])
    assert faults(lambda: posts.submit(session, cast.editor, post.id)) == [
        ("alt_missing", "pictures.0.alt_text")
    ]
    variants = [{"channel_id": place.id, "asset_ids": [bare.id]}]
    edited(session, cast, post, variants=variants)
    field = f"variants.{place.id}.pictures.0.alt_text"
    assert faults(lambda: posts.submit(session, cast.editor, post.id)) == [("alt_missing", field)]
    edited(session, cast, post, text="", pictures=[picture(bare, alt_text="A dog")])
    assert posts.submit(session, cast.editor, post.id).status is PostStatus.IN_REVIEW  # a picture is content


def test_what_each_planned_channel_is_told_must_fit_it(
    session: Session, cast: Cast, channel: Channels
) -> None:
    page, other = channel(), channel()
    post = draft(session, cast, variants=[{"channel_id": page.id, "text": "x" * 63_207}])
    told = faults(
        lambda: publications.plan(
            session, cast.editor, post.id, PlanInput(channel_id=page.id, local_due=in_a_week())
        )
    )
    assert told == [("text_too_long", f"variants.{page.id}.text")]
    publications.plan(session, cast.editor, post.id, PlanInput(channel_id=other.id, local_due=in_a_week()))
    posts.submit(session, cast.editor, post.id)
    plans.publication(session, post, page, Status.PROPOSED)
    edited(session, cast, post, text="Anew", variants=[{"channel_id": page.id, "text": "x" * 63_208}])
    assert faults(lambda: posts.submit(session, cast.editor, post.id)) == [
        ("text_too_long", f"variants.{page.id}.text")
    ]


def test_instagram_posts_nothing_without_a_picture(session: Session, cast: Cast, channel: Channels) -> None:
    page, profile = channel(), channel(network=NetworkKind.INSTAGRAM)
    post = draft(session, cast)
    wanted = PlanInput(channel_id=profile.id, local_due=in_a_week())
    assert faults(lambda: publications.plan(session, cast.editor, post.id, wanted)) == [
        ("picture_needed", "pictures")
    ]
    plans.publication(session, post, page, Status.PROPOSED)
    plans.publication(session, post, profile, Status.PROPOSED)
    assert faults(lambda: posts.submit(session, cast.editor, post.id)) == [("picture_needed", "pictures")]
    own = {"channel_id": profile.id, "asset_ids": [an_asset(session, cast.koivuranta).id]}
    edited(session, cast, post, variants=[own])
    assert posts.submit(session, cast.editor, post.id).status is PostStatus.IN_REVIEW


def test_a_copy_says_the_same_and_is_a_draft(session: Session, cast: Cast, channel: Channels) -> None:
    one, place = an_asset(session, cast.koivuranta), channel()
    content: dict[str, Any] = {
        "link": "https://library.example/dogs",
        "pictures": [picture(one, alt_text="Said here", crops={"instagram": UPPER})],
        "variants": [{"channel_id": place.id, "text": "Own", "pictures": []}],
    }
    old = draft(session, cast, **content)
    edited(session, cast, old, **{**content, "text": "Second"})
    posts.submit(session, cast.editor, old.id)
    copy = posts.duplicate(session, cast.editor, old.id)
    assert (copy.id != old.id, copy.status, copy.title, copy.tone) == (
        True,
        PostStatus.DRAFT,
        "Dogs",
        old.tone,
    )
    assert posts.newest(session, copy).number == 1
    assert said(session, cast, copy).said == said(session, cast, old).said
    event = session.scalars(select(Event).where(Event.thing == "post", Event.thing_id == copy.id)).one()
    assert (event.verb, event.facts) == ("copied", {"copy_of": old.id, "revision": 2})
    with pytest.raises(Forbidden):
        posts.duplicate(session, cast.manager, old.id)
    with pytest.raises(NotFound):
        posts.duplicate(session, cast.sibling_editor, old.id)


def test_lateness_and_leads_come_from_the_network_unless_somebody_says_otherwise(
    session: Session, cast: Cast, channel: Channels
) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    early = publications.plan(
        session, cast.editor, post.id, PlanInput(channel_id=channel().id, local_due=in_a_week())
    )
    assert (early.lateness_minutes, early.prepare_late) == (60, False)
    assert early.step_at is not None
    assert early.step_at < early.due_at
    wanted = PlanInput(
        channel_id=channel().id, prepare_late=True, lateness_limit_minutes=5, local_due=in_a_week()
    )
    late = publications.plan(session, cast.editor, post.id, wanted)
    assert (late.lateness_minutes, late.step_at) == (5, late.due_at)
    publications.move(session, cast.editor, early.id, MoveInput(prepare_late=True))
    publications.move(session, cast.editor, late.id, MoveInput(lateness_limit_minutes=7))
    assert (early.step_at, late.prepare_late) == (early.due_at, True)
    publications.move(session, cast.editor, late.id, MoveInput(prepare_late=False))
    assert late.step_at is not None
    assert late.step_at < late.due_at
