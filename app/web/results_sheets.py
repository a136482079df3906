"""The results as tables for files: the three questions, the list of posts, and what every name means."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.dependencies.viewers import Viewer
from app.domain.comparison import Comparison
from app.domain.metrics import METRICS, About
from app.domain.networks import Format
from app.domain.results import Group, per_thousand
from app.foundation.i18n import N_, translations
from app.foundation.spreadsheets import Cell, Sheet, share
from app.queries.results import Answers, ChannelMix, PostRow
from app.web.labels import NETWORKS, TONES
from app.web.results import group_name
from app.web.results_choice import Chosen, period_words
from app.web.results_figures import MEASURES, Found, Kind
from app.words import metrics, videos
from app.words import results as words
from app.words.results_definitions import definitions

_QUESTIONS = {1: N_("Do we reach out?"), 2: N_("Whom do we reach?"), 3: N_("Does it have an effect?")}
PER_THOUSAND = N_("Usual reach per 1,000 inhabitants")
YES_NO = {True: N_("yes"), False: N_("no")}


def posts(rows: Iterable[PostRow], simulated: bool, locale: str) -> Sheet:
    """The list of posts. rows are read one by one, when the file is written."""
    say = translations(locale).gettext
    heads = (
        N_("Post"), N_("Tone"), N_("Channel"), N_("Network"), N_("Kind of post"), N_("Paid"), N_("Unit"),
        N_("Published, local time"), N_("Views"), N_("Reach"), N_("Clicks"), N_("Reactions"), N_("Comments"),
        N_("Shares"), N_("Saves"), N_("Engagement"), N_("Engagement rate"), N_("Days after publication"),
        N_("Our usual reach"), N_("Our usual engagement"), N_("Our usual engagement rate"),
        N_("Latest: days after publication"), N_("Latest: views"), N_("Latest: reach"),
        N_("Latest: engagement"), N_("Removed since"), N_("Simulated"), N_("Address"),
    )  # fmt: skip
    lines = (_post(row, say(YES_NO[simulated]), locale) for row in rows)
    return Sheet(say(N_("Posts")), [say(head) for head in heads], lines, (40, 12, 22, 11, 10, 12, 22, 17))


def _post(row: PostRow, simulated: str, locale: str) -> Sequence[Cell]:
    say = translations(locale).gettext
    at_seven, latest, usual = row.at_seven_days, row.latest, row.baseline
    names = ("views", "reach", "clicks", "reactions", "comments", "shares", "saves", "engagement")
    return (
        row.title,
        say(TONES[row.tone].word) if row.tone else None,
        row.channel,
        say(NETWORKS[row.network].name),
        say(videos.SHORT[row.format]),
        say(words.PAID[row.paid]),
        row.unit,
        wall(row.published_at, row.zone),
        *(getattr(at_seven, name) if at_seven else None for name in names),
        share(at_seven.rate) if at_seven else None,
        _days(at_seven.age.total_seconds()) if at_seven else None,
        usual.reach,
        usual.engagement,
        share(usual.rate),
        _days(latest.age.total_seconds()) if latest else None,
        *(getattr(latest, name) if latest else None for name in ("views", "reach", "engagement")),
        say(YES_NO[row.removed]),
        simulated,
        row.permalink,
    )


def wall(instant: datetime, zone: str) -> datetime:
    """The time on the wall: spreadsheets know no zones."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


def _days(seconds: float) -> float:
    return round(seconds / 86_400, 2)


def figures(answers: Answers, locale: str) -> Sheet:
    """Every figure of the three questions, as on the page."""
    say = translations(locale).gettext
    heads = (
        N_("Question"), N_("Figure"), N_("Value"), N_("Posts behind it"), N_("Posts not told"),
        N_("Before: value"), N_("Before: posts behind it"), N_("Counted on"),
    )  # fmt: skip
    rows = []
    for one in MEASURES:
        now, before = one.now(answers), one.before(answers)
        rows.append(
            (
                say(_QUESTIONS[one.question]),
                say(one.name),
                _value(now, one.kind),
                now.n,
                now.missing,
                _value(before, one.kind),
                before.n,
                say(one.base),
            )
        )
    title = say(N_("The three questions"))
    return Sheet(title, [say(head) for head in heads], rows, (28, 36, 12, 12, 12, 12, 12, 36))


def _value(found: Found, kind: Kind) -> Cell:
    return share(found.value) if kind is Kind.PERCENT else found.value


def groups(found: Sequence[Group], by: str, locale: str, population: int | None = None) -> Sheet:
    """The second question, by channel or by format. population: of the unit's area, for channels."""
    say = translations(locale).gettext
    first = say(N_("Channel") if by == "channel" else N_("Kind of post"))
    heads = (
        N_("Posts"), N_("Usual views"), N_("Posts behind it"), N_("Usual reach"), N_("Posts behind it"),
        N_("Usual engagement"), N_("Posts behind it"), N_("Usual engagement rate"), N_("Posts behind it"),
        *([PER_THOUSAND] if by == "channel" else []),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for group in found:
        told = (group.views, group.reach, group.engagement)
        cells: list[Cell] = [cell for middle in told for cell in (middle.value, middle.n)]
        cells += [share(group.rate.value), group.rate.n]
        if by == "channel":
            cells.append(per_thousand(group.reach, population))
        rows.append((group_name(group, by, locale), group.posts, *cells))
    title = say(N_("By channel") if by == "channel" else N_("By kind of post"))
    return Sheet(title, [first, *(say(head) for head in heads)], rows, (30,))


def comparisons(compared: Sequence[Comparison], locale: str) -> Sheet:
    """Human against informative, by every outcome."""
    say = translations(locale).gettext
    heads = (
        N_("Figure"), N_("What it says"), N_("Human divided by informative"), N_("From (95 %)"),
        N_("To (95 %)"), N_("Human posts compared"), N_("Human posts in all"),
        N_("Informative posts compared"), N_("Informative posts in all"), N_("Caution"),
    )  # fmt: skip
    rows = []
    for one in compared:
        said, ratio = words.compared(one, locale), one.ratio
        span = (ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)
        counts = (one.human.used, one.human.posts, one.informative.used, one.informative.posts)
        rows.append((say(words.OUTCOMES[one.outcome]), said.headline, *span, *counts, said.caution))
    title = say(N_("Human against informative"))
    return Sheet(title, [say(head) for head in heads], rows, (20, 40, 12, 10, 10, 12, 12, 12, 12, 70))


def mixes(found: Sequence[ChannelMix], locale: str) -> Sheet:
    """The mix of every channel."""
    say = translations(locale).gettext
    heads = (
        N_("Channel"), N_("Human posts"), N_("Informative posts"), N_("Without a tone"), N_("Share of human"),
        N_("From (80 %)"), N_("To (80 %)"), N_("Wanted from"), N_("Wanted to"), N_("What it says"),
    )  # fmt: skip
    rows = [
        (
            one.name, one.mix.counted.human, one.mix.counted.informative, one.mix.counted.unknown,
            *map(share, (one.mix.share, one.mix.low, one.mix.high)),
            *map(share, (one.mix.target.low, one.mix.target.high)),
            words.mixed(one.mix, locale),
        )
        for one in found
    ]  # fmt: skip
    title = say(N_("Mix"))
    return Sheet(title, [say(head) for head in heads], rows, (30, 10, 12, 12, 12, 10, 10, 10, 10, 70))


def _counted_on(about: About) -> str:
    """What a number is about: a kind of post, or a day of the page itself."""
    kind = next((one for one in Format if one.value == about.value), None)
    return videos.SHORT[kind] if kind else N_("Page or profile, per day")


def sources(locale: str) -> Sheet:
    """By which name each network tells each of our figures, since when and until when."""
    say = translations(locale).gettext
    heads = (
        N_("Network"), N_("Counted on"), N_("Figure"), N_("Name at the network"), N_("First day"),
        N_("Last day"),
    )  # fmt: skip
    rows = [
        (
            say(NETWORKS[one.network].name), say(_counted_on(one.about)), metrics.name(one.ours, locale),
            one.theirs, one.since, one.until,
        )
        for one in METRICS
    ]  # fmt: skip
    title = say(N_("Where the numbers come from"))
    return Sheet(title, [say(head) for head in heads], rows, (14, 26, 16, 46, 12, 12))


def about(viewer: Viewer, chosen: Chosen, simulated: bool, version: str, counted_at: datetime) -> Sheet:
    """What the file is about, and what every name in it means."""
    say = translations(viewer.locale).gettext
    facts: list[tuple[str, Cell]] = [
        (N_("Unit, with everything below it"), chosen.unit),
        (N_("Days"), period_words(chosen.period, viewer.locale)),
        (N_("First day"), chosen.period.from_on),
        (N_("Last day"), chosen.period.to_on),
        (N_("Simulated"), say(YES_NO[simulated])),
        (N_("Counted at, local time"), wall(counted_at, viewer.zone)),
        (N_("Time zone"), viewer.zone),
        (N_("Version of Meta's interface in use now"), version),
    ]
    rows = [*((say(name), value) for name, value in facts), (None, None), *definitions(viewer.locale)]
    title = say(N_("What it means"))
    return Sheet(title, [say(N_("Name")), say(N_("Meaning"))], rows, (34, 110))
