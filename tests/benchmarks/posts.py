"""Approved posts with pictures of a camera, planned for one instant."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from app.actions.publication_moves import begins_at
from app.domain.pictures import Rights, Shown
from app.foundation import clock
from app.models.assets import Asset
from app.models.channels import Channel
from app.models.posts import Post
from app.models.publications import Publication
from tests.benchmarks.camera import SIZE
from tests.builders import with_pictures
from tests.support.stand import Stand


def keep(stand: Stand, files: Sequence[bytes]) -> list[int]:
    """Put pictures of `camera` into the store and the library as they are. Returns the assets' ids."""
    store, made = stand.ground.store, []
    for data in files:
        digest = sha256(data).hexdigest()
        source = store.incoming_path("bench")
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(data)
        store.put("master", digest, source)
        made.append(_asset(stand, digest, len(data)))
    with stand.database.writes() as session:
        session.add_all(made)
        session.flush()
        return [asset.id for asset in made]


def plan(stand: Stand, channel_id: int, text: str, asset_ids: Sequence[int], due: datetime) -> int:
    """An approved post with these pictures on a channel. Returns the publication's id."""
    # Far away at first: the clock, a process of its own, must not take it up before it is whole.
    publication_id = _plan(stand, channel_id, text)
    with stand.database.writes() as session:
        publication = session.get_one(Publication, publication_id)
        post = session.get_one(Post, publication.post_id)
        assert post.revision_id is not None
        with_pictures(session, post.revision_id, [session.get_one(Asset, one) for one in asset_ids])
        publication.due_at, publication.local_due = due, due.replace(tzinfo=None)
        publication.step_at = begins_at(session, publication, session.get_one(Channel, channel_id))
    return publication_id


def _plan(stand: Stand, channel_id: int, text: str) -> int:
    stand.channel_id = channel_id
    return stand.plan(text, due_in=86_400)


def _asset(stand: Stand, digest: str, size: int) -> Asset:
    now = clock.now()
    return Asset(
        unit_id=stand.unit_id, sha256=digest, source_sha256=digest, source_kind="jpeg", name="IMG.JPG",
        width=SIZE[0], height=SIZE[1], size=size, alt_text="Three dogs on a red carpet", rights=Rights.OWN,
        shown=Shown.NOBODY, added_by_id=stand.writer.person_id, created_at=now, changed_at=now,
    )  # fmt: skip
