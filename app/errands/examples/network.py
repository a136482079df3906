"""The example's Pages and profiles on the practice network, and the sign-in that makes channels of them.

Pages are made through the network's control API, as its control page does it; from there on everything is
ordinary: a person of the example says yes in the network's own dialog, and chooses the Pages.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from sqlalchemy import select, update

from app.actions import channels
from app.connectors import http
from app.domain.errors import Conflict
from app.domain.examples import Part
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.errands import connect
from app.errands.examples import plan
from app.errands.examples.stage import Line, Stage
from app.errands.ground import Ground
from app.foundation import clock, practice_keys
from app.models.channels import Channel
from app.models.found import ChannelRound

_FORM = "application/x-www-form-urlencoded"


def ask(ground: Ground, path: str, body: Any = None) -> Any:
    """A call of the control API; POST if there is a body. Raises Conflict ("practice_down")."""
    token = practice_keys.load(ground.settings.data_dir).control_token
    headers = [("authorization", f"Bearer {token}"), ("content-type", "application/json")]
    sent = None if body is None else json.dumps(body).encode()
    try:
        answer = http.shared().send(
            "GET" if body is None else "POST",
            f"{ground.settings.practice_address}/control/api/{path}", headers, sent,
        )  # fmt: skip
    except (http.NeverSent, http.NoAnswer):
        raise Conflict("practice_down") from None
    if answer.status != 200:
        raise Conflict("practice_down")
    return json.loads(answer.body)


def build(stage: Stage) -> None:
    """Make the Pages and connect them. Raises Conflict ("practice_down"), and what connecting raises."""
    wanted = [unit for unit in plan.places() if plan.place(unit).facebook is not None]
    if stage.share < plan.SMALL:
        wanted = [unit for unit in wanted if unit in plan.FEW]
    with _quickly(stage.ground):
        with stage.ground.database.reads() as session:
            actor = stage.actor(session, plan.COORDINATOR)
        person = ""
        for done, unit in enumerate(wanted):
            stage.told(Part.PAGES, done, len(wanted))
            page, profile, person = _page(stage, unit, person)
            answer = _say_yes(stage, person, connect.begin(
                stage.ground, actor, channels.BeginInput(unit_id=stage.unit_id(unit)), None
            ))  # fmt: skip
            choice = connect.finish(stage.ground, actor, answer["state"], answer["code"], None)
            chosen = [page, profile] if profile else [page]
            connect.choose(stage.ground, actor, choice.connection_id, chosen)
            _keep(stage, unit, chosen)


def _page(stage: Stage, unit: int | None, person: str) -> tuple[str, str, str]:
    """The ids of a new Page, of its profile (or nothing) and of the person who looks after both."""
    place = plan.place(unit)
    name = stage.library.name if unit is None else stage.library.units[unit][0]
    if not person:
        keeper = stage.library.people[plan.COORDINATOR]
        person = str(ask(stage.ground, "people", {"name": keeper})["person"])
    given = {"name": name, "followers": place.followers, "zone": stage.library.zone, "person": person}
    page = str(ask(stage.ground, "pages", given)["pages"][0])
    if place.instagram is None:
        return page, "", person
    made = ask(stage.ground, "profiles", {"page": page, "followers": int(place.followers * 0.55)})
    return page, str(made["profile"]), person


def _say_yes(stage: Stage, person: str, dialog: str) -> dict[str, str]:
    """What a person does in the network's dialog; returns what the callback brings."""
    there = urlsplit(dialog)
    scope = parse_qs(there.query)["scope"][0].split(",")
    form = urlencode({"person": person, "answer": "continue", "scope": scope}, doseq=True).encode()
    path = there.path.removeprefix(urlsplit(stage.ground.settings.practice_public_address).path)
    url = f"{stage.ground.settings.practice_address}{path}?{there.query}"
    try:
        answer = http.shared().send("POST", url, [("content-type", _FORM)], form)
    except (http.NeverSent, http.NoAnswer):
        raise Conflict("practice_down") from None
    told = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if "code" not in told:
        raise Conflict("practice_down")
    return {name: values[0] for name, values in told.items()}


def _keep(stage: Stage, unit: int | None, remote_ids: Iterable[str]) -> None:
    place = plan.place(unit)
    with stage.ground.database.writes() as session:
        rows = session.execute(
            select(Channel.id, Channel.network, Channel.remote_id).where(
                Channel.remote_id.in_(list(remote_ids)), Channel.realm == Realm.PRACTICE
            ).order_by(Channel.id)
        ).all()  # fmt: skip
        if place.rests:
            resting = update(Channel).where(Channel.id.in_([row.id for row in rows]))
            session.execute(resting.values(state=ChannelState.DORMANT))
    _leave_in_peace(stage, [row.id for row in rows])
    for row in rows:
        many = place.followers if row.network is NetworkKind.FACEBOOK else int(place.followers * 0.55)
        stage.lines.append(Line(row.id, unit, row.network, row.remote_id, many))


def _leave_in_peace(stage: Stage, channel_ids: Sequence[int]) -> None:
    """What the clock would read of a new channel is laid in here: for some minutes it has been asked."""
    now = clock.now()
    with stage.ground.database.writes() as session:
        for channel_id in channel_ids:
            row = session.get(ChannelRound, channel_id) or ChannelRound(channel_id=channel_id)
            row.listed_at = row.days_at = now
            session.add(row)
        # From the command line nobody answers at our address yet: a picture not fetched says nothing.
        tried = update(Channel).where(Channel.id.in_(channel_ids))
        session.execute(tried.values(reach="", reach_reason="", reach_proof="", reach_at=None))


@contextmanager
def _quickly(ground: Ground) -> Iterator[None]:
    """Without the network's usual delays for so many calls; afterwards as they were."""
    before = ask(ground, "switches", {"switches": {}}).get("latency_ms", 30)
    ask(ground, "switches", {"switches": {"latency_ms": 1}})
    try:
        yield
    finally:
        ask(ground, "switches", {"switches": {"latency_ms": before}})
