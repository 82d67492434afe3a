"""This machine: settings file, data folder, free space, and who works on it."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from pathlib import Path

from mta_entrypoints.doctor.findings import Finding, ok, warning, wrong
from mta_entrypoints.settings import DOTENV, Settings

MEGABYTE = 1024 * 1024
SCARCE = 200 * MEGABYTE
TOO_LITTLE = 20 * MEGABYTE
"""A busy database's log may grow by a few MB before it is folded in."""


def dotenv() -> Finding:
    """Tell whether others can read the settings, a master key perhaps among them."""
    file = Path(DOTENV)
    if not is_there(file):
        return ok(DOTENV, "There is none: the environment and the defaults hold.")
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return warning(
            DOTENV,
            f"Others on this machine can read it (mode {mode:o}).",
            f"Run `chmod 600 {file.absolute()}`.",
        )
    return ok(DOTENV, f"{file.absolute()} is for its owner alone.")


def folder(settings: Settings) -> Finding:
    """Tell whether the data folder is there, or can be made, and written."""
    path, check = settings.data_dir, "data folder"
    other = "Set MTA_DATA_DIR to a folder that MTA may write."
    base = _existing(path)
    if not base.is_dir():
        return wrong(check, f"MTA_DATA_DIR={path}: {base} is not a folder.", other)
    try:
        # Permissions tell half of it. The file has no name, and is gone at once.
        tempfile.TemporaryFile(dir=base).close()
    except OSError as error:
        means = f"MTA_DATA_DIR={path}: {base} cannot be written: {error.strerror}."
        return wrong(check, means, other)
    if base != path:
        return ok(check, f"{path} is not there yet: it will be made.")
    return ok(check, f"{path} can be written.")


def space(settings: Settings) -> Finding:
    """Tell whether the database can grow."""
    base = _existing(settings.data_dir)
    return judged(shutil.disk_usage(base).free, base)


def judged(free: int, base: Path) -> Finding:
    """Judge so many free bytes."""
    check, means = "free space", f"{free // MEGABYTE} MB are free in {base}."
    if free < TOO_LITTLE:
        means += " MTA cannot record what it does, and a booking may be lost."
        return wrong(check, means, "Free some space now.")
    if free < SCARCE:
        return warning(check, means, "Free some space soon.")
    return ok(check, means)


def up_owner(settings: Settings) -> str | None:
    """Return the process id of the `mta up` that works on the folder, if one does."""
    try:
        handle = os.open(settings.data_dir / "up.lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        # Shared and for a moment: it is the exclusive one of `mta up` that counts.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
    finally:
        os.close(handle)
    return None


def _existing(path: Path) -> Path:
    """Return the path, or the nearest above it that exists."""
    while not is_there(path) and path != path.parent:
        path = path.parent
    return path


def is_there(path: Path) -> bool:
    """Whether the path exists, as far as MTA may look."""
    try:
        path.stat()
    except OSError:  # Path.exists passes on what it may not look at
        return False
    return True
