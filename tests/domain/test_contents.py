"""What a post says on one channel, and when two contents say the same."""

from dataclasses import replace

from app.domain.contents import Contents, Shot, Variant, own_only
from app.domain.networks import NetworkKind
from app.domain.pictures import Box

DOG, CAT = Shot(1, alt_text="A dog"), Shot(2, alt_text="A cat")
UPPER = Box(0, 0, 1, 0.5)


def test_a_channel_has_its_own_or_what_all_have() -> None:
    contents = Contents(
        text="All", link="https://library.example/", pictures=(DOG,),
        variants={1: Variant(text=""), 2: Variant(pictures=()), 3: Variant("Own", (CAT,))},
    )  # fmt: skip
    assert (contents.on(None).text, contents.on(None).pictures) == ("All", (DOG,))
    assert (contents.on(1).text, contents.on(1).pictures) == ("", (DOG,))
    assert (contents.on(2).text, contents.on(2).pictures) == ("All", ())
    assert (contents.on(3).text, contents.on(3).pictures) == ("Own", (CAT,))
    assert {contents.on(key).link for key in (None, 1, 2, 3, 4)} == {"https://library.example/"}
    assert [contents.on(key).differs for key in (1, 2, 3, 4)] == [True, True, True, False]
    assert contents.on(2).pictures_field == "variants.2.pictures"
    assert contents.on(2).text_field == "text"


def test_nothing_at_all_is_empty() -> None:
    assert Contents().empty
    assert Contents(variants={1: Variant(pictures=())}).empty
    assert not Contents(variants={1: Variant(pictures=(DOG,))}).empty
    assert not Contents(link="https://library.example/").empty


def test_what_is_known_about_a_picture_is_not_what_the_post_says() -> None:
    one, other = Contents(pictures=(DOG,)), Contents(5, pictures=(replace(DOG, name="new", credit="Anna"),))
    assert one.said == other.said
    cropped = replace(DOG, crops={NetworkKind.INSTAGRAM: UPPER})
    moved = replace(DOG, focal=(0, 0))
    for changed in (cropped, moved, replace(DOG, alt_text="Dog"), replace(DOG, decorative=True), CAT):
        assert Contents(pictures=(changed,)).said != one.said
    assert Contents(pictures=(DOG, CAT)).said != Contents(pictures=(CAT, DOG)).said


def test_a_variant_that_says_what_all_say_is_none() -> None:
    contents = Contents(
        text="All", pictures=(DOG,),
        variants={
            1: Variant(),
            2: Variant("All", (DOG,)),
            3: Variant("All", (CAT,)),
            4: Variant("", (DOG,)),
            5: Variant(pictures=()),
        },
    )  # fmt: skip
    assert own_only(contents).variants == {
        3: Variant(None, (CAT,)),
        4: Variant("", None),
        5: Variant(None, ()),
    }


def test_every_picture_has_a_field() -> None:
    contents = Contents(pictures=(DOG,), variants={7: Variant(pictures=(CAT, DOG)), 8: Variant("Text")})
    assert list(contents.shots()) == [
        ("pictures.0", DOG),
        ("variants.7.pictures.0", CAT),
        ("variants.7.pictures.1", DOG),
    ]
