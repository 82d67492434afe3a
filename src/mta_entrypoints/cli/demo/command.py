"""The command: set the stage, play the story, show it, stay up if asked to."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Parameter

from mta_entrypoints import logs, settings
from mta_entrypoints.cli import output
from mta_entrypoints.cli.container import build
from mta_entrypoints.cli.demo.story import Story
from mta_entrypoints.cli.demo.timeline import Timeline
from mta_entrypoints.cli.practice import said_plainly
from mta_entrypoints.cli.session import AsJson
from mta_entrypoints.container import opened
from mta_entrypoints.settings import Settings
from mta_entrypoints.up.main import run, stop_on_signals
from mta_practice import Practice, PracticeSettings, load_catalogue, running

JOBS_EVERY = 5.0
"""Seconds between the practice city's jobs here; the city's own run each minute."""


async def demo(
    *,
    once: Annotated[bool, Parameter(negative="")] = False,
    json: AsJson = False,
    catalogue: Path | None = None,
    seed: int = 1,
) -> int:
    """Show the whole story in a practice city: release, notice, booking, confirmed.

    Parameters
    ----------
    once
        End when the story is complete; otherwise everything stays up until Ctrl-C.
    json
        Print the timeline, the latencies in milliseconds and the outcome as JSON.
    catalogue
        A recorded answer of the city's offices-and-services instead of the small one.
    seed
        Another number tells the story of another service, office and time.
    """
    logs.set_up("error")
    stop = stop_on_signals()
    timeline = Timeline(quiet=json)
    with said_plainly():
        recorded = load_catalogue(catalogue) if catalogue else None
    practice_settings = PracticeSettings(
        seed=seed, catalogue=recorded, job_period=JOBS_EVERY
    )
    with (
        tempfile.TemporaryDirectory(prefix="mta-demo-") as data,
        running(practice_settings) as city,
    ):
        chosen = attrs.evolve(
            settings.load({}), city_url=city.api_url, data_dir=Path(data)
        )
        timeline.note("practice_open", f"a practice city opens at {city.url}")
        complete = await _play(chosen, city, timeline, seed, stop, stay=not once)
    if json:
        output.as_json(timeline.report())
    return os.EX_OK if complete or (stop.is_set() and not once) else 1


async def _play(
    chosen: Settings,
    city: Practice,
    timeline: Timeline,
    seed: int,
    stop: asyncio.Event,
    *,
    stay: bool,
) -> bool:
    """Run `up` and the citizen side by side; return whether the story is complete."""
    up_stop, up_ready = asyncio.Event(), asyncio.Event()
    unseen = io.StringIO()  # the timeline tells what the notices say
    up = asyncio.create_task(run(chosen, up_stop, out=unseen, ready=up_ready.set))
    stopping = asyncio.create_task(stop.wait())
    try:
        await _first(up, asyncio.create_task(up_ready.wait()))
        timeline.note("up", "mta up runs: nobody waits, so it asks nothing")
        container = build(chosen)
        async with opened(container):
            story = Story(container, city, timeline, seed)
            telling = asyncio.create_task(story.play())
            await _first(up, telling, stopping)
            complete = telling.done() and telling.result()
            telling.cancel()
        if complete and stay and not stop.is_set():
            timeline.say(_invitation(chosen, city))
            await _first(up, stopping)
    finally:
        stopping.cancel()
        up_stop.set()
        await up
    return complete


async def _first(up: asyncio.Task[None], *others: asyncio.Task[bool]) -> None:
    """Wait for the first of these; if `up` has failed, fail with it."""
    waiting: set[asyncio.Task[None] | asyncio.Task[bool]] = {up, *others}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if up.done():
        up.result()


def _invitation(chosen: Settings, city: Practice) -> str:
    return f"""
Everything stays up until Ctrl-C. To play on, in another terminal:

  export MTA_CITY_URL={chosen.city_url} MTA_DATA_DIR={chosen.data_dir}
  .venv/bin/mta services
  .venv/bin/mta bookings --as amira
  .venv/bin/mta notifications --as amira

What the city saw of MTA: {city.url}/practice/ledger
"""
