"""Sentences about the library's strategy."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "strategy_has_draft": N_("There is a draft already. Go on with that one, or throw it away first."),
    "strategy_not_draft": N_(
        "This version is decided, and stays as it is. Start a new version to change it."
    ),
    "strategy_in_force": N_("It has been in force already. Start a new version to change it."),
    "strategy_not_open": N_("It is not open for comments any more."),
    "stale_strategy": N_(
        "Somebody else has saved the draft meanwhile. What you wrote stands here still: look at theirs "
        "first, then save again."
    ),
    "mix_upside_down": N_("The upper end must not be below the lower one."),
    "point_not_here": N_("One of the rows is not in this list. Open the list again."),
    "goal_not_here": N_("Choose a goal of the strategy that is in force there."),
    "pillar_not_here": N_("Choose a pillar of the strategy that is in force there."),
    "day_is_past": N_("Choose today or a later day."),
    "purpose_missing": N_("Say first why you are there: the purpose is missing."),
    "goal_missing": N_("Name at least one goal."),
    "goal_serves_nothing": N_("Say of every goal which task of the library plan it serves."),
    "review_missing": N_("Choose the day on which you look at it again."),
    "review_too_early": N_("The day on which you look at it again must come after its first day."),
    "choose_or_write": N_("Choose one, or write your own."),
    "done_strategy_begun": N_("The draft is here. Read it through, change what you like, then decide."),
    "done_strategy_saved": N_("The draft is saved."),
    "done_strategy_adopted": N_("Decided. Posts, warnings and results answer to it from its first day."),
    "done_strategy_taken_back": N_("It is a draft again."),
    "done_strategy_discarded": N_("The draft is thrown away."),
    "done_strategy_opened": N_("Everybody on staff can read the draft now and say what they think."),
    "done_strategy_closed": N_("The draft is closed for comments. What was said stays here."),
    "done_strategy_said": N_("Said. Everybody who reads the draft can read it."),
}
