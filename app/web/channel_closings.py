"""Closing a channel: its check list, what is still queued there, and a file of what was posted."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.actions import channel_closings, receipts
from app.actions.inputs import Id
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.channel_register import Step
from app.domain.errors import Refusal
from app.domain.networks import ChannelState
from app.domain.roles import Right
from app.foundation.database import Database
from app.foundation.i18n import N_, translations
from app.foundation.spreadsheets import CSV_TYPE, Cell, Sheet, csv_lines
from app.queries import channel_closings as questions
from app.queries import channels, units
from app.web import labels, post_parts
from app.web.forms import Form, Posted, said, step
from app.web.rendering import render
from app.words import channel_register as words

router = APIRouter(prefix="/channels/{channel_id}")
AT_ONCE = 500
HEADS = (
    N_("Number"), N_("Local time"), N_("Unit"), N_("Title"), N_("Tone"), N_("Text"), N_("Link"),
    N_("Address"), N_("How it came there"),
)  # fmt: skip
_WAYS = {"published": N_("by Kuliss"), "done": N_("by hand"), "found": N_("in the network's own tools")}


@router.get("/closing")
def show(request: Request, viewer: SignedIn, session: Reads, channel_id: Id) -> Response:
    """How far its closing is."""
    return _page(request, viewer, session, channel_id)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    channel_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    channel = channels.channel(session, scope, channel_id)
    closing = questions.closing(session, scope, channel_id)
    done = questions.steps(session, scope, channel_id) if closing else {}
    queued = questions.queued(session, scope, channel_id)
    running = closing is not None and closing.ended_at is None
    may_change = scope.may(Right.CHANNELS, channel.unit_id)
    instead = post_parts.places(session, viewer, channel) if running and may_change and queued else ()
    return render(
        request,
        "channels/closing.html",
        refusal.status if refusal else 200,
        channel=channel,
        unit=units.unit(session, scope, channel.unit_id),
        closing=closing,
        running=running,
        begins=closing is None or (not running and channel.state is not ChannelState.CLOSED),
        steps=[(step, *words.STEPS[step], done.get(step)) for step in Step],
        ready=all(step in done for step in Step) and not queued,
        queued=queued,
        instead=[(one.id, one.words) for one in instead if one.id != channel_id],
        on=lambda when: words.on(when, viewer.zone, viewer.locale),
        closable=channel.state in (ChannelState.ACTIVE, ChannelState.DORMANT),
        may_change=may_change,
        form=form or Form.of(why=closing.why if running and closing else None,
                             elsewhere=closing.elsewhere if running and closing else None),
        errors=said(request, refusal),
    )  # fmt: skip


@router.post("/closing")
def begin(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Begin, or say anew why."""

    def work(session: Session) -> str:
        data = form.read(channel_closings.ClosingInput)
        channel_closings.begin(session, viewer.actor, channel_id, data)
        return f"/channels/{channel_id}/closing?done=closing_begun"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/closing/steps")
def tick(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """A step is done, or after all not."""

    def work(session: Session) -> str:
        done = form.text("done") != "no"
        data = form.only(("step",)).read(channel_closings.StepInput, done=done)
        channel_closings.tick(session, viewer.actor, channel_id, data)
        return f"/channels/{channel_id}/closing#{data.step}"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/closing/queue")
def clear(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """All that is queued there is cancelled, or goes to another channel; then what became of each."""

    def work(session: Session) -> str:
        data = form.read(channel_closings.ClearInput)
        outcome = channel_closings.clear(session, viewer.actor, channel_id, data)
        return f"/queue/done/{receipts.keep(session, viewer.actor, outcome)}"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/closing/give-up")
def give_up(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Leave it open after all."""

    def work(session: Session) -> str:
        channel_closings.give_up(session, viewer.actor, channel_id)
        return f"/channels/{channel_id}?done=closing_given_up"

    return _step(request, viewer, form, db, channel_id, work)


@router.post("/closing/finish")
def finish(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Close it."""

    def work(session: Session) -> str:
        channel_closings.finish(session, viewer.actor, channel_id)
        return f"/channels/{channel_id}/closing?done=channel_closed"

    return _step(request, viewer, form, db, channel_id, work)


def _step(
    request: Request, viewer: Viewer, form: Form, db: Db, channel_id: int, work: Callable[[Session], str]
) -> Response:
    """A step, done once; where it is refused, the page again with what was typed."""
    typed = form if {"elsewhere", "to_channel_id"} & form.values.keys() else None

    def again(session: Session, refusal: Refusal) -> Response:
        return _page(request, viewer, session, channel_id, typed, refusal)

    return step(db, viewer, form, work, again)


@router.get("/posts.csv")
def posts(viewer: SignedIn, db: Db, channel_id: Id) -> Response:
    """Everything that was posted on the channel and is still known, as a file."""
    with db.reads() as session:
        channels.channel(session, viewer.actor.scope, channel_id)
    say = translations(viewer.locale).gettext
    sheet = Sheet("posts", [say(head) for head in HEADS], _rows(db, viewer, channel_id))
    headers = {"Content-Disposition": f'attachment; filename="kuliss-channel-{channel_id}.csv"'}
    return StreamingResponse(csv_lines([sheet]), media_type=CSV_TYPE, headers=headers)


def _rows(db: Database, viewer: Viewer, channel_id: int) -> Iterator[list[Cell]]:
    """What went out by Kuliss or by hand, then what was found; read in blocks, so that nothing waits."""
    for asked, cells in ((questions.posted, _ours), (questions.posted_there, _found)):
        after = 0
        while True:
            with db.reads() as session:
                block = asked(session, viewer.actor.scope, channel_id, after, AT_ONCE)
            for row in block:
                yield cells(row, viewer)
            if len(block) < AT_ONCE:
                break
            after = block[-1].id


def _ours(row: Any, viewer: Viewer) -> list[Cell]:
    say = translations(viewer.locale).gettext
    at = row.published_at and row.published_at.astimezone(ZoneInfo(row.zone)).replace(tzinfo=None)
    tone = say(labels.TONES[row.tone].word) if row.tone else None
    way = say(_WAYS[row.status])
    return [row.id, at, row.unit, row.title, tone, row.text, row.link or None, row.permalink or None, way]


def _found(row: Any, viewer: Viewer) -> list[Cell]:
    say = translations(viewer.locale).gettext
    at = row.made_at.astimezone(ZoneInfo(viewer.zone)).replace(tzinfo=None)
    tone = say(labels.TONES[row.tone].word) if row.tone else None
    return [None, at, None, None, tone, row.text, None, row.permalink or None, say(_WAYS["found"])]
