"""The life of a branch: rows of every kind that it may have, its word in each text, for tests of sight."""

from dataclasses import dataclass, replace
from datetime import time, timedelta

from sqlalchemy.orm import Session

from app.actions import (
    feeds,
    idea_doors,
    ideas,
    ledger,
    open_ideas,
    receipts,
    strategies,
    tokens,
    unsaved,
    uploads,
)
from app.actions.history import record
from app.actions.queue import Done, Outcome
from app.domain.channel_register import Step
from app.domain.ledger import LedgerKind
from app.domain.networks import NetworkKind, Realm
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import HoldReason, Status, Wish
from app.domain.readings import Basis
from app.domain.roles import Actor, Role
from app.domain.warnings import Code, Light, Severity
from app.errands.warnings import new_notice
from app.foundation import clock
from app.models.channel_days import ChannelDay
from app.models.channel_register import ChannelClosing, ChannelPlan, ChannelSilence, ClosingStep
from app.models.channels import Channel
from app.models.connections import Connection
from app.models.duties import ChannelKeeper
from app.models.holds import Hold
from app.models.meta_apps import MetaApp
from app.models.posts import Post, Review
from app.models.slots import Rhythm, Slot
from app.models.tasks import Assignment, ManualPlace
from app.models.units import Unit
from app.models.wishes import PublicationWish
from tests import plans
from tests.builders import actor, an_asset, person, with_pictures
from tests.outings import Out, went_out
from tests.web.scene import Scene
from tests.web.test_found import put as put_found

STUCK = (Status.HELD, Status.MISSED, Status.UNSURE, Status.REJECTED)
AHEAD = (Status.PROPOSED, Status.PLANNED, Status.STAGED)


@dataclass(frozen=True)
class Life:
    """What of it has a number or a key, by the names that routes give these."""

    unit_id: int
    person_id: int
    channel_id: int
    place_id: int
    post_id: int
    publication_id: int
    asset_id: int
    found_id: int
    token_id: int
    connection_id: int
    entry_id: int
    idea_id: int
    door_id: int
    strategy_id: int
    upload: str
    receipt: str


def live(scene: Scene, unit: Unit, who: Actor, word: str, shared: int) -> Life:
    """Everything that people of a branch may make and what comes by itself. `shared`: a channel of many."""
    made = scene.write(lambda session: _Branch(session, scene, unit, who, word, shared).all())
    return replace(made, found_id=put_found(scene.database, made.channel_id, word=word)[0])


class _Branch:
    """The rows of one branch, in one transaction."""

    def __init__(
        self, session: Session, scene: Scene, unit: Unit, who: Actor, word: str, shared: int
    ) -> None:
        self.session, self.scene, self.unit, self.who, self.word = session, scene, unit, who, word
        self.shared = plans.load_channel(session, shared)
        self.now = clock.now()

    def all(self) -> Life:
        channel = plans.channel(self.session, self.unit, self.scene.keyring, f"{self.word} page")
        place = self._place()
        posts = [self._post(status) for status in (PostStatus.DRAFT, PostStatus.IN_REVIEW)]
        publications = self._ahead_and_stuck(channel)
        self._published(channel)
        self._published(self.shared)
        self._around(channel)
        picture = an_asset(self.session, self.unit, f"{self.word}.jpg", alt_text=f"A {self.word}")
        with_pictures(self.session, posts[0].revision_id or 0, [picture])
        form, typed = f"/posts/{posts[0].id}/edit", {"text": [f"{self.word} is being written"]}
        unsaved.keep(self.session, self.who, self.scene.keyring, form, self.word, typed, self.now)
        newcomer = person(self.session, f"{self.word} Newcomer", self.unit, Role.EDITOR)
        connection = self._connection(channel)
        done = Outcome("hold", [Done(publications[0])], [])
        self.session.flush()
        return Life(
            self.unit.id, newcomer.id, channel.id, place.id, posts[0].id, publications[0], picture.id,
            0, self._token(), connection.id, self._minutes(posts[0]), *self._idea(),
            self._strategy(), self._upload(), receipts.keep(self.session, self.who, done),
        )  # fmt: skip

    def _post(self, status: PostStatus, title: str = "") -> Post:
        name = title or f"{self.word} {status.value}"
        post = plans.post(
            self.session, self.unit, self.who, name, status, self.scene.cast.approver, text=f"All of {name}"
        )
        said = f"Where is the {self.word}?"
        self.session.add(
            Review(
                post_id=post.id, revision_id=post.revision_id, kind=ReviewKind.CHANGES_REQUESTED,
                person_id=self.who.person_id, comment=said, at=self.now,
            )
        )  # fmt: skip
        self._happened("post", post.id)
        return post

    def _ahead_and_stuck(self, channel: Channel) -> list[int]:
        made = []
        for number, status in enumerate((*AHEAD, *STUCK)):
            for on in (channel, self.shared):
                post = self._post(PostStatus.APPROVED, f"{self.word} {status.value}")
                minutes = (-60 if status in STUCK else 60 * 24) * (number + 1)
                row = plans.publication(self.session, post, on, status, minutes, revision_id=post.revision_id)
                made.append(row.id)
        self._held_and_wished(made)
        return made

    def _held_and_wished(self, publications: list[int]) -> None:
        self.session.add_all(
            Hold(
                publication_id=one, reason=HoldReason.PERSON, note=self.word,
                person_id=self.who.person_id, since_at=self.now,
            )
            for one in publications[-2:]
        )  # fmt: skip

    def _published(self, on: Channel) -> None:
        tones = [Out(f"{self.word} out {day}", days=day) for day in (0.5, 8, 9, 40)]
        first, *_ = went_out(self.session, self.unit, on, self.who, tones)
        self.session.add(
            PublicationWish(
                publication_id=first, kind=Wish.REMOVE, person_id=self.who.person_id, note=self.word,
                asked_at=self.now, by_hand=True, reason="not_offered",
            )
        )  # fmt: skip

    def _place(self) -> Channel:
        place = plans.channel(
            self.session, self.unit, self.scene.keyring, f"{self.word} group", network=NetworkKind.MANUAL
        )
        self.session.add(ManualPlace(channel_id=place.id, how=self.word, person_id=self.who.person_id))
        post = self._post(PostStatus.APPROVED, f"{self.word} by hand")
        task = plans.publication(self.session, post, place, Status.TO_DO, -5)
        self.session.add(
            Assignment(publication_id=task.id, person_id=self.who.person_id, assigned_at=self.now)
        )
        return place

    def _around(self, channel: Channel) -> None:
        """What a channel has besides posts: a promise, its days, a warning, an app."""
        today = self.now.date()
        self.session.add_all(
            [
                Rhythm(channel_id=channel.id, at_least=3, at_most=5),
                ChannelPlan(
                    channel_id=channel.id, purposes=["inspire"], purpose=self.word, audiences=[self.word],
                    risks=self.word, review_on=today - timedelta(days=9), changed_at=self.now,
                ),
                ChannelSilence(channel_id=channel.id, since_at=self.now, found_at=self.now),
                ChannelClosing(channel_id=channel.id, why=self.word, begun_at=self.now),
                ClosingStep(channel_id=channel.id, step=Step.EXPORT, done_at=self.now),
                ChannelKeeper(channel_id=channel.id, owner_id=self.who.person_id),
                Slot(channel_id=channel.id, weekday=3, local_time=time(9)),
                ChannelDay(
                    channel_id=channel.id, day=today - timedelta(days=3), followers=987_654,
                    basis=Basis.NETWORK, api_version="v25.0", sources={}, taken_at=self.now,
                ),
                new_notice(
                    Light(
                        Code.SIGN_IN_DEAD, Severity.NOW, f"{self.word}", self.unit.id, channel.id, None,
                        None, {"reason": "token_expired", "waiting": 3},
                    ),
                    self.now,
                ),
                MetaApp(
                    unit_id=self.unit.id, app_id=f"77{self.unit.id}", secret_sealed="x", changed_at=self.now
                ),
            ]
        )  # fmt: skip
        self._happened("channel", channel.id)

    def _connection(self, channel: Channel) -> Connection:
        row = Connection(
            state_hash=f"{self.word:x<64}", person_id=self.who.person_id, unit_id=self.unit.id,
            network=NetworkKind.FACEBOOK, realm=Realm.PRACTICE, returned_at=self.now,
            expires_at=self.now + timedelta(minutes=9), sealed=self.scene.keyring.seal("[]", "connections:1"),
            channel_id=channel.id,
        )  # fmt: skip
        self.session.add(row)
        return row

    def _minutes(self, post: Post) -> int:
        """Of three people, so that their sums may be shown at all."""
        for name in ("Ada", "Bo"):
            one = actor(self.session, person(self.session, f"{self.word} {name}", self.unit, Role.EDITOR))
            ledger.write(
                self.session, one, ledger.EntryInput(kind=LedgerKind.POST, minutes=77, post_id=post.id)
            )
        data = ledger.EntryInput(kind=LedgerKind.REPLY, minutes=99, unit_id=self.unit.id, note=self.word)
        return ledger.write(self.session, self.who, data).id

    def _idea(self) -> tuple[int, int]:
        """What came through a door, with a photo in quarantine and what became a part of it;
        the numbers of the idea and of the door."""
        wanted = idea_doors.DoorInput(unit_id=self.unit.id, name=f"{self.word} desk")
        door = idea_doors.make(self.session, self.who, self.scene.keyring, wanted)
        sent = open_ideas.OpenIdeaInput(title=f"{self.word} idea", why=self.word, name=f"{self.word} guest")
        photo = open_ideas.Held(f"{self.word}key", "0" * 64, "0" * 64, "jpeg", 9, 9, 9)
        idea = open_ideas.send(self.session, door, sent, [photo], f"{self.word} follows", "fi")
        data = ideas.IdeaInput(unit_id=self.unit.id, title=f"{self.word} of staff", why=self.word)
        other = ideas.send(self.session, self.who, data)
        ideas.comment(self.session, self.who, idea.id, ideas.CommentInput(text=self.word))
        ideas.merge(self.session, self.who, other.id, ideas.Merging(into_id=idea.id))
        return idea.id, door.id

    def _strategy(self) -> int:
        """One in force, and a draft that is talked about; the draft's number."""
        lead = person(self.session, f"{self.word} Lead", self.unit, Role.COORDINATOR)
        who = actor(self.session, lead)
        goal = strategies.PointInput(name=f"{self.word} goal", note=self.word)
        wanted = strategies.NewStrategy(
            unit_id=self.unit.id, purpose=f"For every {self.word}", house_rules=self.word,
            goals=(goal,), review_on=self.now.date() + timedelta(days=400),
        )  # fmt: skip
        held = strategies.begin(self.session, who, wanted)
        strategies.adopt(self.session, who, held.id, strategies.Adoption())
        draft = strategies.begin(self.session, who, strategies.NewStrategy(unit_id=self.unit.id))
        strategies.open_for_comments(self.session, who, draft.id, True)
        strategies.comment(self.session, who, draft.id, strategies.CommentInput(text=self.word))
        return draft.id

    def _token(self) -> int:
        feeds.renew(self.session, self.who)
        wanted = tokens.NewToken(name=self.word)
        return tokens.create(self.session, self.who, self.who.person_id or 0, wanted)[0].id

    def _upload(self) -> str:
        wanted = uploads.BeginUpload(unit_id=self.unit.id, name=f"{self.word}.mp4", size=1000)
        return uploads.begin(self.session, self.who, wanted).key

    def _happened(self, thing: str, number: int) -> None:
        record(
            self.session, self.who, thing, number, "changed", unit_id=self.unit.id, now=self.now,
            note=self.word,
        )  # fmt: skip
