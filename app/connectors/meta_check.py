"""Whether a page or profile could be published on now, and what time it is at Meta.

Source: Meta, Graph API: debug_token, rate limiting.
"""

from datetime import datetime

from app.connectors import meta_oauth
from app.connectors.contract import Access, Health
from app.connectors.failures import Reconnect, Rejected, RetryLater
from app.connectors.meta_errors import Dictionary, Gone
from app.connectors.meta_graph import Graph, GraphError, Reply
from app.connectors.meta_places import missing_scopes
from app.connectors.reasons import Reason


def check(
    graph: Graph, access: Access, dictionary: Dictionary, needed: tuple[str, ...], is_page: bool
) -> Health:
    """What Meta knows of the token, and whether the page or profile answers to it.

    The tasks a person has are told at sign-in only (Meta has no such field for a page's own token); a lost
    role shows here as a token that is no longer valid. Raises RetryLater or RateLimited when Meta does not
    tell.
    """
    with dictionary.reading():
        facts = meta_oauth.inspect(graph, access.app, access.token)
    reason = _place_reason(graph, access, dictionary) if facts.valid else _token_reason(facts, dictionary)
    page_id = access.remote_id if is_page else facts.page_id
    profile_id = "" if is_page else access.remote_id
    return Health(
        valid=not reason,
        app_matches=facts.app_id == access.app.app_id,
        scopes=facts.scopes,
        missing_scopes=missing_scopes(needed, facts, facts.scopes, page_id, profile_id),
        missing_tasks=(),
        expires_at=facts.expires_at,
        data_access_until=facts.data_access_until,
        served_version=facts.served_version,
        reason=reason,
    )


def server_time(graph: Graph, access: Access, dictionary: Dictionary) -> datetime:
    """Meta's time (UTC, whole seconds). Raises as any reading, RetryLater also without a Date."""
    with dictionary.reading():
        told = _light(graph, access).network_at
    if told is None:
        raise RetryLater(Reason.UNCLEAR_ANSWER)
    return told


def _light(graph: Graph, access: Access) -> Reply:
    return graph.ask(access, "GET", access.remote_id, {"fields": "id"})


def _place_reason(graph: Graph, access: Access, dictionary: Dictionary) -> str:
    try:
        with dictionary.reading():
            _light(graph, access)
    except Gone:
        return Reason.PAGE_NOT_SEEN
    except (Reconnect, Rejected) as failure:
        return failure.reason
    return ""


def _token_reason(facts: meta_oauth.TokenFacts, dictionary: Dictionary) -> str:
    told = GraphError(facts.code or 190, facts.subcode, message="", trace_id="", status=400)
    return dictionary.rule_for(told)[1]
