"""Making the example library, part by part, with a word now and then about how far it is."""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Conflict
from app.domain.examples import Part, State
from app.domain.roles import Actor, Scope
from app.errands import results
from app.errands.examples import (
    beside,
    coming,
    ideas,
    ledger,
    network,
    past,
    people,
    pictures,
    public,
    removing,
    rows,
    strategy,
    waiting,
)
from app.errands.examples.stage import Stage, Told
from app.errands.examples.texts import language_for, library
from app.errands.ground import Ground
from app.foundation import clock, logs
from app.models.examples import ONLY, Example
from app.queries import examples

_SAY_EVERY = 0.5  # seconds
_log = logs.get(__name__)


def to_nobody(_part: str, _done: int, _total: int) -> None:
    """Where nobody wants to know how far it is."""


def make(ground: Ground, actor: Actor, locale: str, told: Told = to_nobody, share: float = 1.0) -> None:
    """Make it in the language of the installation. `share`: how much of a year's posts, 1 for all.

    Raises Conflict: "example_there", "example_real" (there are real channels), "practice_down". When anything
    fails nothing of it is left.
    """
    check(ground)
    stage = Stage(ground, library(language_for(locale)), clock.now(), _Said(ground, told), share)
    people.begin(stage, actor)
    try:
        _fill(stage)
    except BaseException as error:
        _log.error("the example library was not made", error=type(error).__name__)
        removing.remove(ground, actor)
        raise
    _set_state(ground, State.READY)


def check(ground: Ground) -> None:
    """Nothing, when one can be made. Raises Conflict ("example_there", "example_real", "practice_down")."""
    with ground.database.reads() as session:
        if examples.standing(session, Scope()) is not None:
            raise Conflict("example_there")
        if examples.has_real(session, Scope()):
            raise Conflict("example_real")
    network.ask(ground, "switches", {"switches": {}})


def _fill(stage: Stage) -> None:
    stage.told(Part.PEOPLE, 1, 1)
    strategy.lay(stage)
    network.build(stage)
    strategy.plans(stage)
    pictures.draw(stage)
    pieces = past.pieces(stage)
    posts = rows.lay(stage, pieces)
    public.show(stage)
    beside.lay(stage)
    ledger.lay(stage)
    ideas.lay(stage, pieces, posts)
    coming.lay(stage)
    waiting.lay(stage)
    stage.told(Part.RESULTS, 0, 1)
    with suppress(IntegrityError):  # the clock was just at the same: then it has done it
        results.follow(stage.ground)


class _Said:
    """Tells whoever waits, and writes it down for pages that ask; also that somebody is still at it."""

    def __init__(self, ground: Ground, told: Callable[[str, int, int], None]) -> None:
        self._ground, self._told, self._said_at, self._part = ground, told, 0.0, ""

    def __call__(self, part: str, done: int, total: int) -> None:
        self._told(part, done, total)
        now = clock.monotonic()
        if part == self._part and now - self._said_at < _SAY_EVERY:
            return
        self._said_at, self._part = now, part
        with self._ground.database.writes() as session:
            session.execute(
                update(Example).where(Example.id == ONLY)
                .values(part=part, done=done, total=total, beat_at=clock.now())
            )  # fmt: skip


def _set_state(ground: Ground, state: State) -> None:
    with ground.database.writes() as session:
        row = session.get(Example, ONLY)
        if row is None:
            raise Conflict("example_gone")
        row.state, row.part, row.beat_at = state, "", clock.now()
