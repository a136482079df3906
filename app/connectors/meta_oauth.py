"""Meta's sign-in: dialog, tokens, who is it, what did they allow, which pages are theirs.

Source: Meta, Facebook Login: manual flow, long-lived tokens; Graph API: debug_token. All calls raise as
`Graph.call`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from app.connectors.contract import App
from app.connectors.meta_graph import Garbled, Graph, following

_PAGES_MOST = 50
_LINKED = ",instagram_business_account{id,username}"


@dataclass(frozen=True)
class TokenFacts:
    """What debug_token tells. Instants are UTC, None means never; `code` and `subcode`: why invalid.

    `page_id`: whose token it is, empty for a person's.
    """

    valid: bool
    app_id: str
    scopes: tuple[str, ...]
    granular: dict[str, tuple[str, ...]]
    expires_at: datetime | None
    data_access_until: datetime | None
    code: int
    subcode: int
    served_version: str
    page_id: str = ""


@dataclass(frozen=True)
class Account:
    """One page from a list, with the Instagram profile linked to it, if there is one.

    `tasks` are told in a person's own list alone, not through a `portfolio` (the name of one). An empty
    token: the person has no role on the page itself.
    """

    remote_id: str
    name: str
    token: str = field(repr=False)
    tasks: tuple[str, ...]
    profile_id: str = ""
    profile_name: str = ""
    portfolio: str = ""


def dialog_url(app: App, callback: str, state: str, scopes: Sequence[str], again: bool) -> str:
    """Where the person's browser goes; `again` asks for permissions that were declined before."""
    asked = {
        "client_id": app.app_id,
        "redirect_uri": callback,
        "state": state,
        "response_type": "code",
        "scope": ",".join(scopes),
    }
    if again:
        asked["auth_type"] = "rerequest"
    return f"{app.endpoint.dialog}/{app.endpoint.version}/dialog/oauth?{urlencode(asked)}"


def trade_code(graph: Graph, app: App, callback: str, code: str) -> str:
    """The callback's code -> a short-lived user token. `callback` must be the very one of the dialog."""
    asked = {"redirect_uri": callback, "code": code}
    return _token(graph, app, asked)


def prolong(graph: Graph, app: App, token: str) -> str:
    """A short-lived user token -> a long-lived one (about 60 days); page tokens made from it never expire."""
    asked = {"grant_type": "fb_exchange_token", "fb_exchange_token": token}
    return _token(graph, app, asked)


def _token(graph: Graph, app: App, asked: dict[str, str]) -> str:
    sent = {"client_id": app.app_id, "client_secret": app.app_secret, **asked}
    token = graph.call(app, "", "GET", "oauth/access_token", sent).data.get("access_token")
    if not isinstance(token, str) or not token:
        raise Garbled("no token")
    return token


def who(graph: Graph, app: App, token: str) -> tuple[str, str]:
    """The signed-in person's id (in this app) and name."""
    data = graph.call(app, token, "GET", "me", {"fields": "id,name"}).data
    return str(data.get("id", "")), str(data.get("name", ""))


def permissions(graph: Graph, app: App, token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the person granted, and what they declined."""
    rows = list(_pages(graph, app, token, "me/permissions", {}))
    granted = tuple(str(row.get("permission")) for row in rows if row.get("status") == "granted")
    declined = tuple(str(row.get("permission")) for row in rows if row.get("status") == "declined")
    return granted, declined


def accounts(graph: Graph, app: App, token: str, profiles: bool = False) -> list[Account]:
    """The pages that the person may act for, with a token for each, and with the profiles linked to them."""
    asked = {"fields": f"id,name,access_token,tasks{_LINKED if profiles else ''}", "limit": "100"}
    rows = _pages(graph, app, token, "me/accounts", asked)
    return [_account(row) for row in rows if row.get("id") and row.get("access_token")]


def portfolio_accounts(graph: Graph, app: App, token: str, profiles: bool = False) -> Iterator[Account]:
    """The pages of the business portfolios that the person belongs to: their own, and their clients'.

    Needs the permission business_management. Source: Meta, User Businesses; Business Owned Pages; Business
    Client Pages. That their pages may be missing in me/accounts is what users of the interface report.
    """
    # `tasks` is no field of a page itself: asking for it here might refuse the whole list.
    asked = {"fields": f"id,name,access_token{_LINKED if profiles else ''}", "limit": "100"}
    for one in _pages(graph, app, token, "me/businesses", {"fields": "id,name", "limit": "100"}):
        for edge in ("owned_pages", "client_pages"):
            rows = _pages(graph, app, token, f"{one.get('id')}/{edge}", asked)
            yield from (_account(row, str(one.get("name") or one.get("id"))) for row in rows if row.get("id"))


def _account(row: dict[str, Any], portfolio: str = "") -> Account:
    profile = row.get("instagram_business_account") or {}
    return Account(
        str(row["id"]),
        str(row.get("name", "")),
        str(row.get("access_token") or ""),
        tuple(row.get("tasks") or ()),
        str(profile.get("id") or ""),
        str(profile.get("username") or ""),
        portfolio,
    )


def _pages(graph: Graph, app: App, token: str, path: str, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
    for _ in range(_PAGES_MOST):
        data = graph.call(app, token, "GET", path, asked).data
        yield from (row for row in data.get("data") or () if isinstance(row, dict))
        after = following(data)
        if not after:
            return
        asked = {**asked, "after": after}


def inspect(graph: Graph, app: App, token: str) -> TokenFacts:
    """What Meta knows of a token, asked with the app's own token."""
    app_token = f"{app.app_id}|{app.app_secret}"
    reply = graph.call(app, app_token, "GET", "debug_token", {"input_token": token}, proven=False)
    data = reply.data.get("data") or {}
    error = data.get("error") or {}
    return TokenFacts(
        valid=data.get("is_valid") is True,
        app_id=str(data.get("app_id", "")),
        scopes=tuple(data.get("scopes") or ()),
        granular={
            str(one.get("scope")): tuple(map(str, one.get("target_ids") or ()))
            for one in data.get("granular_scopes") or ()
        },
        expires_at=_instant(data.get("expires_at")),
        data_access_until=_instant(data.get("data_access_expires_at")),
        code=int(error.get("code") or 0),
        subcode=int(error.get("subcode") or 0),
        served_version=reply.served_version,
        page_id=str(data.get("profile_id") or ""),
    )


def _instant(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None
