"""The example library in words: what is being made, whom one may look as, and what waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.examples import Part
from app.domain.roles import Role
from app.foundation.database import AnyRow
from app.foundation.i18n import N_, translations
from app.words.roles import role_name

PARTS: dict[str, str] = {
    Part.PEOPLE: N_("Branches and people"),
    Part.PAGES: N_("Pages on the practice network, and their sign-in"),
    Part.PICTURES: N_("Pictures"),
    Part.PAST: N_("A year of posts"),
    Part.NUMBERS: N_("Simulated numbers"),
    Part.IDEAS: N_("Ideas"),
    Part.COMING: N_("The queue of the coming two weeks"),
    Part.WAITING: N_("What waits for each role"),
    Part.RESULTS: N_("Results of the year"),
}
_WAITS: dict[Role, str] = {
    Role.EDITOR: N_("Ideas to answer, a missed post, wishes for changes, two weeks to fill."),
    Role.APPROVER: N_("Posts that wait for a yes or a comment."),
    Role.CONTRIBUTOR: N_("What became of one's own ideas, and a button for the next one."),
    Role.MANAGER: N_("A year of results: whom the library reaches, and whether human posts do better."),
    Role.COORDINATOR: N_("A sign-in that ends soon, channels that fell silent, who does what where."),
    Role.ADMINISTRATOR: N_("Branches, people and channels."),
}


@dataclass(frozen=True)
class Face:
    """Somebody of the example. `waits`: what there is for them to see; `leads`: the first with their role."""

    id: int
    name: str
    role: str
    unit: str
    waits: str
    leads: bool


def part(name: str, locale: str) -> str:
    """What is being made; empty for what has no word."""
    return translations(locale).gettext(PARTS[name]) if name in PARTS else ""


def people(rows: Iterable[AnyRow], locale: str) -> list[Face]:
    """Each person once, by the first of their roles."""
    found: dict[int, Face] = {}
    led: set[Role] = set()
    for row in rows:
        waits, role = translations(locale).gettext(_WAITS[row.role]), role_name(row.role, locale)
        if row.id not in found:
            found[row.id] = Face(row.id, row.name, role, row.unit, waits, row.role not in led)
            led.add(row.role)
    return list(found.values())
