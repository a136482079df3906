"""The small library of the errands' tests."""

from tests.errands.conftest import practice, practice_folder, practice_server, stand, traveller

__all__ = ["practice", "practice_folder", "practice_server", "stand", "traveller"]
