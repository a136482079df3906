"""One sign-in for Meta's networks: the pages that a person may act for, and the profiles linked to them.

A page's token speaks for its Instagram profile too. Permissions are judged for each network apart: whoever
declines those of Instagram may still connect the page. Source: Meta, Facebook Login; Instagram Platform,
overview (Facebook Login); Graph API reference, user accounts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from app.connectors import meta_oauth
from app.connectors.contract import App, Begun, Connected, Place
from app.connectors.failures import Reconnect, Rejected
from app.connectors.meta_graph import Graph, Refused
from app.connectors.meta_oauth import Account, TokenFacts
from app.connectors.reasons import Reason
from app.domain.networks import NetworkKind

# Meta, Pages API, posts: what publishing on a page needs. Without one of these nothing can go out.
PAGE_SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
# For numbers: insights, and the counts of reactions and comments. Without them posts still go out.
PAGE_NUMBER_SCOPES = ("read_insights", "pages_read_user_content")
# For the first comment. Without it a person is asked to write it there.
PAGE_COMMENT_SCOPES = ("pages_manage_engagement",)
# Meta, Instagram Platform, content publishing: what publishing on a linked profile needs.
PROFILE_SCOPES = (
    "instagram_basic",
    "instagram_content_publish",
    "pages_show_list",
    "pages_read_engagement",
)
# For numbers, for taking a post down, and for the first comment.
PROFILE_EXTRA_SCOPES = (
    "instagram_manage_insights",
    "instagram_manage_contents",
    "instagram_manage_comments",
)
# What the sign-in asks for, of all at once.
SIGN_IN_SCOPES = tuple(
    dict.fromkeys(
        PAGE_SCOPES + PAGE_NUMBER_SCOPES + PAGE_COMMENT_SCOPES + PROFILE_SCOPES + PROFILE_EXTRA_SCOPES
    )
)
# For pages that belong to a business portfolio and are missing in the person's own list. Asked for only when
# somebody misses one (Meta, Permissions reference: business_management).
PORTFOLIO_SCOPE = "business_management"
# The person's task on the page, for both. For numbers they also need ANALYZE; publishing does not ask for it.
PUBLISH_TASKS = ("CREATE_CONTENT",)

Reading = Callable[[], AbstractContextManager[None]]


def begin(app: App, callback: str, state: str, again: bool, wider: bool) -> Begun:
    """Where the person's browser is sent.

    Asks for the least that publishing, numbers, first comments and removal need; `wider`: also for what lists
    the pages of business portfolios.
    """
    scopes = (*SIGN_IN_SCOPES, PORTFOLIO_SCOPE) if wider else SIGN_IN_SCOPES
    return Begun(meta_oauth.dialog_url(app, callback, state, scopes, again))


def finish(graph: Graph, app: App, callback: str, code: str, reading: Reading) -> Connected:
    """Trade the code and list pages and profiles. Only the pages' own tokens are kept.

    `reading`: the network's guard. Raises RetryLater (a code may be used once: begin anew), RateLimited or
    Reconnect.
    """
    token = _user_token(graph, app, callback, code, reading)
    with reading():
        person_id, person_name = meta_oauth.who(graph, app, token)
        granted, declined = meta_oauth.permissions(graph, app, token)
        facts = meta_oauth.inspect(graph, app, token)
        accounts = _accounts(graph, app, token, granted)
    places = tuple(place for account in accounts for place in _places(account, facts, granted))
    return Connected(person_id, person_name, granted, declined, places, facts.data_access_until)


def _user_token(graph: Graph, app: App, callback: str, code: str, reading: Reading) -> str:
    try:
        with reading():
            return meta_oauth.prolong(graph, app, meta_oauth.trade_code(graph, app, callback, code))
    except Rejected as refused:  # a code that is used, expired or from elsewhere answers code 100
        raise Reconnect(
            Reason.SIGN_IN_FAILED,
            refused.message,
            code=refused.code,
            subcode=refused.subcode,
            trace_id=refused.trace_id,
        ) from None


def _accounts(graph: Graph, app: App, token: str, granted: tuple[str, ...]) -> list[Account]:
    """The pages, with their profiles where these may be read; trouble with profiles hides no page."""
    if PROFILE_SCOPES[0] in granted:
        try:
            return _all_accounts(graph, app, token, granted, profiles=True)
        except Refused:
            pass
    return _all_accounts(graph, app, token, granted, profiles=False)


def _all_accounts(
    graph: Graph, app: App, token: str, granted: tuple[str, ...], profiles: bool
) -> list[Account]:
    """The person's own pages, then those that come through portfolios; trouble with these hides none."""
    found = {one.remote_id: one for one in meta_oauth.accounts(graph, app, token, profiles)}
    if PORTFOLIO_SCOPE in granted:
        try:
            for one in meta_oauth.portfolio_accounts(graph, app, token, profiles):
                found.setdefault(one.remote_id, one)
        except Refused:
            if profiles:
                raise  # perhaps the profiles are the trouble: once more without them
    return list(found.values())


def _places(account: Account, facts: TokenFacts, granted: tuple[str, ...]) -> Iterator[Place]:
    # Through a portfolio the tasks are not told: the check after connecting shows what is missing.
    untold = bool(account.portfolio and account.token)
    missing = () if untold else tuple(task for task in PUBLISH_TASKS if task not in account.tasks)
    page_id, profile_id = account.remote_id, account.profile_id
    lacks = missing_scopes(PAGE_SCOPES, facts, granted, page_id)
    yield Place(
        page_id, account.name, account.token, account.tasks, lacks, missing, portfolio=account.portfolio
    )
    if profile_id:
        name = f"@{account.profile_name}" if account.profile_name else account.name
        lacks = missing_scopes(PROFILE_SCOPES, facts, granted, page_id, profile_id)
        yield Place(
            profile_id, name, account.token, account.tasks, lacks, missing, NetworkKind.INSTAGRAM, page_id,
            account.portfolio,
        )  # fmt: skip


def missing_scopes(
    needed: tuple[str, ...], facts: TokenFacts, granted: tuple[str, ...], page_id: str, profile_id: str = ""
) -> tuple[str, ...]:
    """What of the needed lacks: a permission may be granted for some pages, or some profiles, only.

    An empty id is not known, and then not asked about.
    """

    def lacks(scope: str) -> bool:
        wanted = profile_id if scope.startswith("instagram_") else page_id
        targets = facts.granular.get(scope)
        return scope not in granted or bool(wanted and targets and wanted not in targets)

    return tuple(scope for scope in needed if lacks(scope))
