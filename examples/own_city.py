"""Watch a city of your own: here a text file with a line for each free slot.

    echo "2027-01-12T09:00 1" > slots.txt
    python examples/own_city.py slots.txt

Add and remove lines while it runs. Take the file away, and it says that it is blind:
what cannot be read is an error, and never "nothing free". A class with these three
methods is all that `watch` needs, be it another city's API, a mailbox or a file.

Needs attrs alone. Ends with Ctrl-C.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import attrs

from mta_adapters.memory import MemoryLimiter
from mta_adapters.system import SystemClock
from mta_core import (
    BERLIN,
    Calendar,
    Catalogue,
    Counter,
    Offer,
    Office,
    OfficeId,
    Probe,
    Service,
    ServiceId,
    ServiceSet,
    SiteUnreachable,
    SiteView,
    Terms,
    Wishes,
    watch,
)

LIBRARY_CARD = ServiceId(1)
BRANCHES = {OfficeId(1): "Main library", OfficeId(2): "Library on the hill"}


@attrs.frozen
class FileCity(SiteView):
    """A city whose free slots stand in a file: a time and an office on each line."""

    path: Path

    async def catalogue(self) -> Catalogue:
        """Name what there is to be had, and where."""
        return Catalogue.of(
            [Service(LIBRARY_CARD, "Library card")],
            [Office(office, name, terms=Terms()) for office, name in BRANCHES.items()],
            [Offer(office, LIBRARY_CARD) for office in BRANCHES],
        )

    async def calendar(self, probe: Probe) -> Calendar:
        """Read all times on the asked days. The whole window is searched each time."""
        try:
            text = await asyncio.to_thread(self.path.read_text, encoding="utf-8")
        except OSError as error:
            raise SiteUnreachable(f"{self.path.name}: {error.strerror}") from error
        times: dict[OfficeId, tuple[datetime, ...]] = {}
        for line in text.splitlines():
            start, office = _read(line)
            if office in probe.offices and start.date() in probe.window:
                times[office] = (*times.get(office, ()), start)
        return Calendar(searched=probe.window, bookable={}, times=times)

    def counter(self) -> Counter | None:
        """Nobody counts how often a file is read."""
        return None


def _read(line: str) -> tuple[datetime, OfficeId]:
    time, office = line.split()
    return datetime.fromisoformat(time).replace(tzinfo=BERLIN), OfficeId(int(office))


async def main(path: Path) -> None:
    """Print every slot that appears in the file."""
    clock = SystemClock()
    # A file on this machine may be read at once; a city elsewhere may not.
    limiter = MemoryLimiter(clock, timeout=10.0, open_at_birth=True)
    async for opening in watch(
        FileCity(path),
        ServiceSet.of([LIBRARY_CARD]),
        Wishes(),
        limiter=limiter,
        clock=clock,
        on_sight=print,
    ):
        start = opening.slot.start.astimezone(BERLIN)
        print(f"{start:%d %b %Y, %H:%M}: {BRANCHES[opening.slot.office]}")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(Path(sys.argv[1])))
