"""The master key: given, or made once and kept for its owner alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from mta_adapters.crypto import load_master_key
from mta_core.domain.errors import InvalidValue, StorageUnavailable

KEY = bytes(range(32))
_LOAD = """
import sys
from pathlib import Path
from mta_adapters.crypto import load_master_key
sys.stdin.readline()
print(load_master_key(Path(sys.argv[1]), None).hex())
"""


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert load_master_key(tmp_path, f" {b64encode(KEY).decode()}\n") == KEY
    assert not list(tmp_path.iterdir())


def test_a_given_key_wins_over_the_file(tmp_path: Path) -> None:
    assert load_master_key(tmp_path, None) != KEY
    assert load_master_key(tmp_path, b64encode(KEY).decode()) == KEY


@pytest.mark.parametrize(
    "given", ["secret!", b64encode(KEY[:31]).decode(), b64encode(KEY + b"x").decode()]
)
def test_a_malformed_key_is_refused_without_showing_it(
    tmp_path: Path, given: str
) -> None:
    with pytest.raises(InvalidValue, match="MTA_MASTER_KEY") as caught:
        load_master_key(tmp_path, given)
    assert given not in str(caught.value)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_without_a_key_one_is_made_and_kept(
    tmp_path: Path, nothing: str | None
) -> None:
    folder = tmp_path / "data"
    key = load_master_key(folder, nothing)
    assert len(key) == 32
    assert load_master_key(folder, nothing) == key
    assert [file.name for file in folder.iterdir()] == ["master.key"]
    assert load_master_key(tmp_path / "other", nothing) != key


def test_the_file_can_be_given_as_the_setting(tmp_path: Path) -> None:
    key = load_master_key(tmp_path, None)
    text = (tmp_path / "master.key").read_text()
    assert load_master_key(tmp_path / "other", text) == key


def test_a_loose_umask_does_not_open_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_master_key(tmp_path / "data", None)
    finally:
        os.umask(before)
    assert _mode(tmp_path / "data" / "master.key") == 0o600
    assert _mode(tmp_path / "data") == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    load_master_key(tmp_path, None)
    file = tmp_path / "master.key"
    file.chmod(mode)
    with pytest.raises(InvalidValue, match=f"chmod 600 {file}"):
        load_master_key(tmp_path, None)


def test_a_damaged_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.touch(0o600)
    file.write_text("half a k\N{LATIN SMALL LETTER E WITH ACUTE}")
    with pytest.raises(InvalidValue, match=r"master\.key does not hold a master key"):
        load_master_key(tmp_path, None)
    assert file.read_text() == "half a k\N{LATIN SMALL LETTER E WITH ACUTE}"


def test_a_folder_in_its_place_is_reported(tmp_path: Path) -> None:
    (tmp_path / "master.key").mkdir()
    with pytest.raises(StorageUnavailable, match=r"master\.key cannot be read"):
        load_master_key(tmp_path, None)


def test_a_file_in_the_folders_place_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StorageUnavailable, match="cannot be read or made"):
        load_master_key(tmp_path / "data", None)


@pytest.mark.integration
def test_processes_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _LOAD, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    keys = {child.communicate()[0] for child in children}
    assert all(child.returncode == 0 for child in children)
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_who_loses_the_race_uses_the_winners_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    winner = load_master_key(tmp_path, None)
    # As if the file had appeared just after it was looked for.
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert load_master_key(tmp_path, None) == winner
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]
