"""The year's posts as rows: post, revision, review, publication, readings, history, words to find."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.examples import Part
from app.domain.networks import Format, NetworkKind
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import AttemptKind, Outcome, Status
from app.errands.examples import numbers, plan, strategy
from app.errands.examples.past import Piece
from app.errands.examples.stage import Line, Stage
from app.foundation import clock
from app.foundation.database import table_of
from app.models.attempts import Attempt
from app.models.history import Event
from app.models.posts import Post, Review, Revision, RevisionPicture
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.search import POST, SearchEntry, entry

AT_ONCE = 15  # posts in one transaction: others want to write too, and SQLite lets nobody wait in turn
_GAP = 0.01  # seconds between two
_IG_LIKE = 18_000_000_000_000_000
Row = dict[str, Any]


def lay(stage: Stage, pieces: Sequence[Piece]) -> list[int]:
    """Lay all of them in; returns the ids of the posts in order."""
    dice, ids = stage.dice("rows"), list[int]()
    for start in range(0, len(pieces), AT_ONCE):
        stage.told(Part.PAST, start, len(pieces))
        with stage.ground.database.writes() as session:
            ids += _Batch(stage, session, dice, pieces[start : start + AT_ONCE]).lay()
        clock.pause(_GAP)
    return ids


class _Batch:
    """Some posts on their way in, in one transaction."""

    def __init__(self, stage: Stage, session: Session, dice: Random, pieces: Sequence[Piece]) -> None:
        self._stage, self._session, self._dice, self._pieces = stage, session, dice, pieces
        self._history: list[Row] = []

    def lay(self) -> list[int]:
        """Everything of them; returns the posts' ids."""
        posts = self._added(table_of(Post), [self._post(one) for one in self._pieces])
        revisions = self._added(
            table_of(Revision),
            [self._revision(one, post) for one, post in zip(self._pieces, posts, strict=True)],
        )
        self._name_newest(posts)
        self._put(
            RevisionPicture, [self._picture(one, at) for one, at in zip(self._pieces, revisions, strict=True)]
        )
        for one, post, revision in zip(self._pieces, posts, revisions, strict=True):
            self._reviewed(one, post, revision)
            self._published(one, post, revision)
        self._put(Event, sorted(self._history, key=lambda row: row["at"]))
        return posts

    def _added(self, table: Table, rows: Sequence[Row]) -> list[int]:
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(self._session.scalars(statement, rows))

    def _put(self, model: Any, rows: Iterable[Row]) -> None:
        told = list(rows)
        if told:
            self._session.execute(insert(table_of(model)), told)

    def _writer(self, one: Piece) -> int:
        return self._stage.people[plan.writer_for(one.unit)]

    def _post(self, one: Piece) -> Row:
        return {
            "unit_id": self._stage.unit_id(one.unit), "status": PostStatus.APPROVED, "title": one.words.title,
            "tone": one.words.tone, "tone_frozen": one.words.tone, "revision_id": None,
            "author_id": self._writer(one), "created_at": one.at - timedelta(days=4),
            "changed_at": one.at - timedelta(days=1),
            **strategy.named(self._stage, one.words, self._dice.randrange(60)),
        }  # fmt: skip

    def _revision(self, one: Piece, post_id: int) -> Row:
        return {
            "post_id": post_id, "number": 1, "title": one.words.title, "tone": one.words.tone,
            "text": one.text, "format": Format.POST, "author_id": self._writer(one),
            "created_at": one.at - timedelta(days=4),
        }  # fmt: skip

    def _picture(self, one: Piece, revision_id: int) -> Row:
        scene = one.words.picture
        return {
            "revision_id": revision_id, "channel_id": None, "position": 0,
            "asset_id": self._dice.choice(self._stage.assets[scene]),
            "alt_text": self._stage.library.pictures[scene], "decorative": False, "crops": {},
        }  # fmt: skip

    def _name_newest(self, posts: Sequence[int]) -> None:
        newest = select(func.max(Revision.id)).where(Revision.post_id == Post.id).scalar_subquery()
        self._session.execute(
            update(Post).where(Post.id.in_(posts)).values(revision_id=newest),
            execution_options={"synchronize_session": False},
        )

    def _reviewed(self, one: Piece, post_id: int, revision_id: int) -> None:
        drafted = one.at - timedelta(days=4)
        approver, writer = self._stage.people[plan.APPROVER], self._writer(one)
        sent, said = one.at - timedelta(days=2), one.at - timedelta(days=1)
        talk = {"post_id": post_id, "revision_id": revision_id, "comment": "", "own": False}
        self._put(Review, [
            {**talk, "kind": ReviewKind.SUBMITTED, "person_id": writer, "at": sent, "approver_id": None},
            {**talk, "kind": ReviewKind.APPROVED, "person_id": approver, "at": said, "approver_id": None},
        ])  # fmt: skip
        unit_id = self._stage.unit_id(one.unit)
        self._put(SearchEntry, [entry(POST, post_id, unit_id, one.words.title, one.text)])
        self._note(one, "post", post_id, "created", writer, drafted, None, PostStatus.DRAFT)
        moved = PostStatus.IN_REVIEW, PostStatus.APPROVED
        self._note(one, "post", post_id, "approved", approver, said, *moved, revision=1, own=False)

    def _published(self, one: Piece, post_id: int, revision_id: int) -> None:
        rows = [self._publication(one, line, post_id, revision_id) for line in one.lines]
        ids = self._added(table_of(Publication), rows)
        readings = [
            {
                **reading,
                "publication_id": publication_id,
                "api_version": self._stage.ground.settings.graph_api_version,
            }
            for line, publication_id in zip(one.lines, ids, strict=True)
            for reading in numbers.told(
                self._dice, line.network, one.words.tone, line.followers, one.at, self._stage.now
            )
        ]
        self._put(Reading, readings)
        tried = {"revision_id": revision_id, "kind": AttemptKind.SHOW, "outcome": Outcome.OK, "run_id": None}
        times = {"started_at": one.at, "ended_at": one.at + timedelta(milliseconds=400)}
        self._put(Attempt, [{**tried, **times, "publication_id": one_id} for one_id in ids])
        for publication_id in ids:
            self._note(one, "publication", publication_id, "published", None, one.at, Status.PUBLISHING,
                       Status.PUBLISHED)  # fmt: skip

    def _publication(self, one: Piece, line: Line, post_id: int, revision_id: int) -> Row:
        number, on_page = self._dice.randrange(10**12), line.network is NetworkKind.FACEBOOK
        out = one.at + timedelta(milliseconds=600)
        return {
            "post_id": post_id, "channel_id": line.channel_id, "unit_id": self._stage.unit_id(one.unit),
            "revision_id": revision_id, "status": Status.PUBLISHED, "since_at": out, "local_due": one.local,
            "zone": self._stage.library.zone, "fold": 0, "due_at": one.at, "step_at": None,
            "remote_id": f"{line.remote_id}_{number}" if on_page else str(_IG_LIKE + number),
            "published_at": out, "network_published_at": out, "reading_at": None, "shown_at": one.at,
            "planned_by_id": self._writer(one), "created_at": one.at - timedelta(days=3), "known": [],
        }  # fmt: skip

    def _note(
        self, one: Piece, thing: str, thing_id: int, verb: str, person_id: int | None, at: datetime,
        old: str | None, new: str | None, **facts: Any,
    ) -> None:  # fmt: skip
        self._history.append({
            "at": at, "person_id": person_id, "via": "web" if person_id else "clock", "thing": thing,
            "thing_id": thing_id, "unit_id": self._stage.unit_id(one.unit), "verb": verb,
            "old_state": old, "new_state": new, "facts": facts,
        })  # fmt: skip
