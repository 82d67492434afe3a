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
    Practice,
    PracticeError,
    PracticeSettings,
    load_catalogue,
    serve,
)


def practice(
    *,
    port: int = PRACTICE_PORT,
    host: str = "127.0.0.1",
    catalogue: Path | None = None,
    seed: int = 1,
    stepped: Annotated[bool, Parameter(negative="")] = False,
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
    """
    with said_plainly():
        recorded = load_catalogue(catalogue) if catalogue else None
        chosen = PracticeSettings(seed=seed, stepped=stepped, catalogue=recorded)
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
