"""`mta practice`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mta_core.domain.errors import InvalidValue
from mta_entrypoints.cli import output
from mta_entrypoints.settings import PRACTICE_PORT
from mta_practice import (
    Generation,
    Practice,
    PracticeError,
    PracticeSettings,
    load_catalogue,
    read_drift,
    serve,
)


def practice(
    *,
    port: int = PRACTICE_PORT,
    host: str = "127.0.0.1",
    catalogue: Path | None = None,
    seed: int = 1,
    stepped: Annotated[bool, Parameter(negative="")] = False,
    generation: Generation = Generation.MUC47,
    drift: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    frontend: Path | None = None,
    blacklist: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    maintenance: Annotated[bool, Parameter(negative="")] = False,
    programme: Annotated[bool, Parameter(negative="")] = False,
    speed: float = 1.0,
    clock: Path | None = None,
) -> int:
    """Run the practice city: the city's API, with nobody behind it.

    Parameters
    ----------
    catalogue
        A recorded answer of the city's offices-and-services; a small one by default.
    seed
        What is drawn by chance is drawn from this.
    stepped
        Time stands still until POST /practice/clock {"advance": seconds}.
    generation
        The routes of which release: today's, or the older ones of muc45.
    drift
        FIELD=NEWNAME renames a field in every answer, FIELD= leaves it out; repeatable.
    frontend
        A folder with a build of a frontend, served under /buergeransicht/.
    blacklist
        An address or CIDR block that the city refuses; repeatable.
    maintenance
        The city starts under maintenance; POST /practice/switches ends it.
    programme
        The city lives: it releases slots at its offices' hours, others take them.
    speed
        The city's time runs so many times as fast as this machine's.
    clock
        A file that tells such a clock to all who read it; made if there is none.
    """
    with said_plainly():
        recorded = load_catalogue(catalogue) if catalogue else None
        chosen = PracticeSettings(
            seed=seed,
            stepped=stepped,
            catalogue=recorded,
            generation=generation,
            drift=read_drift(drift),
            frontend=frontend,
            blacklist=blacklist,
            maintenance=maintenance,
            programme=programme,
            speed=speed,
            clock_file=clock,
        )
        serve(chosen, host, port, announce=_announce)
    return os.EX_OK


def _announce(city: Practice) -> None:
    output.say(f"The practice city is open: {city.api_url} (Ctrl-C closes it).")


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn the practice city's complaints into one of MTA's own."""
    try:
        yield
    except PracticeError as error:
        raise InvalidValue(str(error)) from error
