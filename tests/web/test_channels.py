"""Channels: connected through the network's sign-in, whatever a callback claims."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import func, select

from app.connectors.failures import Reconnect, RetryLater
from app.domain.networks import ChannelState, Realm
from app.domain.roles import Actor
from app.foundation import clock
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.connections import Connection
from app.models.meta_apps import MetaApp
from tests import plans
from tests.cast import Cast
from tests.web.network import FINE, LACKING, WHOLE, FakeNetwork, stand_in
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def fake(app: FastAPI) -> FakeNetwork:
    """What stands in for Facebook."""
    return stand_in(app, FakeNetwork())


@pytest.fixture
def boss(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's coordinator."""
    return visit(cast.coordinator)


def begin(boss: Visitor, cast: Cast, realm: str = "practice", **more: str) -> str:
    """The state of a connection just begun."""
    answer = boss.send(
        "/channels/connect",
        "/channels/connect",
        unit_id=cast.koivuranta.id,
        realm=realm,
        network="facebook",
        **more,
    )
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


def rows(app: FastAPI, table: type = Channel) -> int:
    """How many rows a table has."""
    with app.state.database.reads() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_page_is_connected(app: FastAPI, fake: FakeNetwork, cast: Cast, boss: Visitor) -> None:
    state = begin(boss, cast)
    back = boss.get(f"/channels/callback?state={state}&code=abc")
    choose = back.headers["location"]
    page = boss.get(choose).text
    assert "Main Library" in page
    assert "The permission to publish on the page." in page
    assert "You may not create content on this page." in page
    answer = boss.send(choose, choose, places=WHOLE.remote_id)
    shown = boss.get(answer.headers["location"]).text
    assert "Connected. Posts can go there now." in shown
    assert "Everything is in order." in shown
    assert "Practice: the page as the public sees it" in shown
    with app.state.database.reads() as session:
        channel = session.scalars(select(Channel)).one()
        sealed = session.scalars(select(ChannelToken.sealed)).one()
    assert channel.realm is Realm.PRACTICE
    assert "page-token" not in sealed
    assert "Main Library" in boss.get("/channels").text


def test_the_form_may_lead_to_the_sign_in(fake: FakeNetwork, boss: Visitor) -> None:
    policy = boss.get("/channels/connect").headers["content-security-policy"]
    assert "https://www.facebook.com" in policy.split("form-action")[1].split(";")[0]
    assert "facebook" not in boss.get("/queue").headers["content-security-policy"]


@pytest.mark.parametrize("places", ["", "999", LACKING.remote_id])
def test_what_cannot_be_chosen_makes_nothing(
    app: FastAPI, fake: FakeNetwork, cast: Cast, boss: Visitor, places: str
) -> None:
    choose = boss.get(f"/channels/callback?state={begin(boss, cast)}&code=abc").headers["location"]
    answer = boss.send(choose, choose, places=places)
    assert answer.status_code == 422
    assert '<a href="#places">' in answer.text
    assert rows(app) == 0


def test_the_choice_sent_twice_is_made_once(
    app: FastAPI, fake: FakeNetwork, cast: Cast, boss: Visitor
) -> None:
    choose = boss.get(f"/channels/callback?state={begin(boss, cast)}&code=abc").headers["location"]
    data = dict(re.findall(r'type="hidden" name="(csrf|once)" value="([^"]*)"', boss.get(choose).text))
    data["places"] = WHOLE.remote_id
    places = {boss.post(choose, data).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert rows(app) == 1
    assert fake.asked.count("check") == 1


def lies(boss: Visitor, other: Visitor, cast: Cast) -> list[tuple[Visitor, str]]:
    """Callbacks that claim what isn't so, and who comes with them."""
    used = begin(boss, cast)
    boss.get(f"/channels/callback?state={used}&error=access_denied")
    mine = begin(boss, cast)
    return [
        (boss, "state=made-up&code=abc"),
        (boss, f"state={used}&code=abc"),
        (boss, "code=abc"),
        (boss, ""),
        (boss, "state=%00&code=%F0%9F%90%95"),
        (other, f"state={mine}&code=abc"),
    ]


def test_a_callback_that_lies_changes_nothing(
    app: FastAPI, fake: FakeNetwork, cast: Cast, boss: Visitor, visit: Visit
) -> None:
    for who, query in lies(boss, visit(cast.administrator), cast):
        answer = who.get(f"/channels/callback?{query}")
        assert answer.status_code == 422, query
        assert "does not belong to a connection that you began" in answer.text
    assert rows(app) == 0
    assert "finish" not in fake.asked


def test_another_browser_cannot_finish(fake: FakeNetwork, cast: Cast, boss: Visitor, visit: Visit) -> None:
    state = begin(boss, cast)
    assert visit(cast.coordinator).get(f"/channels/callback?state={state}&code=abc").status_code == 422


def test_a_callback_that_comes_late_is_refused(fake: FakeNetwork, cast: Cast, boss: Visitor) -> None:
    state = begin(boss, cast)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert boss.get(f"/channels/callback?state={state}&code=abc").status_code == 422


def test_the_choice_is_the_persons_own_and_for_15_minutes(
    fake: FakeNetwork, cast: Cast, boss: Visitor, visit: Visit
) -> None:
    choose = boss.get(f"/channels/callback?state={begin(boss, cast)}&code=abc").headers["location"]
    assert visit(cast.administrator).get(choose).status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        late = boss.get(choose)
    assert late.status_code == 409
    assert "The 15 minutes for choosing have passed" in late.text
    assert '<a class="btn btn-go" href="/channels/connect">' in late.text


def test_a_choice_in_a_second_window_says_that_it_was_made(
    app: FastAPI, fake: FakeNetwork, cast: Cast, boss: Visitor
) -> None:
    choose = boss.get(f"/channels/callback?state={begin(boss, cast)}&code=abc").headers["location"]
    second = dict(re.findall(r'type="hidden" name="(csrf|once)" value="([^"]*)"', boss.get(choose).text))
    assert boss.send(choose, choose, places=WHOLE.remote_id).status_code == 303
    for answer in (boss.post(choose, {**second, "places": WHOLE.remote_id}), boss.get(choose)):
        assert answer.status_code == 409
        assert "This was chosen already." in answer.text
        assert "Nothing was connected" not in answer.text
    assert rows(app) == 1


def test_what_is_lost_between_sign_in_and_choice_is_not_called_connected(
    app: FastAPI, cast: Cast, boss: Visitor
) -> None:
    lost = replace(FINE, valid=False, reason="role_lost")
    stand_in(app, FakeNetwork(health=lost))
    choose = boss.get(f"/channels/callback?state={begin(boss, cast)}&code=abc").headers["location"]
    made = boss.send(choose, choose, places=WHOLE.remote_id).headers["location"]
    assert made.endswith("?done=connected_not_all")
    page = boss.get(made).text
    assert "has no role on the page any more" in page
    assert "Posts can go there now" not in page


def _choice(boss: Visitor, cast: Cast, **more: str) -> str:
    """The page on which to choose, after a sign-in."""
    back = boss.get(f"/channels/callback?state={begin(boss, cast, **more)}&code=abc")
    return str(boss.get(back.headers["location"]).text)


def test_only_what_another_unit_has_is_not_called_nothing(
    app: FastAPI, scene: Scene, cast: Cast, visit: Visit
) -> None:
    stand_in(app, FakeNetwork(places=(WHOLE,)))
    scene.write(
        lambda session: plans.channel(
            session, cast.library, scene.keyring, "Shared", remote_id=WHOLE.remote_id
        )
    )
    page = _choice(visit(cast.coordinator), cast)
    assert "Connected already by another unit" in page
    assert "shared with you: you can plan posts on it" in page
    assert "This sign-in opened no page." not in page


def test_a_role_that_is_missing_is_not_asked_for_in_the_dialog(
    app: FastAPI, cast: Cast, boss: Visitor
) -> None:
    stand_in(app, FakeNetwork(places=(replace(LACKING, missing_scopes=()),)))
    page = _choice(boss, cast)
    assert "You may not create content on this page." in page
    assert "Ask for the permissions again" not in page


def test_a_sign_in_that_does_not_reach_the_channel_offers_no_choice(
    app: FastAPI, scene: Scene, cast: Cast, boss: Visitor
) -> None:
    stand_in(app, FakeNetwork(places=(WHOLE,)))
    page = _choice(boss, cast, channel_id=str(scene.channel_id))
    assert "This sign-in does not reach Koivuranta page" in page
    assert 'name="places"' not in page
    assert "Sign in once more" in page
    assert f'<a href="/channels/connect?unit={cast.koivuranta.id}">' in page


def test_a_no_at_the_network_is_said(fake: FakeNetwork, cast: Cast, boss: Visitor) -> None:
    state = begin(boss, cast)
    answer = boss.get(f"/channels/callback?state={state}&error=access_denied&error_reason=user_denied")
    assert answer.status_code == 422
    assert "You said no at the network." in answer.text
    assert "begin anew" in boss.get(f"/channels/callback?state={state}&code=abc").text.lower()


def test_a_code_that_the_network_refuses_is_said(fake: FakeNetwork, cast: Cast, boss: Visitor) -> None:
    state = begin(boss, cast)
    fake.failure = Reconnect("app_setup", "Error validating client secret.")
    answer = boss.get(f"/channels/callback?state={state}&code=abc")
    assert answer.status_code == 422
    assert "The network did not accept the sign-in." in answer.text
    assert "Compare its number and secret" in answer.text


def test_only_who_looks_after_channels_connects(
    app: FastAPI, fake: FakeNetwork, cast: Cast, visit: Visit
) -> None:
    for who in (cast.editor, cast.approver, cast.contributor, cast.manager):
        other = visit(who)
        assert other.get("/channels/connect").status_code == 403
        data = {"unit_id": cast.koivuranta.id, "realm": "practice"}
        assert other.send("/account", "/channels/connect", **data).status_code == 403
        assert "/channels/connect" not in other.get("/channels").text
    assert rows(app, Connection) == 0


@pytest.mark.parametrize(
    "fields", [{"unit_id": "x"}, {"realm": "moon"}, {"unit_id": "999999"}, {"unit_id": ""}]
)
def test_what_cannot_be_connected_is_told_at_its_field(
    fake: FakeNetwork, cast: Cast, boss: Visitor, fields: dict[str, str]
) -> None:
    data = {"unit_id": cast.koivuranta.id, "realm": "practice", **fields}
    answer = boss.send("/channels/connect", "/channels/connect", **data)
    assert answer.status_code == 422
    assert f'<a href="#{next(iter(fields))}">' in answer.text


def test_what_is_done_by_hand_has_no_sign_in(cast: Cast, boss: Visitor) -> None:
    data = {"unit_id": cast.koivuranta.id, "realm": "practice", "network": "manual"}
    answer = boss.send("/channels/connect", "/channels/connect", **data)
    assert answer.status_code == 422
    assert "There is no sign-in there" in answer.text


def test_the_real_network_needs_an_app(app: FastAPI, fake: FakeNetwork, cast: Cast, boss: Visitor) -> None:
    data = {"unit_id": cast.koivuranta.id, "realm": "meta"}
    refused = boss.send("/channels/connect", "/channels/connect", **data)
    form = f"/units/{cast.koivuranta.id}/meta-app"
    assert refused.status_code == 422
    assert f'href="{form}"' in refused.text
    for app_id, secret in (("abc", "x" * 32), ("12345", "short"), ("", "")):
        wrong = boss.send(form, form, app_id=app_id, secret=secret)
        assert wrong.status_code == 422
        assert not secret or secret not in wrong.text
    assert rows(app, MetaApp) == 0
    stored = boss.send(form, form, app_id="12345", secret="s3cret" * 6)
    assert stored.headers["location"] == f"/channels/app/guide?unit={cast.koivuranta.id}&done=app_saved"
    assert "s3cret" not in boss.get(form).text
    assert boss.send("/channels/connect", "/channels/connect", **data).status_code == 303


def test_an_app_is_entered_by_those_who_may(cast: Cast, visit: Visit) -> None:
    form = f"/units/{cast.koivuranta.id}/meta-app"
    assert visit(cast.editor).get(form).status_code == 403
    assert visit(cast.sibling_editor).get(form).status_code == 404
    assert visit(cast.coordinator).get(f"/units/{cast.library.id}/meta-app").status_code == 404


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_a_channel_is_renamed_and_rests(scene: Scene, cast: Cast, boss: Visitor, visit: Visit) -> None:
    page = f"/channels/{scene.channel_id}"
    wrong = boss.send(page, page, name="  ", used_by="everyone", state="active")
    assert wrong.status_code == 422
    assert '<a href="#name">' in wrong.text
    assert '<a href="#used_by">' in wrong.text
    answer = boss.send(page, page, name="Ours", used_by="unit", state="dormant")
    assert answer.headers["location"] == f"{page}?done=saved"
    with scene.database.reads() as session:
        channel = session.get_one(Channel, scene.channel_id)
    assert (channel.name, channel.used_by, channel.state) == ("Ours", "unit", ChannelState.DORMANT)
    editor = visit(cast.editor)
    assert "Save" not in editor.get(page).text
    assert editor.send("/account", page, name="Mine", used_by="unit", state="active").status_code == 403


def test_a_check_is_asked_for(app: FastAPI, fake: FakeNetwork, cast: Cast, visit: Visit) -> None:
    scene, boss = Scene(app, cast), visit(cast.coordinator)
    page = f"/channels/{scene.channel_id}"
    assert boss.send(page, f"{page}/check").headers["location"] == f"{page}?done=checked"
    fake.failure = RetryLater("network_down")
    assert boss.send(page, f"{page}/check").headers["location"] == f"{page}?done=not_checked"
    fake.failure = Reconnect("password_changed")
    boss.send(page, f"{page}/check")
    assert "has a new password" in boss.get("/channels").text
    assert visit(cast.editor).send("/account", f"{page}/check").status_code == 403


def test_a_sibling_branch_sees_only_what_is_shared(scene: Scene, cast: Cast, visit: Visit) -> None:
    shared = scene.write(
        lambda session: plans.channel(session, cast.library, scene.keyring, "The library's page").id
    )
    other = visit(cast.sibling_editor)
    page = other.get("/channels").text
    assert "The library&#39;s page" in page
    assert "Koivuranta page" not in page
    for channel in (shared, scene.channel_id):
        assert other.get(f"/channels/{channel}").status_code == 404
        assert other.send("/account", f"/channels/{channel}/check").status_code == 404
    assert "Koivuranta page" not in visit(cast.stranger).get("/channels").text


@pytest.mark.parametrize("path", ["/channels", "/channels/connect", "/channels/{id}"])
def test_they_ask_few_questions(scene: Scene, boss: Visitor, path: str) -> None:
    address = path.replace("{id}", str(scene.channel_id))
    boss.get(address)
    with counted(scene.database) as asked:
        assert boss.get(address).status_code == 200
    assert len(asked) <= MOST_QUESTIONS
