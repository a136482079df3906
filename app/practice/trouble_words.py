"""Plain words for faults, moments, kinds of call and reasons; they stand on the control page."""

from app.foundation.i18n import N_

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
    "comments": N_("Counting comments"),
    "page": N_("Reading a Page"),
    "accounts": N_("Listing the Pages of a person"),
    "me": N_("Reading a person"),
    "permissions": N_("Reading permissions"),
    "token": N_("Getting access"),
    "debug_token": N_("Checking access"),
    "batch": N_("Several calls in one"),
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
