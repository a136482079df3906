"""Comments on a Page: written, listed, changed, deleted (Meta, Graph API, object comments; Comment).

Nothing here tells a repeated comment from a second one: whoever asks twice has written twice.
"""

from datetime import datetime, timedelta
from typing import Any

from app.practice import insights, lists, posts
from app.practice.calls import PAGED, READS, Call, Operation, Operations, stamp
from app.practice.errors import bad, missing
from app.practice.fields import Readers, Wanted
from app.practice.people import Comment
from app.practice.tokens import has, require
from app.practice.world import World

DEFAULT = "id,created_time,from,message"
MOST_TEXT = 8_000
ORDERS = ("chronological", "reverse_chronological", "ranked")
SILENT = frozenset(
    """admin_creator application attachment can_comment can_like is_private message_tags object
    private_reply_conversation user_likes""".split()
)


def target(call: Call) -> tuple[str, str]:
    """What a call comments on: the public thing, and the comment it answers (or "")."""
    comment = call.comment
    if comment:
        return comment.on, comment.parent_id or comment.id
    if call.video:
        return call.video.post_id or call.video.id, ""
    thing = call.post or call.photo
    assert thing is not None
    return thing.id, ""


def create(call: Call) -> Any:
    """POST /{post, video, photo or comment}/comments."""
    text = call.params.get("message", "")
    if not text.strip():
        raise bad("Missing message or attachment")
    if len(text.encode("utf-16-le")) // 2 > MOST_TEXT:
        raise bad(f"Param message must be at most {MOST_TEXT} characters long")
    on, parent = target(call)
    if not _is_public(call.world, on):
        raise bad("What is not published cannot be commented on")
    page = call.the_page()
    comment = add(call.world, on, page.id, text, parent=parent)
    return {"id": comment.id}


def _is_public(world: World, on: str) -> bool:
    thing = world.posts.get(on) or world.photos.get(on)
    return thing is not None and thing.is_published


def add(world: World, on: str, place: str, text: str, parent: str = "", author: str = "") -> Comment:
    """A new comment. author: a visitor's name; "": the Page or the profile itself."""
    seq = world.next_seq()
    number = on.rpartition("_")[2]
    instagram = place in world.profiles
    comment = Comment(
        id=str(17_950_000_000_000_000 + seq * 17)
        if instagram
        else f"{number}_{1_220_000_000_000_000 + seq * 7}",
        seq=seq,
        on=on,
        place=place,
        parent_id=parent,
        author=author,
        author_id=str(24_000_000_000_000_000 + seq) if author else place,
        message=text,
        by_app=not author,
        created_at=world.now(),
    )
    world.save(comment)
    world.saw("appeared", comment)
    return comment


def remove(world: World, comment: Comment) -> None:
    """Take a comment away, and its answers."""
    for one in list(world.comments.values()):
        if comment.id in (one.id, one.parent_id) and not one.deleted_at:
            one.deleted_at = world.now()
            world.save(one)
            if not one.hidden:
                world.saw("disappeared", one)


def under(call: Call, on: str, parent: str | None) -> list[Comment]:
    """The comments of a thing as lists know them: late. parent None: on both levels."""
    lag = lagging(call)
    return [
        one
        for one in call.world.under.get(on, {}).values()
        if (parent is None or one.parent_id == parent)
        and one.created_at <= lag
        and (one.deleted_at is None or one.deleted_at > lag)
    ]


def lagging(call: Call) -> datetime:
    """Changes after this instant are not in lists of comments yet."""
    return call.now - timedelta(seconds=call.switches.comment_lag_seconds)


def listed(call: Call) -> Any:
    """GET /{post, video, photo or comment}/comments."""
    if call.switches.summaries_need_user_content:
        require(call, "pages_read_user_content")
    way, order = call.params.get("filter", "toplevel"), call.params.get("order", "chronological")
    if way not in ("toplevel", "stream") or order not in ORDERS:
        raise bad("Param filter must be toplevel or stream; order chronological or reverse_chronological")
    on, parent = target(call)
    rows = under(call, on, None if way == "stream" and not parent else parent)
    since, wanted = call.instant("since"), call.wanted(DEFAULT)
    rows = [row for row in rows if since is None or row.created_at >= since]
    newest_first = order == "reverse_chronological"
    answer = lists.page(call, rows, lambda one: shape(call, one, wanted), oldest_first=not newest_first)
    if call.params.get("summary", "").lower() in ("true", "1", "total_count"):
        answer["summary"] = {"order": order, "total_count": _total(call, on), "can_comment": True}
    return answer


def _total(call: Call, on: str) -> int:
    post = call.world.posts.get(on)
    return insights.counts(call.world, post)["comments"] if post else call.world.comments_under(on)


def readers(call: Call, comment: Comment) -> Readers:
    """How each field of a comment is read."""
    world = call.world
    page, thing = world.pages[comment.place], world.posts.get(comment.on)
    link = world.permalink(thing) if thing else world.public_base
    author = {"name": comment.author or page.name, "id": comment.author_id}
    parent = {"id": comment.parent_id} if comment.parent_id else None
    near = world.under[comment.on].values()
    answers = [one for one in near if one.parent_id == comment.id and not one.deleted_at]
    own = comment.author_id == page.id
    return {
        "id": lambda _: comment.id,
        "message": lambda _: comment.message,
        "created_time": lambda _: stamp(comment.created_at),
        "from": lambda _: author if has(call, "pages_read_user_content") else None,
        "parent": lambda _: parent,
        "is_hidden": lambda _: comment.hidden,
        "can_hide": lambda _: not own,
        "can_remove": lambda _: True,
        "can_reply_privately": lambda _: not own,
        "like_count": lambda _: 0,
        "comment_count": lambda _: len(answers),
        "permalink_url": lambda _: f"{link}?comment_id={comment.id}",
        "comments": lambda _: {"data": [{"id": one.id, "message": one.message} for one in answers]},
    }


def shape(call: Call, comment: Comment, wanted: list[Wanted]) -> Any:
    """The wanted fields of a comment."""
    return call.pick("Comment", wanted, readers(call, comment), SILENT)


def read(call: Call) -> Any:
    """GET /{comment}."""
    return shape(call, call.the_comment(), call.wanted(DEFAULT))


def change(call: Call) -> Any:
    """POST /{comment}: hides it, shows it again, or changes an own one's text."""
    comment = call.the_comment()
    if not call.params.keys() & {"is_hidden", "message"}:
        raise bad("Nothing to update")
    if "message" in call.params:
        if comment.author or not call.params["message"].strip():
            raise bad("Only own comments can be changed, and not to nothing")
        comment.message = call.params["message"]
        call.world.save(comment)
        call.world.saw("edited", comment)
    if "is_hidden" in call.params:
        hide(call.world, comment, call.flag("is_hidden", True))
    return {"success": True}


def hide(world: World, comment: Comment, hidden: bool) -> None:
    """Hide a comment from the public, or show it again."""
    if comment.hidden is not hidden:
        comment.hidden = hidden
        world.save(comment)
        world.saw("disappeared" if hidden else "returned", comment)


def delete(call: Call) -> Any:
    """DELETE /{comment}."""
    remove(call.world, call.the_comment())
    return {"success": True}


def resolve(call: Call, comment: Comment) -> None:
    """Refuse a comment that is gone or another place's. Raises GraphError 100/33."""
    page_id = call.the_page().id
    foreign = call.token and call.token.kind == "PAGE" and call.token.page_id != page_id
    if comment.deleted_at or foreign:
        raise missing(comment.id, call.method.lower())


CREATES, CHANGES = frozenset({"message"}), frozenset({"message", "is_hidden"})
LIST = PAGED | {"filter", "order"}
MANAGE = ("pages_manage_engagement", "pages_read_engagement")
TASK = "MODERATE"

OPERATIONS: Operations = {
    ("GET", "comment", ""): Operation("comment_read", read, READS, "either", posts.READ),
    ("POST", "comment", ""): Operation("comment_edit", change, CHANGES, "page", MANAGE, TASK),
    ("DELETE", "comment", ""): Operation("comment_delete", delete, frozenset(), "page", MANAGE, TASK),
}
for _what in ("post", "video", "photo", "comment"):
    OPERATIONS[("GET", _what, "comments")] = Operation("comments", listed, LIST, "either", posts.READ)
    OPERATIONS[("POST", _what, "comments")] = Operation("comment", create, CREATES, "page", MANAGE, TASK)
