"""What Meta tells of an app, asked with the app's own token: whether id and secret fit, and its settings.

Source: Meta, Facebook Login, access tokens (app access token); Graph API reference, application and
application roles. Which return addresses are entered is told by no call.
"""

from dataclasses import dataclass
from typing import Any

from app.connectors import http
from app.connectors.contract import App
from app.connectors.meta_graph import Garbled, Graph, Refused

_MOST = "500"


@dataclass(frozen=True)
class AppFacts:
    """What is known of an app. None: Meta did not tell.

    `answered`: it answered at all; `fits`: id and secret belong together. `domains`: the app's own;
    `privacy_url`: of its privacy policy. `people`: ids, as the app knows them, of those with a role in it.
    """

    answered: bool
    fits: bool
    name: str | None = None
    domains: tuple[str, ...] | None = None
    privacy_url: str | None = None
    people: tuple[str, ...] | None = None


def facts(app: App, wire: http.Wire | None = None) -> AppFacts:
    """Ask Meta about an app: at most three light calls, none of which changes anything. Raises nothing."""
    graph = Graph(wire)
    token = f"{app.app_id}|{app.app_secret}"
    try:
        told = graph.call(app, token, "GET", app.app_id, {"fields": "id,name"}, proven=False).data
    except Refused:
        return AppFacts(answered=True, fits=False)
    except (Garbled, http.NeverSent, http.NoAnswer):
        return AppFacts(answered=False, fits=False)
    return AppFacts(
        True, str(told.get("id")) == app.app_id, str(told.get("name") or ""), *_more(graph, app, token)
    )


def _more(
    graph: Graph, app: App, token: str
) -> tuple[tuple[str, ...] | None, str | None, tuple[str, ...] | None]:
    settings = _asked(graph, app, token, app.app_id, {"fields": "app_domains,privacy_policy_url"})
    roles = _asked(graph, app, token, f"{app.app_id}/roles", {"limit": _MOST})
    domains = None if settings is None else tuple(map(str, settings.get("app_domains") or ()))
    privacy = None if settings is None else str(settings.get("privacy_policy_url") or "")
    people = None if roles is None else tuple(str(row.get("user")) for row in roles.get("data") or ())
    return domains, privacy, people


def _asked(graph: Graph, app: App, token: str, path: str, params: dict[str, str]) -> dict[str, Any] | None:
    """One answer; None when Meta does not tell."""
    try:
        return graph.call(app, token, "GET", path, params, proven=False).data
    except (Refused, Garbled, http.NeverSent, http.NoAnswer):
        return None
