"""Who keeps a channel: the form for its owner and its deputy."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import keepers
from app.actions.inputs import Id
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.i18n import N_, translations
from app.queries import channels
from app.queries import keepers as questions
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/channels")
_NOBODY = N_("nobody")


@router.get("/{channel_id}/keepers")
def ask(request: Request, viewer: SignedIn, session: Reads, channel_id: Id) -> Response:
    """The form."""
    now = questions.of_channel(session, viewer.actor.scope, channel_id, clock.now())
    form = Form.of(owner_id=now.owner_id, deputy_id=now.deputy_id)
    return _page(request, viewer, session, channel_id, form)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    channel_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    channel = channels.channel(session, viewer.actor.scope, channel_id)
    if not viewer.actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    able = keepers.able_for(session, viewer.actor, channel.unit_id)
    nobody = translations(viewer.locale).gettext(_NOBODY)
    return render(
        request,
        "channels/keepers_form.html",
        refusal.status if refusal else 200,
        channel=channel,
        options=[("", nobody), *((str(id_), name) for id_, name in able.items())],
        form=form,
        errors=said(request, refusal),
    )


@router.post("/{channel_id}/keepers")
def edit(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: Id) -> Response:
    """Name them."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                keepers.edit(turn.session, viewer.actor, channel_id, form.read(keepers.KeepersEdit))
                turn.address = f"/channels/{channel_id}?done=saved"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, channel_id, form, refusal)
    return go(turn.address)
