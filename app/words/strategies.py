"""Strategies in words: their parts and versions, and the choices that a first one is made of."""

from dataclasses import dataclass

from app.domain.results import Outcome
from app.domain.strategies import Kind, Part, Standing
from app.foundation.i18n import N_

PARTS: dict[Part, str] = {
    Part.PURPOSE: N_("Why we are there"),
    Part.GOALS: N_("Goals"),
    Part.AUDIENCES: N_("Whom we want to reach"),
    Part.PILLARS: N_("What we tell about"),
    Part.MIX: N_("Human posts"),
    Part.OUTCOME: N_("What decides whether human posts do better"),
    Part.INTERACTION: N_("Time with people"),
    Part.HOURS: N_("Hours a week"),
    Part.RULES: N_("How we behave"),
    Part.REVIEW: N_("To be looked at again"),
}
NOTES: dict[Kind, str] = {
    Kind.GOAL: N_("Serves in the library plan"),
    Kind.AUDIENCE: N_("Where they are"),
    Kind.PILLAR: N_("What belongs to it"),
}
NAMES: dict[Kind, str] = {
    Kind.GOAL: N_("Goal"),
    Kind.AUDIENCE: N_("Audience"),
    Kind.PILLAR: N_("Pillar"),
}
STANDINGS: dict[Standing, str] = {
    Standing.DRAFT: N_("Draft"),
    Standing.COMING: N_("Decided, not begun"),
    Standing.IN_FORCE: N_("In force"),
    Standing.REPLACED: N_("Replaced"),
}
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.REACH: (N_("Reach"), N_("how many accounts saw a post")),
    Outcome.ENGAGEMENT: (N_("Engagement"), N_("how often people reacted, wrote, shared or saved")),
    Outcome.RATE: (N_("Engagement rate"), N_("how many of those who saw it did something")),
}
NO_DATA = N_("These are rules of thumb. Nobody has shown with data that one works better than another.")


@dataclass(frozen=True)
class Choice:
    """Something to choose. `more`: for a goal the task that it serves, else what explains it."""

    key: str
    words: str
    more: str = ""


@dataclass(frozen=True)
class MixChoice(Choice):
    """A mix; `low` and `high`: the share of human posts in percent."""

    low: int = 0
    high: int = 100


def _choices(**words: str) -> tuple[Choice, ...]:
    """What there is to choose by key, in this order."""
    return tuple(Choice(key, said) for key, said in words.items())


MIXES = (
    MixChoice("wide", N_("Wide open"), N_("Room to find out what suits you; Kuliss begins with it."), 30, 70),
    MixChoice("half", N_("Half and half"), N_("As many human posts as informative ones."), 40, 60),
    MixChoice(
        "thirds",
        N_("Thirds"),
        N_("A third about what we offer, a third of others, a third with people."),
        30,
        40,
    ),
    MixChoice(
        "eighty", N_("80 to 20"), N_("Of ten posts eight inform, and two show the people behind."), 15, 25
    ),
    MixChoice(
        "411", N_("4-1-1"), N_("Of six posts four are of use, one invites, and one shows who we are."), 12, 25
    ),
    MixChoice(
        "532",
        N_("5-3-2"),
        N_("Of ten posts five are from others, three our own, and two personal."),
        15,
        30,
    ),
    MixChoice("mostly", N_("Mostly human"), N_("Hours and changes stand elsewhere already."), 60, 85),
)
PURPOSES = _choices(
    theirs=N_(
        "People here should feel that the library is theirs, know what it offers, and dare to ask us "
        "anything."
    ),
    reading=N_(
        "More people should find joy in reading, and the book that they did not know they looked for."
    ),
    everybody=N_(
        "Everybody should know that the library is there for them: free, open, and with somebody who helps."
    ),
    talk=N_(
        "The library should be part of what people here talk about, also where they meet on their phones."
    ),
)
GOALS = (
    Choice("theirs", N_("People feel that the library is theirs"), N_("An open house for everybody")),
    Choice("reading", N_("More people read, and tell others about it"), N_("Reading and literature")),
    Choice(
        "children", N_("Children hear stories before they go to school"), N_("Reading from the first year")
    ),
    Choice(
        "digital", N_("More people find help with digital everyday life"), N_("Digital skills for everybody")
    ),
    Choice("meeting", N_("More people come to what we arrange"), N_("A place to meet, learn and take part")),
    Choice("facts", N_("People find facts that they can trust"), N_("Access to information and open debate")),
    Choice(
        "trust", N_("People know what their library does with its money"), N_("Openness towards residents")
    ),
)
AUDIENCES = _choices(
    families=N_("Families with small children"),
    young=N_("Young people"),
    readers=N_("People who read much"),
    rare=N_("People who have not visited for a long time"),
    new=N_("People who are new in the country"),
    older=N_("Older people"),
    deciders=N_("Those who decide about the library"),
)
PILLARS = _choices(
    events=N_("Events"),
    books=N_("Books and reading"),
    house=N_("The house and those who work in it"),
    literacy=N_("Media and information literacy"),
    service=N_("Hours and services"),
    place=N_("Our place and its past"),
)
RULES = _choices(
    answer=N_("We answer within a working day, signed with a first name."),
    page=N_("We answer as the page, never with a private profile."),
    faces=N_("We never show a child’s face without a guardian’s yes."),
    plainly=N_("Bad news is told plainly: what gets worse, why, and what to do."),
    cases=N_("Nobody’s loans or other private matters are talked about in public."),
    rest=N_("Nobody works in the evening, at weekends or on holidays, unless they are on duty."),
    kind=N_("We are kind, also to those who are not. What is against the law is hidden."),
)
HOURS = (2, 5, 10, 20)
INTERACTIONS = (
    ("1", N_("As much time with people as with making posts")),
    ("1.5", N_("Half as much again")),
    ("2", N_("Twice as much")),
)
REVIEWS = ((6, N_("In half a year")), (12, N_("In a year")))
