"""The error table against the contract's own text, where that is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from mta_practice.errors import TABLE, ErrorEntry

CONTRACT = Path(__file__).parents[4] / "shared" / "city" / "contract.md"


def _row(line: str) -> tuple[str, ErrorEntry]:
    key, code, status, kind, message = (
        part.strip().strip("`") for part in line.strip().strip("|").split("|", 4)
    )
    found = key if code == "same" else code
    return key, ErrorEntry(found, int(status), kind, message)


@pytest.mark.skipif(not CONTRACT.is_file(), reason=f"no contract at {CONTRACT}")
def test_table_is_the_contracts_word_for_word() -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    table = text.partition("### 2.2 Table")[2].partition("Unknown key")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert dict(_row(line) for line in rows) == dict(TABLE)
