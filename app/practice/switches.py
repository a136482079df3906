"""The switches: what Meta leaves open, and how its servers may behave.

Each may be set for one place alone: a Page or a profile. What is set for a Page does not touch its profile.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.foundation.i18n import N_


class Switches(BaseModel):
    """Every switch, its values and its default. The descriptions stand on the control page; a title begins a
    part of it."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    latency_ms: int = Field(
        30, ge=1, le=60_000, title=N_("Everywhere"), description=N_("Milliseconds each call takes.")
    )
    hang_seconds: float = Field(
        0, ge=0, le=3600, description=N_("Every call waits this many seconds before it is done.")
    )
    show_answer: Literal["success", "error_100", "error_1_no_change"] = Field(
        "success", description=N_("The answer when a post that is public already is shown again.")
    )
    shown_created_time: Literal["shown", "staged"] = Field(
        "shown", description=N_("The time a post bears that was hidden first: when shown, or when made.")
    )
    fresh_seconds: float = Field(
        0, ge=0, description=N_("A new post cannot be found by its id for this many seconds.")
    )
    list_lag_seconds: float = Field(
        1, ge=0, description=N_("A list learns of a change after this many seconds.")
    )
    list_pages: Literal["full", "short", "empty"] = Field(
        "short", description=N_("Lists come in full pages, in shorter ones, or with an empty page between.")
    )
    expansion_rows: int = Field(
        100, ge=1, description=N_("More posts than this with their numbers are too much data for one call.")
    )
    token_error: Literal["none", "458", "459", "460", "463", "464", "467", "492"] = Field(
        "none", description=N_("Every token is refused with this subcode.")
    )
    withdrawn: list[str] = Field(
        default_factory=list, description=N_("Permissions that were withdrawn, with commas between.")
    )
    permission_code: Literal["200", "10"] = Field(
        "200", description=N_("The code of a call that lacks a permission.")
    )
    portfolio_pages: Literal["with_permission", "apart"] = Field(
        "with_permission",
        description=N_("Whether Pages of a portfolio stand in a person's own list with business_management."),
    )
    program: Literal["complete", "bare"] = Field(
        "complete", description=N_("Whether the program's own settings at Meta are filled in.")
    )
    summaries_need_user_content: bool = Field(
        True, description=N_("Counts of reactions and comments need the permission pages_read_user_content.")
    )
    require_proof: bool = Field(False, description=N_("Calls without appsecret_proof are refused."))
    data_access_expired: bool = Field(False, description=N_("The 90 days of data access have run out."))
    usage_percent: int = Field(1, ge=0, le=200, description=N_("Percent of the call limit used up."))
    usage_rise: float = Field(0, ge=0, le=100, description=N_("Percent that each call adds to that."))
    limit_code: Literal["80001", "4", "17", "32", "613"] = Field(
        "80001", description=N_("The code of a refused call once 100 percent are used up.")
    )
    regain_minutes: int = Field(15, ge=1, description=N_("Minutes until calls are possible again."))
    blocked: bool = Field(False, description=N_("Posting is blocked for policy reasons (code 368)."))
    link_answer: Literal["ok", "unreachable"] = Field(
        "ok", description=N_("Whether the address in a link post can be reached.")
    )
    duplicate_text: Literal["allow", "refuse"] = Field(
        "allow", description=N_("Whether the same text may be posted twice within an hour (code 506).")
    )
    unknown_parameters: Literal["refuse", "ignore"] = Field(
        "refuse", description=N_("What happens to parameters and fields that nobody knows.")
    )
    dead_metrics: list[str] = Field(
        default_factory=list, description=N_("Names of numbers that no longer exist, with commas between.")
    )
    insights_answer: Literal["numbers", "empty"] = Field(
        "numbers", description=N_("Whether numbers are there at all.")
    )
    insights_delay_hours: float = Field(
        0, ge=0, description=N_("Hours after showing before a post has any numbers.")
    )
    batch_null_every: int = Field(
        0, ge=0, description=N_("One in so many answers of a batch is missing; 0 means none.")
    )
    hidden_photos_vanish: Literal["always", "when_not_attached"] = Field(
        "always",
        title=N_("Photos on Pages"),
        description=N_("Which hidden photos are deleted after 24 hours: all, or those that no post holds."),
    )
    photo_reuse: Literal["refuse", "allow"] = Field(
        "refuse", description=N_("Whether a photo that one post holds may be put into another.")
    )
    draft_answer: Literal["stays_hidden", "goes_public", "error_100"] = Field(
        "stays_hidden",
        title=N_("Drafts and plans on Pages"),
        description=N_("What happens to a draft: it stays hidden, it goes public by itself, it is refused."),
    )
    schedule_ceiling_days: Literal["30", "75"] = Field(
        "30", description=N_("How many days ahead Facebook lets a post be planned.")
    )
    video_processing_seconds: float = Field(
        2,
        ge=0,
        le=86_400,
        title=N_("Videos"),
        description=N_("Seconds that a video is processed after it has come."),
    )
    video_end: Literal["ready", "error"] = Field(
        "ready", description=N_("How the processing of a video that is in order ends.")
    )
    video_checks: Literal["later", "at_once"] = Field(
        "later", description=N_("When a wrong video is refused: in its processing, or when it has come.")
    )
    video_fetch_seconds: float = Field(
        60, gt=0, le=600, description=N_("Seconds that the network waits for a video at an address.")
    )
    reel_live_seconds: float = Field(
        1, ge=0, le=86_400, description=N_("Seconds after its processing until a reel of a Page is public.")
    )
    second_finish: Literal["success", "error"] = Field(
        "success", description=N_("The answer when a finished reel of a Page is finished again.")
    )
    draft_finish: Literal["success", "error"] = Field(
        "success", description=N_("Whether a reel that was finished as a draft can be finished as public.")
    )
    comment_lag_seconds: float = Field(
        1,
        ge=0,
        title=N_("Comments"),
        description=N_("A list of comments learns of a change after this many seconds."),
    )
    container_seconds: float = Field(
        1.5,
        ge=0,
        le=86_400,
        title=N_("Instagram"),
        description=N_("Seconds that a container is in progress, at least."),
    )
    fetch_seconds: float = Field(
        10, gt=0, le=120, description=N_("Seconds that Instagram waits for a picture.")
    )
    image_checks: Literal["later", "at_once"] = Field(
        "later",
        description=N_("When a picture is fetched and checked: after the container was made, or before."),
    )
    quota_total: Literal["25", "50", "100"] = Field(
        "50", description=N_("Posts that a profile may publish in 24 hours.")
    )
    quota_used: int = Field(
        0, ge=0, le=100, description=N_("How many of these were published by other programs.")
    )
    publish_seconds: float = Field(0, ge=0, le=600, description=N_("Seconds that publishing takes."))
    second_publish: Literal["second_post", "same_id", "error_100", "error_24_2207008", "error_2207085"] = (
        Field("second_post", description=N_("The answer when a published container is published again."))
    )
    simultaneous_publish: Literal["second_post", "as_second"] = Field(
        "second_post",
        description=N_("What happens when a container is published again while it is being published."),
    )
    status_lag_seconds: float = Field(
        0, ge=0, description=N_("A published container still says FINISHED for this many seconds.")
    )
    media_lag_seconds: float = Field(
        1, ge=0, description=N_("The list of a profile learns of a change after this many seconds.")
    )
    story_viewers: int = Field(
        1_000, ge=0, description=N_("A story has at most so many viewers; below 5 it has no numbers.")
    )
    delete_answer: Literal["works", "error_2207085"] = Field(
        "works", description=N_("Whether Instagram deletes posts through programs.")
    )
    instagram_after_data_access: Literal["works", "refused"] = Field(
        "works", description=N_("What Instagram does once the 90 days of data access have run out.")
    )
