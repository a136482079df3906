"""Our static files as they travel: scripts without their comments and spaces, the rest as it lies there.

The files stay written for people; whoever sits on a slow line waits for what the browser needs, and no more.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from rjsmin import jsmin
from starlette.responses import Response
from starlette.staticfiles import StaticFiles


class Statics(StaticFiles):
    """The folder of static files."""

    def file_response(self, full_path: Any, *args: Any, **more: Any) -> Response:
        """A script lean, anything else as Starlette does it."""
        path = os.fspath(full_path)
        if path.endswith(".js"):
            return Response(lean(path), media_type="text/javascript")
        return super().file_response(full_path, *args, **more)


@cache
def lean(path: str) -> str:
    """A script as it travels. Files do not change while the process lives."""
    return str(jsmin(Path(path).read_text(encoding="utf-8")))
