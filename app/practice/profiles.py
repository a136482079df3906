"""Profiles on Instagram: their fields, their quota, their Page (Meta, Instagram platform, IG User)."""

from datetime import timedelta
from typing import Any

from app.practice import tokens
from app.practice.calls import READS, Call, Operation, Operations
from app.practice.errors import bad
from app.practice.fields import Readers, Wanted, parse
from app.practice.people import Page, Profile
from app.practice.world import World

DEFAULT = "id"
BASIC = ("instagram_basic", "pages_read_engagement")
DAY = timedelta(hours=24)
SILENT = frozenset(
    """has_profile_pic is_published legacy_instagram_user_id owner_business shopping_product_tag_eligibility
    shopping_review_status website""".split()
)


def readers(call: Call, profile: Profile) -> Readers:
    """How each field of a profile is read."""
    world = call.world
    return {
        "id": lambda _: profile.id,
        "ig_id": lambda _: int(profile.id[-10:]),
        "username": lambda _: profile.username,
        "name": lambda _: profile.name,
        "biography": lambda _: profile.biography or None,
        "profile_picture_url": lambda _: f"{world.public_base}/static/face.svg",
        "followers_count": lambda _: profile.followers,
        "follows_count": lambda _: 12,
        "media_count": lambda _: len(world.public_media(profile.id)),
    }


def linked(call: Call, page: Page, one: Wanted) -> Any:
    """The field instagram_business_account of a Page; left out without the permission instagram_basic."""
    profile = call.world.profile_of(page.id)
    if profile is None or not tokens.has(call, "instagram_basic"):
        return None
    return call.pick("IGUser", one.inside or parse(DEFAULT), readers(call, profile), SILENT)


def read(call: Call) -> Any:
    """GET /{ig-user}."""
    return call.pick("IGUser", call.wanted(DEFAULT), readers(call, call.the_profile()), SILENT)


def used(world: World, profile: Profile) -> int:
    """How many posts programs have published on a profile in the last 24 hours; a carousel counts as one."""
    since = world.now() - DAY
    own = sum(
        media.profile_id == profile.id and media.by_app and not media.parent_id and media.created_at > since
        for media in world.media.values()
    )
    return own + world.faults.of(profile.id).quota_used


def quota(call: Call) -> Any:
    """GET /{ig-user}/content_publishing_limit. The count is always that of the last 24 hours."""
    since = call.instant("since")
    if since and call.now - since > DAY:
        raise bad("Param since must be within the last 24 hours")
    total = int(call.switches.quota_total)
    row = call.pick(
        "ContentPublishingLimitResponse",
        call.wanted("quota_usage"),
        {
            "quota_usage": lambda _: used(call.world, call.the_profile()),
            "config": lambda _: {"quota_total": total, "quota_duration": int(DAY.total_seconds())},
        },
        frozenset(),
    )
    return {"data": [row]}


PUBLISH = ("instagram_basic", "instagram_content_publish", "pages_read_engagement")

OPERATIONS: Operations = {
    ("GET", "profile", ""): Operation("profile", read, READS, "either", BASIC),
    ("GET", "profile", "content_publishing_limit"): Operation(
        "quota", quota, READS | {"since"}, "either", PUBLISH
    ),
}
