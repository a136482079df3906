"""What a network does not offer: every promise of the contract, refused (NOT_OFFERED)."""

from datetime import datetime
from typing import Any, NoReturn

from app.connectors.contract import (
    Begun,
    Commented,
    Connected,
    Health,
    Look,
    Numbered,
    Quota,
    Receipt,
    Staged,
)
from app.connectors.day_numbers import DaysTold
from app.connectors.failures import Rejected
from app.connectors.public_posts import Listed, PublicPost
from app.connectors.reasons import Reason


def _refuse() -> NoReturn:
    raise Rejected(Reason.NOT_OFFERED)


class NotOffered:
    """The ground that a network stands on: it takes over what it can do, the rest stays refused."""

    def begin_connection(self, *_: Any, **__: Any) -> Begun:
        """There is no sign-in."""
        _refuse()

    def finish_connection(self, *_: Any, **__: Any) -> Connected:
        """There is no sign-in."""
        _refuse()

    def check(self, *_: Any, **__: Any) -> Health:
        """There is nothing to check."""
        _refuse()

    def server_time(self, *_: Any, **__: Any) -> datetime:
        """There is no server."""
        _refuse()

    def usage(self, *_: Any, **__: Any) -> int:
        """Nothing is used up."""
        return 0

    def quota(self, *_: Any, **__: Any) -> Quota | None:
        """No posts are counted."""
        return None

    def stage(self, *_: Any, **__: Any) -> Staged:
        """Nothing is laid ready."""
        _refuse()

    def show(self, *_: Any, **__: Any) -> Receipt:
        """Nothing is made public by us."""
        _refuse()

    def look(self, *_: Any, **__: Any) -> Look:
        """Nothing can be looked at."""
        _refuse()

    def find(self, *_: Any, **__: Any) -> Receipt | None:
        """Nothing can be found."""
        _refuse()

    def newest(self, *_: Any, **__: Any) -> list[PublicPost]:
        """Nothing is listed."""
        _refuse()

    def discard(self, *_: Any, **__: Any) -> Look:
        """There is nothing to discard."""
        _refuse()

    def correct(self, *_: Any, **__: Any) -> None:
        """What is out can't be changed by a program."""
        _refuse()

    def remove(self, *_: Any, **__: Any) -> None:
        """What is out can't be taken down by a program."""
        _refuse()

    def comment(self, *_: Any, **__: Any) -> str:
        """Refused: no comment is written."""
        _refuse()

    def find_comment(self, *_: Any, **__: Any) -> Commented:
        """Refused: no comment is looked for."""
        _refuse()

    def begin_proof(self, *_: Any, **__: Any) -> str:
        """Nothing is fetched from us."""
        _refuse()

    def proof(self, *_: Any, **__: Any) -> None:
        """Nothing is fetched from us."""
        _refuse()

    def read(self, *_: Any, **__: Any) -> Numbered:
        """There are no numbers."""
        _refuse()

    def listed(self, *_: Any, **__: Any) -> Listed:
        """Nothing is listed."""
        _refuse()

    def days(self, *_: Any, **__: Any) -> DaysTold:
        """There are no numbers."""
        _refuse()
