"""Posts of a Page: read, shown, edited, deleted (Meta, Pages API, posts)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.practice import attachments, insights, photos
from app.practice.calls import READS, Call, Operation, Operations, stamp
from app.practice.errors import GraphError, bad, missing
from app.practice.fields import Readers, Wanted
from app.practice.people import Post
from app.practice.tokens import require
from app.practice.world import World

MOST_TEXT = 63_206
MANAGE = ("pages_manage_posts", "pages_read_engagement")
DEFAULT = "id,created_time,message"
SOONEST, NEVER = timedelta(minutes=10), datetime.fromtimestamp(0, UTC)
# Fields that a Page post has at Meta and that stay empty for what can be made here.
SILENT = frozenset(
    """actions admin_creator allowed_advertising_objectives backdated_time call_to_action can_reply_privately
    child_attachments coordinates event expanded_height expanded_width feed_targeting height icon
    instagram_eligibility is_app_share is_inline_created is_popular is_spherical likes message_tags
    multi_share_end_card multi_share_optimized parent_id place privacy promotable_id promotion_status
    properties sponsor_tags story story_tags subscribed target targeting
    timeline_visibility to via video_buying_eligibility width""".split()
)


def readers(call: Call, post: Post) -> Readers:
    """How each field of a post is read."""
    page = call.world.pages[post.page_id]
    counts = insights.counts(call.world, post)
    app = {"id": call.world.keys.app_id, "name": "Kuliss (practice)", "link": call.world.public_base}
    planned = int(post.due_at.timestamp()) if post.due_at else None
    return {
        "id": lambda _: post.id,
        "scheduled_publish_time": lambda _: planned,
        "message": lambda _: post.message or None,
        "created_time": lambda _: stamp(post.created_at),
        "updated_time": lambda _: stamp(post.changed_at),
        "permalink_url": lambda _: call.world.permalink(post),
        "is_published": lambda _: post.is_published,
        "is_hidden": lambda _: post.hidden,
        "is_expired": lambda _: False,
        "from": lambda _: {"name": page.name, "id": page.id},
        "application": lambda _: app if post.by_app else None,
        "status_type": lambda _: _status_type(post),
        "attachments": lambda one: attachments.of_post(call, post, one),
        "full_picture": lambda _: _full_picture(call, post),
        "picture": lambda _: _full_picture(call, post),
        "shares": lambda _: {"count": counts["shares"]} if counts["shares"] else None,
        "reactions": lambda one: summary(call, one, counts["reactions"]),
        "comments": lambda one: comments_of(call, post, one),
        "insights": lambda one: insights.of_post(call, post, one.modifiers.get("metric", "")),
    }


def _full_picture(call: Call, post: Post) -> str | None:
    video = call.world.videos.get(post.video)
    if video and video.poster:
        return call.world.picture_url(video.poster)
    held = call.world.photos_of(post)
    return call.world.picture_url(held[0].picture) if held else None


def _status_type(post: Post) -> str:
    if post.video:
        return "added_video"
    if post.photos:
        return "added_photos"
    return "shared_story" if post.link else "mobile_status_update"


def comments_of(call: Call, post: Post, one: Wanted) -> dict[str, Any]:
    """The comments of a post as a field of it: how many there are, made-up ones and real ones."""
    return summary(call, one, insights.counts(call.world, post)["comments"])


def summary(call: Call, one: Wanted, total: int) -> dict[str, Any]:
    """Reactions or comments, only counted: those who react have no names here."""
    if call.switches.summaries_need_user_content:
        require(call, "pages_read_user_content")
    answer: dict[str, Any] = {"data": []}
    if one.modifiers.get("summary", "").lower() in ("true", "1", "total_count"):
        more = {"viewer_reaction": "NONE"} if one.name == "reactions" else {"order": "ranked"}
        answer["summary"] = {"total_count": total, **more}
    return answer


def shape(call: Call, post: Post, wanted: list[Wanted]) -> Any:
    """The wanted fields of a post."""
    return call.pick("Post", wanted, readers(call, post), SILENT)


def read(call: Call) -> Any:
    """GET /{post}."""
    return shape(call, call.the_post(), call.wanted(DEFAULT))


def read_summary(call: Call) -> Any:
    """GET /{post}/reactions."""
    counts = insights.counts(call.world, call.the_post())
    modifiers = {"summary": call.params.get("summary", "")}
    return summary(call, Wanted(call.edge, modifiers), counts[call.edge])


def read_attachments(call: Call) -> Any:
    """GET /{post}/attachments."""
    inside = call.wanted("id") if "fields" in call.params else []
    found = attachments.of_post(call, call.the_post(), Wanted("attachments", {}, inside))
    return found or {"data": []}


def change(call: Call) -> Any:
    """POST /{post}: shows it, edits its text, plans it anew, or several of these."""
    post = call.the_post()
    if not call.params.keys() & CHANGES:
        raise bad("Nothing to update")
    if "message" in call.params:
        edit(call, post, call.params["message"])
    if "scheduled_publish_time" in call.params:
        if post.is_published:
            raise bad("A published post cannot be planned")
        post.due_at = planned(call)
    if "is_published" in call.params:
        _show(call, post, call.flag("is_published", True))
    call.world.save(post)
    return {"success": True}


def check_text(text: str) -> None:
    """Refuse a text that is too long. Counted in UTF-16 units, the stricter reading of an open question."""
    if len(text.encode("utf-16-le")) // 2 > MOST_TEXT:
        raise bad(f"Param message must be at most {MOST_TEXT} characters long")


def planned(call: Call) -> datetime | None:
    """When a hidden post shall be shown by itself; None: never, or not asked. Raises GraphError 100."""
    when, days = call.instant("scheduled_publish_time"), int(call.switches.schedule_ceiling_days)
    if when is None or when == NEVER:
        return None
    if not SOONEST <= when - call.now <= timedelta(days=days):
        raise bad(f"The specified scheduled publish time must be 10 minutes to {days} days ahead")
    return when


def edit(call: Call, post: Post, text: str) -> None:
    """Change the text of a post. Raises GraphError. The caller keeps it."""
    if not post.by_app:
        raise GraphError(200, "(#200) Only posts made by this app can be edited", status=403)
    check_text(text)
    if not text.strip() and not post.link and not post.photos and not post.video:
        raise bad("Param message must not be empty")
    if text == post.message:
        return
    post.message, post.changed_at = text, call.now
    if post.is_published:
        call.world.saw("edited", post)


def _show(call: Call, post: Post, wanted: bool) -> None:
    if not wanted:
        if post.is_published:
            raise bad("Unpublishing a published post is not supported")
        return
    if post.is_published:
        again(call)
        return
    appear(call.world, post)


def appear(world: World, post: Post) -> None:
    """A hidden post becomes public."""
    now = world.now()
    post.is_published, post.shown_at, post.changed_at, post.due_at = True, now, now, None
    if world.faults.of(post.page_id).shown_created_time == "shown":
        post.created_at = now
    photos.show(world, post)
    world.save(post)
    world.saw("appeared", post)


def again(call: Call) -> None:
    """The answer when what is public already is shown again. Raises GraphError as the switch says."""
    answer = call.switches.show_answer
    if answer == "error_100":
        raise bad("This post is already published")
    if answer == "error_1_no_change":
        raise GraphError(1, "An unknown error occurred", status=500)


def delete(call: Call) -> Any:
    """DELETE /{post}."""
    remove(call.world, call.the_post())
    return {"success": True}


def remove(world: World, post: Post) -> None:
    """Take a post away."""
    post.deleted_at, post.due_at = world.now(), None
    world.save(post)
    if post.is_published and not post.hidden:
        world.saw("disappeared", post)
    photos.left_by(world, post)
    video = world.videos.get(post.video)
    if video:
        video.deleted_at = post.deleted_at
        world.save(video)


def resolve(call: Call, node: str) -> Post:
    """The post with an id. Raises GraphError 100/33 when it is gone, too fresh, or another Page's."""
    post = call.world.posts.get(node)
    if post is None or post.deleted_at:
        raise missing(node, call.method.lower())
    if (call.now - post.made_at).total_seconds() < call.world.faults.of(post.page_id).fresh_seconds:
        raise missing(node, call.method.lower())
    if call.token and call.token.kind == "PAGE" and call.token.page_id != post.page_id:
        raise missing(node, call.method.lower())
    return post


CHANGES = frozenset({"message", "is_published", "scheduled_publish_time"})
SUMS = frozenset({"summary", "limit", "fields", "filter", "order"})
READ = ("pages_read_engagement",)


def _kind(call: Call) -> str:
    return "show" if "is_published" in call.params else "edit"


OPERATIONS: Operations = {
    ("GET", "post", ""): Operation("read", read, READS, "either", READ),
    ("POST", "post", ""): Operation(_kind, change, CHANGES, "page", MANAGE, "CREATE_CONTENT"),
    ("DELETE", "post", ""): Operation("delete", delete, frozenset(), "page", MANAGE, "CREATE_CONTENT"),
    ("GET", "post", "attachments"): Operation("read", read_attachments, READS, "either", READ),
    ("GET", "post", "reactions"): Operation("reactions", read_summary, SUMS, "either", READ),
}
