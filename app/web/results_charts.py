"""The charts of the results: SVG in percent across and pixels down, so that text keeps its size.

Each is hidden from screen readers, because its table twin stands beside it. Colours come from the
stylesheet's classes; no chart says by colour alone what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log2, log10

from markupsafe import Markup

from app.web import sheet

_OPEN = '<svg class="chart" height="{}" aria-hidden="true">'
_TOP, _FLOOR, _LEFT = 14.0, 128.0, 7.0  # of the bars: pixels, pixels, percent
_WIDTH = 100 - _LEFT
MOST_LABELS = 14
SPARSE = 18  # so many bars leave room for a word in place of one
_PHONE, _LETTER, _AIR = 270, 6.5, 0.7  # pixels for all bars there, pixels of a letter, letters between labels
_LEAST, _MOST = -1.0, 2.0  # the interval's axis goes from half to four times, as powers of two
_PATTERN = (
    '<defs><pattern id="{0}" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="f-human" width="6" height="6"/>'
    '<path class="hatch" d="M0 0v6"/></pattern></defs>'
)


@dataclass(frozen=True)
class Bar:
    """One bar. value None: none, which is not 0. unfinished: more may come, so it is only outlined."""

    label: str
    value: float | None
    unfinished: bool = False


def bars(points: Sequence[Bar], own: float | None = None, breaks: Sequence[int] = ()) -> Markup:
    """Bars from 0 up; own: our own usual, a broken line. breaks: places before which another way of counting
    began, each an upright broken line.
    """
    told = [point.value for point in points if point.value is not None]
    top = nice(max([*told, own or 0, 1]))
    step = _WIDTH / max(len(points), 1)
    parts = [_OPEN.format(150), *(_level(value, top) for value in (0, top / 2, top))]
    skip = ceil(len(points) / MOST_LABELS)
    longest = max((len(point.label) for point in points), default=0)
    # Those that stay are counted from the last one, which is now. A phone has no room for every long label.
    fits = ceil(ceil(len(points) / skip) * (longest + _AIR) * _LETTER / _PHONE)
    for place, point in enumerate(points):
        turn, between = divmod(len(points) - 1 - place, skip)
        if point.value is None and step >= _WIDTH / SPARSE:
            again = place > 0 and points[place - 1].value is None  # on a phone the first of several says it
            parts.append(_words(_LEFT + step * (place + 0.5), _FLOOR - 4, sheet.gettext("none"), spare=again))
        parts.append(_bar(point, _LEFT + step * place, step, top, not between, turn % fits != 0))
    if own is not None:
        y = _y(own, top)
        parts.append(f'<line class="own" x1="{_LEFT}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
    for place in breaks:
        x = _LEFT + step * place
        parts.append(f'<line class="zero" x1="{x:.1f}%" x2="{x:.1f}%" y1="0" y2="{_FLOOR}"/>')
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - numbers, and words escaped below


def _y(value: float, top: float) -> float:
    return _FLOOR - (_FLOOR - _TOP) * value / top


def _level(value: float, top: float) -> str:
    y = _y(value, top)
    line = f'<line class="ax" x1="{_LEFT}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _words(_LEFT - 1, y + 4, sheet.number(int(value) if value == int(value) else value), "end")


def _bar(point: Bar, x: float, step: float, top: float, labelled: bool, spare: bool) -> str:
    middle, drawn = x + step / 2, ""
    if point.value is not None:
        y, look = _y(point.value, top), "bar now" if point.unfinished else "bar"
        drawn = (
            f'<rect class="{look}" x="{x + step * 0.15:.1f}%" width="{step * 0.7:.1f}%" '
            f'y="{y:.1f}" height="{_FLOOR - y:.1f}"/>'
        )
    return drawn + (_words(middle, 145, point.label, spare=spare) if labelled else "")


def _words(x: float, y: float, words: str, anchor: str = "middle", *, spare: bool = False) -> str:
    pattern = Markup('<text{} x="{}%" y="{}" text-anchor="{}">{}</text>')
    cls = Markup(' class="spare"') if spare else ""
    return str(pattern.format(cls, f"{x:.1f}", f"{y:.1f}", anchor, words))


def nice(most: float) -> float:
    """The end of an axis that holds a value: 1, 2, 3, 4, 6 or 8 times a power of ten; at least 2."""
    power = 10.0 ** floor(log10(max(most, 2)))
    return next(step * power for step in (1, 2, 3, 4, 6, 8, 10) if step * power >= max(most, 2))


def scale() -> Markup:
    """The words over a column of intervals."""
    marks = ((-1, sheet.gettext("half"), "start"), (0, sheet.gettext("equal"), "middle"))
    parts = [_words(_across(at), 12, words, anchor) for at, words, anchor in marks]
    parts += [_words(_across(1), 12, "× 2"), _words(_across(2), 12, "× 4", "end")]
    return Markup(_OPEN.format(16) + "".join(parts) + "</svg>")  # noqa: S704 - words are escaped


def interval(ratio: float, low: float, high: float, together: bool = False) -> Markup:
    """A ratio with its interval, all above 0: a square, or a diamond for all kinds together.

    What lies outside of half to four times ends in an arrow instead of a stroke.
    """
    size, turn = (12, ' transform="rotate(45)"') if together else (9, "")
    x = _across(log2(ratio))
    point = (
        f'<svg x="{x:.1f}%" y="13" overflow="visible"><rect class="pt" x="{-size / 2}" y="{-size / 2}" '
        f'width="{size}" height="{size}"{turn}/></svg>'
    )
    from_, to = _across(log2(low)), _across(log2(high))
    line = f'<line class="ci" x1="{from_:.1f}%" x2="{to:.1f}%" y1="13" y2="13"/>'
    ends = _end(from_, low < 2**_LEAST, "M7 -5L1 0L7 5") + _end(to, high > 2**_MOST, "M-7 -5L-1 0L-7 5")
    equal = f'<line class="zero" x1="{_across(0):.1f}%" x2="{_across(0):.1f}%" y1="0" y2="26"/>'
    return Markup(_OPEN.format(26) + equal + line + ends + point + "</svg>")  # noqa: S704 - numbers


def _across(power: float) -> float:
    return (min(max(power, _LEAST), _MOST) - _LEAST) / (_MOST - _LEAST) * 100


def _end(x: float, outside: bool, arrow: str) -> str:
    if outside:
        return f'<svg x="{x:.1f}%" y="13" overflow="visible"><path class="ci far" d="{arrow}"/></svg>'
    return f'<line class="ci" x1="{x:.1f}%" x2="{x:.1f}%" y1="9" y2="17"/>'


def mix(
    name: str, share: float, target: tuple[float, float] | None, interval: tuple[float, float] | None = None
) -> Markup:
    """How much of the whole is human, striped from the left; the line below tells how sure we are, the
    bracket where the border should fall. All are shares of 1; name: one that no other has on the page.
    """
    border = share * 100
    parts = [
        _OPEN.format(40 if target else 26),
        _PATTERN.format(name),
        f'<rect x="0" width="{border:.1f}%" y="2" height="16" fill="url(#{name})"/>',
        f'<rect class="f-informative" x="{border:.1f}%" width="{100 - border:.1f}%" y="2" height="16"/>',
        f'<line class="hatch" x1="{border:.1f}%" x2="{border:.1f}%" y1="2" y2="18"/>',
    ]
    if interval:
        ends = f'x1="{interval[0]:.1%}" x2="{interval[1]:.1%}" y1="23" y2="23"'
        parts.append(f'<line class="ci" {ends}/>')
    if target:
        low, high = target
        parts.append(f'<line class="ci" x1="{low:.1%}" x2="{high:.1%}" y1="33" y2="33"/>')
        parts += [f'<line class="ci" x1="{at:.1%}" x2="{at:.1%}" y1="28" y2="38"/>' for at in target]
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - numbers, and a name of ours


def share(part: float) -> Markup:
    """A share of 1 as one bar from the left."""
    return Markup(_OPEN.format(14) + f'<rect class="bar" width="{part:.1%}" height="14"/></svg>')  # noqa: S704 - a number
