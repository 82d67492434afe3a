"""Importing any module opens nothing: no socket, no file to write, no thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("mta_core", "mta_adapters", "mta_entrypoints", "mta_practice")
SCRIPT = r"""
import importlib, json, os, pkgutil, sys, threading

opened = []
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC

def watch(event, arguments):
    if not watching:
        return
    if event == "open":
        path, _, flags = arguments
        if flags & WRITING and path != os.devnull:
            opened.append(f"open {path}")
    elif event.startswith(("socket.", "subprocess.", "sqlite3.", "os.mkdir")):
        opened.append(f"{event} {arguments}")

def modules():
    for name in sys.argv[1:]:
        package = importlib.import_module(name)
        yield name
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            # Run by Alembic, or by `python -m`: these are scripts.
            if not found.name.endswith((".env", ".__main__")):
                yield found.name

threads = threading.active_count()
watching = True
sys.addaudithook(watch)
imported = [importlib.import_module(name).__name__ for name in modules()]
watching = False
print(json.dumps({
    "imported": imported,
    "opened": opened,
    "threads": threading.active_count() - threads,
    "handlers": len(__import__("logging").getLogger().handlers),
}))
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Import everything in a process of its own, and tell what it did."""
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-B", "-c", SCRIPT, *PACKAGES],
        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home)},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout)
    told["left"] = [
        path.name for path in home.iterdir() if ".coverage" not in path.name
    ]
    return told


def test_every_module_can_be_imported(imported: dict[str, Any]) -> None:
    source = Path(__file__).parents[3] / "src"
    files = {
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(
            ".__init__"
        )
        for package in PACKAGES
        for path in (source / package).rglob("*.py")
    }
    scripts = {name for name in files if name.endswith((".env", ".__main__"))}
    assert set(imported["imported"]) == files - scripts


def test_importing_opens_nothing(imported: dict[str, Any]) -> None:
    assert imported["opened"] == []
    assert imported["left"] == []


def test_importing_starts_nothing(imported: dict[str, Any]) -> None:
    assert imported["threads"] == 0
    assert imported["handlers"] == 0
