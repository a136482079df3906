"""What stands on a page or profile for everybody to see, whoever put it there."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.networks import Format


@dataclass(frozen=True)
class PublicPost:
    """One public post: its id, words and address, and when it was made (UTC, by our clock).

    What was laid ready hidden may have been made some time before it was shown. A story has no words.
    `also_id`: another id of the same thing, empty when it has one only. `network_made_at`: by the network's
    clock, None when it is not told.
    """

    remote_id: str
    text: str
    permalink: str
    made_at: datetime
    format: Format = Format.POST
    also_id: str = ""
    network_made_at: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """Public posts since some time. `whole`: all of them, so that one that is not here is no longer there.

    `network_at`: the network's time at the answer, None when it is not told.
    """

    posts: tuple[PublicPost, ...]
    whole: bool
    network_at: datetime | None = None
