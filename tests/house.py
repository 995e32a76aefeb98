"""The code as data, for the tests that look at all of it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("registry", "storage", "licenses", "workers", "client")


def modules(*folders: str) -> list[Path]:
    """All Python modules of these folders, without what Alembic has written."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    skipped = {"versions", "__pycache__", "static", "data", "build", "dist"}
    return [path for path in found if not skipped & set(path.parts)]


@cache
def source(path: Path) -> str:
    """The text of a module."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(source(path))


def named(path: Path) -> str:
    """The path as it is spoken of."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """The modules that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions of a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
