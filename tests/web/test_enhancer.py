"""The small script: it sends a form once, exchanges a part, keeps the focus, and says what happened."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from app.web.frame import Notice
from app.web.headers import protect
from app.web.rendering import STATIC, environment, render
from tests.support.browser import open_page
from tests.support.server import served
from tests.web.gallery import frame

PAGE = """{% extends "base.html" %}{% from "parts/forms.html" import button %}{% block title %}Q{% endblock %}
{% block main %}<h1>Queue</h1>
<section id="list"{% if refreshing %} data-refresh="20" data-src="/?soft=1"{% endif %}>
<p id="n">{{ n }}</p>{% if done %}{{ icon("print") }}{% endif %}
<form method="post" action="/do" data-swap="list"><label for="why">Why</label><input id="why" name="why">
{{ button("Hold", name="do", value="hold", more={"id": "hold"}) }}</form></section>
<form method="post" action="/slow" data-once><button class="btn" name="do" value="slow">Slow</button></form>
<form method="post" action="/broken" data-swap="list">
<label for="kept">Kept</label><input id="kept" name="kept">
<button class="btn">Broken</button></form>
{% endblock %}"""


def make_app() -> Starlette:
    numbers, sent = count(1), list[str]()

    def page(request: Request) -> Response:
        made = frame()
        made.notices = [Notice("Held.")] if "done" in request.query_params else []
        request.state.frame = made
        refreshing = "refreshing" in request.query_params
        done = "done" in request.query_params
        template = environment().from_string(PAGE)
        return render(request, template, n=next(numbers), refreshing=refreshing, done=done)

    async def take(request: Request) -> Response:
        sent.append((await request.body()).decode())
        return RedirectResponse("/?done=1", 303)

    def broken(request: Request) -> Response:
        return HTMLResponse("", 502)

    def told(request: Request) -> Response:
        return PlainTextResponse("\n".join(sent))

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/do", take, methods=["POST"]),
            Route("/slow", take, methods=["POST"]),
            Route("/broken", broken, methods=["POST"]),
            Route("/told", told),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )
    protect(app, public_url="http://127.0.0.1")
    return app


@pytest.fixture
def address() -> Iterator[str]:
    with served(make_app()) as address:
        yield address


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    with open_page(browser) as tab:
        yield tab


def test_a_form_exchanges_its_part_and_nothing_else(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.locator("#kept").fill("typed elsewhere")
    tab.locator("#why").fill("storm & snow")
    tab.locator("#hold").click()
    expect(tab.locator("#n")).to_have_text("2")
    expect(tab.locator("#notices")).to_contain_text("Held.")
    expect(tab.locator("#say")).to_have_text("Held.")
    assert tab.locator("#kept").input_value() == "typed elsewhere"
    assert tab.evaluate("document.activeElement.id") == "hold"
    assert tab.locator("#sprite #i-print").count() == 1
    assert tab.request.get(f"{address}/told").text() == "why=storm+%26+snow&do=hold"


def test_the_same_form_works_without_script(page_without_script: Page, address: str) -> None:
    page_without_script.goto(address)
    page_without_script.locator("#hold").click()
    expect(page_without_script.locator("#notices")).to_contain_text("Held.")


def test_a_second_press_sends_nothing(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.evaluate("() => { const b = document.querySelector('[value=slow]'); b.click(); b.click(); }")
    tab.wait_for_url("**/?done=1")
    assert tab.request.get(f"{address}/told").text() == "do=slow"


def test_without_an_answer_the_text_stays_and_nothing_is_sent_again(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.locator("#kept").fill("long thoughts")
    tab.get_by_role("button", name="Broken").click()
    expect(tab.locator("[data-lost-note]")).to_contain_text("still here")
    expect(tab.get_by_role("button", name="Broken")).to_be_enabled()
    assert tab.locator("#kept").input_value() == "long thoughts"


def test_a_refresh_waits_while_somebody_works_there_and_ends_with_the_server(tab: Page, address: str) -> None:
    tab.clock.install()
    tab.goto(f"{address}/?refreshing=1")
    tab.locator("#why").fill("half a thought")
    tab.clock.run_for(60_000)
    assert tab.locator("#n").inner_text() == "1"
    tab.locator("#why").blur()
    tab.clock.run_for(20_000)
    expect(tab.locator("#n")).to_have_text("2")
    tab.clock.run_for(60_000)
    assert tab.locator("#n").inner_text() == "2"
    assert tab.locator("#list[data-refresh]").count() == 0
