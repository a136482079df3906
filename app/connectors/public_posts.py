"""What stands on a page or profile for everybody to see, whoever put it there."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.networks import Format


@dataclass(frozen=True)
class PublicPost:
    """One public post: its id, words and address, and when it was made (UTC, by our clock).

    What was laid ready hidden may have been made some time before it was shown. A story has no words.
    """

    remote_id: str
    text: str
    permalink: str
    made_at: datetime
    format: Format = Format.POST
