"""Where networks fetch pictures from a bucket: put there for a post, fetched, and gone when it was time."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from app.domain.publications import Status
from app.errands import lend
from app.foundation.settings import Settings
from app.models.assets import Lending
from tests.support.s3 import NAME, s3_server
from tests.support.stand import Hand, Shot, Stand, add_profile

ONE = (Shot("A window full of frost"),)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server."""
    with s3_server() as address:
        yield address


@pytest.fixture
def bucketed(stand: Stand, server: str) -> Stand:
    """The small library, with a bucket in its settings."""
    stand.practice.ask("origins", {"origins": [server]})
    settings = stand.ground.settings.model_copy(
        update={
            "media_bucket": NAME, "media_bucket_endpoint": server, "media_bucket_key_id": "made-up",
            "media_bucket_secret": "made-up-too", "media_bucket_prefix": f"{uuid4()}/",
        }
    )  # fmt: skip
    assert isinstance(settings, Settings)
    stand.ground = replace(stand.ground, settings=settings)
    return stand


def test_a_network_fetches_from_the_bucket(bucketed: Stand, hand: Hand) -> None:
    channel_id, profile = add_profile(bucketed)
    publication_id = bucketed.plan_pictures(channel_id, "Frost", ONE)
    hand.run_to(publication_id, Status.PUBLISHED)
    assert bucketed.seen(profile) == [("Frost", ["A window full of frost"])]
    assert _listed(bucketed) == 1
    hand.later(3 * 3600)
    assert lend.take_back(bucketed.ground) == 1
    assert _listed(bucketed) == 0
    with bucketed.database.reads() as session:
        assert set(session.scalars(select(Lending.bucket_key))) == {""}


def test_a_bucket_that_does_not_answer_is_tried_again(bucketed: Stand, hand: Hand) -> None:
    channel_id, profile = add_profile(bucketed)
    whole = bucketed.ground
    away = whole.settings.model_copy(update={"media_bucket": "nothing-here"})
    bucketed.ground = replace(whole, settings=away)
    publication_id = bucketed.plan_pictures(channel_id, "Frost", ONE)
    hand.run(steps=2)
    assert bucketed.read(publication_id).reason == "bucket_trouble"
    bucketed.ground = whole
    hand.run_to(publication_id, Status.PUBLISHED)
    assert bucketed.seen(profile) == [("Frost", ["A window full of frost"])]


def _listed(stand: Stand) -> int:
    settings = stand.ground.settings
    asked = {"list-type": "2", "prefix": settings.media_bucket_prefix}
    return httpx.get(f"{settings.media_bucket_endpoint}/{NAME}", params=asked).text.count("<Key>")
