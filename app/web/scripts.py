"""Our static files as they travel: scripts without their comments and indentation, the rest as it lies there.

The files stay written for people; whoever sits on a slow line waits for what the browser needs, and no more.
"""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

# Comments that stand alone, on lines or in braces: nothing of the kind can be within a text or a pattern.
_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n|(?<=\{) /\*[^*]*\*/ (?=\})", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


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
    return _INDENT.sub("", _COMMENT.sub("", Path(path).read_text(encoding="utf-8")))
