"""Sentences about choosing the days that results are about."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "period_day": N_("Choose a day, for example 2026-08-24."),
    "period_backwards": N_("The last day lies before the first."),
    "period_long": N_("That is too long ago or too long: at most ten years, and none before 2000."),
}
