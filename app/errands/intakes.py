"""Files that are read for longer than a request may wait: by a thread each, asked about until it is done."""

from collections.abc import Callable
from threading import Event, Lock, Thread

Work = Callable[[Callable[[float], None]], int]


class Intake:
    """One file that is being read. `share`: how far it is, 0 to 1."""

    def __init__(self, work: Work) -> None:
        """Begin at once."""
        self.share = 0.0
        self._work, self._over = work, Event()
        self._asset_id = 0
        self._error: Exception | None = None
        # A server that ends does not wait for it: what has come lies on the disk, and is read again.
        Thread(target=self._run, name="video-intake", daemon=True).start()

    @property
    def over(self) -> bool:
        """Whether it ended, well or not."""
        return self._over.is_set()

    def result(self, seconds: float) -> int | None:
        """The asset it became; None when it takes longer than so many seconds. Raises what it raised."""
        if not self._over.wait(seconds):
            return None
        if self._error is not None:
            raise self._error
        return self._asset_id

    def _run(self) -> None:
        try:
            self._asset_id = self._work(self._told)
        except Exception as error:  # noqa: BLE001 - it is raised again for whoever asks
            self._error = error
        finally:
            self._over.set()

    def _told(self, share: float) -> None:
        self.share = share


class Intakes:
    """Those of this process, by the key of the upload."""

    def __init__(self) -> None:
        """None yet."""
        self._lock = Lock()
        self._found: dict[str, Intake] = {}

    def of(self, key: str, work: Work) -> Intake:
        """The intake of an upload; a new one when there is none. Others that are over are forgotten."""
        with self._lock:
            self._found = {name: one for name, one in self._found.items() if name == key or not one.over}
            if key not in self._found:
                self._found[key] = Intake(work)
            return self._found[key]

    def forget(self, key: str) -> None:
        """Its result was told."""
        with self._lock:
            self._found.pop(key, None)
