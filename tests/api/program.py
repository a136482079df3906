"""A program with a token of one of the cast, and the rows that its questions need."""

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.actions import tokens
from app.actions.tokens import NewToken
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.publications import Publication
from app.models.units import Unit
from tests.support.apps import loop

API = "/api/v1"


class Program:
    """Asks the API as one person. A server's fault comes back as the 500 that programs would see."""

    def __init__(self, app: FastAPI, who: Actor | None, scope: str = "write") -> None:
        self.client = TestClient(app, raise_server_exceptions=False)
        self.client.portal = loop()
        if who is not None:
            self.client.headers["authorization"] = f"Bearer {_token(app.state.database, who, scope)}"

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None, **query: Any) -> Response:
        """One request; `key`: its Idempotency-Key."""
        headers = {"content-type": "application/json"} if body is not None else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        text = None if body is None else json.dumps(body)
        return self.client.request(method, f"{API}/{path}", headers=headers, params=query, content=text)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of something that is there."""
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, path: str, **query: Any) -> list[Any]:
        """The rows of a list's first page."""
        found: list[Any] = self.get(path, **query)["items"]
        return found

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """The JSON of a change that succeeds."""
        answer = self.ask("POST", path, body, key)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def patch(self, path: str, body: Any) -> Any:
        """The same for PATCH."""
        answer = self.ask("PATCH", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, list[Any]]:
        """The status of a refusal, and pairs of field and code; or the code alone when no field is wrong."""
        answer = self.ask(method, path, body, **more)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        told = answer.json()
        assert told["status"] == answer.status_code
        pairs = [(each["field"], each["code"]) for each in told["errors"]]
        return answer.status_code, pairs or [told["code"]]


def _token(database: Database, who: Actor, scope: str) -> str:
    assert who.person_id is not None
    with database.writes() as session:
        wanted = NewToken.model_validate({"name": "Test", "scope": scope})
        return tokens.create(session, who, who.person_id, wanted)[1]


def channel(session: Session, unit: Unit, name: str, used_by: str = "unit") -> int:
    """A practice channel of a unit; returns its id."""
    row = Channel(
        unit_id=unit.id,
        network=NetworkKind.FACEBOOK,
        realm=Realm.PRACTICE,
        remote_id=f"{unit.id}00{len(name)}",
        name=name,
        used_by=used_by,
        state=ChannelState.ACTIVE,
        app_id="1",
        connected_at=datetime(2030, 1, 1, tzinfo=UTC),
    )
    session.add(row)
    session.flush()
    session.add(ChannelLease(channel_id=row.id, token=0))
    return row.id


def put(database: Database, publication_id: int, **values: Any) -> None:
    """Put a publication where only the clock brings one."""
    with database.writes() as session:
        row = session.get_one(Publication, publication_id)
        for name, value in values.items():
            setattr(row, name, value)


UNSURE = {"status": Status.UNSURE, "reason": "no_answer", "remote_id": "1_2"}
