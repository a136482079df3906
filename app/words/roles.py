"""The words for roles, kinds of units, countries and time zones, in the reader's language."""

from collections.abc import Iterable
from functools import cache

from app.domain.naming import in_order
from app.domain.roles import Role
from app.domain.units import UnitKind
from app.foundation.i18n import N_, babel_locale, translations

ROLES: dict[Role, tuple[str, str]] = {
    Role.CONTRIBUTOR: (N_("Contributor"), N_("Sends ideas and sees what becomes of them.")),
    Role.EDITOR: (N_("Editor"), N_("Writes posts and plans when they go out.")),
    Role.APPROVER: (N_("Approver"), N_("Reads posts before they go out, and says yes or asks for changes.")),
    Role.MANAGER: (N_("Manager"), N_("Reads posts, plans and results.")),
    Role.COORDINATOR: (N_("Coordinator"), N_("Looks after channels and people.")),
    Role.ADMINISTRATOR: (N_("Administrator"), N_("Looks after units, people and channels.")),
}
UNIT_KINDS: dict[UnitKind, str] = {
    UnitKind.NETWORK: N_("Network of libraries"),
    UnitKind.LIBRARY: N_("Library"),
    UnitKind.AREA: N_("Area library"),
    UnitKind.BRANCH: N_("Branch"),
    UnitKind.BOOKMOBILE: N_("Bookmobile"),
    UnitKind.SERVICE: N_("Service"),
    UnitKind.REGION: N_("Regional support"),
}
NEAR = ("FI", "SE", "NO", "DK", "IS", "AX")
HOME = {"fi": ("FI", "Europe/Helsinki"), "sv": ("SE", "Europe/Stockholm"), "nb": ("NO", "Europe/Oslo")}
_FALLBACK = ("FI", "Europe/Helsinki")


def role_name(role: Role, locale: str) -> str:
    """The name of a role: "Editor"."""
    return translations(locale).gettext(ROLES[role][0])


def role_options(roles: Iterable[Role], locale: str) -> list[tuple[str, str, str]]:
    """Roles to choose from, in their usual order: (value, name, what it means)."""
    wanted, say = frozenset(roles), translations(locale).gettext
    return [
        (role.value, say(name), say(meaning)) for role, (name, meaning) in ROLES.items() if role in wanted
    ]


def role_names(roles: Iterable[Role], locale: str) -> str:
    """The names of roles in their usual order, with commas between."""
    return ", ".join(name for _, name, _ in role_options(roles, locale))


def kind_name(kind: UnitKind, locale: str) -> str:
    """The name of a kind of unit: "Branch"."""
    return translations(locale).gettext(UNIT_KINDS[kind])


def kind_options(locale: str) -> list[tuple[str, str]]:
    """Kinds of units to choose from: (value, name)."""
    return [(kind.value, kind_name(kind, locale)) for kind in UNIT_KINDS]


@cache
def country_options(codes: frozenset[str], locale: str) -> list[tuple[str, str]]:
    """Countries to choose from: (code, name), the northern ones first, then by name."""
    named, english = babel_locale(locale).territories, babel_locale("en").territories
    pairs = [(code, str(named.get(code) or english.get(code, code))) for code in codes]
    near = [pair for code in NEAR for pair in pairs if pair[0] == code]
    return near + in_order([pair for pair in pairs if pair[0] not in NEAR], lambda pair: pair[1], locale)


@cache
def zone_options(names: frozenset[str]) -> list[tuple[str, str]]:
    """Time zones to choose from: (IANA name, the same with blanks), Europe first."""
    ordered = sorted(names, key=lambda name: (not name.startswith("Europe/"), name))
    return [(name, name.replace("_", " ")) for name in ordered]


def home(locale: str) -> tuple[str, str]:
    """The country and time zone where a language is most likely read."""
    return HOME.get(locale, _FALLBACK)
