"""The front door: `import mta_core`, which names it has, and what they bring along."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import attr
import pytest

import mta_core

ROOT = Path(__file__).parents[2]
FOUND_IN = [str(ROOT / "src"), str(Path(attr.__file__).parents[1])]

# Without site-packages, so that nothing but this import loads anything.
IMPORTED = """
import json, sys
found_in, names = json.loads(sys.argv[1])
sys.path += found_in
before = set(sys.modules)
import mta_core
bare = set(sys.modules) - before
for name in names:
    getattr(mta_core, name)
print(json.dumps([sorted(bare), sorted(set(sys.modules) - before)]))
"""
# What I/O needs, and the core does not; asyncio alone takes as long as all of it.
HEAVY = {"asyncio", "email", "http", "logging", "socket", "sqlite3", "ssl"}


@pytest.fixture(scope="module")
def modules() -> tuple[set[str], set[str]]:
    """The modules that the import loads, and those that all its names load."""
    done = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-B", "-c", IMPORTED),
            json.dumps([FOUND_IN, mta_core.__all__]),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    bare, all_names = json.loads(done.stdout)
    return set(bare), set(all_names)


def packages(modules: set[str]) -> set[str]:
    """Return what the modules belong to, the standard library left out."""
    found = {module.partition(".")[0] for module in modules}
    theirs = {name for name in found if name.startswith("_sysconfigdata_")}
    return found - sys.stdlib_module_names - theirs


def test_importing_it_loads_nothing_else(modules: tuple[set[str], set[str]]) -> None:
    assert {name for name in modules[0] if name.startswith("mta_")} == {"mta_core"}
    assert packages(modules[0]) == {"mta_core"}


def test_all_its_names_need_attrs_alone(modules: tuple[set[str], set[str]]) -> None:
    assert packages(modules[1]) == {"attr", "attrs", "mta_core"}
    assert "mta_core.watching.loop" in modules[1]


def test_its_names_load_no_doubles_and_nothing_heavy(
    modules: tuple[set[str], set[str]],
) -> None:
    assert not modules[1] & HEAVY
    assert not [name for name in modules[1] if name.startswith("mta_core.testing")]


def test_every_name_has_one_home() -> None:
    homes = mta_core._HOMES  # noqa: SLF001 - the list that a reader cannot check
    at_home = [name for names in homes.values() for name in names.split()]
    assert sorted(at_home) == sorted(mta_core.__all__)
    assert len(set(at_home)) == len(at_home)


@pytest.mark.parametrize("name", mta_core.__all__)
def test_every_name_is_there_and_explained(name: str) -> None:
    found = getattr(mta_core, name)
    assert getattr(mta_core, name) is found
    if inspect.isclass(found) or inspect.isfunction(found):
        assert found.__module__.startswith("mta_core.")
        assert inspect.getdoc(found)
    assert re.search(
        rf"`{name}`", (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    )


def test_all_names_can_be_had_at_once_and_are_listed() -> None:
    everything: dict[str, object] = {}
    exec("from mta_core import *", everything)  # noqa: S102 - only modules may say it
    assert everything.keys() - {"__builtins__"} == set(mta_core.__all__)
    assert set(mta_core.__all__) <= set(dir(mta_core))


def test_a_name_that_is_not_there_is_missed_as_usual() -> None:
    assert not hasattr(mta_core, "wach")
    with pytest.raises(AttributeError, match="'mta_core' has no attribute 'wach'"):
        getattr(mta_core, "wach")  # noqa: B009 - mypy knows that it is not there
    with pytest.raises(ImportError, match="wach"):
        exec("from mta_core import wach", {})  # noqa: S102 - see above
