"""Whether the process lives, and whether it can work: for whoever watches over it."""

from pathlib import Path

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse

from app.dependencies.database import Db
from app.foundation.database import Database

router = APIRouter(include_in_schema=False)
VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


@router.get("/healthz")
async def alive() -> JSONResponse:  # async: it must answer even when every thread is busy
    """The process answers."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
def ready(db: Db) -> JSONResponse:
    """The database answers and has the tables of this version; 503 with the reason otherwise."""
    reason = _trouble(db)
    return JSONResponse({"status": reason or "ready"}, 503 if reason else 200)


def _trouble(db: Database) -> str:
    try:
        with db.reads() as session:
            found = session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return "no database"
    return "" if found == newest() else "migrations missing"


def newest() -> str:
    """The number of the newest migration that this version brings; files bear their number in front."""
    return max((path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py")), default="")
