"""The data folder."""

from __future__ import annotations

from pathlib import Path

from mta_core.domain.errors import StorageUnavailable


def ensure(folder: Path) -> Path:
    """Make the folder if it is not there, for its owner alone.

    Raises:
        StorageUnavailable: it is a file, or cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise StorageUnavailable(f"MTA_DATA_DIR={folder} is not a folder.") from None
    except OSError as error:
        raise StorageUnavailable(
            f"MTA_DATA_DIR={folder} cannot be made: {error.strerror}"
        ) from None
    return folder
