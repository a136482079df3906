"""Something that waits for each role: a review, wishes for changes, a missed post, a sign-in that ends."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import history, posts, publications, reviews
from app.domain.examples import Part
from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.timing import to_instant, to_local
from app.errands.examples import plan
from app.errands.examples.coming import agreed, planned, written
from app.errands.examples.past import filled
from app.errands.examples.stage import Stage
from app.errands.examples.texts import Words
from app.errands.ground import CLOCK
from app.foundation import clock
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.publications import Publication

_DAYS_LEFT = 5  # of the library's sign-in


def lay(stage: Stage) -> None:
    """All of it."""
    steps = (_reviews, _wish_for_changes, _draft, _missed, _held, _sign_in_ends)
    for done, step in enumerate(steps):
        stage.told(Part.WAITING, done, len(steps))
        with stage.ground.database.writes() as session:
            step(session, stage)


def _words(stage: Stage, tone: Tone, number: int) -> Words:
    """A post that fits all year."""
    fit = [one for one in stage.library.posts if one.tone is tone and len(one.months) == 12]
    return fit[number % len(fit)]


def _draft_of(session: Session, stage: Stage, unit: int | None, tone: Tone, number: int) -> int:
    words = _words(stage, tone, number)
    local = to_local(stage.now, stage.library.zone)
    text = filled(stage, stage.dice(f"waiting/{number}"), unit, words, local)
    return written(session, stage, unit, words, text).id


def _reviews(session: Session, stage: Stage) -> None:
    for unit, tone, number in ((0, Tone.HUMAN, 0), (4, Tone.INFORMATIVE, 3), (17, Tone.HUMAN, 5)):
        post_id = _draft_of(session, stage, unit, tone, number)
        posts.submit(session, stage.actor(session, plan.writer_for(unit)), post_id)


def _wish_for_changes(session: Session, stage: Stage) -> None:
    post_id = _draft_of(session, stage, 0, Tone.INFORMATIVE, 8)
    posts.submit(session, stage.actor(session, plan.writer_for(0)), post_id)
    said = reviews.ChangeRequest(revision=1, comment=stage.library.said["changes"])
    reviews.request_changes(session, stage.actor(session, plan.APPROVER), post_id, said)


def _draft(session: Session, stage: Stage) -> None:
    """Begun, and nobody has said its tone yet."""
    words = _words(stage, Tone.HUMAN, 9)
    text = filled(stage, stage.dice("draft"), None, words, to_local(stage.now, stage.library.zone))
    written(session, stage, None, words, text.split(". ")[0] + " …", toned=False)


def _missed(session: Session, stage: Stage) -> None:
    """One that should have gone out yesterday, while the server was switched off."""
    ids = _to_come(session, stage, None, 11)
    local = to_local(stage.now, stage.library.zone).replace(hour=15, minute=0, second=0, microsecond=0)
    due = to_instant(local - timedelta(days=1), stage.library.zone)
    session.execute(
        update(Publication)
        .where(Publication.id.in_(ids))
        .values(
            status=Status.MISSED, local_due=local - timedelta(days=1), due_at=due, step_at=None,
            since_at=due + timedelta(hours=1),
        ),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    for publication_id in ids:
        history.record(
            session, CLOCK, "publication", publication_id, "missed", unit_id=stage.root_id,
            old=Status.PLANNED, new=Status.MISSED, now=due + timedelta(hours=1),
        )  # fmt: skip


def _held(session: Session, stage: Stage) -> None:
    """One that somebody stopped, and said why."""
    for publication_id in _to_come(session, stage, 4, 13):
        editor = stage.actor(session, plan.writer_for(4))
        publications.hold(session, editor, publication_id, stage.library.said["hold"])


def _to_come(session: Session, stage: Stage, unit: int | None, number: int) -> list[int]:
    """An approved post that is planned for some days on; returns its publication."""
    post_id = _draft_of(session, stage, unit, Tone.INFORMATIVE, number)
    writer = stage.actor(session, plan.writer_for(unit))
    local = to_local(stage.now, stage.library.zone).replace(hour=16, minute=30, second=0, microsecond=0)
    post = posts.submit(session, writer, post_id)
    ids = planned(session, stage, unit, post, stage.lines_of(unit)[:1], local + timedelta(days=3))
    agreed(session, stage, post)
    return ids


def _sign_in_ends(session: Session, stage: Stage) -> None:
    """As the network would tell it; asked the next time, the practice network says that it has no end."""
    line, ends = stage.lines[0], clock.now() + timedelta(days=_DAYS_LEFT)
    session.execute(
        update(ChannelToken).where(ChannelToken.channel_id == line.channel_id).values(expires_at=ends)
    )
    session.execute(update(Channel).where(Channel.id == line.channel_id).values(checked_at=clock.now()))
