"""One `mta up` per data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mta_core.domain.errors import StorageUnavailable


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the lock dies with it, however it ends.

    Raises:
        StorageUnavailable: another process holds it, or the folder cannot be used.
    """
    path = folder / "up.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be written: {error}") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.pread(handle, 20, 0).decode(errors="replace").strip()
            raise StorageUnavailable(
                f"Another `mta up` (process {owner or 'unknown'}) works on {folder}."
            ) from None
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
