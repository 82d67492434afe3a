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
    found = {file.name}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found.add(f"{file.name}::{node.name}")
            found |= {f"{file.name}::{node.name}::{name}" for name in _tests(node.body)}
    return found | {
        f"{file.name}::{name}"
        for name in _tests(ast.parse(file.read_text(encoding="utf-8")).body)
    }


def _tests(body: list[ast.stmt]) -> set[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in body if isinstance(node, kinds)}


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
