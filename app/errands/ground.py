"""What every errand stands on, and the access to one channel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import and_, bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.connectors import registry
from app.connectors.contract import Access, App, Network
from app.domain.networks import NetworkKind, Realm
from app.domain.roles import Actor, Scope
from app.domain.units import ancestors
from app.errands.intakes import Intakes
from app.foundation import practice_keys
from app.foundation.bucket import Bucket, bucket_of
from app.foundation.crypto import Keyring
from app.foundation.database import Database, table_of
from app.foundation.files import FileStore
from app.foundation.images import Pictures
from app.foundation.settings import Settings
from app.foundation.videos import Videos
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel, token_place
from app.models.meta_apps import MetaApp
from app.models.units import Unit

_CHANNELS, _TOKENS = table_of(Channel), table_of(ChannelToken)
# Built once: in a crowd a line is made anew for nearly every post.
_TO = (
    select(
        *(_CHANNELS.c[name] for name in ("realm", "unit_id", "app_id", "network", "remote_id")),
        _TOKENS.c.sealed,
    )
    .outerjoin(_TOKENS, and_(_TOKENS.c.channel_id == _CHANNELS.c.id, _TOKENS.c.in_use))
    .where(_CHANNELS.c.id == bindparam("its_id"))
)
CLOCK = Actor(person_id=None, scope=Scope(), name="", via="clock")


@dataclass(frozen=True)
class Ground:
    """Settings, database and keys of this process, and where networks come from."""

    settings: Settings
    database: Database
    keyring: Keyring
    networks: Callable[[NetworkKind], Network] = registry.network
    intakes: Intakes = field(default_factory=Intakes, repr=False, compare=False)

    @cached_property
    def store(self) -> FileStore:
        """Where pictures lie: the folder `media` of the data folder."""
        return FileStore(self.settings.data_dir / "media")

    @cached_property
    def pictures(self) -> Pictures:
        """What reads and cuts pictures, in a process of its own that starts with the first one."""
        return Pictures(self.settings.data_dir / "media")

    @cached_property
    def videos(self) -> Videos:
        """What reads and packs videos, in a process of its own for each."""
        return Videos(self.settings.data_dir / "media")

    @cached_property
    def bucket(self) -> Bucket | None:
        """The bucket from which networks fetch pictures, if the settings name one."""
        return bucket_of(self.settings)

    def close(self) -> None:
        """End the processes that read videos and pictures, if there are any."""
        if "videos" in self.__dict__:
            self.videos.close()
        if "pictures" in self.__dict__:
            self.pictures.close()


@dataclass(frozen=True)
class Line:
    """One channel with its network and the access to it, as loaded at one moment.

    `sealed`: the sign-in that it speaks with; another one at the channel is newer.
    """

    channel_id: int
    realm: Realm
    network: Network
    access: Access
    sealed: str = field(default="", repr=False)


def app_for(session: Session, ground: Ground, realm: Realm, unit_id: int) -> tuple[App, int | None] | None:
    """The app that speaks for a unit in a realm, and the unit that it belongs to (None: from settings).

    In Meta's realm: the unit's own, else the nearest above, else the settings'; None when there is none.
    """
    endpoint = registry.endpoint(ground.settings, realm)
    if realm is Realm.PRACTICE:
        keys = practice_keys.load(ground.settings.data_dir)
        return App(endpoint, keys.app_id, keys.app_secret), None
    path = session.scalars(select(Unit.path).where(Unit.id == unit_id)).one()
    line = [*ancestors(path), unit_id]
    found = session.scalars(select(MetaApp).where(MetaApp.unit_id.in_(line))).all()
    nearest = max(found, key=lambda app: line.index(app.unit_id), default=None)
    if nearest:
        secret = ground.keyring.open(nearest.secret_sealed, MetaApp.place(nearest.unit_id))
        return App(endpoint, nearest.app_id, secret), nearest.unit_id
    if ground.settings.meta_app_id:
        return App(endpoint, ground.settings.meta_app_id, ground.settings.meta_app_secret), None
    return None


def line_to(session: Session, ground: Ground, channel_id: int) -> Line:
    """The line to a channel, with the token in use opened. Raises CannotOpen when there is none, or when it
    was sealed by other keys."""
    row = session.connection().execute(_TO, {"its_id": channel_id}).first()
    if row is None:
        raise NoResultFound
    found = app_for(session, ground, row.realm, row.unit_id)
    endpoint = registry.endpoint(ground.settings, row.realm)
    app = found[0] if found else App(endpoint, row.app_id, "")
    network = ground.networks(row.network)
    # A channel that people post to by hand has no sign-in at all.
    sealed = "" if network.profile.by_hand else row.sealed or ""
    place = token_place(row.network, row.realm, row.remote_id)
    token = "" if network.profile.by_hand else ground.keyring.open(sealed, place)
    return Line(channel_id, row.realm, network, Access(app, row.remote_id, token), sealed)
