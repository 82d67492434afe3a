"""The data folder, and the lock that lets one `mta up` in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mta_core.domain.errors import StorageUnavailable
from mta_entrypoints import folder
from mta_entrypoints.up.lock import exclusive

ROOT = os.geteuid() == 0
HOLDER = """
import sys
from pathlib import Path
from mta_entrypoints.up.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made = folder.ensure(tmp_path / "far" / "away")
    assert made.is_dir()
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("this")
    assert folder.ensure(tmp_path) == tmp_path
    assert (tmp_path / "kept").read_text() == "this"


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StorageUnavailable, match=f"MTA_DATA_DIR={file} is not a fold"):
        folder.ensure(file)


def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match="cannot be made: Not a directory"):
        folder.ensure(tmp_path / "file" / "below")


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_named_with_the_reason(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageUnavailable, match="cannot be made: Permission"):
            folder.ensure(tmp_path / "mine")
        with pytest.raises(StorageUnavailable, match=r"up\.lock cannot be written"):
            exclusive(tmp_path).__enter__()
    finally:
        tmp_path.chmod(0o700)


def test_a_lock_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "up.lock").mkdir()
    with (
        pytest.raises(StorageUnavailable, match=r"up\.lock cannot be written"),
        exclusive(tmp_path),
    ):
        raise AssertionError("unreachable")


def test_the_lock_is_for_one_at_a_time(tmp_path: Path) -> None:
    with exclusive(tmp_path):
        with (
            pytest.raises(
                StorageUnavailable, match=rf"Another `mta up` \(process {os.getpid()}\)"
            ),
            exclusive(tmp_path),
        ):
            raise AssertionError("unreachable")
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())
    with exclusive(tmp_path):
        pass


def test_a_holder_that_has_not_signed_yet_is_unknown(tmp_path: Path) -> None:
    with exclusive(tmp_path):
        (tmp_path / "up.lock").write_text("")
        with (
            pytest.raises(StorageUnavailable, match=r"\(process unknown\)"),
            exclusive(tmp_path),
        ):
            raise AssertionError("unreachable")


def test_an_old_signature_does_not_show_through(tmp_path: Path) -> None:
    (tmp_path / "up.lock").write_text("12345678901234567890")
    with exclusive(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_lock_dies_with_its_holder(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with (
        pytest.raises(StorageUnavailable, match=rf"process {holder.pid}\)"),
        exclusive(tmp_path),
    ):
        raise AssertionError("unreachable")

    holder.kill()
    holder.wait()

    with exclusive(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())
