"""Connecting Facebook pages: the dialog, the tokens, the pages with what is missing."""

from app.connectors import meta_oauth
from app.connectors.contract import App, Begun, Connected, Place
from app.connectors.facebook import errors
from app.connectors.facebook.profile import PROFILE, PUBLISH_SCOPES, PUBLISH_TASKS
from app.connectors.failures import Reconnect, Rejected
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason


def begin(app: App, callback: str, state: str, again: bool) -> Begun:
    """Where the person's browser is sent; asks for the least that publishing and numbers need."""
    return Begun(meta_oauth.dialog_url(app, callback, state, PROFILE.scopes, again))


def finish(graph: Graph, app: App, callback: str, code: str) -> Connected:
    """Trade the code and list the pages. Only the pages' own tokens are kept.

    Raises RetryLater (a code may be used once: begin anew), RateLimited or Reconnect.
    """
    token = _user_token(graph, app, callback, code)
    with errors.reading():
        person_id, person_name = meta_oauth.who(graph, app, token)
        granted, declined = meta_oauth.permissions(graph, app, token)
        facts = meta_oauth.inspect(graph, app, token)
        pages = meta_oauth.accounts(graph, app, token)
    places = tuple(_place(page, facts, granted) for page in pages)
    return Connected(person_id, person_name, granted, declined, places, facts.data_access_until)


def _user_token(graph: Graph, app: App, callback: str, code: str) -> str:
    try:
        with errors.reading():
            return meta_oauth.prolong(graph, app, meta_oauth.trade_code(graph, app, callback, code))
    except Rejected as refused:  # a code that is used, expired or from elsewhere answers code 100
        raise Reconnect(
            Reason.SIGN_IN_FAILED,
            refused.message,
            code=refused.code,
            subcode=refused.subcode,
            trace_id=refused.trace_id,
        ) from None


def _place(page: meta_oauth.Account, facts: meta_oauth.TokenFacts, granted: tuple[str, ...]) -> Place:
    missing = tuple(task for task in PUBLISH_TASKS if task not in page.tasks)
    scopes = missing_scopes(facts, page.remote_id, granted)
    return Place(page.remote_id, page.name, page.token, page.tasks, scopes, missing)


def missing_scopes(facts: meta_oauth.TokenFacts, page_id: str, granted: tuple[str, ...]) -> tuple[str, ...]:
    """What publishing on this page lacks: a permission may be granted for some pages only."""
    return tuple(
        scope
        for scope in PUBLISH_SCOPES
        if scope not in granted or page_id not in (facts.granular.get(scope) or (page_id,))
    )
