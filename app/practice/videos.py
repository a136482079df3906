"""Videos of a Page: sent at once, by handle, by address or in phases; shown, changed, deleted (Meta, Graph
API, Page videos; Video API)."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.practice import clip_rules, fetching, lists, posts, receiving, uploads
from app.practice.calls import PAGED, READS, Call, Operation, Operations, Upload, stamp
from app.practice.errors import GraphError, bad, bad_image, bad_video, missing, upload_failed
from app.practice.fields import Readers, Wanted
from app.practice.people import Picture, Post, Video
from app.practice.world import World

DEFAULT = "id,updated_time,description"
PHASES = ("", "start", "transfer", "finish")
CHUNK = 4 * 1_048_576
LIFE = timedelta(hours=24)
MANAGE = ("pages_manage_posts", "pages_read_engagement")
# At Meta these exist too; here they are refused by name, so that nobody believes they did something.
NOT_PRACTISED = frozenset(
    """backdated_post call_to_action content_category content_tags crossposted_video_id custom_labels
    embeddable end_offset expiration feed_targeting is_explicit_share no_story reference_only replace_video_id
    scheduled_publish_time secret social_actions spherical sponsor_id targeting universal_video_id
    unpublished_content_type""".split()
)
SILENT = frozenset(
    """ad_breaks backdated_time content_category content_tags copyright custom_labels embed_html event
    expiration icon is_crosspost_video is_crossposting_eligible is_instagram_eligible is_reference_only
    live_audience_count live_status place premiere_living_room_status privacy scheduled_publish_time spherical
    universal_video_id copyright_check_information""".split()
)


def new(call: Call, use: str) -> Video:
    """A video of which nothing has come."""
    seq = call.world.next_seq()
    return Video(
        id=str(122_300_000_000_000 + seq * 7),
        seq=seq,
        page_id=call.the_page().id,
        use=use,
        created_at=call.now,
        changed_at=call.now,
    )


async def create(call: Call) -> Any:
    """POST /{page}/videos: whole, or one phase of it."""
    phase = call.params.get("upload_phase", "")
    if phase not in PHASES:
        raise bad("Param upload_phase must be one of start, transfer, finish")
    if phase == "start":
        return _start(call)
    if phase == "transfer":
        return _transfer(call, _session(call))
    poster, published = _thumb(call), call.flag("published", True)
    video = _session(call) if phase else new(call, "video")
    path = _whole_part(call, video) if phase else await _given(call, video)
    if path:
        size = path.stat().st_size
        clip = await fetching.in_thread(lambda: call.world.clips.take_in(path))
        clip_rules.set_looked_at(video, clip, size)
    if video.trouble and call.switches.video_checks == "at_once":
        raise clip_rules.refusal(video.trouble)
    video.poster = poster or video.poster
    video.title, video.description = call.params.get("title", ""), call.params.get("description", "")
    accept(call, video, "published" if published else "hidden")
    return {"success": True} if phase else {"id": video.id}


def _start(call: Call) -> Any:
    size = call.count("file_size", 0, 10**11)
    if not size:
        raise bad("The parameter file_size is required")
    if size > receiving.MOST_BYTES:
        raise bad_video(1363023, "The video file you selected is too large.")
    video = new(call, "video")
    video.file_size, video.session = size, str(123_000_000_000_000 + int(secrets.token_hex(5), 16))
    call.world.save(video)
    return {"upload_session_id": video.session, "video_id": video.id, **_offsets(video)}


def _offsets(video: Video) -> dict[str, str]:
    end = min(video.kept + CHUNK, video.file_size)
    return {"start_offset": str(video.kept), "end_offset": str(end)}


def _session(call: Call) -> Video:
    wanted, page = call.params.get("upload_session_id", ""), call.the_page().id
    for video in call.world.videos.values():
        if wanted and video.session == wanted and video.page_id == page and not video.deleted_at:
            if video.asked_at or call.now - video.created_at >= LIFE:
                break
            return video
    raise upload_failed(1363041)


def _transfer(call: Call, video: Video) -> Any:
    chunk = call.files.get("video_file_chunk")
    if chunk is None or chunk.path is None:
        raise bad_video(1363020, "No video file was chosen.")
    if call.count("start_offset", 0, receiving.MOST_BYTES) != video.kept:
        raise GraphError(6001, "(#6001) The start offset does not fit: " + str(_offsets(video)), 1363037)
    if video.kept + chunk.size > video.file_size:
        raise GraphError(6001, "(#6001) More bytes than were announced", 1363045)
    receiving.add_piece(call, video, chunk.path, chunk.size)
    return _offsets(video)


def _whole_part(call: Call, video: Video) -> Path:
    if video.kept < video.file_size:
        raise upload_failed(1363033)
    return receiving.part(call, video)


async def _given(call: Call, video: Video) -> Path | None:
    """The file of a video that is sent at once; None: it was looked at when it came, by a handle."""
    source, address = call.files.get("source"), call.params.get("file_url")
    handle = call.params.get("fbuploader_video_file_chunk")
    if sum(1 for one in (source, address, handle) if one) != 1:
        raise bad_video(1363020, "No video file was chosen, or several were.")
    if address:
        try:
            return await receiving.fetch(call, address, call.switches.video_fetch_seconds)
        except (fetching.Unreachable, fetching.Slow):
            raise GraphError(389, "(#389) Unable to fetch video file from URL.") from None
    if handle:
        session = uploads.find(call, handle)
        clip_rules.set_looked_at(video, session.clip, session.file_size)
        return None
    assert isinstance(source, Upload)
    if source.path is None:
        raise bad_video(1363023, "The video file you selected is too large.")
    return source.path


def _thumb(call: Call) -> Picture | None:
    thumb = call.files.get("thumb")
    if thumb and thumb.picture is None:
        raise bad_image()
    return thumb.picture if thumb else None


def accept(call: Call, video: Video, wanted: str) -> None:
    """Begin to process a video that has come. wanted: hidden, draft, published or scheduled."""
    video.wanted, video.asked_at, video.changed_at = wanted, call.now, call.now
    video.staged = wanted != "published"
    video.due_at = call.now + timedelta(seconds=call.switches.video_processing_seconds)
    call.world.save(video)


def failed(video: Video) -> bool:
    """Whether its processing has ended badly."""
    return video.asked_at is not None and video.due_at is None and video.ready_at is None


def show(world: World, video: Video, at: datetime) -> None:
    """The public sees it from an instant on, in a post of its own."""
    by_switch = world.faults.of(video.page_id).shown_created_time == "staged"
    made = video.created_at if video.staged and by_switch else at
    post = Post(
        id=f"{video.page_id}_{video.id}",
        seq=video.seq,
        page_id=video.page_id,
        message=video.description,
        video=video.id,
        is_reel=video.use == "reel",
        by_app=video.by_app,
        made_at=at,
        created_at=made,
        changed_at=at,
        shown_at=at,
    )
    video.wanted, video.shown_at, video.post_id, video.due_at = "published", at, post.id, None
    world.save(video)
    world.add_post(post, at)


def status(world: World, video: Video) -> dict[str, Any]:
    """How far it is, in Meta's three phases."""
    looked = bool(video.clip or video.trouble)
    sent = "complete" if looked else "in_progress" if video.kept else "not_started"
    bytes_ = {"bytes_transfered": video.kept, "bytes_transferred": video.kept}
    return {
        "video_status": _video_status(world, video, looked),
        "uploading_phase": {"status": sent, **bytes_, "source_file_size": video.file_size},
        "processing_phase": _processing(video),
        "publishing_phase": _publishing(video),
    }


def _video_status(world: World, video: Video, looked: bool) -> str:
    if failed(video):
        return "error"
    if video.ready_at:
        return "ready"
    if video.asked_at:
        return "processing"
    if world.now() - video.created_at >= LIFE:
        return "expired"
    return "upload_complete" if looked else "uploading"


def _processing(video: Video) -> dict[str, Any]:
    if failed(video):
        code, subcode, words = video.trouble or (6000, 0, "")
        error = {"code": subcode or code, "message": words}
        return {"status": "error", "error": error, "errors": [error]}
    return {"status": "complete" if video.ready_at else "in_progress" if video.asked_at else "not_started"}


def _publishing(video: Video) -> dict[str, Any]:
    if video.shown_at:
        return {"status": "complete", "publish_status": "published", "publish_time": stamp(video.shown_at)}
    names = {"published": "published", "scheduled": "scheduled", "draft": "draft"}
    begun = video.wanted in ("published", "scheduled") and not failed(video)
    answer = {"status": "in_progress" if begun and video.ready_at else "not_started"}
    return {**answer, "publish_status": names[video.wanted]} if video.wanted in names and begun else answer


def readers(call: Call, video: Video) -> Readers:
    """How each field of a video is read."""
    world, clip, poster = call.world, video.clip, video.poster
    page, post = world.pages[video.page_id], world.posts.get(video.post_id)
    return {
        "id": lambda _: video.id,
        "title": lambda _: video.title or None,
        "description": lambda _: video.description or None,
        "created_time": lambda _: stamp(video.created_at),
        "updated_time": lambda _: stamp(video.changed_at),
        "published": lambda _: video.shown_at is not None,
        "status": lambda _: status(world, video),
        "length": lambda _: clip.seconds if clip else None,
        "source": lambda _: world.clip_url(clip) if clip and video.ready_at else None,
        "picture": lambda _: world.picture_url(poster) if poster else None,
        "post_id": lambda _: video.post_id or None,
        "permalink_url": lambda _: world.permalink(post) if post else None,
        "from": lambda _: {"name": page.name, "id": page.id},
        "embeddable": lambda _: True,
        "comments": lambda one: posts.comments_of(call, post, one) if post else {"data": []},
    }


def read(call: Call) -> Any:
    """GET /{video}."""
    return shape(call, call.the_video(), call.wanted(DEFAULT))


def shape(call: Call, video: Video, wanted: list[Wanted]) -> Any:
    """The wanted fields of a video."""
    return call.pick("Video", wanted, readers(call, video), SILENT)


def listed(call: Call) -> Any:
    """GET /{page}/videos: hidden ones too, no reels."""
    return list_of(call, "video", hidden=True)


def list_of(call: Call, use: str, hidden: bool) -> Any:
    """A page of the Page's videos of one use. hidden: also those that are not public."""
    lag, wanted = call.lagging(), call.wanted(DEFAULT)
    since, until = call.instant("since"), call.instant("until")
    rows = [
        video
        for video in call.world.videos.values()
        if video.page_id == call.the_page().id
        and video.use == use
        and (video.deleted_at is None or video.deleted_at > lag)
        and _seen_by(video.asked_at if hidden else video.shown_at, lag)
        and (since is None or video.created_at >= since)
        and (until is None or video.created_at <= until)
    ]
    return lists.page(call, rows, lambda video: shape(call, video, wanted))


def _seen_by(since: datetime | None, lag: datetime) -> bool:
    return since is not None and since <= lag


def change(call: Call) -> Any:
    """POST /{video}: shows it, changes its words, or both."""
    video = call.the_video()
    if not call.params.keys() & {"published", "name", "title", "description"}:
        raise bad("Nothing to update")
    video.title = call.params.get("name", call.params.get("title", video.title))
    post = call.world.posts.get(video.post_id)
    if "description" in call.params and post:
        posts.edit(call, post, call.params["description"])
        call.world.save(post)
    video.description = call.params.get("description", video.description)
    video.changed_at = call.now
    call.world.save(video)
    if "published" in call.params:
        _show(call, video, call.flag("published", True))
    return {"success": True}


def _show(call: Call, video: Video, wanted: bool) -> None:
    if video.use != "video":
        raise bad("A reel or a story is published by its own edge")
    if not wanted:
        if video.shown_at:
            raise bad("Unpublishing a published video is not supported")
        return
    if video.shown_at:
        posts.again(call)
    elif failed(video) or video.asked_at is None:
        raise bad("The video is not ready for publishing")
    elif video.ready_at:
        show(call.world, video, call.now)
    else:
        video.wanted = "published"
        call.world.save(video)


def delete(call: Call) -> Any:
    """DELETE /{video}."""
    remove(call.world, call.the_video())
    return {"success": True}


def remove(world: World, video: Video) -> None:
    """Take a video away, and the post that shows it."""
    video.deleted_at, video.due_at = world.now(), None
    world.save(video)
    post = world.posts.get(video.post_id)
    if post and not post.deleted_at:
        posts.remove(world, post)


def resolve(call: Call, video: Video) -> Video:
    """A video that the call names. Raises GraphError 100/33 when it is gone, too fresh, or another Page's."""
    age = (call.now - video.created_at).total_seconds()
    foreign = call.token and call.token.kind == "PAGE" and call.token.page_id != video.page_id
    if video.deleted_at or age < call.switches.fresh_seconds or foreign:
        raise missing(video.id, call.method.lower())
    return video


CREATES = frozenset(
    """upload_phase file_size upload_session_id start_offset video_file_chunk source file_url
    fbuploader_video_file_chunk title description published thumb""".split()
)
CHANGES = frozenset({"published", "name", "title", "description"})
READ = ("pages_read_engagement",)
TASK = "CREATE_CONTENT"
KINDS = {"start": "video_start", "transfer": "video_transfer"}


def _kind(call: Call) -> str:
    return KINDS.get(call.params.get("upload_phase", ""), "video")


def _change_kind(call: Call) -> str:
    return "video_show" if "published" in call.params else "video_edit"


OPERATIONS: Operations = {
    ("POST", "page", "videos"): Operation(_kind, create, CREATES, "page", MANAGE, TASK),
    ("GET", "page", "videos"): Operation("list", listed, PAGED | {"type"}, "either", READ),
    ("GET", "video", ""): Operation("video_read", read, READS, "either", READ),
    ("POST", "video", ""): Operation(_change_kind, change, CHANGES, "page", MANAGE, TASK),
    ("DELETE", "video", ""): Operation("video_delete", delete, frozenset(), "page", MANAGE, TASK),
}
