"""Tests of the outside networks: the connector runs for real, only the wire is ours."""
