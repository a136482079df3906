"""The checks of a post's content, as a whole and on each channel."""

from dataclasses import dataclass, replace

import pytest

from app.domain.checks import Check, Goal, Outcome, check_content, misfits, sent_text
from app.domain.contents import Contents, Shot, Variant
from app.domain.networks import Format
from app.domain.pictures import PictureLimits, Rights, Shown
from app.domain.posts import Tone
from app.domain.texts import TextLimits
from app.domain.videos import VideoLimits


@dataclass(frozen=True)
class Network:
    """What a network takes."""

    label: str
    limits: TextLimits
    pictures: PictureLimits
    takes_links: bool = True
    videos: VideoLimits | None = None
    mixed: bool = False
    comments: TextLimits | None = None

    def in_format(self, wanted: Format) -> "Network | None":
        return self if wanted is Format.POST else None


SMALL = Network("Small", TextLimits(most=10, shown=5), PictureLimits(most=3))
GALLERY = Network(
    "Gallery",
    TextLimits(most=50, shown=5, hashtags=2, mentions=1),
    PictureLimits(most=2, required=True),
    takes_links=False,
)
DOG = Shot(1, name="dog.jpg", alt_text="A dog", rights=Rights.OWN, shown=Shown.NOBODY)
LINK = "https://library.example/"


def found(tone: Tone | None, contents: Contents, *networks: Network) -> list[Check]:
    return check_content(tone, contents, [Goal(None, network) for network in networks or (SMALL,)])


def outcomes(tone: Tone | None, contents: Contents, *networks: Network) -> dict[str, Outcome]:
    return {check.code: check.outcome for check in found(tone, contents, *networks)}


def faults(
    contents: Contents, network: Network, channel_id: int | None = None
) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.field) for fault in misfits(contents.on(channel_id), network)]


def test_an_empty_post_lacks_tone_and_text() -> None:
    assert outcomes(None, Contents()) == {
        "check_no_tone": Outcome.STOP,
        "check_no_text": Outcome.STOP,
        "check_no_link": Outcome.LOOK,
    }


def test_a_whole_post_is_fine() -> None:
    checks = outcomes(Tone.HUMAN, Contents(text="Hello", link=LINK))
    assert set(checks.values()) == {Outcome.OK}


def test_a_text_is_counted_as_the_network_counts() -> None:
    assert outcomes(Tone.HUMAN, Contents(text="📚" * 5))["check_fits"] is Outcome.OK
    assert outcomes(Tone.HUMAN, Contents(text="📚" * 5 + "!"))["check_too_long"] is Outcome.STOP


def test_a_picture_is_something_to_publish() -> None:
    assert outcomes(Tone.HUMAN, Contents(pictures=(DOG,)))["check_text"] is Outcome.OK
    assert faults(Contents(pictures=(DOG,)), SMALL) == []
    assert faults(Contents(pictures=(DOG,)), GALLERY) == []


def test_a_link_alone_is_nothing_where_links_are_not_sent() -> None:
    plain = Network("Plain", TextLimits(10, 5), PictureLimits(most=3), takes_links=False)
    assert faults(Contents(link=LINK), plain) == [("text_missing", "text")]
    assert faults(Contents(link=LINK), SMALL) == []


def test_where_no_post_goes_without_a_picture() -> None:
    assert faults(Contents(text="Hello"), GALLERY) == [("picture_needed", "pictures")]
    assert faults(Contents(text="Hello"), SMALL) == []


def test_too_many_of_everything() -> None:
    much = Contents(text="#a #b #c @d @e", pictures=(DOG,) * 3)
    told = misfits(much.on(None), GALLERY)
    assert [(one.code, one.field) for one in told] == [
        ("too_many_hashtags", "text"),
        ("too_many_mentions", "text"),
        ("too_many_pictures", "pictures"),
    ]
    assert [one.params["network"] for one in told] == ["Gallery"] * 3
    assert faults(replace(much, text="mail@library.example #1"), GALLERY) == [
        ("too_many_pictures", "pictures")
    ]


def test_every_picture_is_described_or_decorative() -> None:
    bare, decorative = replace(DOG, alt_text=""), replace(DOG, alt_text="", decorative=True)
    contents = Contents(text="Hello", pictures=(DOG, bare, decorative))
    assert faults(contents, SMALL) == [("alt_missing", "pictures.1.alt_text")]
    stops = [check for check in found(Tone.HUMAN, contents, SMALL, GALLERY) if check.outcome is Outcome.STOP]
    assert [check.code for check in stops] == ["alt_missing", "too_many_pictures"]  # each said once


def test_an_alt_text_has_a_limit_of_the_network() -> None:
    brief = replace(GALLERY, pictures=PictureLimits(most=2, alt_most=4))
    assert faults(Contents(pictures=(DOG,)), brief) == [("alt_too_long", "pictures.0.alt_text")]


def test_a_picture_that_was_taken_out_goes_nowhere() -> None:
    assert faults(Contents(pictures=(replace(DOG, removed=True),)), SMALL) == [("picture_gone", "pictures.0")]


def test_a_link_goes_into_the_text_where_pictures_stand_in_its_place() -> None:
    said = Contents(text="Hello", link=LINK, pictures=(DOG,)).on(None)
    assert sent_text(said, SMALL) == f"Hello\n\n{LINK}"
    assert sent_text(said, GALLERY) == "Hello"
    assert sent_text(replace(said, text=f"See {LINK}"), SMALL) == f"See {LINK}"
    assert sent_text(replace(said, pictures=()), SMALL) == "Hello"
    assert [fault.code for fault in misfits(said, SMALL)] == ["text_too_long"]


def test_a_channel_is_judged_by_its_own_words_and_pictures() -> None:
    own = Variant("x" * 11, (DOG, replace(DOG, alt_text="")))
    contents = Contents(text="Hello", variants={7: own, 8: Variant(text="Hi")})
    assert faults(contents, SMALL) == []
    assert faults(contents, SMALL, 7) == [
        ("text_too_long", "variants.7.text"),
        ("alt_missing", "variants.7.pictures.1.alt_text"),
    ]
    assert faults(contents, GALLERY, 8) == [("picture_needed", "pictures")]
    assert contents.on(8).differs
    assert not contents.on(9).differs


def test_pictures_that_lack_the_same_are_named_together() -> None:
    shots = tuple(replace(DOG, asset_id=key, name=f"{key}.jpg", rights=None) for key in range(7))
    names = {}
    for many in (1, 2, 7):
        checks = found(Tone.HUMAN, Contents(text="Hello", pictures=(DOG, *shots[:many], shots[0])))
        (one,) = (check for check in checks if check.code == "check_no_rights")
        names[many] = one.params["name"]
        assert one.field == "pictures.1"
    assert names == {1: "0.jpg", 2: "0.jpg, 1.jpg", 7: "0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, …"}


@pytest.mark.parametrize(
    ("shot", "code"),
    [
        (replace(DOG, rights=None), "check_no_rights"),
        (replace(DOG, shown=None), "check_no_shown"),
        (replace(DOG, shown=Shown.CHILDREN), "check_children"),
    ],
)
def test_what_a_person_should_look_at_in_pictures(shot: Shot, code: str) -> None:
    checks = found(Tone.HUMAN, Contents(text="Hello", pictures=(DOG, shot)))
    looks = {check.code: check for check in checks if check.outcome is Outcome.LOOK}
    assert set(looks) == {code, "check_no_link"}
    assert (looks[code].field, looks[code].params) == ("pictures.1", {"name": "dog.jpg"})


def test_links_that_nobody_can_follow() -> None:
    in_text = Contents(text=f"See {LINK}", pictures=(DOG,))
    assert outcomes(Tone.HUMAN, in_text, GALLERY)["check_link_in_text"] is Outcome.LOOK
    beside = Contents(text="See below", link=LINK, pictures=(DOG,))
    assert outcomes(Tone.HUMAN, beside, GALLERY)["check_link_not_sent"] is Outcome.LOOK
    assert (
        outcomes(Tone.HUMAN, beside, SMALL).keys().isdisjoint({"check_link_in_text", "check_link_not_sent"})
    )
