"""The code that README and docs show runs as it stands, against the practice city."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.library.scripts import ROOT, running_script
from tests.integration.library.town import Town, in_a_week

pytestmark = pytest.mark.integration

DEFAULT = "http://127.0.0.1:8765"
MONDAY = 0


def the_code(page: str, section: str) -> str:
    """Return the one block of Python in a section of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    _, _, rest = text.partition(f"\n## {section}\n")
    blocks = re.findall(r"```python\n(.*?)```", rest.partition("\n## ")[0], re.DOTALL)
    assert len(blocks) == 1, f"{page} has no such code below {section!r}"
    code: str = blocks[0]
    return code


def written(code: str, town: Town, folder: Path) -> Path:
    """Write code to a file, with the address of a city that is there."""
    assert code.count(DEFAULT) == 1
    script = folder / "shown.py"
    script.write_text(code.replace(DEFAULT, town.practice.url), encoding="utf-8")
    return script


def test_the_loop_of_the_readme_finds_what_suits(town: Town, tmp_path: Path) -> None:
    suits = in_a_week(9, weekday=MONDAY)
    town.free(suits, suits.replace(hour=14))
    script = written(the_code("README.md", "The library"), town, tmp_path)
    with running_script(tmp_path, script) as shown:
        found = shown.read_until(" 10308013")
        shown.interrupt()
    assert shown.lines[:2] == ["sees everything", found]
    assert found.startswith(f"{suits.date()}")


def test_the_loop_of_the_docs_finds_what_is_free(town: Town, tmp_path: Path) -> None:
    nine = in_a_week(9)
    town.free(nine)
    script = written(the_code("docs/library.md", "The loop"), town, tmp_path)
    with running_script(tmp_path, script) as shown:
        shown.read_until("free:")
        shown.interrupt()
    assert shown.lines[:2] == ["sees everything", f"free: {nine}"]
