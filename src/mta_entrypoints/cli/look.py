"""`mta look`: what is free now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import attrs
from cyclopts import Parameter

from mta_core.domain.blindness import reason_of
from mta_core.domain.errors import SiteError
from mta_core.ports.limiter import Budget, Grant, Limiter, Stamp, Wait
from mta_entrypoints.cli import output
from mta_entrypoints.cli.history import usually
from mta_entrypoints.cli.look_words import BLIND, NOTHING_FREE, View
from mta_entrypoints.cli.options import services_of
from mta_entrypoints.cli.session import AsJson, catalogue_of, session
from mta_entrypoints.cli.wishes import read_offices, read_span


async def look(
    *words: str,
    service: Annotated[list[str] | None, Parameter(negative="")] = None,
    office: Annotated[list[str] | None, Parameter(negative="")] = None,
    days: str | None = None,
    persons: int | None = None,
    json: AsJson = False,
) -> int:
    """Show what is free now. The city is asked once, within MTA's budget.

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
        A day or a span, as in 2026-12-01..2026-12-19.
    persons
        For how many.
    """
    window = read_span(days) if days else None
    offices = read_offices(office) if office else None
    async with session() as container:
        catalogue = await catalogue_of(container)
        wanted = services_of(words, service, persons, catalogue)
        with output.progress(ASKING) as say:
            ask = container.look(limiter=Heard(container.limiter(), say))
            try:
                looked = await ask(catalogue, wanted, offices=offices, days=window)
            except SiteError as error:
                return _blind(error, json)
        view = View(looked, wanted, catalogue)
        nothing = view.code == NOTHING_FREE and not json
        when = await usually(container, wanted, offices) if nothing else ""
    if json:
        output.as_json(view.described())
    else:
        view.show()
        if when:
            output.say(when)
    return view.code


ASKING = "Asking the city …"


@attrs.frozen
class Heard(Limiter):
    """Says how long a place in the budget has to be waited for."""

    inner: Limiter
    say: Callable[[str], None]

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        """Take a place, or say how long it takes to get one."""
        place = await self.inner.ask(budget, by)
        if isinstance(place, Wait):
            self.say(
                "The city is asked only so often in a minute: MTA's turn comes in "
                f"{place.seconds:.0f} s …"
            )
        else:
            self.say(ASKING)
        return place

    async def settle(self, grant: Grant) -> None:
        """Give the place its end."""
        await self.inner.settle(grant)

    async def pause(self) -> None:
        """Let the city's counter die."""
        await self.inner.pause()

    async def recent(self, since: datetime) -> Sequence[Stamp]:
        """The places taken since then."""
        return await self.inner.recent(since)


def _blind(error: SiteError, json: bool) -> int:
    """Say that nothing is known. It is never read as "nothing free"."""
    reason = reason_of(error).value
    if json:
        blind = {"reason": reason, "detail": str(error)}
        output.as_json({"free": None, "blind": blind})
    output.complain(f"MTA is blind ({reason}): {error}")
    output.note("Nobody knows whether something is free.")
    return BLIND
