"""Whether a page could be published on now, and what time it is at Facebook."""

from datetime import datetime

from app.connectors import meta_oauth
from app.connectors.contract import Access, Health
from app.connectors.facebook import errors
from app.connectors.facebook.connect import missing_scopes
from app.connectors.failures import Reconnect, Rejected, RetryLater
from app.connectors.meta_graph import Graph, GraphError, Reply
from app.connectors.reasons import Reason


def check(graph: Graph, access: Access) -> Health:
    """What Meta knows of the page's token, and whether the page answers to it.

    The tasks a person has are told at sign-in only (Meta has no such field for a page's own token); a lost
    role shows here as a token that is no longer valid. Raises RetryLater or RateLimited when Facebook does
    not tell.
    """
    with errors.reading():
        facts = meta_oauth.inspect(graph, access.app, access.token)
    reason = _page_reason(graph, access) if facts.valid else _token_reason(facts)
    return Health(
        valid=not reason,
        app_matches=facts.app_id == access.app.app_id,
        scopes=facts.scopes,
        missing_scopes=missing_scopes(facts, access.remote_id, facts.scopes),
        missing_tasks=(),
        expires_at=facts.expires_at,
        data_access_until=facts.data_access_until,
        served_version=facts.served_version,
        reason=reason,
    )


def server_time(graph: Graph, access: Access) -> datetime:
    """Facebook's time (UTC, whole seconds). Raises as any reading, RetryLater also without a Date."""
    with errors.reading():
        told = _light(graph, access).network_at
    if told is None:
        raise RetryLater(Reason.UNCLEAR_ANSWER)
    return told


def _light(graph: Graph, access: Access) -> Reply:
    return graph.ask(access, "GET", access.remote_id, {"fields": "id"})


def _page_reason(graph: Graph, access: Access) -> str:
    try:
        with errors.reading():
            _light(graph, access)
    except errors.Gone:
        return Reason.PAGE_NOT_SEEN
    except (Reconnect, Rejected) as failure:
        return failure.reason
    return ""


def _token_reason(facts: meta_oauth.TokenFacts) -> str:
    told = GraphError(facts.code or 190, facts.subcode, message="", trace_id="", status=400)
    return errors.rule_for(told)[1]
