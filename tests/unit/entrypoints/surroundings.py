"""What a process finds around it, made plain before a test and put back after it."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog


@contextmanager
def logs_put_back() -> Iterator[None]:
    """Let a test set up logging; nobody after it writes to its streams."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        yield
    finally:
        structlog.reset_defaults()
        for handler in [each for each in root.handlers if each not in before]:
            root.removeHandler(handler)
        root.setLevel(level)


def settle_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with no setting of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("MTA_")]:
        patch.delenv(name)
    patch.chdir(folder)
    # Loading certificates takes longer than a command, and no city here has one.
    patch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)
