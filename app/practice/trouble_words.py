"""Plain words for faults, moments, kinds of call and reasons; they stand on the control page."""

from pydantic import ValidationError

from app.foundation.i18n import N_
from app.practice.switches import Switches

FAULTS = {
    "code_2": N_("Service temporarily unavailable"),
    "code_1_99": N_("Unknown error"),
    "http_502": N_("An error page instead of an answer"),
    "closed": N_("The line is cut"),
    "timeout": N_("No answer at all"),
    "slow": N_("A late answer"),
    "token": N_("The access has expired"),
    "permission": N_("A permission is missing"),
    "limit": N_("Too many calls"),
    "blocked": N_("Blocked for policy reasons"),
    "missing": N_("The post is not found"),
    "duplicate": N_("The text was posted before"),
    "bad_link": N_("The link cannot be reached"),
    "short_page": N_("A list with fewer posts than asked"),
    "empty_page": N_("An empty part of a list"),
    "dead_metric": N_("A number that no longer exists"),
    "bad_image": N_("The picture is refused"),
    "not_fetched": N_("The picture cannot be fetched"),
    "not_ready": N_("The container is not ready"),
    "container_gone": N_("The container is not found"),
    "fatal": N_("An inner error that leaves open what was done"),
    "bad_video": N_("The video is refused"),
    "upload_failed": N_("The upload comes to nothing"),
    "cut_midway": N_("The line is cut in the middle of a file"),
    "null": N_("A missing answer in a batch"),
    "error": N_("Any refusal"),
}
MOMENTS = {
    "before": N_("before it is done"),
    "after": N_("after it is done"),
    "late": N_("late, then it is done"),
}
CALLS = {
    "*": N_("Every call"),
    "create": N_("Making a post"),
    "show": N_("Showing a hidden post"),
    "edit": N_("Changing a post"),
    "delete": N_("Deleting a post"),
    "read": N_("Reading a post"),
    "list": N_("Reading a list of posts"),
    "insights": N_("Reading the numbers of a post"),
    "page_insights": N_("Reading the numbers of a Page"),
    "reactions": N_("Counting reactions"),
    "comments": N_("Reading comments"),
    "page": N_("Reading a Page"),
    "accounts": N_("Listing the Pages of a person"),
    "businesses": N_("Listing the business portfolios of a person"),
    "portfolio_pages": N_("Listing the Pages of a business portfolio"),
    "me": N_("Reading a person"),
    "program": N_("Reading the program's own settings"),
    "permissions": N_("Reading permissions"),
    "token": N_("Getting access"),
    "debug_token": N_("Checking access"),
    "batch": N_("Several calls in one"),
    "photo": N_("Sending a photo to a Page"),
    "photo_read": N_("Reading a photo"),
    "photo_delete": N_("Deleting a photo"),
    "profile": N_("Reading a profile"),
    "container": N_("Making a container"),
    "container_status": N_("Asking whether a container is ready"),
    "media_publish": N_("Publishing a container"),
    "quota": N_("Asking how many posts are left today"),
    "media": N_("Reading a post on Instagram"),
    "media_list": N_("Reading a list of posts on Instagram"),
    "media_edit": N_("Changing a post on Instagram"),
    "media_delete": N_("Deleting a post on Instagram"),
    "media_insights": N_("Reading the numbers of a post on Instagram"),
    "upload_start": N_("Beginning to upload a video"),
    "upload": N_("Uploading a video"),
    "upload_status": N_("Asking how much of a video was uploaded"),
    "rupload": N_("Sending the file of a reel, a story or a container"),
    "video_start": N_("Beginning to send a video in parts"),
    "video_transfer": N_("Sending a part of a video"),
    "video": N_("Making a video"),
    "video_read": N_("Asking whether a video is ready"),
    "video_show": N_("Showing a hidden video"),
    "video_edit": N_("Changing a video"),
    "video_delete": N_("Deleting a video"),
    "reel_start": N_("Beginning a reel"),
    "reel": N_("Finishing a reel"),
    "story_start": N_("Beginning a video story"),
    "story": N_("Publishing a story"),
    "story_read": N_("Reading a story"),
    "comment": N_("Writing a comment"),
    "comment_read": N_("Reading a comment"),
    "comment_edit": N_("Changing or hiding a comment"),
    "comment_delete": N_("Deleting a comment"),
    "profile_insights": N_("Reading the numbers of a profile"),
    "story_insights": N_("Reading the numbers of a story"),
    "video_insights": N_("Reading the numbers of a video"),
}
SUBCODES = {
    458: N_("The program was removed"),
    459: N_("A security check is needed"),
    460: N_("The password was changed"),
    463: N_("The access has expired"),
    464: N_("The person is not confirmed"),
    467: N_("The access is not valid"),
    492: N_("The role on the Page was lost"),
}

# What is wrong with something typed, by pydantic's type, and which limit its sentence names.
_TYPED = {
    "string_too_short": (N_("Fill in what is empty."), ""),
    "string_too_long": (N_("“%(given)s” is too long: at most %(limit)s signs."), "max_length"),
    "int_parsing": (N_("“%(given)s” is not a whole number."), ""),
    "int_from_float": (N_("“%(given)s” is not a whole number."), ""),
    "float_parsing": (N_("“%(given)s” is not a number."), ""),
    "greater_than_equal": (N_("“%(given)s” is too small: at least %(limit)s."), "ge"),
    "greater_than": (N_("“%(given)s” is too small: more than %(limit)s."), "gt"),
    "less_than_equal": (N_("“%(given)s” is too much: at most %(limit)s."), "le"),
}
NOT_NOW = N_("It can’t be done as things are now. Nothing was done; look at this page again.")
_OTHERWISE = N_("“%(given)s” does not fit there.")
_SHOWN = 40


def input_wrong(error: ValidationError) -> tuple[str, dict[str, str]]:
    """The sentence about the first thing that does not fit, still to be translated, and what fills it."""
    first = error.errors(include_url=False)[0]
    words, limit = _TYPED.get(first["type"], (_OTHERWISE, ""))
    given = str(first["input"])
    shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}…"
    switch = str(first["loc"][0]) if first["loc"] and error.title == Switches.__name__ else ""
    return words, {"given": shown, "limit": f"{first.get('ctx', {}).get(limit, '')}", "switch": switch}
