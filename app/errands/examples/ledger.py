"""Eight weeks of minutes that people wrote down: with people out there, and on posts."""

from datetime import timedelta

from sqlalchemy import insert

from app.domain.ledger import LedgerKind
from app.domain.timing import to_local
from app.errands.examples import plan
from app.errands.examples.stage import Stage
from app.foundation.database import table_of
from app.models.ledger import LedgerEntry

_WEEKS = 8
_KINDS = (
    (LedgerKind.POST, 3), (LedgerKind.REPLY, 3), (LedgerKind.QUESTION, 2), (LedgerKind.PICTURE, 2),
    (LedgerKind.GROUP, 1), (LedgerKind.IDEA, 1), (LedgerKind.GATHERING, 1),
)  # fmt: skip
_MINUTES = (5, 10, 10, 15, 15, 20, 30, 45)


def lay(stage: Stage) -> None:
    """Those who write, and some who help, a few times a week."""
    dice, rows = stage.dice("ledger"), []
    today = to_local(stage.now, stage.library.zone).date()
    kinds, weights = zip(*_KINDS, strict=True)
    for person in (0, 1, 2, 6, 7, 10, 15, 17):
        for day in range(_WEEKS * 7):
            on = today - timedelta(days=day)
            if on.weekday() > 4 or dice.random() > 0.45:
                continue
            unit_id = stage.unit_id(plan.PEOPLE[person].unit)
            rows.append({
                "person_id": stage.people[person], "unit_id": unit_id, "day": on,
                "minutes": dice.choice(_MINUTES), "kind": dice.choices(kinds, weights)[0],
                "written_at": stage.now - timedelta(days=day),
            })  # fmt: skip
    with stage.ground.database.writes() as session:
        session.execute(insert(table_of(LedgerEntry)), rows[::-1])  # the latest is written last
