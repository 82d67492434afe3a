"""`mta history`: when slots appear, by weekday and hour, and how much is known."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.use_cases.history import USUAL_DAYS
from mta_entrypoints.cli import output
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.history_words import NOT_WATCHED, View, usual_line
from mta_entrypoints.cli.options import services_of
from mta_entrypoints.cli.session import AsJson, catalogue_of, session
from mta_entrypoints.cli.wishes import read_offices


async def history(
    *words: str,
    service: Annotated[list[str] | None, Parameter(negative="")] = None,
    office: Annotated[list[str] | None, Parameter(negative="")] = None,
    days: int = USUAL_DAYS,
    persons: int | None = None,
    json: AsJson = False,
) -> int:
    """Show when slots appear. The city is not asked.

    Parameters
    ----------
    words
        The service: its id (see `mta services`) or words of its name, with a number as
        in 1063453x2. Several make one combined appointment.
    service
        Another way to name it.
    office
        Only at this office, by its id; several are allowed.
    days
        How many days back, today included; at most 60.
    persons
        For how many.
    """
    async with session() as container:
        catalogue = await catalogue_of(container)
        wanted = services_of(words, service, persons, catalogue)
        only = read_offices(office) if office else None
        known = await container.history()(wanted, days)
        view = View(known, wanted, catalogue, only)
        if view.code == NOT_WATCHED:
            catalogue.check_orderable(wanted, only)  # it may not be offered at all
    if json:
        output.as_json(view.described())
    else:
        view.show()
    return view.code


async def usually(
    container: CliContainer, services: ServiceSet, offices: frozenset[OfficeId] | None
) -> str:
    """Say when slots usually appear at these offices; empty if that is not known."""
    known = await container.history()(services)
    return usual_line(known.picture(offices))
