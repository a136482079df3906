"""Numbers for monitoring: for this machine or a token, in Prometheus' own form."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.actions.history import record
from app.domain.examples import State
from app.domain.publications import HoldReason, Status
from app.domain.roles import Actor, Scope
from app.errands import backups
from app.errands.metrics import LATENESS
from app.foundation import clock
from app.foundation.settings import Settings
from app.models.examples import ONLY, Example
from app.models.holds import Hold
from app.models.leases import Run
from app.models.notices import Mail, Notice
from app.models.publications import Publication
from tests.cast import Cast
from tests.support.apps import loop
from tests.web.scene import Scene, counted

LINE = re.compile(r'kuliss_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.]+')


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    return Scene(app, cast)


def ask(app: FastAPI, host: str = "127.0.0.1", **headers: str) -> TestClient:
    client = TestClient(app, client=(host, 5000), raise_server_exceptions=False)
    client.portal = loop()
    client.headers.update(headers)
    return client


def values(app: FastAPI) -> dict[str, float]:
    answer = ask(app).get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines}


def test_only_this_machine_may_ask(app: FastAPI, cast: Cast) -> None:
    assert ask(app).get("/metrics").status_code == 200
    assert ask(app, "::1").get("/metrics").status_code == 200
    assert ask(app, "192.0.2.7").get("/metrics").status_code == 404
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert ask(app, **{name: "127.0.0.1"}).get("/metrics").status_code == 404, name
    assert ask(app, Authorization="Bearer ").get("/metrics").status_code == 200


def test_or_who_has_the_token(app: FastAPI, cast: Cast) -> None:
    app.state.settings = Settings(_env_file=None, metrics_token="let me look")
    assert ask(app).get("/metrics").status_code == 404
    assert ask(app, "192.0.2.7", Authorization="Bearer let me look").get("/metrics").status_code == 200
    for wrong in ("Bearer let me", "let me look", "Bearer let me look ", "Bearer å"):
        answer = ask(app).get("/metrics", headers={b"authorization": wrong.encode()})
        assert answer.status_code == 404, wrong


def test_every_line_is_as_prometheus_reads_it(app: FastAPI, scene: Scene) -> None:
    scene.plan()
    answer = ask(app).get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    names: list[str] = []
    for line in answer.text.splitlines():
        if line.startswith("# TYPE"):
            names.append(line.split()[2])
        assert line.startswith("# ") or LINE.fullmatch(line), line
    assert len(names) == len(set(names)) > 15


def test_numbers_are_those_of_the_database(app: FastAPI, scene: Scene) -> None:
    now = clock.now()
    scene.plan(Status.PLANNED, 60, "to come")
    scene.plan(Status.PLANNED, -3, "due")
    held = scene.plan(Status.STAGED, -30, "late")
    for late in (-5, 0.04, 0.3, 30, 4000):
        number = scene.plan(Status.PUBLISHED, -100)
        scene.write(lambda session, number=number, late=late: out(session.get_one(Publication, number), late))  # type: ignore[misc]
    scene.write(lambda session: session.add_all([
        Hold(publication_id=held, reason=HoldReason.PERSON, note="", since_at=now),
        Run(host="a", pid=1, started_at=now, seen_at=now - timedelta(seconds=7)),
        Run(host="b", pid=2, started_at=now, seen_at=now, ended_at=now),
        Notice(key="a", code="stuck", severity=3, facts={}, since_at=now),
        Notice(key="b", code="stuck", severity=3, facts={}, since_at=now, ended_at=now),
        Mail(person_id=scene.cast.editor.person_id, locale="en", subject="", text="", html="",
             created_at=now, next_at=now),
    ]))  # fmt: skip
    scene.write(lambda session: record(session, Actor(None, Scope()), "post", 1, "edited", now=now))
    backups.remember(app.state.settings.data_dir, now - timedelta(hours=2), app.state.settings.data_dir, 1)
    told = values(app)
    assert told['kuliss_publications{status="planned"}'] == 2
    assert told['kuliss_publications{status="unsure"}'] == 0
    assert (told["kuliss_publications_due"], told["kuliss_publications_late"]) == (2, 1)
    buckets = [told[f'kuliss_lateness_seconds_bucket{{le="{bound}"}}'] for bound in LATENESS]
    assert buckets == [2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4]
    assert told['kuliss_lateness_seconds_bucket{le="+Inf"}'] == told["kuliss_lateness_seconds_count"] == 5
    assert told["kuliss_lateness_seconds_sum"] == pytest.approx(4030.34, abs=0.01)
    assert told['kuliss_holds{reason="person"}'] == 1
    assert told['kuliss_notices{severity="now"}'] == 1
    assert (told["kuliss_clocks"], told["kuliss_mails_waiting"]) == (1, 1)
    assert 6.9 < told["kuliss_clock_tick_age_seconds"] < 60
    assert 7200 <= told["kuliss_backup_age_seconds"] < 7300
    assert told["kuliss_database_bytes"] > 100_000
    assert told["kuliss_history_unsealed"] == told["kuliss_history_entries_total"] >= 1
    assert any(name.startswith('kuliss_info{version="') for name in told)


def test_entries_of_the_example_library_wait_for_no_seal(app: FastAPI, scene: Scene, cast: Cast) -> None:
    before, now = values(app), clock.now()

    def write(session: Session) -> None:
        its = cast.elsewhere.id
        session.add(Example(id=ONLY, unit_id=its, state=State.READY, locale="sv", made_at=now, beat_at=now))
        record(session, cast.stranger, "post", 1, "created", unit_id=its, now=now)

    scene.write(write)
    after, names = values(app), ("kuliss_history_entries_total", "kuliss_history_unsealed")
    assert [after[name] - before[name] for name in names] == [1, 0]


def out(publication: Publication, late: float) -> None:
    publication.published_at = publication.due_at + timedelta(seconds=late)


def test_it_asks_few_questions(app: FastAPI, scene: Scene) -> None:
    with counted(scene.database) as asked:
        values(app)
    assert len(asked) <= 16, asked
