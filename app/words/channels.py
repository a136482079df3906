"""How a channel is, in words: its health, and what a place at the network lacks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.domain.networks import NetworkKind
from app.words.sentences import sentence, table

_WARN_BEFORE = timedelta(days=14)


def lacks(names: Iterable[str], locale: str) -> list[str]:
    """One sentence for each permission or task that is missing."""
    return [
        sentence(f"lacks_{name}", locale)
        if f"lacks_{name}" in table()
        else sentence("lacks_other", locale, name=name)
        for name in names
    ]


def sign_in(token: Any, locale: str, now: datetime, zone: str) -> str:
    """How one person's sign-in for a channel is. `token`: a row of `queries.channel_tokens.of_channel`."""
    if token.state != "ok":
        return sentence(token.reason or "token_invalid", locale)
    ends = [at for at in (token.expires_at, token.data_access_until) if at is not None]
    if ends and min(ends) < now + _WARN_BEFORE:
        return sentence(_ends("sign_in", min(ends), now), locale, at=min(ends), zone=zone)
    return sentence("sign_in_in_use" if token.in_use else "sign_in_waits", locale)


def _ends(what: str, at: datetime, now: datetime) -> str:
    """The code of the sentence about an end that is near or behind us."""
    return f"{what}_ended" if at <= now else f"{what}_ends"


def health(channel: Any, locale: str, now: datetime, zone: str) -> tuple[str, str]:
    """How a channel is: ("ok" | "look" | "stop", sentence). `channel`: a row of the channels' list."""
    if channel.network == NetworkKind.MANUAL:
        return "ok", sentence("health_by_hand", locale)
    if channel.token_state != "ok":  # noqa: S105 - a state, not a token
        return "stop", sentence(channel.token_reason or "token_invalid", locale)
    if channel.reach == "failed":
        return "stop", sentence("health_unreached", locale)
    until = channel.data_access_until
    if until is not None and until < now + _WARN_BEFORE:
        return "look", sentence(_ends("health", until, now), locale, at=until, zone=zone)
    if channel.checked_at is None:
        return "look", sentence("health_unasked", locale)
    scopes = (channel.health or {}).get("scopes")
    if scopes and "read_insights" not in scopes:
        return "look", sentence("health_numbers", locale)
    return "ok", sentence("health_ok", locale)
