"""From a template to an answer: one Jinja environment for the process, one sheet of facts per page."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.foundation import clock, former, i18n
from app.web import calls, drawn, sheet, unsaved_keys
from app.web.frame import Frame, Notice, frame_of

__all__ = ["Frame", "Notice", "environment", "render", "static"]

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"
STATIC = FOLDER / "static"


def render(
    request: Request,
    template: str | Template,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The page made of a template and its values.

    The template sees `frame` (see `Frame`) and `here`, the path asked for. Raises jinja2.UndefinedError when
    it names a value that was not given.
    """
    frame = frame_of(request)
    path = request.url.path
    words, keys = i18n.translations(frame.locale), partial(unsaved_keys.of, request, frame.person_id)
    before = sheet.current.set(sheet.Sheet(frame, path, words, clock.now(), keys))
    reading = former.reading.set(frame.locale)
    try:
        page = environment().get_template(template).render(context, frame=frame, here=path)
    finally:
        former.reading.reset(reading)
        sheet.current.reset(before)
    return HTMLResponse(page, status_code, dict(headers) if headers else None)


class _Kept(FileSystemBytecodeCache):
    """Compiled templates, beside Python's own compiled modules and with the same rules."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write one down, where that is wanted and possible."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


@cache
def environment() -> Environment:
    """The one environment; templates are compiled at their first use and kept, also for the next start."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        cache_size=-1,
        auto_reload=False,
        bytecode_cache=_Kept(str(FOLDER / "__pycache__"), f"jinja-{jinja2.__version__}-%s.bin"),
    )
    made.context_class = calls.Straight
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # the i18n extension's: sentences fill themselves in
    made.globals.update(calls.GETTEXT, **drawn.DRAWN)
    made.globals.update(sheet.GLOBALS, static=static)
    return made


@cache
def static(name: str) -> str:
    """The address of one of our static files, with its hash: it may be kept for ever, and changes with it.

    Raises FileNotFoundError.
    """
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
