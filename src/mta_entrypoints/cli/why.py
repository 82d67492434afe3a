"""`mta why`: what MTA asks next, and why; what is not as it should be."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from cyclopts import Parameter

from mta_core.polling.pattern import HOUR, patterns
from mta_core.use_cases.foretell import ReadForecast
from mta_core.use_cases.read_catalogue import last_known
from mta_entrypoints.cli import output
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.session import AsJson, session
from mta_entrypoints.cli.why_words import Why

AGAIN = 2.0
"""Seconds between two looks with ``--live``."""

JUST_OVER = timedelta(hours=1)
"""Conditions that ended within this time are still shown."""


async def why(
    *,
    live: Annotated[bool, Parameter(negative="")] = False,
    json: AsJson = False,
) -> int:
    """Show what MTA asks the city next, with the numbers behind it.

    Parameters
    ----------
    live
        Show it anew every two seconds, until Ctrl-C.
    """
    async with session() as container:
        while True:
            told = await read_why(container)
            if json:
                output.as_json(told.described())
            else:
                if live:
                    output.clear()
                show(told)
            if not live:
                return 0 if told.forecast is not None else 1
            await container.clock().sleep(AGAIN)


async def read_why(container: CliContainer) -> Why:
    """Read the watcher's plans, its budgets, and what is not as it should be."""
    now, store = container.clock().now(), container.store()
    forecast = await ReadForecast(store)()
    async with store.snapshot() as tx:
        catalogue = await last_known(tx)
        standing = await tx.conditions.now()
        recent = await tx.conditions.since(now - JUST_OVER)
    ended = [condition for condition in recent if condition.ended_at is not None]
    stamps = await container.limiter().recent(now - HOUR)
    return Why(now, catalogue, forecast, (*standing, *ended), patterns(stamps, now))


def show(told: Why) -> None:
    """Print it for people."""
    output.say(told.headline())
    if told.forecast is not None:
        output.table(told.columns, told.rows())
        output.facts(told.behind())
        output.facts(told.pace())
    output.facts(told.budgets())
    for text in told.conditions():
        output.say(text)
