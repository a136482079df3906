"""Our own drawings, and the sprite of a page: only the symbols it uses, printed once at its end."""

from collections.abc import Iterable
from functools import cache, lru_cache

from markupsafe import Markup

# Drawn on 20 × 20, stroke 1.75, round ends, currentColor; the two tone icons and the mark are filled.
# Status icons bear the name of their status.
SYMBOLS: dict[str, str] = {
    "today": ('<path d="M2.5 16h15M5.5 13a4.5 4.5 0 0 1 9 0M10 3v2.5M3.8 6.2l1.7 1.7M16.2 6.2l-1.7 1.7"/>'),
    "idea": '<path d="M7.5 13.4a5.2 5.2 0 1 1 5 0V15h-5zM8 17.5h4"/>',
    "post": '<path d="M5 2.5h7l3 3v12H5zM12 2.5v3h3M7.5 9.5h5M7.5 12.5h5"/>',
    "cal": '<path d="M3 4.5h14V17H3zM3 8.5h14M7 2.5v3.5M13 2.5v3.5"/>',
    "queue": '<path d="M3 5h9M3 10h7M3 15h5M15.5 4.5v11M12.7 12.7l2.8 2.8 2.8-2.8"/>',
    "talk": '<path d="M2.5 3.5h10v7h-5L5 13v-2.5H2.5zM15 7.5h2.5v7h-1.8V17l-2.6-2.5H9"/>',
    "results": '<path d="M2.5 17h15M5 17v-5M10 17V4M15 17V9"/>',
    "strategy": '<circle cx="10" cy="10" r="7.5"/><path d="M13.3 6.7l-2 4.6-4.6 2 2-4.6z"/>',
    "channel": '<path d="M10 11v6.5M6.5 13.5a5 5 0 1 1 7 0M4 16a8.5 8.5 0 1 1 12 0"/>',
    "media": ('<path d="M2.5 4h15v12h-15zM2.5 13.2L7 9.5l3.5 3 2.8-2.3 4.2 3.6"/><path d="M13 7.2v.1"/>'),
    "people": (
        '<circle cx="7.5" cy="7" r="3"/><path d="M2 17c0-3.5 2.5-5.5 5.5-5.5S13 13.5 13 '
        '17M12.7 4.3a3 3 0 0 1 0 5.4M15 12.2c2 .8 3 2.5 3 4.8"/>'
    ),
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="M12.7 12.7l4.8 4.8"/>',
    "more": '<path d="M4 6h12M4 10h12M4 14h12"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "check": '<path d="M3.5 10.5l4.2 4.2 8.8-9.4"/>',
    "cross": '<path d="M5 5l10 10M15 5L5 15"/>',
    "play": '<path d="M5 3l12 7-12 7z"/>',
    "warn": '<path d="M10 3l7.8 13.5H2.2zM10 8v4M10 14.2v.1"/>',
    "note": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9v5M10 6v.1"/>',
    "left": '<path d="M12.5 4l-6 6 6 6"/>',
    "right": '<path d="M7.5 4l6 6-6 6"/>',
    "down": '<path d="M4.5 7.5l5.5 5.5 5.5-5.5"/>',
    "camera": '<path d="M2.5 6h4L8 4h4l1.5 2h4v10.5h-15z"/><circle cx="10" cy="11" r="3"/>',
    "print": '<path d="M5.5 7V2.5h9V7M5.5 14h-3V7h15v7h-3M5.5 11.5h9v6h-9z"/>',
    "stop": '<path d="M6.5 2.5h7l4 4v7l-4 4h-7l-4-4v-7zM7.5 7.5h5v5h-5z"/>',
    "lock": '<path d="M4 9h12v8.5H4zM6.5 9V6.2a3.5 3.5 0 0 1 7 0V9"/>',
    "proposed": '<circle cx="10" cy="10" r="7" stroke-dasharray="3.2 2.4"/>',
    "planned": '<circle cx="10" cy="10" r="7.2"/><path d="M10 5.8V10l2.8 1.8"/>',
    "staged": '<path d="M2.5 3.5h15M4 3.5c0 6.5 2.2 8.8 4 13H4zM16 3.5c0 6.5-2.2 8.8-4 13h4z"/>',
    "publishing": '<path d="M10 16.5V4M4.8 9L10 3.8 15.2 9"/>',
    "published": '<path d="M3.5 10.5l4.2 4.2 8.8-9.4"/>',
    "unsure": '<path d="M6.6 7a3.5 3.3 0 1 1 5.2 2.9c-1.2.7-1.8 1.4-1.8 2.8M10 16.2v.1"/>',
    "held": '<path d="M7 4.5v11M13 4.5v11" stroke-width="2.6"/>',
    "missed": ('<path d="M10 5.8V10l-2.8 1.8M12.4 16.8A7.2 7.2 0 1 1 17.2 10M16.5 13v2.6M16.5 18.3v.1"/>'),
    "rejected": '<path d="M8 4L3.5 8.5 8 13M3.5 8.5h8.3a4.2 4.2 0 0 1 0 8.5H9"/>',
    "to_do": '<path d="M4 4h12v12H4z"/>',
    "done": '<path d="M16 10v6H4V4h9M7.5 9.5l2.7 2.7L17 4.5"/>',
    "cancelled": '<circle cx="10" cy="10" r="7.2"/><path d="M5 5l10 10"/>',
    "removed": '<path d="M4 6h12M8 6V3.5h4V6M5.5 6l.8 11h7.4l.8-11"/>',
    "informative": (
        '<path fill="currentColor" stroke="none" fill-rule="evenodd" d="M2 2h16v16H2zM8.8 '
        '8.6h2.4v6.6H8.8zM8.8 4.8h2.4v2.4H8.8z"/>'
    ),
    "human": (
        '<path fill="currentColor" stroke="none" fill-rule="evenodd" d="M10 1.5a8.5 8.5 0 1 0 '
        "0 17 8.5 8.5 0 0 0 0-17zM7.4 5.6c.8 0 1.3 1 1.3 2.3s-.5 2.3-1.3 "
        "2.3-1.3-1-1.3-2.3.5-2.3 1.3-2.3zm5.2 0c.8 0 1.3 1 1.3 2.3s-.5 2.3-1.3 "
        '2.3-1.3-1-1.3-2.3.5-2.3 1.3-2.3z"/>'
    ),
    "mark": (
        '<path fill="var(--human)" d="M12.3 5.2a5.4 5.4 0 0 1 0 10.8z"/><path fill="'
        'currentColor" d="M2 2h8.8v16H2z"/><ellipse cx="14.3" cy="9.3" rx=".9" ry="1.6" fill="'
        'var(--paper)"/>'
    ),
}


@lru_cache(maxsize=1024)
def use(name: str, cls: str = "", label: str = "") -> Markup:
    """One icon as a reference into the page's sprite. Decorative unless a label says what it means.

    Raises KeyError for a name that has no drawing.
    """
    if name not in SYMBOLS:
        raise KeyError(f"no icon called {name}")
    meaning = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return _USE.format(f"i {cls}" if cls else "i", meaning, name)


def sprite(names: Iterable[str]) -> Markup:
    """The hidden drawing that holds the symbols of these names; empty for no names."""
    symbols = Markup("").join(_symbol(name) for name in sorted(set(names)))
    return _SPRITE.format(symbols) if symbols else Markup("")


_USE = Markup('<svg class="{}" {} focusable="false"><use href="#i-{}"/></svg>')
_SYMBOL = Markup('<symbol id="i-{}" viewBox="0 0 20 20">{}</symbol>')
_SPRITE = Markup('<svg class="hide" id="sprite" aria-hidden="true" focusable="false">{}</svg>')


@cache
def _symbol(name: str) -> Markup:
    return _SYMBOL.format(name, Markup(SYMBOLS[name]))  # noqa: S704  # our own drawings, nobody else's text
