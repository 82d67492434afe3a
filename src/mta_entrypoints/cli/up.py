"""`mta up`."""

from __future__ import annotations

import os

from mta_entrypoints import logs, settings
from mta_entrypoints.cli import output
from mta_entrypoints.settings import own_version
from mta_entrypoints.up.main import run, stop_on_signals


async def up() -> int:
    """Watch, tell and book, all in this process, until Ctrl-C."""
    present = settings.load()
    logs.set_up(present.log_level)
    stop = stop_on_signals()

    def ready() -> None:
        output.say(
            f"MTA {own_version()} watches {present.city_url} "
            f"(data in {present.data_dir}). Ctrl-C ends it."
        )

    await run(present, stop, ready=ready)
    return os.EX_OK
