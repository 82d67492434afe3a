"""Does the city answer, and does this machine's clock agree with it?

One request, for the catalogue, with a place in the budget like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from mta_core.domain.errors import SiteError
from mta_core.ports.limiter import Limiter
from mta_entrypoints.doctor.container import DoctorContainer
from mta_entrypoints.doctor.findings import Finding, ok, warning, wrong
from mta_entrypoints.doctor.trouble import Evidence, explain
from mta_entrypoints.doctor.witness import Seen

CHECK = "city"
CLOCK = "clock"
Hear = Callable[[Limiter], Limiter]
APART = 60.0
"""Seconds. The deadlines of bookings are counted on this machine's clock."""

FAR_APART = 300.0
_ANEW = timedelta.min  # whatever is stored, and whenever it says that it was read
_SET = "Set it, and keep it set: `timedatectl set-ntp true`."


async def ask(container: DoctorContainer, hear: Hear) -> tuple[Finding, Finding]:
    """Ask for the catalogue, and keep it, as every command does that needs it.

    Args:
        hear: what listens to the waiting for a place in the budget.

    Returns:
        What is to be said of the city, and of the clock.

    Raises:
        StorageUnavailable: there is no place in the budget, so nothing was asked.
    """
    try:
        read = container.read_catalogue(limiter=hear(container.limiter()))
        catalogue = await read.fresh(_ANEW)
    except SiteError as error:
        seen = container.witness().seen or Seen(0, 0)
        found = explain(CHECK, Evidence(error, seen, container.settings()))
    else:
        host = urlsplit(container.settings().city_url).netloc
        found = ok(
            CHECK,
            f"{host} answers: {len(catalogue.services)} services at "
            f"{len(catalogue.offices)} offices.",
        )
    return found, clock(container.witness().seen)


def clock(seen: Seen | None) -> Finding:
    """Compare this machine's clock with the date of an answer."""
    ahead = seen.ahead if seen else None
    if ahead is None:
        return warning(
            CLOCK,
            "Not compared: the city told no time.",
            "Compare it with another one yourself.",
        )
    direction = "ahead of" if ahead > 0 else "behind"
    means = f"This machine's clock is {abs(ahead):.0f} s {direction} the city's."
    if abs(ahead) > FAR_APART:
        return wrong(CLOCK, f"{means} Deadlines will be missed.", _SET)
    if abs(ahead) > APART:
        return warning(CLOCK, means, _SET)
    return ok(CLOCK, "This machine's clock agrees with the city's.")
