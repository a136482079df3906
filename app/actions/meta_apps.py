"""The Meta app of a unit: entered whole, replaced whole, taken away."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.models.meta_apps import MetaApp
from app.queries import meta_apps as questions


class MetaAppInput(BaseModel):
    """A Meta app's id and secret, as its page at Meta shows them.

    `sure`: needed when channels that speak through the app of before must be connected again.
    """

    model_config = ConfigDict(extra="forbid")

    app_id: Annotated[str, Field(max_length=40)]
    secret: Annotated[str, Field(max_length=200)]
    sure: bool = False


def put(session: Session, actor: Actor, keyring: Keyring, unit_id: int, data: MetaAppInput) -> list[int]:
    """Enter or change the Meta app of a unit; units below inherit it.

    Returns the ids of the channels that were connected by another app and must be connected again. Raises
    NotFound, Forbidden, Invalid; ("app_parts_channels") while there are such and nobody is sure.
    """
    _check_right(actor, unit_id)
    app_id, secret = data.app_id.strip(), data.secret.strip()
    if not (app_id.isascii() and app_id.isdigit()):
        raise Invalid("bad_app_id", "app_id")
    if len(secret) < 16:
        raise Invalid("bad_app_secret", "secret")
    parted = [row.id for row in questions.parted_by(session, actor.scope, unit_id, app_id)]
    if parted and not data.sure:
        raise Invalid("app_parts_channels", "sure", count=len(parted))
    now = clock.now()
    sealed = keyring.seal(secret, MetaApp.place(unit_id))
    app = session.get(MetaApp, unit_id)
    if app is None:
        app = MetaApp(unit_id=unit_id, app_id=app_id, secret_sealed=sealed, changed_at=now)
        session.add(app)
    app.app_id, app.secret_sealed, app.changed_at = app_id, sealed, now
    session.flush()
    history.record(session, actor, "unit", unit_id, "meta_app_set", unit_id=unit_id, now=now, app_id=app_id)
    return parted


def remove(session: Session, actor: Actor, unit_id: int, inherited: str, sure: bool = False) -> list[int]:
    """Take a unit's own app away; that of the units above, or of the settings, holds again.

    `inherited`: that app's id, empty when there is none. Returns and raises as `put`.
    """
    _check_right(actor, unit_id)
    app = session.get(MetaApp, unit_id)
    if app is None:
        raise NotFound
    parted = [row.id for row in questions.parted_by(session, actor.scope, unit_id, inherited)]
    if parted and not sure:
        raise Invalid("app_parts_channels", "sure", count=len(parted))
    history.record(
        session, actor, "unit", unit_id, "meta_app_removed",
        unit_id=unit_id, now=clock.now(), app_id=app.app_id,
    )  # fmt: skip
    session.delete(app)
    session.flush()
    return parted


def _check_right(actor: Actor, unit_id: int) -> None:
    if unit_id not in actor.scope.units:
        raise NotFound
    if not actor.scope.may(Right.CHANNELS, unit_id):
        raise Forbidden("not_allowed")
