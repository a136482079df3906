"""The way to a Meta app, step by step: which steps are done, which are not, and which nobody can tell.

What a call can tell is asked; nothing is changed by it. Which return addresses are entered, and whether the
app is published, is told by no call of Meta's (Meta, Graph API reference, application).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from app.connectors import http, registry
from app.connectors.meta_app import AppFacts
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.roles import Scope
from app.errands.connect_app import ask
from app.errands.ground import Ground
from app.foundation.database import AnyRow
from app.foundation.settings import LOOPBACK
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.queries import meta_apps as questions


class Told(StrEnum):
    """How far a step is: `later` was not asked yet, `unknown` can't be told by any call."""

    DONE = "done"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"
    LATER = "later"


class Step(StrEnum):
    """The steps, in the order in which they are taken."""

    ADDRESS = "address"
    DEVELOPER = "developer"
    CREATE = "create"
    PERMISSIONS = "permissions"
    RETURN = "return"
    DOMAIN = "domain"
    PRIVACY = "privacy"
    KEYS = "keys"
    ROLES = "roles"
    PUBLISH = "publish"
    CONNECT = "connect"
    SECOND = "second"


@dataclass(frozen=True)
class Standing:
    """One step. `why`: a code for more words, an empty text where the state says it; `facts` fill them."""

    step: Step
    told: Told
    why: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Known:
    """What is known without a call: the app that holds, and the channels that were connected by it."""

    app_id: str
    channels: tuple[AnyRow, ...]
    people: frozenset[str]
    pairs: int


def steps(
    ground: Ground, scope: Scope, unit_id: int, asked: bool, realm: Realm = Realm.META
) -> list[Standing]:
    """Every step with how far it is for a unit. `asked`: also ask the network and our own address.

    Raises NotFound.
    """
    known = _known(ground, scope, unit_id, realm)
    facts = ask(ground, realm, unit_id) if asked and known.app_id else None
    app = _app(known, facts, asked)
    return [
        _address(ground, asked),
        Standing(Step.DEVELOPER, Told.DONE if app.told is Told.DONE else Told.UNKNOWN),
        Standing(Step.CREATE, Told.DONE if app.told is Told.DONE else Told.UNKNOWN),
        _permissions(known),
        Standing(Step.RETURN, Told.DONE if known.channels else Told.UNKNOWN),
        _domain(ground, facts, asked),
        _privacy(facts, asked),
        app,
        _roles(known, facts, asked),
        Standing(Step.PUBLISH, Told.UNKNOWN),
        _connected(known),
        _second(known),
    ]


def _known(ground: Ground, scope: Scope, unit_id: int, realm: Realm) -> _Known:
    with ground.database.reads() as session:
        held = questions.held(session, scope, unit_id, ground.settings.meta_app_id)
        app_id = "practice" if realm is Realm.PRACTICE else held.app_id
        rows = session.execute(
            select(
                Channel.id, Channel.name, Channel.health, Channel.token_state,
                ChannelToken.remote_person, ChannelToken.state,
            )
            .join(ChannelToken, ChannelToken.channel_id == Channel.id)
            .where(
                Channel.unit_id.in_(scope.units), Channel.realm == realm,
                Channel.state != ChannelState.CLOSED,
                or_(Channel.app_id == held.app_id, Channel.realm == Realm.PRACTICE),
            )
            .order_by(Channel.id)
        ).all()  # fmt: skip
    alive = [row for row in rows if row.state == "ok"]
    counts: dict[int, int] = {}
    for row in alive:
        counts[row.id] = counts.get(row.id, 0) + 1
    once = {row.id: row for row in rows}
    people = frozenset(row.remote_person for row in rows if row.remote_person)
    return _Known(app_id, tuple(once.values()), people, sum(count > 1 for count in counts.values()))


def _address(ground: Ground, asked: bool) -> Standing:
    """Whether people and networks can open our address; from outside nobody can ask but they themselves."""
    address = ground.settings.address
    parts = urlsplit(address)
    if parts.hostname in LOOPBACK:
        return Standing(Step.ADDRESS, Told.NOT_YET, "address_here", {"address": address})
    if parts.scheme != "https":
        return Standing(Step.ADDRESS, Told.NOT_YET, "address_plain", {"address": address})
    if not asked:
        return Standing(Step.ADDRESS, Told.LATER)
    try:
        answer = http.shared().send("GET", f"{address}/healthz")
    except (http.NeverSent, http.NoAnswer):
        return Standing(Step.ADDRESS, Told.UNKNOWN, "address_silent", {"address": address})
    if answer.status == 200:
        return Standing(Step.ADDRESS, Told.DONE)
    return Standing(Step.ADDRESS, Told.NOT_YET, "address_other", {"address": address})


def _app(known: _Known, facts: AppFacts | None, asked: bool) -> Standing:
    if not known.app_id:
        return Standing(Step.KEYS, Told.NOT_YET, "keys_none")
    if not asked or facts is None:
        return Standing(Step.KEYS, Told.LATER)
    if not facts.answered:
        return Standing(Step.KEYS, Told.UNKNOWN, "no_answer")
    if not facts.fits:
        return Standing(Step.KEYS, Told.NOT_YET, "keys_wrong")
    return Standing(Step.KEYS, Told.DONE, "keys_fit", {"name": facts.name or known.app_id})


def _permissions(known: _Known) -> Standing:
    """Meta tells what was granted, of each sign-in; not what the app may ask for."""
    granted: set[str] = set()
    for row in known.channels:
        granted.update((row.health or {}).get("scopes") or ())
    if not granted:
        return Standing(Step.PERMISSIONS, Told.UNKNOWN, "permissions_later")
    missing = [name for name in registry.sign_in_scopes(NetworkKind.FACEBOOK) if name not in granted]
    if missing:
        return Standing(Step.PERMISSIONS, Told.NOT_YET, "permissions_lack", {"names": ", ".join(missing)})
    return Standing(Step.PERMISSIONS, Told.DONE)


def _domain(ground: Ground, facts: AppFacts | None, asked: bool) -> Standing:
    host = urlsplit(ground.settings.address).hostname or ""
    if not asked:
        return Standing(Step.DOMAIN, Told.LATER)
    if facts is None or facts.domains is None:
        return Standing(Step.DOMAIN, Told.UNKNOWN)
    # An entry holds for what lies below it too.
    fits = any(host == one or host.endswith(f".{one}") for one in facts.domains)
    return Standing(Step.DOMAIN, Told.DONE if fits else Told.NOT_YET)


def _privacy(facts: AppFacts | None, asked: bool) -> Standing:
    if not asked:
        return Standing(Step.PRIVACY, Told.LATER)
    if facts is None or facts.privacy_url is None:
        return Standing(Step.PRIVACY, Told.UNKNOWN)
    return Standing(Step.PRIVACY, Told.DONE if facts.privacy_url else Told.NOT_YET)


def _roles(known: _Known, facts: AppFacts | None, asked: bool) -> Standing:
    """Whether those who signed in have a role. Whether Meta lists them by the same number is not promised."""
    if not asked:
        return Standing(Step.ROLES, Told.LATER)
    if facts is None or facts.people is None:
        return Standing(Step.ROLES, Told.UNKNOWN)
    if known.people and known.people <= set(facts.people):
        return Standing(Step.ROLES, Told.DONE)
    if not facts.people:
        return Standing(Step.ROLES, Told.NOT_YET)
    return Standing(Step.ROLES, Told.UNKNOWN, "roles_listed", {"count": str(len(facts.people))})


def _connected(known: _Known) -> Standing:
    alive = [row for row in known.channels if row.token_state == "ok"]  # noqa: S105 - a state
    return Standing(Step.CONNECT, Told.DONE if alive else Told.NOT_YET)


def _second(known: _Known) -> Standing:
    if not known.channels:
        return Standing(Step.SECOND, Told.NOT_YET)
    done = known.pairs == len(known.channels)
    facts = {"pairs": str(known.pairs), "of": str(len(known.channels))}
    return Standing(Step.SECOND, Told.DONE if done else Told.NOT_YET, "" if done else "second_count", facts)
