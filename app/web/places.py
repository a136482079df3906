"""The places of the house that the menu and the dock lead to."""

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.roles import Right, Scope
from app.foundation.i18n import N_


@dataclass(frozen=True)
class Place:
    """One entry of the menu. `name` is also the key of its count in `Frame.counts`."""

    name: str
    href: str
    icon: str
    label: str
    group: str = ""

    def holds(self, path: str) -> bool:
        """Whether a page at this path belongs to this place."""
        return path == self.href or (self.href != "/" and path.startswith(f"{self.href}/"))


LOOK_BACK = N_("Look back")
GROUND = N_("Ground")
PLACES = (
    Place("today", "/", "today", N_("Today")),
    Place("ideas", "/ideas", "idea", N_("Ideas")),
    Place("posts", "/posts", "post", N_("Posts")),
    Place("calendar", "/calendar", "cal", N_("Calendar")),
    Place("queue", "/queue", "queue", N_("Queue")),
    Place("ledger", "/ledger", "planned", N_("Time")),
    Place("questions", "/questions", "talk", N_("Questions")),
    Place("results", "/results", "results", N_("Results"), LOOK_BACK),
    Place("strategies", "/strategy", "strategy", N_("Strategy"), GROUND),
    Place("channels", "/channels", "channel", N_("Channels"), GROUND),
    Place("pictures", "/pictures", "media", N_("Pictures"), GROUND),
    Place("people", "/people", "people", N_("People"), GROUND),
    Place("units", "/units", "strategy", N_("Units"), GROUND),
    Place("history", "/history", "note", N_("History"), GROUND),
)
NEW_POST = Place("new_post", "/posts/new", "plus", N_("New post"))
NEW_IDEA = Place("new_idea", "/ideas/new", "plus", N_("Send an idea"))
_SHORTCUTS = ("today", "ideas", "new_post", "new_idea", "posts", "calendar", "queue", "channels")
# The places that have a page; one that isn't named here is shown to nobody.
OPEN = frozenset(
    {"today", "ideas", "posts", "calendar", "queue", "ledger", "results", "channels", "pictures", "people"}
    | {"strategies", "units"}
)
# Those that have a page for people with a right.
BY_RIGHT = {Right.HISTORY: "history", Right.WRITE: "new_post", Right.SUGGEST: "new_idea"}
_BY_NAME = {place.name: place for place in (*PLACES, NEW_POST, NEW_IDEA)}


def open_to(scope: Scope) -> Collection[str]:
    """The places that somebody may open."""
    return OPEN | {name for right, name in BY_RIGHT.items() if scope.units_with(right)}


def menu(shown: Collection[str]) -> list[tuple[str, list[Place]]]:
    """The menu in its groups: (heading or "", places), only names in `shown`, empty groups left out."""
    groups: dict[str, list[Place]] = {}
    for place in PLACES:
        if place.name in shown:
            groups.setdefault(place.group, []).append(place)
    return list(groups.items())


def dock(shown: Collection[str]) -> list[Place]:
    """The four shortcuts at the foot of a phone's screen (the fifth is the menu)."""
    return [_BY_NAME[name] for name in _SHORTCUTS if name in shown][:4]
