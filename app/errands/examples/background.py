"""Making and removing while a page shows how far it is: in a thread of the process that was asked."""

from collections.abc import Callable
from threading import Lock, Thread

from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.examples import State, is_left
from app.domain.roles import Actor, Scope
from app.errands.examples import making, removing
from app.errands.ground import Ground
from app.foundation import clock, logs
from app.queries import examples

_log = logs.get(__name__)
_busy = Lock()  # one at a time in this process; between processes the one row decides
_troubles: list[str] = []  # the code of what went wrong last, until it was told


def make(ground: Ground, actor: Actor, locale: str) -> None:
    """Begin to make it. Raises Conflict ("example_there", "example_real", "practice_down")."""
    making.check(ground)
    _begin(lambda: making.make(ground, actor, locale))


def remove(ground: Ground, actor: Actor) -> None:
    """Begin to take it away, or go on where somebody broke off.

    Raises NotFound without one, Conflict ("example_busy") while somebody is at it.
    """
    with ground.database.reads() as session:
        standing = examples.standing(session, Scope())
    if standing is None:
        raise NotFound
    if standing.state is not State.READY and not is_left(standing.state, standing.beat_at, clock.now()):
        raise Conflict("example_busy")
    _begin(lambda: removing.remove(ground, actor))


def is_busy() -> bool:
    """Whether this process is at it."""
    return _busy.locked()


def trouble() -> str:
    """The code of what went wrong since it was last asked; empty when nothing did."""
    return _troubles.pop() if _troubles else ""


def _begin(work: Callable[[], object]) -> None:
    if not _busy.acquire(blocking=False):
        raise Conflict("example_busy")
    _troubles.clear()
    Thread(target=_run, args=(work,), name="example", daemon=True).start()


def _run(work: Callable[[], object]) -> None:
    try:
        work()
    except Refusal as refusal:
        _troubles.append(refusal.code)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page shall say that it did not work
        _log.error("the example library", error=type(error).__name__)
        _troubles.append("example_failed")
    finally:
        _busy.release()
