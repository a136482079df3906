"""Reels of a Page: begun, sent, finished; public a while later (Meta, Video API, reels publishing)."""

from datetime import timedelta
from typing import Any

from app.practice import clip_rules, receiving, videos
from app.practice.calls import PAGED, Call, Operation, Operations
from app.practice.errors import GraphError, bad, missing, upload_failed
from app.practice.people import Video

PER_DAY = 30
DAY = timedelta(hours=24)
STATES = {"PUBLISHED": "published", "SCHEDULED": "scheduled", "DRAFT": "draft"}
SOONEST, LATEST = timedelta(minutes=10), timedelta(days=29)
NOT_PRACTISED = frozenset({"feed_targeting", "place", "targeting"})


def post(call: Call) -> Any:
    """POST /{page}/video_reels: upload_phase start or finish."""
    phase = call.params.get("upload_phase", "")
    if phase == "start":
        return begin(call, "reel")
    if phase == "finish":
        return _finish(call)
    raise bad("Param upload_phase must be one of start, finish")


def begin(call: Call, use: str) -> Any:
    """A video to be sent. use: reel or story."""
    video = videos.new(call, use)
    call.world.save(video)
    return {"video_id": video.id, "upload_url": receiving.address(call, "video-upload", video.id)}


def sent(call: Call, use: str) -> Video:
    """The video that is to be finished. Raises GraphError while its file is missing or refused."""
    video = call.world.videos.get(call.params.get("video_id", ""))
    mine = video and video.page_id == call.the_page().id and video.use == use and not video.deleted_at
    if video is None or not mine:
        raise missing(call.params.get("video_id", "0") or "0", "post")
    if not video.clip and not video.trouble:
        raise upload_failed(1363033)
    if video.trouble and call.switches.video_checks == "at_once":
        raise clip_rules.refusal(video.trouble)
    return video


def _finish(call: Call) -> Any:
    state = STATES.get(call.params.get("video_state", "PUBLISHED"))
    if state is None:
        raise bad("Param video_state must be one of PUBLISHED, SCHEDULED, DRAFT")
    video = sent(call, "reel")
    scheduled_at = _planned(call, state)
    if video.asked_at:
        return _again(call, video, state)
    _check_count(call)
    if state == "draft" and call.switches.draft_answer == "error_100":
        raise bad("Drafts cannot be made through programs")
    if state == "draft" and call.switches.draft_answer == "goes_public":
        state = "published"
    video.title, video.description = call.params.get("title", ""), call.params.get("description", "")
    video.scheduled_at = scheduled_at
    videos.accept(call, video, state)
    return {"success": True}


def _planned(call: Call, state: str) -> Any:
    when = call.instant("scheduled_publish_time")
    if state != "scheduled":
        return None
    if when is None or not SOONEST <= when - call.now <= LATEST:
        raise bad("The time must be between 10 minutes and 29 days from now")
    return when


def _again(call: Call, video: Video, state: str) -> Any:
    """What Meta answers here is not known; one reel stays one reel."""
    waits = video.wanted in ("draft", "scheduled") and video.shown_at is None and state == "published"
    way = call.switches.draft_finish if waits else call.switches.second_finish
    if way == "error":
        raise GraphError(100, "Invalid parameter", 1363005, advice="The reel was finished already.")
    if waits:
        video.wanted, video.scheduled_at = "published", None
        video.due_at = video.due_at if video.ready_at is None else call.now
        call.world.save(video)
    return {"success": True}


def _check_count(call: Call) -> None:
    mine, since = call.the_page().id, call.now - DAY
    made = sum(
        one.page_id == mine and one.use == "reel" and one.asked_at is not None and one.asked_at > since
        for one in call.world.videos.values()
    )
    if made >= PER_DAY:
        raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", transient=True)


def listed(call: Call) -> Any:
    """GET /{page}/video_reels: the public ones."""
    return videos.list_of(call, "reel", hidden=False)


CREATES = frozenset("upload_phase video_id video_state title description scheduled_publish_time".split())


def _kind(call: Call) -> str:
    return "reel_start" if call.params.get("upload_phase") == "start" else "reel"


OPERATIONS: Operations = {
    ("POST", "page", "video_reels"): Operation(_kind, post, CREATES, "page", videos.MANAGE, videos.TASK),
    ("GET", "page", "video_reels"): Operation("list", listed, PAGED, "either", videos.READ),
}
