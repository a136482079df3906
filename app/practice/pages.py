"""Pages: their fields, making a post, lists of posts (Meta, Graph API, Page feed)."""

from datetime import datetime, timedelta
from typing import Any

from app.practice import lists, photos, posts, profiles
from app.practice.calls import PAGED, READS, Call, Operation, Operations
from app.practice.errors import GraphError, bad
from app.practice.fields import Readers
from app.practice.people import Page, Post
from app.practice.tokens import page_token

DEFAULT = "id,name"
CREATES = frozenset(
    """message link published attached_media fields client_mutation_id composer_session_id
    scheduled_publish_time unpublished_content_type""".split()
)
# At Meta these exist too; here they are refused by name, so that nobody believes they did something.
NOT_PRACTISED = frozenset(
    """backdated_time backdated_time_granularity call_to_action child_attachments description
    feed_targeting name object_attachment picture place tags targeting text_format_preset_id""".split()
)
SILENT = frozenset(
    """affiliation app_id bio business category_list contact_address cover
    description description_html display_subtext emails engagement founded general_info has_added_app hours
    impressum is_always_open is_chain is_webhooks_subscribed location mission
    name_with_location_descriptor new_like_count overall_star_rating parent_page phone picture place_type
    rating_count single_line_address store_number talking_about_count unread_message_count
    unread_notif_count verification_status website were_here_count""".split()
)


def readers(call: Call, page: Page) -> Readers:
    """How each field of a Page is read. access_token only for people with a role there."""
    return {
        "id": lambda _: page.id,
        "name": lambda _: page.name,
        "category": lambda _: page.category,
        "about": lambda _: page.about or None,
        "username": lambda _: page.username or None,
        "link": lambda _: f"{call.world.public_base}/public/pages/{page.id}",
        "followers_count": lambda _: page.followers,
        "fan_count": lambda _: page.followers,
        "is_published": lambda _: True,
        "access_token": lambda _: own_token(call, page),
        "instagram_business_account": lambda one: profiles.linked(call, page, one),
        "connected_instagram_account": lambda one: profiles.linked(call, page, one),
        "tasks": lambda _: None,
    }


def own_token(call: Call, page: Page) -> str | None:
    """The Page's token for the person who asks."""
    token = call.token
    if token is None or token.kind == "APP" or page.id not in call.person().roles:
        return None
    return token.value if token.kind == "PAGE" else page_token(call.world, token, page.id).value


def read(call: Call) -> Any:
    """GET /{page}."""
    page = call.the_page()
    return call.pick("Page", call.wanted(DEFAULT), readers(call, page), SILENT)


def create(call: Call) -> Any:
    """POST /{page}/feed: a text, a link or photos, public or hidden, with read-after-write by `fields`."""
    page, now = call.the_page(), call.now
    message, link = call.params.get("message", ""), call.params.get("link", "")
    published, due_at = _shown(call)
    attached = photos.attached(call)
    _check(call, message, link, bool(attached))
    wanted = call.wanted("id")
    seq = call.world.next_seq()
    post = Post(
        id=f"{page.id}_{122_100_000_000_000 + seq * 7}",
        seq=seq,
        page_id=page.id,
        message=message,
        link=link,
        photos=[photo.id for photo in attached],
        is_published=published,
        made_at=now,
        created_at=now,
        changed_at=now,
        shown_at=now if published else None,
        due_at=due_at,
    )
    posts.shape(call, post, wanted)  # an unknown field must fail before anything is made
    photos.attach(call.world, post, attached)
    call.world.add_post(post)
    return posts.shape(call, post, wanted)


def _shown(call: Call) -> tuple[bool, datetime | None]:
    """Whether a new post is public, and when it becomes so by itself. Raises GraphError."""
    published, kind = call.flag("published", True), call.params.get("unpublished_content_type", "")
    if kind not in ("", "DRAFT", "SCHEDULED"):
        raise bad("The practice network practises only DRAFT and SCHEDULED")
    planned = "scheduled_publish_time" in call.params
    if (published and (kind or planned)) or (kind and (kind == "SCHEDULED") is not planned):
        raise bad("Params published, scheduled_publish_time and unpublished_content_type do not fit")
    if kind == "DRAFT" and call.switches.draft_answer == "error_100":
        raise bad("Drafts cannot be made through programs")
    by_itself = kind == "DRAFT" and call.switches.draft_answer == "goes_public"
    with_media = any(name.startswith("attached_media") for name in call.params)
    return published or (by_itself and with_media), posts.planned(call) if planned else None


def _check(call: Call, message: str, link: str, with_photos: bool) -> None:
    if not message.strip() and not link and not with_photos:
        raise bad("Missing message or attachment")
    if link and with_photos:
        raise bad("Param link cannot stand beside attached_media")
    posts.check_text(message)
    if link and not link.startswith(("http://", "https://")):
        raise bad("link URL is not properly formatted")
    if link and call.switches.link_answer == "unreachable":
        raise GraphError(1609005, "There was a problem scraping data from the provided link.")
    if call.switches.duplicate_text == "refuse" and _said(call, message):
        raise GraphError(506, "(#506) Duplicate status message")


def _said(call: Call, message: str) -> bool:
    since = call.now - timedelta(hours=1)
    mine = call.world.by_page[call.the_page().id]
    return any(p.message == message and p.made_at > since and not p.deleted_at for p in mine)


def feed(call: Call) -> Any:
    """GET /{page}/feed: public and hidden posts."""
    return _listed(call, hidden=True)


def published(call: Call) -> Any:
    """GET /{page}/published_posts and /posts; what somebody hid by hand only with include_hidden."""
    return _listed(call, hidden=False)


def scheduled(call: Call) -> Any:
    """GET /{page}/scheduled_posts."""
    lag, wanted = call.lagging(), call.wanted(posts.DEFAULT)
    mine = call.world.by_page[call.the_page().id]
    rows = [post for post in mine if post.due_at and post.made_at <= lag and not post.deleted_at]
    return lists.page(call, rows, lambda post: posts.shape(call, post, wanted))


def nothing(call: Call) -> Any:
    """GET /{page}/visitor_posts and others that are always empty here."""
    return {"data": []}


def _listed(call: Call, hidden: bool) -> Any:
    lag = call.lagging()
    since, until = call.instant("since"), call.instant("until")
    wanted = call.wanted(posts.DEFAULT)
    put_away = hidden or call.flag("include_hidden", False)
    rows = [
        post
        for post in call.world.by_page[call.the_page().id]
        if _listable(post, hidden, lag)
        and (put_away or not post.hidden)
        and (since is None or post.created_at >= since)
        and (until is None or post.created_at <= until)
    ]
    if any(one.name == "insights" for one in wanted):
        lists.check_weight(call)
    return lists.page(call, rows, lambda post: posts.shape(call, post, wanted))


def _listable(post: Post, hidden: bool, lag: Any) -> bool:
    if post.deleted_at and post.deleted_at <= lag:
        return False
    if post.made_at > lag or post.is_reel:
        return False
    seen = post.is_published and post.shown_at is not None and post.shown_at <= lag
    return hidden or seen


READ = ("pages_read_engagement",)
LIST = PAGED | {"include_hidden", "show_expired", "with"}

OPERATIONS: Operations = {
    ("GET", "page", ""): Operation("page", read, READS, "either"),
    ("POST", "page", "feed"): Operation("create", create, CREATES, "page", posts.MANAGE, "CREATE_CONTENT"),
    ("GET", "page", "feed"): Operation("list", feed, LIST, "either", READ),
    ("GET", "page", "published_posts"): Operation("list", published, LIST, "either", READ),
    ("GET", "page", "posts"): Operation("list", published, LIST, "either", READ),
    ("GET", "page", "scheduled_posts"): Operation("list", scheduled, PAGED, "either", READ),
    ("GET", "page", "visitor_posts"): Operation("list", nothing, PAGED, "either", READ),
    ("GET", "page", "tagged"): Operation("list", nothing, PAGED, "either", READ),
}
