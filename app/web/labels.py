"""The word and the drawing for every tone, status and kind of network, as marked sentences."""

from typing import NamedTuple

from app.foundation.i18n import N_


class Label(NamedTuple):
    """cls: the stylesheet's class; icon: a name of `icons.SYMBOLS`; word: translated where it is shown."""

    cls: str
    icon: str
    word: str


class Network(NamedTuple):
    """letters: what stands in the small box, never a logo; name: a proper name or a sentence to translate."""

    letters: str
    name: str


TONES = {
    "informative": Label("informative", "informative", N_("Informative")),
    "human": Label("human", "human", N_("Human")),
}
# By severity: to be looked at, soon, now.
WARNINGS = {
    1: Label("st-planned", "note", N_("Look")),
    2: Label("st-held", "warn", N_("Soon")),
    3: Label("st-rejected", "stop", N_("Now")),
}
NOT_DESCRIBED = Label("st-held", "warn", N_("Not described yet"))
PUBLICATIONS = {
    "proposed": Label("st-proposed", "proposed", N_("Proposed")),
    "planned": Label("st-planned", "planned", N_("Planned")),
    "staged": Label("st-staged", "staged", N_("Ready, hidden")),
    "publishing": Label("st-publishing", "publishing", N_("Going out")),
    "published": Label("st-published", "published", N_("Published")),
    "unsure": Label("st-unsure", "unsure", N_("Unsure")),
    "held": Label("st-held", "held", N_("Held")),
    "missed": Label("st-missed", "missed", N_("Missed")),
    "rejected": Label("st-rejected", "rejected", N_("Sent back")),
    "to_do": Label("st-to_do", "to_do", N_("To do by hand")),
    "done": Label("st-done", "done", N_("Done by hand")),
    "cancelled": Label("st-cancelled", "cancelled", N_("Cancelled")),
    "removed": Label("st-removed", "removed", N_("Removed")),
}
FOUND = Label("st-published", "search", N_("Found on the page"))
POSTS = {
    "idea": Label("st-idea", "idea", N_("Idea")),
    "draft": Label("st-draft", "post", N_("Draft")),
    "in_review": Label("st-planned", "post", N_("In review")),
    "changes_requested": Label("st-changes", "rejected", N_("Changes asked")),
    "approved": Label("st-approved", "published", N_("Approved")),
    "evaluated": Label("st-done", "results", N_("Evaluated")),
    "withdrawn": Label("st-withdrawn", "cancelled", N_("Withdrawn")),
}
IDEAS = {
    "new": Label("st-idea", "idea", N_("New")),
    "accepted": Label("st-approved", "check", N_("Became a post")),
    "parked": Label("st-held", "held", N_("Kept for later")),
    "declined": Label("st-draft", "cancelled", N_("Not this time")),
    "merged": Label("st-draft", "right", N_("Part of another")),
}
DAY_HAS_COME = Label("st-idea", "idea", N_("Its day has come"))
CHANNELS = {
    "planned": Label("st-draft", "proposed", N_("Considered")),
    "active": Label("st-active", "check", N_("Active")),
    "dormant": Label("st-planned", "held", N_("Resting")),
    "closed": Label("st-withdrawn", "cancelled", N_("Closed")),
}
NETWORKS = {
    "facebook": Network("Fb", "Facebook"),
    "instagram": Network("Ig", "Instagram"),
    "manual": Network("Hand", N_("By hand")),
    "website": Network("Web", N_("Website")),
    "group": Network("Grp", N_("Neighbourhood group")),
    "screen": Network("Scr", N_("Lobby screen")),
}
