"""`mta`: the command line's front door."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App

from mta_core.domain.errors import DomainError, MtaError, SiteError
from mta_entrypoints.cli import output
from mta_entrypoints.settings import own_version

app = App(
    name="mta",
    help="MTA, the Munich Termin Automator: watches, tells, books, follows up.",
    version=own_version,
    suppress_keyboard_interrupt=False,
)
# By name: a command imports what it needs when it is run, and no other does.
for path, text in (
    ("init:init", "Ask for the few settings that matter, and write them into .env."),
    (
        "doctor:doctor",
        "Check everything that MTA needs; say what is wrong.\n\n"
        "It mends nothing and migrates nothing. Exit code 0: all is well, perhaps with "
        "warnings; 1: something is wrong; 2: the settings cannot be used.",
    ),
    ("up:up", "Watch, tell and book, all in one process, until Ctrl-C."),
    ("practice:practice", "Run the practice city, a stand-in for the city's API."),
    ("demo:demo", "Show the whole story in a practice city."),
    ("catalogue:services", "List what the city offers."),
    (
        "look:look",
        "Show what is free now.\n\nThe city is asked once, within MTA's budget.",
    ),
    (
        "history:history",
        "Show when slots appear, by weekday and hour.\n\nIt says how much is known. "
        "The city is not asked. Exit code 1: nothing was seen; 3: MTA has not watched.",
    ),
    (
        "why:why",
        "Show what MTA asks the city next, and why.\n\nWith the numbers behind it, "
        "how the budgets are used, and what is not as it should be. Exit code 1: MTA "
        "has not watched yet.",
    ),
    ("subscribe:subscribe", "Wait for an appointment: be told, or have it booked."),
    ("subscriptions:subscriptions", "Show what you wait for, and where MTA is blind."),
    (
        "change:change",
        "Change what you wait for.\n\nOnly what is given changes, and you keep your "
        "place. A wish is taken back by 'any', as in --office any or --days any.",
    ),
    ("change:pause", "Stop looking for a while. You keep your place."),
    ("change:resume", "Look again; or say that you still need it."),
    (
        "change:unsubscribe",
        "Stop waiting for good.\n\nWhat is held is given back; a confirmed "
        "appointment stays yours.",
    ),
    (
        "shift:shift",
        "Pass the city's human check on a page; MTA watches behind it for 5 minutes.\n\n"
        "Exit code 0: the shift was held to its end; 1: nobody passed the check. "
        "`mta shift status`: 0 if a shift of yours is open, 1 if none is.",
    ),
    ("bookings:bookings", "Show your bookings, and what to do with them."),
    ("notifications:notifications", "Show your messages and whether they reached you."),
    ("channels:channels", "Say where else you want to be reached; try it."),
    ("privacy:export", "Hand out everything that MTA stores about you."),
    (
        "privacy:erase",
        "Delete everything that MTA stores about you. It cannot be undone.\n\n"
        "Slots that are held but not yet confirmed are given back; confirmed "
        "appointments stay yours with the city.",
    ),
    (
        "completion:completion",
        "Print a script for your shell: it completes commands.\n\n"
        "For bash into ~/.local/share/bash-completion/completions/mta, for zsh into "
        "_mta in a folder of your $fpath, for fish into "
        "~/.config/fish/completions/mta.fish.",
    ),
):
    app.command(f"mta_entrypoints.cli.{path}", name=path.partition(":")[2], help=text)


NOT_DONE = 1


def run(words: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 not (yet), 2 bad input, 3 city, 4 machine."""
    try:
        given = sys.argv[1:] if words is None else list(words)
        status = app(given, result_action="return_value")
        sys.stdout.flush()  # here, where a reader that went away can be told
    except MtaError as error:
        output.complain(str(error))
        sys.exit(_status(error))
    except KeyboardInterrupt:
        sys.exit(NOT_DONE)
    except BrokenPipeError:
        # The reader went away (`mta services | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(os.EX_OK)
    sys.exit(status if isinstance(status, int) else os.EX_OK)


def _status(error: Exception) -> int:
    if isinstance(error, DomainError):
        return 2
    return 3 if isinstance(error, SiteError) else 4
