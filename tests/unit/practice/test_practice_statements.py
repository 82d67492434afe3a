"""Every statement of the table names a test that exists."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

from tests.unit.practice.statements import Statement

HERE = Path(__file__).parent
FOLDERS = (HERE, HERE.parents[1] / "integration" / "practice")


def _table() -> list[Statement]:
    parts = sorted(HERE.glob("statements_*.py"))
    return [
        statement
        for part in parts
        for statement in import_module(f"tests.unit.practice.{part.stem}").STATEMENTS
    ]


def _names(file: Path) -> set[str]:
    """Give the file's tests and test classes as pytest names them."""
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        for name in _defined(node):
            found.add(f"{file.name}::{name}")
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                found |= {f"{file.name}::{name}::{test}" for test in _defined(inner)}
    return found


def _defined(node: ast.stmt) -> list[str]:
    """Give the names of tests that a statement defines."""
    names = []
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        names = [node.name]
    elif isinstance(node, ast.Assign):  # a state machine's TestCase
        names = [item.id for item in node.targets if isinstance(item, ast.Name)]
    return [name for name in names if name.startswith(("test_", "Test"))]


def test_every_statement_has_its_test() -> None:
    known: set[str] = set()
    for folder in FOLDERS:
        for file in folder.glob("test_*.py"):
            known |= _names(file)
    missing = sorted({item.test for item in _table()} - known)
    assert missing == []


def test_no_statement_is_written_twice() -> None:
    texts = [(item.section, item.text) for item in _table()]
    assert len(texts) == len(set(texts))
