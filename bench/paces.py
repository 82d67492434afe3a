"""The watcher's pace in virtual time: a city that suffers, and pauses in good places.

Pure arithmetic: `Pace` and `Outlook` as the product has them, a city of a few lines.
"""

from __future__ import annotations

import random
import statistics
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from mta_core.domain.errors import RateLimited, SiteError
from mta_core.polling.aimd import FULL
from mta_core.polling.counter import KEPT_FOR_BOOKINGS, PAUSE, Outlook
from mta_core.polling.pace import EVEN, Pace

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SUFFERS = (START + 2 * HOUR, START + 3 * HOUR)
BEARS, BEARS_LESS = 12, 4
"""Requests in any 60 s that the city answers; the lower one for an hour."""

SEEDS = range(1, 6)
FULL_CYCLE = 58 - KEPT_FOR_BOOKINGS
"""Requests between two pauses with the city's counter at 60 (contract 2.5)."""

Step = Callable[[datetime, bool], datetime]
"""Told when a request left and whether it was answered, says when the next leaves."""


@attrs.define
class Suffering:
    """What four hours with a city that suffers for one of them have brought."""

    answered: int = 0
    refused: int = 0
    recovery: timedelta | None = None


def suffer(step: Step, rate: Callable[[], float]) -> Suffering:
    """Ask a city whose capacity falls to a third for an hour."""
    found, taken, now = Suffering(), deque[datetime](), START
    while now < START + 4 * HOUR:
        low = SUFFERS[0] <= now < SUFFERS[1]
        while taken and taken[0] <= now - MINUTE:
            taken.popleft()
        well = len(taken) < (BEARS_LESS if low else BEARS)
        if well:
            taken.append(now)
        if low:
            found.answered += well
            found.refused += not well
        elif now >= SUFFERS[1] and found.recovery is None and rate() >= FULL:
            found.recovery = now - SUFFERS[1]
        now = step(now, well)
    return found


def ours(seed: int) -> Suffering:
    """Ask at the product's pace."""
    pace = Pace(START, dice=random.Random(seed).random)

    def step(sent_at: datetime, well: bool) -> datetime:
        nonlocal pace
        error: SiteError | None = None if well else RateLimited()
        pace = pace.after(sent_at, error, None, took=timedelta(seconds=0.3))
        return pace.next_at

    return suffer(step, lambda: pace.aimd.rate)


def fixed(_seed: int) -> Suffering:
    """Ask each 6 s, whatever the city says."""
    return suffer(lambda sent_at, _well: sent_at + EVEN, lambda: FULL)


def suffering() -> str:
    """Write the table: one hour at a third of the capacity."""
    rows = []
    for name, way in (("fixed, each 6 s", fixed), ("ours (AIMD)", ours)):
        found = [way(seed) for seed in SEEDS]
        waits = [
            one.recovery.total_seconds() / 60
            for one in found
            if one.recovery is not None
        ]
        rows.append(
            f"| {name} | {statistics.mean(one.refused for one in found):.0f} "
            f"| {statistics.mean(one.answered for one in found):.0f} "
            f"| {statistics.mean(waits):.0f} |"
        )
    head = (
        f"The city bears {BEARS_LESS} requests a minute instead of {BEARS}, for an hour"
        f" (mean of {len(SEEDS)} seeds)\n\n"
        "| pace | 429s | answers | full rate again after min |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows)


def _worth_of(day: Sequence[float], start: float, seconds: float) -> float:
    """Return what asking would have been worth in a span."""
    moments = range(int(start), int(start + seconds))
    return sum(day[moment // 60] for moment in moments) / 60


def pause_all_day(day: Sequence[float], ahead: int) -> tuple[float, int]:
    """Return what a day's pauses cost, and how many there were.

    Args:
        ahead: minutes that can be overlooked.
    """
    even, pause = EVEN.total_seconds(), PAUSE.total_seconds()
    spare, now, cost, count = FULL_CYCLE, 0.0, 0.0, 0
    while now < 24 * 3600:
        whole, passed = divmod(now, 60)
        outlook = Outlook(day[int(whole) : int(whole) + ahead], passed)
        if outlook.pause_now(spare, FULL_CYCLE, even):
            cost, count = cost + _worth_of(day, now, pause), count + 1
            spare, now = FULL_CYCLE, now + pause
        else:
            spare, now = spare - 1, now + even
    return cost, count


def cheapest_day(day: Sequence[float]) -> float:
    """Return what the pauses cost at least, for somebody who knows the whole day."""
    even, pause = EVEN.total_seconds(), PAUSE.total_seconds()
    slots, rest = int(24 * 3600 / even), -int(-pause // even)
    least = [0.0] * (slots + rest + FULL_CYCLE + 1)
    for n in reversed(range(slots)):
        following = min(least[n + rest : n + rest + FULL_CYCLE + 1])
        least[n] = _worth_of(day, n * even, pause) + following
    return min(least[: FULL_CYCLE + 1])


def pauses() -> str:
    """Write the table: what pauses cost in days of several kinds."""
    kinds: dict[str, Callable[[random.Random], float]] = {
        "every minute alike": lambda _: 1.0,
        "minutes differ": lambda dice: dice.expovariate(1),
        "releases in 1 of 15 minutes": lambda dice: (
            20.0 if dice.random() < 1 / 15 else dice.random()
        ),
    }
    rows = []
    for kind, draw in kinds.items():
        dice = random.Random(1)
        day = [draw(dice) for _ in range(25 * 60)]
        must, few = pause_all_day(day, 0)
        placed, more = pause_all_day(day, 15)
        rows.append(
            f"| {kind} | {must:.0f} in {few} | {placed:.0f} in {more} "
            f"| {cheapest_day(day):.0f} |"
        )
    head = (
        "What is missed in the pauses of a day that the city's counter of 60 takes, "
        "in minutes' worth\n\n"
        "| day | when they must be | where they cost least | knowing the whole day |\n"
        "|---|---|---|---|\n"
    )
    return head + "\n".join(rows)


def main() -> None:
    """Print both tables."""
    print(suffering())
    print()
    print(pauses())


if __name__ == "__main__":
    main()
