"""What a post serves, in the composer: a pillar and a goal to choose from the strategy in force there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.dependencies.viewers import Viewer
from app.domain.strategies import Kind
from app.foundation.database import read_id
from app.foundation.i18n import N_, translations
from app.queries import strategies
from app.web.forms import Form

FIELDS = {"pillar": Kind.PILLAR, "goal": Kind.GOAL}
NONE = N_("none named")
RETIRED = N_("%(name)s (not in the strategy any more)")


@dataclass(frozen=True)
class Aim:
    """One of the two choices: its field, what is chosen, and what there is to choose from."""

    field: str
    value: str
    options: list[tuple[int | str, str]]


def sent(form: Form) -> dict[str, int | None]:
    """What the form says; a field that was not on the page says nothing."""
    return {name: read_id(form.text(name)) for name in FIELDS if name in form.values}


def aims(session: Session, viewer: Viewer, of: Any, form: Form) -> list[Aim]:
    """The choices where there is a strategy with such lists; none elsewhere.

    `of`: the post as it is stored, or whose a new one would be: unit_id, pillar_id and goal_id with names.
    """
    holds = strategies.in_force(session, viewer.actor.scope, of.unit_id)
    stored = {"pillar": (of.pillar_id, of.pillar), "goal": (of.goal_id, of.goal)}
    say = translations(viewer.locale).gettext
    found: list[Aim] = []
    for name, kind in FIELDS.items():
        now, called = stored[name]
        options: list[tuple[int | str, str]] = [(point.id, point.name) for point in holds.points(kind)]
        if now and called and now not in dict(options):
            options.append((now, say(RETIRED) % {"name": called}))
        if options:
            value: Any = form.text(name) if name in form.values else now or ""
            found.append(Aim(name, str(value), [("", say(NONE)), *options]))
    return found
