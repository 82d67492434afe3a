"""`mta shift`: pass the city's human check, and MTA watches behind it for 5 minutes."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from typing import Annotated

from cyclopts import App, Parameter

from mta_core.domain.accounts import User
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.shifts import Shift
from mta_core.polling.probes import Demand
from mta_entrypoints.cli import output
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.rota import offer, rota, withdraw
from mta_entrypoints.cli.session import (
    AsJson,
    Person,
    catalogue_of,
    citizen,
    session,
)
from mta_entrypoints.cli.shift_words import (
    shift_described,
    shift_in_words,
    whose,
)
from mta_entrypoints.doctor import machine
from mta_entrypoints.shift.desk import Desk
from mta_entrypoints.shift.serving import LINGER, served

PATIENCE = 15 * 60.0
"""Seconds for the click; the city's challenge lives longer (contract 5)."""

NOT_DONE = 1
MOST_SHOWN = 10
_NOBODY_WATCHES = (
    "`mta up` is not running here, and it is what watches: start it before you tick "
    "the box."
)

shift = App(name="shift", help="Pass the city's human check; MTA watches behind it.")


@shift.default
async def open_page(
    *,
    browser: Annotated[bool, Parameter(negative="--no-browser")] = True,
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Open a page with the city's check. Ticked by you, it lets MTA look for 5 minutes.

    Parameters
    ----------
    browser
        Open the page in a browser; its address is printed in any case.
    """
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        demands = await container.open_shift().to_watch(user.id)
        desk = _desk(container, user, [_line(d, catalogue) for d in demands])
        if machine.up_owner(container.settings()) is None:
            output.note(_NOBODY_WATCHES)
        async with served(desk) as url:
            _announce(url, browser, json)
            held = await desk.wait_until_over(PATIENCE)
            if held is not None:
                await asyncio.sleep(LINGER)
        return _report(held, container, json)


@shift.command
async def status(*, person: Person = "me", json: AsJson = False) -> int:
    """Show whether a shift of yours is open, and what came of the last ones."""
    async with session() as container:
        user = await citizen(container, person)
        now, rules = container.clock().now(), container.settings().shift_rules
        async with container.store().snapshot() as tx:
            shifts = await tx.shifts.of(user.id, MOST_SHOWN)
    is_open = any(each.lives(now) for each in shifts)
    if json:
        output.as_json(
            {
                "open": is_open,
                "sharedBy": rules.permission or None,
                "shifts": [shift_described(each, now) for each in shifts],
            }
        )
    else:
        output.table(
            ("opened", "state", "asked", "last answer", "trouble"),
            (
                (
                    output.when(each.opened_at),
                    shift_in_words(each, now),
                    str(each.asked),
                    output.clock(each.heard_at) if each.heard_at else "",
                    each.trouble,
                )
                for each in shifts
            ),
            none="You have opened no shift yet.",
        )
        output.say(whose(rules))
    return 0 if is_open else NOT_DONE


for command in (offer, rota, withdraw):
    shift.command(command)


def _desk(container: CliContainer, user: User, watching: list[str]) -> Desk:
    return Desk(
        open_shift=container.open_shift(),
        store=container.store(),
        clock=container.clock(),
        user_id=user.id,
        watching=tuple(watching),
        whose=whose(container.settings().shift_rules),
    )


def _line(demand: Demand, catalogue: Catalogue) -> str:
    offices = sorted(catalogue.office(office).name for office in demand.waiting)
    return f"{catalogue.name_of(demand.services)}: {', '.join(offices)}"


def _announce(url: str, browser: bool, json: bool) -> None:
    """Say where the page is, and show it where there is a screen."""
    tell = output.note if json else output.say
    tell(f"Tick the box on this page: {url}")
    if browser and has_screen():
        webbrowser.open(url)


def has_screen() -> bool:
    """Whether a browser would open a window, and not take over the terminal."""
    mine = sys.platform in {"darwin", "win32"}
    return mine or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))


def _report(held: Shift | None, container: CliContainer, json: bool) -> int:
    now = container.clock().now()
    if json:
        output.as_json({"shift": shift_described(held, now) if held else None})
    elif held is None:
        output.say("Nobody ticked the box, so nothing was watched.")
    else:
        asked = "once" if held.asked == 1 else f"{held.asked} times"
        output.say(f"The shift is {shift_in_words(held, now)}. Asked {asked}.")
    return NOT_DONE if held is None else 0
