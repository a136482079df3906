"""Small parts that lists show by the hundred, in Python: as macros they would be most of a list's work.

`parts/chips.html` and `parts/tables.html` hand them to the templates beside their macros.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from app.foundation.i18n import N_
from app.web import icons, labels, sheet

NO_TONE = labels.Label("st-draft", "proposed", N_("No tone yet"))


def chip(label: labels.Label, word: str = "") -> Markup:
    """A chip with the label's drawing and its word, or another."""
    page = sheet.current.get()
    page.symbols.add(label.icon)
    return _chip(label.cls, label.icon, word or page.translations.gettext(label.word))


@lru_cache(1024, typed=True)  # text is escaped, markup is not, though both may be equal
def _chip(cls: str, drawing: str, word: str) -> Markup:
    return Markup('<span class="chip {}">{}<span>{}</span></span>').format(cls, icons.use(drawing), word)


def tone_chip(tone: str | None) -> Markup:
    """The chip of a tone, or that there is none yet."""
    return chip(labels.TONES[tone] if tone else NO_TONE)


def publication_chip(status: str, word: str = "") -> Markup:
    """The chip of a publication's status."""
    return chip(labels.PUBLICATIONS[status], word)


def post_chip(status: str, word: str = "") -> Markup:
    """The chip of a post's status."""
    return chip(labels.POSTS[status], word)


def channel_chip(state: str, word: str = "") -> Markup:
    """The chip of a channel's state."""
    return chip(labels.CHANNELS[state], word)


def net(kind: str, name: str = "") -> Markup:
    """Letters in a box, never a logo. name: of the network, else the usual one."""
    known = labels.NETWORKS[kind]
    return _net(known.letters, name or sheet.gettext(known.name))


@lru_cache(256, typed=True)
def _net(letters: str, words: str) -> Markup:
    box = '<span class="net" role="img" aria-label="{0}" title="{0}">{1}</span>'
    return Markup(box).format(words, letters)  # noqa: S704 - a fixed pattern; its values are escaped


def cell(content: Any = "", head: str = "", cls: str = "", caller: Callable[[], Any] | None = None) -> Markup:
    """A table's cell; see `parts/tables.html`."""
    said = f' data-th="{escape(head)}"' if head else ""
    look = f' class="{escape(cls)}"' if cls else ""
    inside = f"{escape(content)}{escape(caller()) if caller else ''}"
    return Markup(f'<td role="cell"{said}{look}>{inside}</td>')  # noqa: S704 - all parts are escaped


def box(number: int) -> Markup:
    """A box to choose a row by, named by the link of the row, whose id is "row-" and the number."""
    pattern = '<input type="checkbox" name="id" value="{0}" form="chosen" aria-labelledby="row-{0}">'
    return Markup(pattern.format(int(number)))  # noqa: S704 - a number


DRAWN: dict[str, Any] = {
    "drawn": {
        "chip": chip,
        "tone_chip": tone_chip,
        "publication_chip": publication_chip,
        "post_chip": post_chip,
        "channel_chip": channel_chip,
        "net": net,
        "cell": cell,
        "box": box,
    }
}
