"""What nobody expected: requests made up from the OpenAPI document get an answer that the document names."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, checks
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.database import Database
from app.models.second_factors import SecondFactor
from app.models.units import Unit
from tests.api.program import Program, channel
from tests.builders import actor, an_asset, person, unit

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# So many requests for each address: the same few in every run, or as many others as `make fuzz-api` asks for.
EXAMPLES = int(os.environ.get("FUZZ_API") or 2)
FEW = settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES <= 2,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def everybody(database: Database) -> tuple[Actor, int, int]:
    """Somebody who may do everything in a library of their own; the library's id and a channel's."""
    with database.writes() as session:
        top = unit(session, "Library")
        branch = unit(session, "Branch", top)
        spare = person(session, "Spare", branch, Role.EDITOR)
        who = person(session, "Everybody", top, *Role)
        assert spare.id < who.id
        # Some request will want a second factor of everybody.
        factor = {"person_id": who.id, "sealed": "", "salt": "x", "created_at": clock.now()}
        session.add(SecondFactor(**factor, confirmed_at=clock.now()))
        return actor(session, who), top.id, channel(session, top, "Page", "subtree")


@pytest.fixture
def things(
    app: FastAPI, everybody: tuple[Actor, int, int], in_a_week: str, database: Database
) -> dict[str, int | str]:
    """Ids and keys that are there, by the names that they have in addresses."""
    who, unit_id, channel_id = everybody
    with database.writes() as session:
        asset_id = an_asset(session, session.get_one(Unit, unit_id)).id
    program = Program(app, who)
    post = program.post("posts", {"unit_id": unit_id, "title": "x", "tone": "human", "text": "x"})
    planned = program.post(
        f"posts/{post['id']}/publications", {"channel_id": channel_id, "local_due": in_a_week}
    )
    return {
        "unit_id": unit_id,
        "channel_id": channel_id,
        "post_id": post["id"],
        "publication_id": planned["id"],
        "person_id": 1,
        "token_id": program.post("tokens", {"name": "spare"})["id"],
        "connection_id": 1,
        "asset_id": asset_id,
        "upload_key": program.post("uploads", {"unit_id": unit_id, "size": 9})["key"],
    }


@pytest.fixture
def client(app: FastAPI, everybody: tuple[Actor, int, int]) -> Iterator[TestClient]:
    """A client with a token that may write, and one event loop for all its requests."""
    token = Program(app, everybody[0]).client.headers["authorization"]
    with TestClient(app, raise_server_exceptions=False, headers={"authorization": token}) as client:
        yield client


def test_no_request_breaks_anything(app: FastAPI, client: TestClient, things: dict[str, int | str]) -> None:
    document = schemathesis.openapi.from_dict(app.openapi())
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        made = st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode))

        @FEW
        @given(case=made, there=st.booleans())
        def ask(case: Case[Any], there: bool) -> None:
            if there or case.method == "DELETE":  # its own token would be no use to it afterwards
                known = {name: things.get(name, 1) for name in case.path_parameters or {}}
                case.path_parameters = known
            case.validate_response(_sent(client, case), checks=CHECKS)

        ask()
    assert client.get("/api/v1/tokens").status_code == 200


def _sent(client: TestClient, case: Case[Any]) -> Any:
    given = case.as_transport_kwargs(base_url="http://testserver")
    headers = {name: value for name, value in given["headers"].items() if name.lower() != "authorization"}
    body = {"json": given["json"]} if "json" in given else {"content": given.get("data")}
    return client.request(given["method"], given["url"], params=given.get("params"), headers=headers, **body)
