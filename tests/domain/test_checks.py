"""The checks of a post's content."""

from app.domain.checks import Outcome, check_content
from app.domain.posts import Tone
from app.domain.texts import TextLimits

SMALL = ("Small", TextLimits(most=10, shown=5))


def outcomes(tone: Tone | None, text: str, link: str) -> dict[str, Outcome]:
    return {check.code: check.outcome for check in check_content(tone, text, link, [SMALL])}


def test_an_empty_post_lacks_tone_and_text() -> None:
    assert outcomes(None, "", "") == {
        "check_no_tone": Outcome.STOP,
        "check_no_text": Outcome.STOP,
        "check_no_link": Outcome.LOOK,
    }


def test_a_whole_post_is_fine() -> None:
    found = outcomes(Tone.HUMAN, "Hello", "https://library.example/")
    assert set(found.values()) == {Outcome.OK}


def test_a_text_is_counted_as_the_network_counts() -> None:
    assert outcomes(Tone.HUMAN, "📚" * 5, "")["check_fits"] is Outcome.OK
    assert outcomes(Tone.HUMAN, "📚" * 5 + "!", "")["check_too_long"] is Outcome.STOP
