"""The lamps of the first screen: sign-ins, clock, networks, the last post, the backup; each with its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.dependencies.viewers import Viewer
from app.domain.roles import Right
from app.domain.warnings import Code
from app.foundation.i18n import N_, translations
from app.queries.today import Begun
from app.queries.warnings import CLOCK_SILENT, Lit
from app.web import formats

SIGN_INS = frozenset(
    {
        Code.SIGN_IN_DEAD, Code.SIGN_IN_ENDS, Code.SIGN_IN_LEFT, Code.DATA_ACCESS_ENDS,
        Code.PERMISSION_MISSING,
    }
)  # fmt: skip
BACKUPS = frozenset({Code.BACKUP_OLD, Code.BACKUP_NEVER})


@dataclass(frozen=True)
class Lamp:
    """One of them. `good` None: there is nothing to tell yet."""

    name: str
    good: bool | None
    words: str


def lamps(
    viewer: Viewer,
    begun: Begun,
    lit: Sequence[Lit],
    out_at: datetime | None,
    backed_up_at: datetime | None,
    now: datetime,
) -> list[Lamp]:
    """All that the viewer may know of. `out_at`: when a post last went out; instants are UTC."""
    say = translations(viewer.locale).gettext
    found = [Lamp(say(name), good, words) for name, good, words in _lamps(viewer, begun, lit, now)]
    out = _ago(out_at, now, viewer.locale) or say(N_("nothing yet"))
    found.append(Lamp(say(N_("Last post out")), True if out_at else None, out))
    if viewer.actor.scope.units_with(Right.UNITS):
        backup = _ago(backed_up_at, now, viewer.locale) or say(N_("none yet"))
        good = None if backed_up_at is None and not _codes(lit) & BACKUPS else not _codes(lit) & BACKUPS
        found.append(Lamp(say(N_("Backup")), good, backup))
    return found


def _lamps(
    viewer: Viewer, begun: Begun, lit: Sequence[Lit], now: datetime
) -> Iterator[tuple[str, bool | None, str]]:
    say = translations(viewer.locale).gettext
    dead = sum(one.code in SIGN_INS for one in lit)
    if begun.asked_at is not None or dead:
        ngettext = translations(viewer.locale).ngettext
        needs = ngettext("%(num)s needs somebody", "%(num)s need somebody", dead) % {"num": dead}
        words = needs if dead else say(N_("all work"))
        yield N_("Sign-ins of channels"), not dead, words
    runs = begun.beat_at is not None and begun.beat_at >= now - CLOCK_SILENT
    silent = _ago(begun.beat_at, now, viewer.locale) or say(N_("it has not run yet"))
    yield (
        N_("Publishing clock"),
        runs or (None if not begun.channels else False),
        (say(N_("runs")) if runs else silent),
    )
    asked = _ago(begun.asked_at, now, viewer.locale)
    yield N_("Networks asked"), bool(asked) or None, asked or say(N_("not yet"))


def _ago(at: datetime | None, now: datetime, locale: str) -> str:
    return formats.ago(at, now, locale) if at else ""


def _codes(lit: Sequence[Lit]) -> frozenset[str]:
    return frozenset(one.code for one in lit)
