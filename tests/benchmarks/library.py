"""The library of pictures and the composer with pictures in it, at 20,000 pictures and as many posts."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.queries import assets
from app.queries.assets import AssetFilter
from app.queries.scopes import scope_of
from app.web import paging
from tests.benchmarks.filling import HOME, Filled, fill
from tests.benchmarks.pages import COLUMNS, RUNS, WARM, asked
from tests.benchmarks.serving import Served, serving, token_of
from tests.benchmarks.shelves import CARRIED, RARE, Shelved, shelve
from tests.benchmarks.starting import first_visit
from tests.benchmarks.tables import Figure, show
from tests.benchmarks.weights import weights
from tests.support.databases import Databases

PICTURES, POSTS = 20_000, 20_000
DEEP = 3_000  # so many pictures before the page that is far down


def run(name: str, databases: Databases) -> bool:
    """Everything on one kind of database; prints as it goes."""
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        database = Database(make_engine(url))
        filled = fill(database, keyring(Path(folder)), POSTS)
        shelved = shelve(database, PICTURES)
        with serving(url, Path(folder), "--no-clock") as served:
            runs = (
                f"{PICTURES:,} pictures and {POSTS:,} posts in 40 units; {RUNS} runs each after "
                f"{WARM} to warm up, over HTTP to another process."
            )
            title = f"Library of pictures on {name}"
            good = show(title, runs, COLUMNS, _times(served, database, filled, shelved))
            title = f"Weights of the pages for pictures on {name}"
            heavy = _weights(served, database, filled, shelved)
            good = show(title, "Bytes as they come, gzipped.", ("value",), heavy) and good
        database.engine.dispose()
    return good


def _times(served: Served, database: Database, filled: Filled, shelved: Shelved) -> Iterator[Figure]:
    walls = _walls(database, filled.editor)
    composers = {
        "a picture": f"/pictures/{shelved.picture}",
        f"composer, {CARRIED} pictures": f"/posts/{shelved.post}/edit",
        f"post, {CARRIED} pictures": f"/posts/{shelved.post}",
    }
    yield from asked(served, database, filled.editor, {**walls, **composers}, "editor")
    yield from asked(served, database, filled.approver, _walls(database, filled.approver), "approver of all")


def _walls(database: Database, person: int) -> dict[str, str]:
    """Pages of the library: name -> path."""
    with database.reads() as session:
        rows = assets.listed(session, scope_of(session, person), AssetFilter(), limit=DEEP)
    after = paging.address("/pictures", after=paging.mark(rows[-1].created_at, rows[-1].id))
    return {
        "library": "/pictures",
        f"library, after {len(rows):,}": after,
        "library, a word of many": "/pictures?words=carpet",
        "library, two words, one beyond ASCII": "/pictures?words=%C3%A4iti+carpet",
        "library, a word of one": f"/pictures?words={RARE}",
        "library, a word of none": "/pictures?words=nowhere",
        "library, children shown": "/pictures?shown=children",
        "library, not described": "/pictures?undescribed=yes",
        "library, a unit": f"/pictures?unit={HOME}",
        "library, mine": "/pictures?mine=yes",
        "library, all at once": f"/pictures?words=archive&unit={HOME}&shown=staff&mine=yes",
    }


def _weights(served: Served, database: Database, filled: Filled, shelved: Shelved) -> Iterator[Figure]:
    token = token_of(database, filled.editor)
    paths = {
        "library": "/pictures",
        "new pictures": "/pictures/new",
        "a picture": f"/pictures/{shelved.picture}",
        "composer": "/posts/new",
        f"composer, {CARRIED} pictures": f"/posts/{shelved.post}/edit",
    }
    yield from weights(served, token, paths)
    yield from first_visit(served, token)
