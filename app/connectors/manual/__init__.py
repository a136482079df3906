"""Places where a person posts by hand: a poster board, a newsletter, a network that takes no programs."""
