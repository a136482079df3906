"""The face that is a clock: it ticks, claims what is due and sends errands."""
