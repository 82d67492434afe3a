"""Watch a city, and print every opening that suits as soon as it is seen.

    mta practice &
    python examples/watch_openings.py

Without an address it watches the practice city; how to free a slot there, the README
says under "By hand". A real city wants to know who you are:

    python examples/watch_openings.py --contact you@example.org https://…/api/citizen

Needs the extra ``city``. Ends with Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import suppress

from mta_core import BERLIN, Hours, MtaError, ServiceSet, Sight, Wishes, watch
from mta_entrypoints.library import opened_city

PRACTICE = "http://127.0.0.1:8765/buergeransicht/api/citizen"


def show(sight: Sight) -> None:
    """Say where the watch does not see: that is not the same as "nothing free"."""
    print(f"[{sight.at.astimezone(BERLIN):%H:%M:%S}] {sight}")


async def main(url: str, contact: str, services: ServiceSet) -> None:
    """Print openings in office hours, for as long as they come."""
    wishes = Wishes(hours=Hours.parse("7-19"))
    async with opened_city(url, contact=contact) as city:
        async for opening in watch(
            city.site,
            services,
            wishes,
            limiter=city.limiter,
            clock=city.clock,
            on_sight=show,
        ):
            start = opening.slot.start.astimezone(BERLIN)
            print(f"{start:%a %d %b %Y, %H:%M} at office {opening.slot.office}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?", default=PRACTICE)
    parser.add_argument("--contact", default="", help="who you are, for a real city")
    parser.add_argument("--service", default="1064314", help="as in 1063453x2+1063475")
    chosen = parser.parse_args()
    try:
        with suppress(KeyboardInterrupt):
            asked = ServiceSet.parse(chosen.service)
            asyncio.run(main(chosen.url, chosen.contact, asked))
    except MtaError as error:
        sys.exit(f"{type(error).__name__}: {error}")
