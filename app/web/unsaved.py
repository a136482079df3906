"""What is typed in the composer is kept by the server while one types; a revision is made by "Save" alone.

The script sends the fields of the form as they stand, at most every few seconds. The answer names the form's
own key, so that a page of somebody else's network is not taken for it, and says what the person should know:
that it is kept, that the browser is locked, that somebody else saved meanwhile or is writing too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.actions import unsaved
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import MaybeSignedIn, SignedIn, SignInFirst, Viewer, locked_viewer
from app.domain.errors import NotFound
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.foundation.database import AnyRow, read_id
from app.foundation.i18n import N_, translations
from app.queries import posts, scopes
from app.queries import unsaved as questions
from app.web import formats
from app.web.forms import Form, Posted, go, of_locked
from app.web.ground import Grounded

router = APIRouter(prefix="/unsaved")
WRITING = timedelta(minutes=10)  # so long somebody counts as writing after their last word
SHOWN = 3  # of one's own, on the page of a form


class Typed(NamedTuple):
    """A form as it stands in somebody's browser; `locked`: nobody has used that browser for a while."""

    viewer: Viewer
    form: Form
    locked: bool


async def typed(request: Request, viewer: MaybeSignedIn, settings: Configured) -> Typed:
    """What was sent, proven ours, also from a locked browser: it goes nowhere but to its own person.

    Raises SignInFirst, Forbidden. Async, because bodies are read that way.
    """
    who = viewer or locked_viewer(request)
    if who is None:
        raise SignInFirst("/sign-in?next=/")
    return Typed(who, await of_locked(request, who, settings), viewer is None)


@router.post("")
def keep(sent: Annotated[Typed, Depends(typed)], ground: Grounded) -> JSONResponse:
    """Keep what is typed; of a form that says what is stored already, nothing."""
    form, now = sent.form, clock.now()
    with ground.database.writes() as session:
        actor = _actor(session, sent)
        if form.text("same"):
            kept = unsaved.forget(session, actor, form.once)
        else:
            kept = unsaved.keep(
                session, actor, ground.keyring, form.text("form"), form.once, form.values, now
            )
    with ground.database.reads() as session:
        told = "" if sent.locked else _meanwhile(session, sent.viewer, form, now)
    return JSONResponse({"key": form.once, "kept": kept, "words": _words(sent, kept, now), "meanwhile": told})


def _actor(session: Session, sent: Typed) -> Actor:
    """Who typed, with the rights that they have once they unlock."""
    if not sent.locked:
        return sent.viewer.actor
    return Actor(sent.viewer.person_id, scopes.scope_of(session, sent.viewer.person_id), sent.viewer.name)


def _words(sent: Typed, kept: bool, now: datetime) -> str:
    say = translations(sent.viewer.locale).gettext
    if not kept:
        return say(N_("This text was saved or thrown away in another tab. Save here to see both."))
    if sent.locked:
        return say(N_("The browser is locked. What you write is kept; unlock it in another tab to go on."))
    if sent.form.text("same"):
        return ""
    time = formats.clock_time(now, sent.viewer.zone, sent.viewer.locale)
    return say(N_("Draft saved %(time)s")) % {"time": time}


def _meanwhile(session: Session, viewer: Viewer, form: Form, now: datetime) -> str:
    """What others did to the same post, in a sentence; empty when nothing."""
    post_id = read_id(form.text("form").removeprefix("/posts/").removesuffix("/edit"))
    if not post_id:
        return ""
    say, scope = translations(viewer.locale).gettext, viewer.actor.scope
    newest = posts.revisions(session, scope, post_id)[0]
    if str(newest.number) != form.text("revision"):
        words = say(
            N_("%(author)s saved revision %(number)s at %(time)s. Save yours too: then you see both.")
        )
        at = formats.clock_time(newest.at, viewer.zone, viewer.locale)
        return words % {"author": newest.author, "number": newest.number, "time": at}
    rows = questions.of_form(session, scope, viewer.person_id, form.text("form"), now - WRITING)
    names = dict.fromkeys(row.person for row in rows if row.person_id != viewer.person_id)
    return say(N_("%(names)s is writing here too.")) % {"names": ", ".join(names)} if names else ""


@router.post("/{unsaved_id}/drop")
def drop(viewer: SignedIn, _form: Posted, db: Db, unsaved_id: int) -> Response:
    """Throw one's own away, and back to its form."""
    with db.writes() as session:
        form = unsaved.drop(session, viewer.actor, unsaved_id, clock.now())
    return go(form, "form_dropped")


class Offer(NamedTuple):
    """What one typed and did not save. `texts`: what is shown of it, the title first."""

    id: int
    changed_at: datetime
    title: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Around:
    """What lies beside a form: one's own texts, and the names of those who are writing there now."""

    offers: Sequence[Offer] = ()
    writing: Sequence[str] = ()


def around(
    session: Session, viewer: Viewer, keys: Keyring, form: str, taken: int = 0, key: str = ""
) -> Around:
    """What lies beside the form with this path. `taken`: id of the one that it began with; `key`: its own."""
    now = clock.now()
    rows = questions.of_form(session, viewer.actor.scope, viewer.person_id, form, now - unsaved.KEPT)
    mine = [row for row in rows if row.person_id == viewer.person_id and row.id != taken and row.key != key]
    others = [row for row in rows if row.person_id != viewer.person_id and row.changed_at > now - WRITING]
    offers = [offer for row in mine[:SHOWN] if (offer := _offer(keys, row))]
    return Around(offers, list(dict.fromkeys(row.person for row in others)))


def _offer(keys: Keyring, row: AnyRow) -> Offer | None:
    try:
        form = Form(unsaved.opened(keys, row.person_id, row.key, row.sealed))
    except NotFound:
        return None
    own = [form.text(name) for name in form.values if name.endswith((".text", ".first_comment"))]
    texts = [form.text("text"), form.text("link"), form.text("first_comment"), *own]
    return Offer(row.id, row.changed_at, form.text("title"), [text for text in texts if text.strip()])


def taken(session: Session, scope: Scope, person_id: int, keys: Keyring, form: str, number: int) -> Form:
    """The form as it was typed, to go on with: with a key of its own. Raises NotFound."""
    row = questions.own(session, scope, person_id, number, form)
    fields = unsaved.opened(keys, person_id, row.key, row.sealed)
    return Form({**fields, "taken": [str(row.id)]})
