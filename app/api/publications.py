"""Publications: a post on a channel at a time; planned, moved, held, released, sent, settled."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from app.actions import paid, publications
from app.actions.inputs import ID_MOST, Input
from app.actions.paid import PaidInput
from app.actions.publications import MoveInput, PlanInput, SettleInput
from app.api.paging import Listed, Paged, whole
from app.api.publication_acts import act
from app.api.publication_shapes import AttemptOut, PublicationOut, ReadingOut, lines, shown
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import GivenInstant, PathId
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken
from app.domain.publications import Status
from app.queries import posts as post_questions
from app.queries import publications as questions

router = api_router(tags=["publications"])
Filter = Annotated[int | None, Query(ge=1, le=ID_MOST)]
NOTE_MOST = 500


class HoldNote(Input):
    """Why it stands still, for the others."""

    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""


def _wanted(
    status: Annotated[list[Status], Query(description="Any of these.")] = [],  # noqa: B006 - never changed
    since: Annotated[GivenInstant | None, Query(alias="from", description="Due then or later.")] = None,
    to: Annotated[GivenInstant | None, Query(description="Due before.")] = None,
    channel: Filter = None,
    unit: Filter = None,
) -> questions.QueueFilter:
    return questions.QueueFilter(status, unit, channel, since, to)


Wanted = Annotated[questions.QueueFilter, Depends(_wanted)]


@router.get("/posts/{post_id}/publications")
def listed_of_post(viewer: ByToken, session: Reads, post_id: PathId) -> Listed[PublicationOut]:
    """Where a post goes and went, in order of time."""
    scope = viewer.actor.scope
    post_questions.post(session, scope, post_id)
    found = post_questions.publications_of(session, scope, [post_id])[post_id]
    told = questions.rows(session, scope, [line.id for line in found])
    rows = [told[line.id] for line in found]
    shapes = lines(session, viewer, rows)
    return whole(rows, lambda row: shapes[row.id])


@router.post("/posts/{post_id}/publications", status_code=201, response_model=PublicationOut)
def plan(viewer: ByToken, sent: Sent, post_id: PathId, data: PlanInput) -> Response:
    """Give a post a time on a channel, as local wall time or as an instant.

    Of an hour that exists twice the first is taken, unless `fold` is 1 or `ask` is true.
    """
    return sent.once(
        201,
        lambda session: shown(session, viewer, publications.plan(session, viewer.actor, post_id, data).id),
    )


@router.get("/publications")
def listed(viewer: ByToken, session: Reads, page: Paged, wanted: Wanted) -> Listed[PublicationOut]:
    """Publications of your units, in order of time."""
    rows = questions.listed(session, viewer.actor.scope, wanted, page.moment(), page.limit + 1)
    shapes = lines(session, viewer, rows)
    return page.cut(rows, lambda row: (row.due_at, row.id), lambda row: shapes[row.id])


@router.get("/publications/{publication_id}")
def show(viewer: ByToken, session: Reads, publication_id: PathId) -> PublicationOut:
    """One publication."""
    return shown(session, viewer, publication_id)


@router.patch("/publications/{publication_id}")
def move(viewer: ByToken, db: Db, publication_id: PathId, data: MoveInput) -> PublicationOut:
    """Give a publication another time or limit of lateness, or prepare it only at its time."""
    with db.writes() as session:
        publications.move(session, viewer.actor, publication_id, data)
        return shown(session, viewer, publication_id)


@router.post("/publications/{publication_id}/hold", response_model=PublicationOut)
def hold(viewer: ByToken, sent: Sent, publication_id: PathId, data: HoldNote | None = None) -> Response:
    """Stop a publication until somebody releases it."""
    note = data.note if data else ""
    return act(
        viewer, sent, publication_id, lambda session, actor, id_: publications.hold(session, actor, id_, note)
    )


@router.post("/publications/{publication_id}/release", response_model=PublicationOut)
def release(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Let a held publication wait for its time again."""
    return act(viewer, sent, publication_id, publications.release)


@router.post("/publications/{publication_id}/cancel", response_model=PublicationOut)
def cancel(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Decide that a publication shall not go out."""
    return act(viewer, sent, publication_id, publications.cancel)


@router.post("/publications/{publication_id}/publish-now", response_model=PublicationOut)
def publish_now(viewer: ByToken, sent: Sent, publication_id: PathId) -> Response:
    """Send a publication out at once."""
    return act(viewer, sent, publication_id, publications.publish_now)


@router.post("/publications/{publication_id}/settle", response_model=PublicationOut)
def settle(viewer: ByToken, sent: Sent, publication_id: PathId, data: SettleInput) -> Response:
    """Answer for an unsure publication: is it on the page?

    Yes: it is published. No: the network is looked at once more, then the same object is shown.
    """
    return act(
        viewer,
        sent,
        publication_id,
        lambda session, actor, id_: publications.settle(session, actor, id_, data),
    )


@router.post("/publications/{publication_id}/paid", response_model=PublicationOut)
def say_paid(viewer: ByToken, sent: Sent, publication_id: PathId, data: PaidInput) -> Response:
    """Say whether money was spent on showing a post that is out to more people: results compare by it."""
    return act(
        viewer, sent, publication_id, lambda session, actor, id_: paid.mark(session, actor, id_, data.paid)
    )


@router.get("/publications/{publication_id}/attempts")
def attempts(viewer: ByToken, session: Reads, publication_id: PathId) -> Listed[AttemptOut]:
    """Everything that was tried at the network, the oldest first."""
    questions.publication(session, viewer.actor.scope, publication_id)
    rows = questions.attempts(session, viewer.actor.scope, [publication_id])[publication_id]
    return whole(rows, AttemptOut.model_validate)


@router.get("/publications/{publication_id}/readings")
def readings(viewer: ByToken, session: Reads, publication_id: PathId) -> Listed[ReadingOut]:
    """The numbers of a published post, the youngest age first."""
    questions.publication(session, viewer.actor.scope, publication_id)
    rows = questions.readings(session, viewer.actor.scope, [publication_id])[publication_id]
    return whole(rows, ReadingOut.of)
