"""What is said of results: never more than the posts allow, never a cause, in every language."""

from dataclasses import replace

import pytest

from app.domain.comparison import Comparison, NoVerdict, Ratio, Side, Verdict
from app.domain.mix import mix
from app.domain.posts import Tone
from app.domain.results import Group, Median, Outcome, ToneCount, Total
from app.foundation.i18n import LOCALES
from app.words import results, results_leads
from app.words.results_definitions import definitions

RATIO = Ratio(1.42, 1.13, 1.78, clusters=12, strata=3, weight=9.5)
CLEAR = Comparison(
    Outcome.REACH,
    Side(Tone.INFORMATIVE, 45, 41, 2, 0, 380),
    Side(Tone.HUMAN, 34, 34, 0, 0, 512),
    RATIO,
    Verdict.HUMAN_MORE,
    None,
)
NOTHING = Median(None, 0, 4)


def less(found: Comparison, why: NoVerdict, ratio: Ratio | None = RATIO) -> Comparison:
    """The same without a verdict."""
    return replace(found, ratio=ratio, verdict=None, why_not=why)


def test_a_verdict_with_its_posts_its_interval_and_no_cause() -> None:
    said = results.compared(CLEAR, "en")
    assert said.headline == "Human posts reached more accounts."
    assert said.ratio == (
        "Human posts reached 1.4 times as many accounts as informative ones (somewhere between 1.1 and 1.8)."
    )
    assert said.counts == "34 human against 41 informative posts"
    assert said.caution == "This goes together; it does not show why."
    assert said.missing.startswith("Left out: 0 human and 4 informative posts")
    assert results_leads.effect(CLEAR, "en").endswith(
        "41 informative posts. This goes together; it does not show why."
    )


def test_too_few_posts_are_told_no_ratio() -> None:
    found = less(CLEAR, NoVerdict.TOO_FEW, None)
    said = results.compared(found, "en")
    assert (said.headline, said.ratio) == ("Too few posts.", "")
    assert "at least 8 of each" in said.caution
    assert results_leads.effect(found, "en").startswith("Too few posts. 34 human against 41")


def test_a_difference_without_a_verdict_is_called_no_verdict() -> None:
    said = results.compared(less(CLEAR, NoVerdict.UNDER_THIRTY), "en")
    assert said.headline == "A difference shows, but it is no verdict."
    assert said.caution == (
        "It is a first hint and no verdict: that takes 30 posts of each. "
        "This goes together; it does not show why."
    )
    unclear = less(CLEAR, NoVerdict.UNDER_THIRTY, replace(RATIO, low=0.9))
    assert results.compared(unclear, "en").headline == "We see no clear difference in reach."


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.13, 1.78, "somewhere between 1.1 and 1.8"),
        (None, 1.78, "at most 1.8; the posts set no lower end"),
        (1.13, None, "at least 1.1; the posts set no upper end"),
        (None, None, "the posts set no limits"),
        (1.02, 1.78, "somewhere between 1.02 and 1.8"),  # not "1.0", which would read as no difference
    ],
)
def test_an_interval_says_where_it_has_no_end(low: float | None, high: float | None, words: str) -> None:
    assert results.between(replace(RATIO, low=low, high=high), "en") == words


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("said", [*Verdict, *NoVerdict])
def test_everything_can_be_said(locale: str, outcome: Outcome, said: Verdict | NoVerdict) -> None:
    found = replace(CLEAR, outcome=outcome)
    found = replace(found, verdict=said) if isinstance(said, Verdict) else less(found, said)
    words = results.compared(found, locale)
    assert all((words.headline, words.ratio, words.caution))
    assert "%(" not in "".join(vars(words).values())


def test_missing_is_not_told_and_never_zero() -> None:
    assert results.amount(None, "en") == "not told"
    assert results.amount(0, "en") == "0"
    assert results.amount(3.25, "sv") == "3,3"
    assert results.amount(412.5, "en") == "413"
    assert (results.amount(-3, "en"), results.amount(-25.4, "en")) == ("-3", "-25")
    assert results.behind(NOTHING, "en") == "no post has it yet"
    assert results.untold(NOTHING, "en") == "4 not told"
    assert results.behind(Total(12, 3, 0), "en") == "3 posts together"
    assert results.untold(Total(12, 3, 0), "en") == ""
    assert results.percent(0.0345, "fi") == "3,4\N{NO-BREAK SPACE}%"


def test_the_lead_of_the_first_question() -> None:
    now, before, against = Median(412, 34, 2), Median(365, 31, 0), Median(1.1, 30, 4)
    assert results_leads.reach(now, before, against, "en") == (
        "A usual post reached 412 accounts; in the days before it was 365. That is 1.1 times our own usual."
    )
    assert results_leads.reach(Median(412, 3), NOTHING, NOTHING, "en") == (
        "A usual post reached 412 accounts. So few posts can mislead."
    )
    assert "at seven days yet" in results_leads.reach(NOTHING, before, against, "en")


def test_the_lead_of_the_second_question() -> None:
    many = Group("1", "Main", 12, NOTHING, Median(412, 12), NOTHING, NOTHING)
    few = Group("2", "Other", 5, NOTHING, NOTHING, NOTHING, NOTHING)
    assert results_leads.whom([few, many], "en") == (
        "Most posts went out on Main: 12 of 17. A usual one there reached 412 accounts."
    )
    assert results_leads.whom([few], "en") == "All posts went out on Other."
    assert results_leads.whom([], "en") == ""


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        (ToneCount(30, 2), "Less human than wanted"),
        (ToneCount(2, 30), "Less informative than wanted"),
        (ToneCount(12, 12), "Nothing to mend"),
        (ToneCount(4, 0), "Too few posts to judge: it takes 10"),
        (ToneCount(0, 0, 3), "No post with a known tone"),
    ],
)
def test_the_mix_is_judged_as_a_whole_and_with_its_chance(counted: ToneCount, words: str) -> None:
    assert words in results.mixed(mix(counted), "en")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_name_has_a_meaning(locale: str) -> None:
    found = definitions(locale)
    assert len({name for name, _ in found}) == len(found) >= 15
    assert all(len(meaning) > 40 for _, meaning in found)
