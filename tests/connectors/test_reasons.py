"""Whatever a network answers, people read a sentence."""

import pytest

from app.connectors.reasons import Reason
from app.words.sentences import table


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(reason: Reason) -> None:
    assert reason.value in table()
