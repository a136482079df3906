"""The health check by programs: the circles with their figures, of what the asker sees and nothing else."""

from fastapi import FastAPI

from app.actions import ideas
from app.actions.ideas import IdeaInput
from app.foundation.database import Database
from tests.api.conftest import Programs
from tests.cast import Cast


def test_the_three_circles_with_their_figures(app: FastAPI, program: Programs, cast: Cast) -> None:
    database: Database = app.state.database
    with database.writes() as session:
        for title in ("Herons", "Foxes", "Owls"):
            ideas.send(session, cast.contributor, IdeaInput(unit_id=cast.koivuranta.id, title=title))
    found = program(cast.manager).get("health-check")
    assert (found["missing"], found["sentence"]) == ("strategy", "A strategy is missing.")
    assert found["consequence"] == "A lot of resources may be wasted."
    assert [(one["circle"], one["there"]) for one in found["circles"]] == [
        ("enthusiasm", True), ("resources", None), ("strategy", False),
    ]  # fmt: skip
    assert found["circles"][0]["signs"] == [
        {"sign": "contributors", "good": True, "value": 1, "of": 5,
         "sentence": "1 of 5 people contributed in 90 days"},
        {"sign": "ideas", "good": True, "value": 3, "of": None, "sentence": "Ideas sent in 90 days: 3"},
    ]  # fmt: skip
    sibling = program(cast.sibling_editor).get("health-check")["circles"][0]["signs"]
    assert [(one["value"], one["of"]) for one in sibling] == [(0, 1), (0, None)]
