"""The list of an evening with a test page: what Meta leaves open, looked at on a real channel.

Each row calls the network or asks the person at the terminal. Nothing is made public, shown again or taken
down without a yes, each time. Hidden things are discarded at the end, but one that is looked at a day later.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from app.connectors.contract import Outgoing, Picture, Receipt, Saved, Staged
from app.connectors.failures import ConnectorFailure, NotYet
from app.connectors.http import NeverSent, NoAnswer
from app.connectors.meta_graph import Garbled, Graph, Refused
from app.domain.networks import NetworkKind, RemoteKind, Seen
from app.errands import reach
from app.errands.ground import Ground, Line
from app.foundation import clock
from app.foundation.crypto import new_token

IGNORE, CORRECTED = "test, please ignore", "test, corrected"
FINE, LOOK, SKIPPED = "fine", "look", "skipped"
POLLS, POLL_SECONDS = 40, 3.0


class Person(Protocol):
    """Whoever sits at the terminal."""

    def agrees(self, question: str) -> bool:
        """Yes or no; anything else is a no."""
        ...

    def says(self, question: str) -> str:
        """What they see, in their words."""
        ...


@dataclass(frozen=True)
class Told:
    """What a row showed. state: fine, look (it differs from what Kuliss counts on) or skipped."""

    state: str
    words: str


@dataclass
class Bench:
    """The channel, the person, and what the rows have made so far. `left`: what stays for tomorrow's look."""

    ground: Ground
    line: Line
    kind: NetworkKind
    name: str
    person: Person
    wait: Callable[[float], None] = clock.pause
    mark: str = field(default_factory=lambda: new_token(6))
    staged: Staged | None = None
    receipt: Receipt | None = None
    made_at: datetime | None = None
    left: dict[str, str] = field(default_factory=dict)

    def text(self, what: str) -> str:
        """Words that tell this evening's posts from all others."""
        return f"Kuliss {what} {self.mark}"


@dataclass(frozen=True)
class Row:
    """One thing to know, and how it is found out."""

    code: str
    title: str
    run: Callable[[Bench], Told]


def run(bench: Bench, earlier: dict[str, str]) -> Iterator[tuple[Row, Told]]:
    """Every row of the channel's network in order, with what it showed. `earlier`: what was left behind."""
    for row in _rows(bench.kind, earlier):
        try:
            told = row.run(bench)
        except NotYet:
            told = Told(LOOK, "The network was still working at it when the patience ended.")
        except ConnectorFailure as failure:
            told = Told(
                LOOK, f"{failure.reason}: {failure.message or 'no words'} ({failure.code}/{failure.subcode})"
            )
        yield row, told


def _rows(kind: NetworkKind, earlier: dict[str, str]) -> Iterator[Row]:
    yield Row("sign_in", "The sign-in, its permissions and dates", _sign_in)
    yield Row("clock", "The network's time and our share of its calls", _clock)
    if earlier.get("hidden"):
        yield Row("day_old", "What was left hidden, a day later", lambda bench: _day_old(bench, earlier))
    if kind is NetworkKind.INSTAGRAM:
        yield Row("quota", "How many posts a day are taken", _quota)
        yield Row("fetch", "Whether the network fetches pictures from us", _fetch)
    yield Row("hidden", "A post is laid ready and nobody sees it", _hidden)
    yield Row("show", "It is shown, and when it says that it was made", _show)
    yield Row("again", "What a second showing answers", _again)
    if kind is NetworkKind.FACEBOOK:
        yield Row("correct", "Its words are changed", _correct)
    yield Row("numbers", "Which numbers are told", _numbers)
    yield Row("remove", "It is taken down", _remove)
    if kind is NetworkKind.FACEBOOK:
        yield Row("left", "A hidden post with a picture is left for tomorrow", _leave)
    yield Row("data_access", "What happens after the 90 days", _data_access)


def _sign_in(bench: Bench) -> Told:
    health = bench.line.network.check(bench.line.access)
    missing = [*health.missing_scopes, *health.missing_tasks]
    facts = (
        f"served by {health.served_version or 'an unnamed version'}; token ends {_day(health.expires_at)}; "
    )
    facts += (
        f"data access ends {_day(health.data_access_until)}; granted {', '.join(health.scopes) or 'nothing'}"
    )
    well = health.valid and health.app_matches and not missing
    return Told(FINE if well else LOOK, facts + (f"; missing {', '.join(missing)}" if missing else ""))


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "never"


def _clock(bench: Bench) -> Told:
    ahead = (bench.line.network.server_time(bench.line.access) - clock.now()).total_seconds()
    used = bench.line.network.usage(bench.line.access)
    return Told(
        FINE if abs(ahead) < 60 else LOOK, f"ahead of ours by {ahead:.0f} s; {used} % of the calls used"
    )


def _quota(bench: Bench) -> Told:
    quota = bench.line.network.quota(bench.line.access)
    if quota is None:
        return Told(LOOK, "The network tells no quota.")
    return Told(FINE, f"{quota.used} of {quota.total} used in 24 hours")


def _fetch(bench: Bench) -> Told:
    remote_id = bench.line.network.begin_proof(bench.line.access, reach.sample(bench.ground))
    _patiently(bench, lambda: bench.line.network.proof(bench.line.access, remote_id))
    return Told(FINE, "It fetched the sample picture.")


def _hidden(bench: Bench) -> Told:
    bench.made_at = clock.now()
    bench.staged = _stage(bench, bench.text(IGNORE), bench.kind is NetworkKind.INSTAGRAM)
    looks = [bench.line.network.look(bench.line.access, bench.staged).seen for _ in range(2)]
    seen = bench.person.says(
        f"Open “{bench.name}” in a private window. Do you see “{bench.text(IGNORE)}” there? (yes/no)"
    )
    hidden = all(one is Seen.HIDDEN for one in looks) and seen.lower().startswith("n")
    return Told(
        FINE if hidden else LOOK, f"looks: {', '.join(looks)}; the public sees it: {seen or 'no answer'}"
    )


def _stage(bench: Bench, text: str, pictured: bool) -> Staged:
    pictures: tuple[Picture, ...] = (reach.sample(bench.ground),) if pictured else ()
    outgoing, saved = Outgoing(text, "", pictures), list[Saved]()
    network, access = bench.line.network, bench.line.access

    def remember(kind: RemoteKind, remote_id: str, part: str = "") -> None:
        saved.append(Saved(kind, remote_id, part))

    staged: Staged = _patiently(bench, lambda: network.stage(access, outgoing, saved, remember))
    return staged


def _patiently(bench: Bench, work: Callable[[], Any]) -> Any:
    """Ask again while the network works at it. Raises NotYet after two minutes."""
    for _ in range(POLLS - 1):
        try:
            return work()
        except NotYet:
            bench.wait(POLL_SECONDS)
    return work()


def _show(bench: Bench) -> Told:
    if bench.staged is None:
        return Told(SKIPPED, "Nothing lies ready.")
    if not bench.person.agrees(f"This makes a post PUBLIC on “{bench.name}”. Do it?"):
        return Told(SKIPPED, "You said no.")
    asked_at = clock.now()
    try:
        bench.receipt = bench.line.network.show(bench.line.access, bench.staged)
    except NotYet:
        bench.receipt = None
    seen = _until_live(bench)
    bears = _created(bench)
    place = bench.person.says("Where does it stand in the page's flow: on top, further down, or nowhere?")
    times = f"laid ready {_time(bench.made_at)}, shown {_time(asked_at)}, bears {bears}"
    return Told(FINE if seen is Seen.LIVE else LOOK, f"looked {seen}; {times}; stands {place}")


def _until_live(bench: Bench) -> Seen:
    assert bench.staged is not None
    seen = Seen.UNKNOWN
    for _ in range(10):
        told = bench.line.network.look(bench.line.access, bench.staged)
        seen, bench.receipt = told.seen, told.receipt or bench.receipt
        if seen is Seen.LIVE:
            break
        bench.wait(POLL_SECONDS)
    return seen


def _created(bench: Bench) -> str:
    """The time that the network says it was made at, as it writes it."""
    remote_id = bench.receipt.remote_id if bench.receipt else ""
    name = "timestamp" if bench.kind is NetworkKind.INSTAGRAM else "created_time"
    if not remote_id:
        return "no id told"
    try:
        told = Graph().ask(bench.line.access, "GET", remote_id, {"fields": name}).data
    except (Refused, Garbled, NeverSent, NoAnswer) as error:
        return f"not told ({error})"
    return str(told.get(name, "not told"))


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S} UTC" if at else "unknown"


def _again(bench: Bench) -> Told:
    """Facebook sets a flag; whether Instagram publishes a second time is not documented."""
    if bench.staged is None or bench.receipt is None:
        return Told(SKIPPED, "Nothing was shown.")
    warned = (
        "It may make a SECOND public post, which you must delete. "
        if bench.kind is NetworkKind.INSTAGRAM
        else ""
    )
    if not bench.person.agrees(f"Show the same post once more? {warned}"):
        return Told(SKIPPED, "You said no.")
    try:
        answer = f"answered as if shown: {bench.line.network.show(bench.line.access, bench.staged).remote_id}"
    except ConnectorFailure as failure:
        answer = f"refused: {failure.reason} ({failure.code}/{failure.subcode}) {failure.message}"
    bench.wait(POLL_SECONDS)  # lists lag behind
    since = bench.made_at or clock.now()
    ours = [one for one in bench.line.network.newest(bench.line.access, since) if bench.mark in one.text]
    return Told(FINE if len(ours) == 1 else LOOK, f"{answer}; public posts with these words: {len(ours)}")


def _correct(bench: Bench) -> Told:
    if bench.receipt is None:
        return Told(SKIPPED, "Nothing was shown.")
    if not bench.person.agrees("Change the words of the public post?"):
        return Told(SKIPPED, "You said no.")
    bench.line.network.correct(bench.line.access, bench.receipt.remote_id, bench.text(CORRECTED))
    seen = bench.person.says(f"Reload the page. Does it say “{bench.text(CORRECTED)}”? (yes/no)")
    return Told(
        FINE if seen.lower().startswith("y") else LOOK, f"taken; the page shows it: {seen or 'no answer'}"
    )


def _numbers(bench: Bench) -> Told:
    if bench.receipt is None:
        return Told(SKIPPED, "Nothing was shown.")
    told = bench.line.network.read(bench.line.access, [bench.receipt.remote_id])
    names = sorted({source for one in told.numbers for source in one.sources.values()})
    words = f"asked {', '.join(names) or 'nothing'}; dead: {', '.join(told.dead) or 'none'}"
    return Told(LOOK if told.dead else FINE, words)


def _remove(bench: Bench) -> Told:
    if bench.staged is None:
        return Told(SKIPPED, "There is nothing.")
    if bench.receipt is None:
        told = bench.line.network.discard(bench.line.access, bench.staged)
        if told.seen is not Seen.LIVE or told.receipt is None:
            return Told(FINE, f"discarded unseen: {told.seen}")
        bench.receipt = told.receipt  # it came out although its showing seemed to fail
    if not bench.person.agrees("Take the public post down again?"):
        return Told(SKIPPED, "You said no. Delete it at the network.")
    bench.line.network.remove(bench.line.access, bench.receipt.remote_id)
    seen = bench.person.says("Reload the page. Is it gone? (yes/no)")
    return Told(FINE if seen.lower().startswith("y") else LOOK, f"taken; gone: {seen or 'no answer'}")


def _leave(bench: Bench) -> Told:
    """Whether a hidden post keeps hidden, and its picture, for more than a day is not documented."""
    if not bench.person.agrees("Leave a HIDDEN post with a picture there, to look at it tomorrow?"):
        return Told(SKIPPED, "You said no.")
    staged = _stage(bench, bench.text("left overnight"), pictured=True)
    bench.left = {
        "hidden": staged.remote_id,
        "text": bench.text("left overnight"),
        "at": clock.now().isoformat(),
    }
    return Told(FINE, f"{staged.remote_id} is left. Run the same command again after 25 hours.")


def _day_old(bench: Bench, earlier: dict[str, str]) -> Told:
    age = (clock.now() - datetime.fromisoformat(earlier["at"])).total_seconds() / 3600
    if age < 24:
        bench.left = earlier
        return Told(SKIPPED, f"It is {age:.0f} hours old; look again when it is 25.")
    staged = Staged(earlier["hidden"], text=earlier["text"])
    seen = bench.line.network.look(bench.line.access, staged).seen
    if seen is Seen.HIDDEN:
        bench.line.network.discard(bench.line.access, staged)
    return Told(FINE if seen is Seen.HIDDEN else LOOK, f"after {age:.0f} hours: {seen}")


def _data_access(_bench: Bench) -> Told:
    return Told(
        SKIPPED,
        "No call tells it before the day. Leave the channel unconnected for 90 days, then run this again: do "
        "Instagram's rows still pass when those of the page do?",
    )
