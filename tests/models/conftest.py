"""The small library of the errands' tests."""

from tests.errands.conftest import lender, practice, practice_folder, practice_server, stand, traveller

__all__ = ["lender", "practice", "practice_folder", "practice_server", "stand", "traveller"]
