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
from tests.support.browser import on_a_desk, open_page
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


@on_a_desk
def test_a_form_exchanges_its_part_and_nothing_else(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#kept").fill("typed elsewhere")
    page.locator("#why").fill("storm & snow")
    page.locator("#hold").click()
    expect(page.locator("#n")).to_have_text("2")
    expect(page.locator("#notices")).to_contain_text("Held.")
    expect(page.locator("#say")).to_have_text("Held.")
    expect(page.locator("#kept")).to_have_value("typed elsewhere")
    expect(page.locator("#hold")).to_be_focused()
    expect(page.locator("#sprite #i-print")).to_have_count(1)
    assert page.request.get(f"{address}/told").text() == "why=storm+%26+snow&do=hold"


def test_the_same_form_works_without_script(page_without_script: Page, address: str) -> None:
    page_without_script.goto(address)
    page_without_script.locator("#hold").click()
    expect(page_without_script.locator("#notices")).to_contain_text("Held.")


@on_a_desk
def test_a_second_press_sends_nothing(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("() => { const b = document.querySelector('[value=slow]'); b.click(); b.click(); }")
    page.wait_for_url("**/?done=1")
    assert page.request.get(f"{address}/told").text() == "do=slow"


@on_a_desk
def test_without_an_answer_the_text_stays_and_nothing_is_sent_again(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#kept").fill("long thoughts")
    page.get_by_role("button", name="Broken").click()
    expect(page.locator("[data-lost-note]")).to_contain_text("still here")
    expect(page.get_by_role("button", name="Broken")).to_be_enabled()
    expect(page.locator("#kept")).to_have_value("long thoughts")


def test_a_refresh_waits_while_somebody_works_there_and_ends_with_the_server(
    browser: Browser, address: str
) -> None:
    with open_page(browser) as tab:  # a clock is put into all pages of a context
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
        expect(tab.locator("#list[data-refresh]")).to_have_count(0)
