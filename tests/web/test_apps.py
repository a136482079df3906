"""Meta apps in the pages: which holds where, changed with a warning, and the way to one step by step."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.connectors import meta_app
from app.connectors.meta_app import AppFacts
from app.domain.networks import Realm
from app.domain.roles import Actor
from app.models.channels import Channel
from app.models.history import Event
from app.models.meta_apps import MetaApp
from tests import plans
from tests.cast import Cast
from tests.web.network import WHOLE, FakeNetwork, stand_in
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12
SECRET = "s3cret" * 6


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel in the real world."""
    scene = Scene(app, cast)
    scene.write(lambda session: session.execute(update(Channel).values(realm=Realm.META, app_id="111")))
    return scene


@pytest.fixture
def boss(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's coordinator."""
    return visit(cast.coordinator)


def test_a_change_of_app_names_the_channels_and_needs_a_yes(scene: Scene, cast: Cast, boss: Visitor) -> None:
    form = f"/units/{cast.koivuranta.id}/meta-app"
    assert boss.send(form, form, app_id="111", secret=SECRET).status_code == 303
    unsure = boss.send(form, form, app_id="222", secret=SECRET)
    assert unsure.status_code == 422
    assert "Koivuranta page" in unsure.text
    assert SECRET not in unsure.text
    with scene.database.reads() as session:
        assert session.scalars(select(MetaApp.app_id)).all() == ["111"]
        assert session.get_one(Channel, scene.channel_id).token_state == "ok"
    sure = boss.send(form, form, app_id="222", secret=SECRET, sure="yes")
    assert sure.headers["location"] == "/channels?done=app_parted"
    with scene.database.reads() as session:
        channel = session.get_one(Channel, scene.channel_id)
        assert (channel.token_state, channel.token_reason) == ("dead", "app_changed")
    page = boss.get("/channels/app").text
    assert "1 channel was connected by another app" in page
    assert "Another Meta app holds now." in boss.get("/channels").text
    assert "until somebody connects each again" in boss.get(form).text
    unticked = boss.send(form, f"{form}/remove")
    assert unticked.status_code == 422
    assert '<a href="#gone">' in unticked.text
    assert 'value="222"' in unticked.text
    gone = boss.send(form, f"{form}/remove", gone="yes")
    assert gone.status_code == 303
    with scene.database.reads() as session:
        assert session.scalars(select(MetaApp.app_id)).all() == []
        verbs = session.scalars(select(Event.verb).where(Event.thing == "unit")).all()
        assert {"meta_app_set", "meta_app_removed"} <= set(verbs)


def test_who_sees_which_app(scene: Scene, cast: Cast, visit: Visit, boss: Visitor) -> None:
    above, own = f"/units/{cast.library.id}/meta-app", f"/units/{cast.koivuranta.id}/meta-app"
    administrator = visit(cast.administrator)
    assert administrator.send(above, above, app_id="333", secret=SECRET, sure="yes").status_code == 303
    page = boss.get("/channels/app").text
    assert "333" in page
    assert "of a unit above" in page
    assert cast.library.name not in page.split("<main", 1)[1]
    assert cast.myllymaki.name not in page
    assert "its own" in administrator.get("/channels/app").text
    assert boss.get(own).status_code == 200
    for who in (cast.editor, cast.approver):
        other = visit(who)
        for address in ("/channels/app", "/channels/app/guide", own):
            assert other.get(address).status_code == 403
        assert other.send("/account", f"{own}/remove").status_code == 403
        assert other.send("/account", "/channels/app/guide").status_code == 403
    assert visit(cast.sibling_editor).send("/account", f"{own}/remove").status_code == 404


def test_the_guide_says_what_is_done(
    scene: Scene, cast: Cast, boss: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = boss.get("/channels/app/guide").text
    assert "Not asked yet" in first
    assert "http://testserver/channels/callback" in first
    assert "pages_manage_posts" in first
    form = f"/units/{cast.koivuranta.id}/meta-app"
    boss.send(form, form, app_id="111", secret=SECRET)
    fits = AppFacts(True, True, "Koivuranta posts", ("testserver",), "", ("5",))
    monkeypatch.setattr(meta_app, "facts", lambda *_: fits)
    asked = boss.send("/channels/app/guide", "/channels/app/guide", unit=cast.koivuranta.id).text
    assert "Koivuranta posts" in asked
    assert SECRET not in asked
    states = _states(asked)
    assert states["keys"] == states["domain"] == states["connect"] == states["create"] == "Done"
    assert states["privacy"] == states["address"] == states["second"] == "Not yet"
    assert states["publish"] == states["roles"] == "Nobody can tell from here"
    monkeypatch.setattr(meta_app, "facts", lambda *_: AppFacts(True, False))
    wrong = boss.send("/channels/app/guide", "/channels/app/guide", unit=cast.koivuranta.id).text
    assert "Meta does not know this number with this secret." in wrong


def _states(page: str) -> dict[str, str]:
    """How far each step is, in words."""
    steps = re.findall(r'<article class="sheet[^"]*" id="(\w+)">(.*?)</article>', page, re.DOTALL)
    return {step: re.findall(r"<b>(.*?)</b>", body)[0] for step, body in steps}


def test_the_choice_tells_what_others_have_and_hides_the_rest(
    app: FastAPI, scene: Scene, cast: Cast, boss: Visitor
) -> None:
    stand_in(app, FakeNetwork())
    scene.write(
        lambda session: plans.channel(
            session, cast.myllymaki, scene.keyring, "Myllymäki's own name", remote_id=WHOLE.remote_id
        )
    )
    begun = boss.send(
        "/channels/connect",
        "/channels/connect",
        unit_id=cast.koivuranta.id,
        realm="practice",
        network="facebook",
    )
    state = begun.headers["location"].split("state=")[1].split("&")[0]
    choose = boss.get(f"/channels/callback?state={state}&code=abc").headers["location"]
    page = boss.get(choose).text
    assert "Connected already by another unit" in page
    assert "own name" not in page
    assert cast.myllymaki.name not in page.split("<main", 1)[1]
    assert "business_management" in page
    refused = boss.send(choose, choose, places=WHOLE.remote_id)
    assert refused.status_code == 422
    assert "is connected by another unit already" in refused.text


def test_a_sign_in_is_taken_away_on_its_page(scene: Scene, cast: Cast, boss: Visitor, visit: Visit) -> None:
    page = f"/channels/{scene.channel_id}"
    shown = boss.get(page).text
    remove = shown.split('/remove"', 1)[0].rsplit('href="', 1)[1] + "/remove"
    assert "It is the last one that works." in boss.get(remove).text
    editor = visit(cast.editor)
    assert remove not in editor.get(page).text
    assert editor.get(remove).status_code == 403
    assert visit(cast.sibling_editor).get(remove).status_code == 404
    assert boss.send(remove, remove).headers["location"] == f"{page}?done=sign_in_removed"
    assert boss.get(remove).status_code == 404
    assert "Nobody: posts can" in boss.get(page).text


def test_units_are_named_that_may_use_a_channel(scene: Scene, cast: Cast, visit: Visit) -> None:
    shared = scene.write(
        lambda session: plans.channel(session, cast.library, scene.keyring, "The library's page").id
    )
    boss, page = visit(cast.administrator), f"/channels/{shared}"
    whole = {"name": "The library's page", "used_by": "units", "state": "active"}
    assert boss.send(page, page, **whole).status_code == 422
    assert boss.send(page, page, **whole, units=[cast.elsewhere.id]).status_code == 422
    assert boss.send(page, page, **whole, units=[cast.koivuranta.id]).status_code == 303
    assert "The library&#39;s page" in visit(cast.editor).get("/channels").text
    sibling = visit(cast.sibling_editor)
    assert "The library&#39;s page" not in sibling.get("/channels").text
    assert "The library&#39;s page" not in sibling.get("/posts/new").text
    assert "The library&#39;s page" in visit(cast.editor).get("/posts/new").text


@pytest.mark.parametrize("path", ["/channels/app", "/channels/app/guide", "/units/{id}/meta-app"])
def test_they_ask_few_questions(scene: Scene, cast: Cast, boss: Visitor, path: str) -> None:
    address = path.replace("{id}", str(cast.koivuranta.id))
    boss.get(address)
    with counted(scene.database) as asked:
        assert boss.get(address).status_code == 200
    assert len(asked) <= MOST_QUESTIONS
