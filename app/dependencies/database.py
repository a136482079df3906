"""The database for a request: whole, or as a session that only reads.

Requests that change something open `with db.writes() as session:` themselves, around one action: the commit
is made before the answer, and a refusal takes everything back.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session
from starlette.requests import Request

from app.foundation.database import Database
from app.foundation.settings import Settings


def database_of(request: Request) -> Database:
    """The app's database."""
    database: Database = request.app.state.database
    return database


def settings_of(request: Request) -> Settings:
    """The app's settings."""
    settings: Settings = request.app.state.settings
    return settings


# For routes. What routes depend on calls the functions above: FastAPI keeps the dependencies of each of some
# 450 routes apart, with all that these depend on in turn.
Db = Annotated[Database, Depends(database_of)]
Configured = Annotated[Settings, Depends(settings_of)]


def read_session(request: Request) -> Iterator[Session]:
    """A session for one GET. Name it after the viewer: each takes a connection, one after the other."""
    with database_of(request).reads() as session:
        yield session


Reads = Annotated[Session, Depends(read_session, scope="function")]
