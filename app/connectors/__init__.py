"""The outside networks: one contract, one place that talks HTTP, one folder per network."""
