"""The house keeps its shape: sizes, one clock, networks apart, scopes, nothing that does not belong.

What import-linter can say (floors, practice, httpx) stands in pyproject.toml; here is the rest.
"""

import ast
import gc
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 40, 150

# Calls that read the time. Only foundation/clock.py may; everything else asks it or is handed an instant.
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"},
    "func": {"now", "current_timestamp", "localtime"},
}

# The only files whose questions have no scope, each with its reason.
WITHOUT_SCOPE = {
    "app.queries.identity": "asked before it is known who asks, and so within which scope",
    "app.queries.scopes": "works the scope out",
}

# Addresses and paths that belong to somebody's machine, in two parts here so as not to find themselves.
FOREIGN = ["pypi" + ".org", "files." + "pythonhosted", "registry." + "npmjs", "deb." + "debian.org"]
FOREIGN += ["/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/"]

FORBIDDEN_IN_TEMPLATES = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
    "outside host": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']https?://", re.IGNORECASE
    ),
}


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the project."""
    return tuple(
        sorted(path for folder in ("app", "tests", "migrations") for path in (ROOT / folder).rglob("*.py"))
    )


@cache
def templates() -> tuple[Path, ...]:
    """Every template, of pages and of mails."""
    return tuple(sorted(APP.rglob("*.html")))


@pytest.fixture(scope="module", autouse=True)
def _collecting_nothing() -> Iterator[None]:
    """A million nodes that all stay: to go through them for garbage takes twice as long as to make them."""
    gc.disable()
    yield
    tree.cache_clear()
    gc.enable()


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """The file's path within the project."""
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    """How many lines the file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of the file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> set[str]:
    """Modules that the file imports, and the names it takes from them, dotted."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_migration(path: Path) -> bool:
    """A migration is a list of tables, read once and never changed: no measure of size fits it."""
    return path.is_relative_to(ROOT / "migrations" / "versions")


def test_files_are_short() -> None:
    long = [
        f"{name(path)}: {lines(path)}"
        for path in python_files()
        if lines(path) > FILE_LINES and not is_migration(path)
    ]
    assert long == []


def test_functions_are_short() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python_files()
        if not is_migration(path)
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_templates_are_short() -> None:
    assert [f"{name(path)}: {lines(path)}" for path in templates() if lines(path) > TEMPLATE_LINES] == []


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_templates_hold_nothing_that_the_csp_forbids(what: str) -> None:
    pattern = FORBIDDEN_IN_TEMPLATES[what]
    assert [name(path) for path in templates() if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_only_the_clock_reads_the_time() -> None:
    assert [
        f"{name(path)}:{line}" for path in python_files() if _is_ours(path) for line in _clock_readings(path)
    ] == []


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(APP) and path != APP / "foundation" / "clock.py"


def _clock_readings(path: Path) -> Iterator[int]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS.get(_last_name(node.value), set()):
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in CLOCKS["time"])


def _last_name(node: ast.expr) -> str:
    """`datetime` for both `datetime` and `datetime.datetime`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_code_is_sync() -> None:
    """Only what speaks ASGI itself, middleware, is async: everything else is `def`."""
    strays = [
        f"{name(path)}:{node.lineno} {node.name}"
        for floor in ("domain", "models", "words", "queries", "actions", "errands", "dependencies", "worker")
        for path in (APP / floor).rglob("*.py")
        for node in functions(path)
        if isinstance(node, ast.AsyncFunctionDef)
    ]
    assert strays == []


def test_networks_do_not_know_each_other() -> None:
    connectors = APP / "connectors"
    networks = {path.parent.name for path in connectors.glob("*/__init__.py")}
    strays = [
        f"{name(path)} imports {module}"
        for path in python_files()
        if path.is_relative_to(APP) and path != connectors / "registry.py"
        for module in imported(path)
        for network in networks
        - {path.relative_to(connectors).parts[0] if path.is_relative_to(connectors) else ""}
        if f"{module}.".startswith(f"app.connectors.{network}.")
    ]
    assert strays == []


def test_queries_are_asked_within_a_scope() -> None:
    strays = []
    for path in sorted((APP / "queries").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            first = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][:2]
            if first != ["session", "scope"] and module not in WITHOUT_SCOPE:
                strays.append(f"{module}.{node.name}")
    assert strays == []


def test_files_on_one_floor_have_one_word_for_one_thing() -> None:
    """A feature's tests lie where its code lies: tests/<floor>/test_<feature>.py."""
    floors = {path.name for path in APP.iterdir() if (path / "__init__.py").exists()}
    strays = [name(path) for path in (ROOT / "tests").rglob("test_*.py") if not _mirrors(path, floors)]
    assert strays == []


def _mirrors(path: Path, floors: set[str]) -> bool:
    folders = path.relative_to(ROOT / "tests").parts[:-1]
    return not folders or folders[0] in floors | {"benchmarks", "faults", "journeys"}


def test_nothing_of_somebodys_machine_is_kept() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    strays = [
        f"{file}: {foreign}"
        for file in listed
        if file and (ROOT / file).is_file()
        for foreign in FOREIGN
        if foreign.encode() in (ROOT / file).read_bytes()
    ]
    assert strays == []


def test_no_lock_names_a_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name
