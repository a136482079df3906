"""Work done by hand as a `Network`: it has a profile and nothing to call."""

from app.connectors.http import Wire
from app.connectors.manual.profile import PROFILE
from app.connectors.not_offered import NotOffered


class Manual(NotOffered):
    """A place where a person posts, corrects and takes down; nothing is ever called."""

    profile = PROFILE

    def __init__(self, wire: Wire | None = None) -> None:
        del wire  # nothing is sent
