"""Comments on Instagram: two levels, written, listed, hidden, deleted (Meta, Instagram platform, comment
moderation; IG Comment)."""

from typing import Any

from app.practice import comments, lists
from app.practice.calls import PAGED, READS, Call, Operation, Operations, stamp
from app.practice.errors import bad
from app.practice.fields import Readers, Wanted, parse
from app.practice.people import Comment

DEFAULT = "id,timestamp,text"
MOST_TEXT = 2_200
SILENT = frozenset({"legacy_instagram_comment_id"})


def create(call: Call) -> Any:
    """POST /{ig-media}/comments."""
    media = call.the_media()
    if media.parent_id or media.product == "STORY" or not media.comments_on:
        raise bad("This media cannot be commented on")
    return {"id": comments.add(call.world, media.id, media.profile_id, _text(call)).id}


def _text(call: Call) -> str:
    text = call.params.get("message", "")
    if not text.strip() or len(text.encode("utf-16-le")) // 2 > MOST_TEXT:
        raise bad(f"Param message must have 1 to {MOST_TEXT} characters")
    return text


def reply(call: Call) -> Any:
    """POST /{ig-comment}/replies. A reply to a reply joins the top-level comment."""
    comment = call.the_comment()
    if comment.hidden:
        raise bad("A hidden comment cannot be answered")
    parent = comment.parent_id or comment.id
    return {"id": comments.add(call.world, comment.on, comment.place, _text(call), parent=parent).id}


def listed(call: Call) -> Any:
    """GET /{ig-media}/comments: the top level, newest first."""
    return _page(call, comments.under(call, call.the_media().id, ""))


def replies(call: Call) -> Any:
    """GET /{ig-comment}/replies."""
    comment = call.the_comment()
    return _page(call, comments.under(call, comment.on, comment.id))


def _page(call: Call, rows: list[Comment]) -> Any:
    wanted = call.wanted(DEFAULT)
    return lists.page(call, rows, lambda one: shape(call, one, wanted))


def readers(call: Call, comment: Comment) -> Readers:
    """How each field of a comment is read."""
    world = call.world
    profile = world.profiles[comment.place]
    name = comment.author or profile.username
    return {
        "id": lambda _: comment.id,
        "text": lambda _: comment.message,
        "timestamp": lambda _: stamp(comment.created_at),
        "username": lambda _: name,
        "from": lambda _: {"id": comment.author_id, "username": name},
        "user": lambda _: None if comment.author else {"id": profile.id},
        "hidden": lambda _: comment.hidden,
        "like_count": lambda _: 0,
        "parent_id": lambda _: comment.parent_id or None,
        "media": lambda _: {"id": comment.on},
        "replies": lambda one: _replies(call, comment, one),
    }


def _replies(call: Call, comment: Comment, one: Wanted) -> Any:
    rows = comments.under(call, comment.on, comment.id)
    wanted = one.inside or parse(DEFAULT)
    return {"data": [shape(call, row, wanted) for row in rows]} if rows else None


def shape(call: Call, comment: Comment, wanted: list[Wanted]) -> Any:
    """The wanted fields of a comment."""
    return call.pick("IGComment", wanted, readers(call, comment), SILENT)


def read(call: Call) -> Any:
    """GET /{ig-comment}."""
    return shape(call, call.the_comment(), call.wanted(DEFAULT))


def change(call: Call) -> Any:
    """POST /{ig-comment}: hides a visitor's comment, or shows it again."""
    comment = call.the_comment()
    if "hide" not in call.params:
        raise bad("The parameter hide is required")
    if not comment.author:
        raise bad("Own comments cannot be hidden")
    comments.hide(call.world, comment, call.flag("hide", True))
    return {"success": True}


CREATES = frozenset({"message"})
MANAGE = ("instagram_basic", "instagram_manage_comments", "pages_read_engagement")
TASK = "MODERATE"
# What a comment on Instagram is called among the nodes.
NODE = "ig_comment"

OPERATIONS: Operations = {
    ("POST", "media", "comments"): Operation("comment", create, CREATES, "either", MANAGE, TASK),
    ("GET", "media", "comments"): Operation("comments", listed, PAGED, "either", MANAGE),
    ("POST", NODE, "replies"): Operation("comment", reply, CREATES, "either", MANAGE, TASK),
    ("GET", NODE, "replies"): Operation("comments", replies, PAGED, "either", MANAGE),
    ("GET", NODE, ""): Operation("comment_read", read, READS, "either", MANAGE),
    ("POST", NODE, ""): Operation("comment_edit", change, frozenset({"hide"}), "either", MANAGE, TASK),
    ("DELETE", NODE, ""): Operation("comment_delete", comments.delete, frozenset(), "either", MANAGE, TASK),
}
