"""Our own pages: templates in the reader's language, strict headers, relative addresses."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.foundation import i18n
from app.practice.world import World

TEMPLATES = Path(__file__).parent / "templates"

# Of a picture or a video: its name is made of its content, so that it may be kept.
FILE_HEADERS = {
    "cache-control": "private, max-age=86400",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}


@cache
def _environment(locale: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(i18n.translations(locale), newstyle=True)  # type: ignore[attr-defined]
    made.filters["number"] = lambda value: i18n.format_number(value, locale)
    made.filters["instant"] = lambda when, zone, style="day time": i18n.format_instant(
        when, zone, locale, style
    )
    return made


def locale_of(request: Request) -> str:
    """The reader's language, as the browser says."""
    return i18n.pick(request.headers.get("accept-language"), request.query_params.get("locale"))


def page(
    request: Request, template: str, status: int = 200, form_target: str = "", **more: Any
) -> HTMLResponse:
    """A page. form_target: an origin that its form may lead to, apart from our own."""
    world: World = request.app.state.world
    locale = locale_of(request)
    now: datetime = world.now()
    root = "../" * (request.url.path.count("/") - 1) or "./"
    context = {"root": root, "locale": locale, "now": now, "ahead": world.offset, "world": world, **more}
    html = _environment(locale).get_template(template).render(context)
    return HTMLResponse(html, status, headers=headers(form_target))


def headers(form_target: str = "") -> dict[str, str]:
    """What every page says to the browser."""
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; "
        f"form-action 'self' {form_target}"
    )
    return {
        "content-security-policy": policy.strip(),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
    }
