"""The few parts that watching a real city takes, wired by hand.

Plain calls, no container class: whoever uses the library need not install one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

import attrs

from mta_adapters.city import HttpSite, make_client
from mta_adapters.city.client import TIMEOUT
from mta_adapters.memory import MemoryLimiter
from mta_adapters.system import SystemClock
from mta_core.domain.catalogue import Catalogue
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.politeness import turn

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@attrs.frozen
class City:
    """An open city: its parts are what `watch` asks for."""

    site: SiteGateway
    limiter: Limiter
    clock: Clock

    async def catalogue(self) -> Catalogue:
        """Read what the city offers, within the budget. Raises `SiteError`."""
        async with turn(self.limiter, self.clock, Budget.OTHER):
            return await self.site.catalogue()


@asynccontextmanager
async def opened_city(url: str, *, contact: str = "") -> AsyncGenerator[City, None]:
    """Open a city at the address of its API, and close it at the block's end.

    The budgets live in its memory. Open a city once, in one process: each opening has
    budgets of its own. And since it cannot know what was sent before, a city that is
    not on this machine is asked nothing for the first 73 s.

    Args:
        contact: your mail address or web page, sent along with every request.

    Raises:
        InvalidValue: the address or the contact cannot be used, or there is no contact
            and the city is not on this machine.
    """
    client = make_client(url, contact=contact, version=_version(), timeout=TIMEOUT)
    async with client:
        clock = SystemClock()
        local = client.base_url.host in _THIS_MACHINE
        limiter = MemoryLimiter(clock, TIMEOUT, open_at_birth=local)
        yield City(HttpSite(client, clock), limiter, clock)


def _version() -> str:
    try:
        return version("munich-termin-automator")
    except PackageNotFoundError:
        return "0+source"
