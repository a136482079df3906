"""Small parts that lists show by the hundred, in Python: as macros they would be most of a list's work.

The templates in `parts/` and `publications/parts.html` hand them on beside their macros.
"""

from collections.abc import Callable, Mapping
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


def row(cls: str = "", caller: Callable[[], Any] = Markup) -> Markup:
    """A table's row; see `parts/tables.html`."""
    look = f' class="{escape(cls)}"' if cls else ""
    return Markup(f'\n<tr role="row"{look}>{escape(caller())}</tr>\n')  # noqa: S704 - all parts are escaped


def rowhead(content: Any = "", caller: Callable[[], Any] | None = None) -> Markup:
    """The row's own name; it comes first when the table folds."""
    inside = f"{escape(content)}{escape(caller()) if caller else ''}"
    return Markup(f'<th role="rowheader" scope="row">{inside}</th>')  # noqa: S704 - all parts are escaped


def realm_chip(realm: str) -> Markup:
    """Says "practice" for a channel of the practice network, nothing for a real one."""
    if realm != "practice":
        return Markup()
    drawing, word = sheet.icon("staged"), escape(sheet.gettext("Practice"))
    return Markup(f'<span class="chip try">{drawing}<span>{word}</span></span>')  # noqa: S704 - escaped


def where(publication: Any, real: bool) -> Markup:
    """Where it goes. real: some channel in sight is public, so that the practice ones must be told apart."""
    practice = realm_chip(publication.realm) if real else ""
    said = f"{net(publication.network)} {escape(publication.channel)}"
    return Markup(f"{said} {practice}" if practice else said)  # noqa: S704 - all parts are escaped


def button(
    words: str,
    look: str = "",
    name: str = "",
    value: Any = "",
    icon_name: str = "",
    small: bool = False,
    wide: bool = False,
    more: Mapping[str, Any] | None = None,
) -> Markup:
    """A form's button; see `parts/forms.html`."""
    shape = f"btn{f' btn-{look}' if look else ''}{' btn-s' if small else ''}{' btn-wide' if wide else ''}"
    told = sheet.attributes({"class": shape, "name": name, "value": value, **(more or {})})
    drawing = sheet.icon(icon_name) if icon_name else ""
    return Markup(f"<button{told}>{drawing}{escape(words)}</button>")  # noqa: S704 - all parts are escaped


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
        "row": row,
        "rowhead": rowhead,
        "realm_chip": realm_chip,
        "where": where,
        "button": button,
        "box": box,
    }
}
