"""The daily look through history: a part at a time, every damage becomes a warning, and rest in between."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app.domain.warnings import Code
from app.errands import history, history_looks, warnings
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Database
from app.models.history_looks import HistoryLook
from tests.errands.test_history import damage, ids, sealed_ground, write


@pytest.fixture
def ground(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Six sealed entries, looked at two at a time."""
    monkeypatch.setattr(history_looks, "LEAST", 2)
    return sealed_ground(database, tmp_path)


def kind_told(ground: Ground) -> str | None:
    with ground.database.reads() as session:
        found = history_looks.told(session)
    return found["kind"] if found else None


def go_round(ground: Ground) -> list[bool]:
    """Parts until the end of the chain was reached once more."""
    seen = []
    while True:
        seen.append(history_looks.look_on(ground))
        with ground.database.reads() as session:
            if session.get_one(HistoryLook, 1).place == 0:
                return seen


def test_a_whole_chain_is_followed_in_parts_then_it_rests(
    ground: Ground, traveller: time_machine.Traveller
) -> None:
    assert go_round(ground) == [True] * 4
    write(ground.database, 7)
    history.seal_new(ground)
    assert history_looks.look_on(ground)
    with ground.database.reads() as session:
        assert session.get_one(HistoryLook, 1).place == 0, "it rests"
    traveller.shift(history_looks.REST + timedelta(minutes=1))
    assert len(go_round(ground)) == 4
    assert kind_told(ground) is None


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        (["UPDATE history SET verb = 'deleted' WHERE id = :id"], "changed"),
        (["DELETE FROM history WHERE id = :id"], "missing"),
        (["DELETE FROM history_seals WHERE history_id = :id"], "seals_missing"),
        (["DELETE FROM history_seals WHERE history_id > :id", "DELETE FROM history WHERE id > :id"], "cut"),
        (["UPDATE history SET facts = 'no json' WHERE id = :id"], "unreadable"),
    ],
)
def test_damage_lights_a_warning_for_administrators(ground: Ground, statements: list[str], kind: str) -> None:
    if kind == "unreadable" and not ground.database.is_sqlite:
        return  # there the column takes nothing but JSON
    damage(ground, *statements, id=ids(ground.database)[3])
    assert False in go_round(ground)
    assert kind_told(ground) == kind
    [light] = [one for one in warnings.lights(ground, clock.now()) if one.code == Code.HISTORY_BROKEN]
    assert light.unit_id is None, "it is about the installation"


def test_what_is_cut_off_behind_the_look_is_seen_by_the_next_part(ground: Ground) -> None:
    assert history_looks.look_on(ground)
    assert history_looks.look_on(ground)
    damage(ground, "UPDATE history_seals SET hash = 'x' WHERE history_id = :id", id=ids(ground.database)[3])
    assert not history_looks.look_on(ground)
    assert kind_told(ground) == "cut"
