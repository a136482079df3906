"""What keeps a video from a network, at the edges; how it goes together with pictures, forms and comments."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors import registry
from app.domain.checks import Goal, Outcome, check_content, misfits
from app.domain.contents import Contents, Shot, Variant, own_only
from app.domain.networks import Format, NetworkKind
from app.domain.pictures import Rights, Shown
from app.domain.posts import Tone
from app.domain.videos import Captions, Video, VideoLimits, video_faults

CLIP = Video("a" * 64, 5_000_000, 20_000, 1080, 1920, 30, "h264", "aac", Captions.SHOWN)
LIMITS = VideoLimits(
    least_seconds=3, most_seconds=60, most_bytes=100_000_000, least_ratio=0.5, most_ratio=0.6,
    widest=1920, least_side=540, least_frames=24, most_frames=60, most_rate=25_000_000,
)  # fmt: skip
STILL = Shot(1, name="dog.jpg", alt_text="A dog", rights=Rights.OWN, shown=Shown.NOBODY)
MOVING = replace(STILL, asset_id=2, name="dog.mp4", alt_text="", video=CLIP, width=1080, height=1920)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"duration_ms": 3000}, None),
        ({"duration_ms": 2999}, "video_too_short"),
        ({"duration_ms": 60_500}, None),
        ({"duration_ms": 60_501}, "video_too_long"),
        ({"size": 100_000_001, "duration_ms": 60_000}, "video_too_big"),
        ({"width": 900}, "video_too_narrow"),
        ({"width": 1920}, "video_too_wide"),
        ({"width": 540, "height": 960}, None),
        ({"width": 538, "height": 958}, "video_too_small"),
        ({"width": 2160, "height": 3840}, "video_too_many_pixels"),
        ({"frame_rate": 23.976}, None),
        ({"frame_rate": 20}, "video_frame_rate"),
        ({"frame_rate": 120}, "video_frame_rate"),
        ({"size": 70_000_000}, "video_too_dense"),
    ],
)
def test_each_limit_at_its_edge(change: dict[str, Any], code: str | None) -> None:
    found = [fault.code for fault in video_faults(replace(CLIP, **change), LIMITS, "pictures.0")]
    assert found == ([code] if code else [])


def told(contents: Contents, network: NetworkKind) -> list[tuple[str, str | None]]:
    profile = registry.network(network).profile
    return [(fault.code, fault.field) for fault in misfits(contents.on(None), profile)]


def test_a_reel_is_one_video_and_nothing_else() -> None:
    for network in (NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM):
        assert told(Contents(format=Format.REEL, pictures=(MOVING,)), network) == []
        assert ("video_needed", "pictures") in told(Contents(format=Format.REEL, text="Hi"), network)
        assert ("only_videos", "pictures") in told(Contents(format=Format.REEL, pictures=(STILL,)), network)
        assert ("too_many_videos", "pictures") in told(
            Contents(format=Format.REEL, pictures=(MOVING, MOVING)), network
        )


def test_a_page_takes_pictures_or_a_video_and_a_profile_both() -> None:
    both = Contents(text="Dogs", pictures=(STILL, MOVING))
    assert ("not_mixed", "pictures") in told(both, NetworkKind.FACEBOOK)
    assert not any(code == "not_mixed" for code, _ in told(both, NetworkKind.INSTAGRAM))


def test_who_does_not_hear_is_thought_of() -> None:
    unsaid = replace(MOVING, video=replace(CLIP, captions=None))
    assert told(Contents(pictures=(unsaid,), format=Format.REEL), NetworkKind.FACEBOOK) == [
        ("captions_missing", "pictures.0.captions")
    ]
    later = replace(MOVING, video=replace(CLIP, captions=Captions.LATER))
    goal = Goal(None, registry.network(NetworkKind.FACEBOOK).profile)
    checks = check_content(Tone.HUMAN, Contents(pictures=(later,), format=Format.REEL), [goal])
    assert {check.code: check.outcome for check in checks}["check_captions_later"] is Outcome.LOOK


def test_what_does_not_go_out_with_a_story_is_said() -> None:
    story = Contents(text="Come!", pictures=(STILL,), format=Format.STORY, first_comment="#dogs")
    goal = Goal(None, registry.network(NetworkKind.INSTAGRAM).profile)
    found = {check.code: check.outcome for check in check_content(Tone.HUMAN, story, [goal])}
    assert found["check_text_not_sent"] is Outcome.LOOK
    assert found["check_comment_not_sent"] is Outcome.LOOK
    assert Outcome.STOP not in found.values()


def test_an_upright_clip_sent_as_a_post_may_become_a_reel() -> None:
    goal = Goal(None, registry.network(NetworkKind.FACEBOOK).profile)
    for contents, said in (
        (Contents(pictures=(MOVING,)), True),
        (Contents(pictures=(MOVING,), format=Format.REEL), False),
        (Contents(pictures=(replace(MOVING, video=replace(CLIP, width=3413)),)), False),
    ):
        codes = {check.code for check in check_content(Tone.HUMAN, contents, [goal])}
        assert ("check_maybe_reel" in codes) is said


VARIANTS = st.builds(
    Variant,
    text=st.none() | st.sampled_from(["", "a", "b"]),
    pictures=st.none() | st.sampled_from([(), (STILL,), (MOVING,)]),
    format=st.none() | st.sampled_from(Format),
    first_comment=st.none() | st.sampled_from(["", "x"]),
)
CONTENTS = st.builds(
    Contents,
    text=st.sampled_from(["", "a"]),
    pictures=st.sampled_from([(), (STILL,), (STILL, MOVING)]),
    variants=st.dictionaries(st.integers(1, 3), VARIANTS, max_size=3),
    format=st.sampled_from(Format),
    first_comment=st.sampled_from(["", "x"]),
)


@given(CONTENTS)
def test_what_says_nothing_of_its_own_is_left_out_and_nothing_else(contents: Contents) -> None:
    lean = own_only(contents)
    for channel_id in (None, 1, 2, 3):
        before, after = contents.on(channel_id), lean.on(channel_id)
        assert (before.text, before.format, before.first_comment) == (
            after.text,
            after.format,
            after.first_comment,
        )
        assert [shot.said for shot in before.pictures] == [shot.said for shot in after.pictures]
        assert not (channel_id in contents.variants and not before.differs and after.differs)
    assert own_only(lean) == lean
