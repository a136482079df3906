"""What a page shows around its own words: who is signed in, where, in which language."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.requests import Request

from app.foundation import i18n
from app.web.places import OPEN, open_to


@dataclass(frozen=True)
class Notice:
    """A sentence about what just happened, shown once on top of the page."""

    sentence: str
    kind: Literal["", "good", "warn", "stop"] = "good"


@dataclass
class Frame:
    """The surroundings of one page.

    csrf: the session's secret, unmasked. practice: some channel that this person sees is a practice channel;
    real: some is public. counts: numbers in the menu by name of place. places: names of the places that this
    person may open (see `places.PLACES`). zone: that times are shown in. how: they signed in.
    """

    locale: str = "en"
    person_name: str = ""
    person_id: int = 0
    unit_name: str = ""
    practice: bool = False
    real: bool = False
    csrf: str = ""
    zone: str = "UTC"
    counts: dict[str, int] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    how: str = ""
    places: Collection[str] = OPEN

    @property
    def signed_in(self) -> bool:
        """Whether there is a person, so that the page has its house: menu, dock, sign-out."""
        return bool(self.person_name)


def frame_of(request: Request) -> Frame:
    """The frame that was laid into `request.state.frame`, else one read off `request.state.viewer`.

    Whoever knows the person lives on a lower floor and can't name this class: anything with attributes of
    these names will do, and what it lacks keeps its default.
    """
    laid = getattr(request.state, "frame", None)
    if isinstance(laid, Frame):
        return laid
    viewer: Any = getattr(request.state, "viewer", None)
    known = {name: getattr(viewer, name) for name in Frame.__dataclass_fields__ if hasattr(viewer, name)}
    if "places" not in known and hasattr(viewer, "actor"):
        known["places"] = open_to(viewer.actor.scope)
    known.setdefault("locale", i18n.pick(request.headers.get("accept-language")))
    request.state.frame = Frame(**known)
    return request.state.frame  # type: ignore[no-any-return]
