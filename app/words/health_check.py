"""The three circles in words: what each is, the figure behind each sign, and what comes of a missing one."""

from app.domain.health_check import Circle, HealthCheck, Measure, Sign
from app.foundation.i18n import N_, format_number, translations

CIRCLES: dict[Circle, str] = {
    Circle.ENTHUSIASM: N_("Enthusiasm"),
    Circle.RESOURCES: N_("Resources"),
    Circle.STRATEGY: N_("Strategy"),
}
_MISSING: dict[Circle, tuple[str, str]] = {
    Circle.ENTHUSIASM: (N_("Enthusiasm is missing."), N_("What goes out may turn clinical.")),
    Circle.RESOURCES: (N_("Resources are missing."), N_("It may stay at the level of good ideas.")),
    Circle.STRATEGY: (N_("A strategy is missing."), N_("A lot of resources may be wasted.")),
}
_WHOLE = (
    N_("All three circles are there."),
    N_("Enthusiasm, resources and strategy make good social media."),
)
_UNKNOWN = (
    N_("Too little is known yet."),
    N_("No circle is known to be missing, but not all can be judged."),
)
# What is said of a figure, and what where there is nothing to count.
_FIGURES: dict[Sign, tuple[str, str]] = {
    Sign.CONTRIBUTORS: (N_("%(value)s of %(of)s people contributed in 90 days"), N_("nobody works here yet")),
    Sign.IDEAS: (N_("Ideas sent in 90 days: %(value)s"), ""),
    Sign.HOURS: (
        N_("%(value)s of %(of)s promised hours a week are written down"),
        N_("the strategy promises no hours"),
    ),
    Sign.KEEPERS: (
        N_("%(value)s of %(of)s channels have an owner and a deputy who are there"), N_("no channel yet"),
    ),
    Sign.RHYTHM: (
        N_("%(value)s of %(of)s channels kept their rhythm for four weeks"),
        N_("no channel promises a rhythm"),
    ),
    Sign.GOALS: (N_("%(value)s of %(of)s posts of 90 days name a goal"), N_("no post in 90 days")),
    Sign.PLANS: (N_("%(value)s of %(of)s channel plans are whole"), N_("no channel to plan for")),
}  # fmt: skip
_STATES: dict[Sign, dict[bool | None, str]] = {
    Sign.IN_FORCE: {True: N_("a strategy is in force"), False: N_("no strategy is in force")},
    Sign.REVIEWED: {
        True: N_("it was looked at in time"),
        False: N_("the day to look at it again has passed"),
        None: N_("no day to look at it again is set"),
    },
}
_HOURS_UNKNOWN = N_("too little is written down to tell the hours")


def said(found: HealthCheck, locale: str) -> tuple[str, str]:
    """Which circle is missing, and what comes of it."""
    say = translations(locale).gettext
    missing = found.missing
    told = _MISSING[missing.circle] if missing else _UNKNOWN if found.unknown else _WHOLE
    return say(told[0]), say(told[1])


def circle(name: Circle, locale: str) -> str:
    """A circle: "Resources"."""
    return translations(locale).gettext(CIRCLES[name])


def figure(measure: Measure, locale: str) -> str:
    """A sign with its figure: "3 of 10 people contributed in 90 days"."""
    say = translations(locale).gettext
    if measure.sign in _STATES:
        return say(_STATES[measure.sign][measure.good])
    words, none = _FIGURES[measure.sign]
    if measure.sign is Sign.HOURS and measure.of is not None and measure.value is None:
        return say(_HOURS_UNKNOWN)
    if none and not measure.of:
        return say(none)
    return say(words) % {"value": _number(measure.value, locale), "of": _number(measure.of, locale)}


def _number(value: float | None, locale: str) -> str:
    return "" if value is None else format_number(round(value, 1), locale)
