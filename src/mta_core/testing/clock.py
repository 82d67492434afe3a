"""A clock that tests turn by hand, and ids that come out the same every time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.errors import InvalidValue
from mta_core.ports.clock import Clock, Ids

NOON = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
"""Noon in Munich on a Tuesday: where the doubles' time begins."""

_TURNS = 25
"""How often others may run after a sleeper was woken: enough for a chain of awaits."""

_SINCE_START = timedelta(seconds=1000)


@attrs.frozen(order=True)
class _Sleeper:
    wake_at: timedelta
    number: int
    awake: asyncio.Future[None] = attrs.field(order=False)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InvalidValue("A clock tells aware times.")
    return moment.astimezone(UTC)


@attrs.define(eq=False)
class FakeClock(Clock):
    """Virtual time, exact to the microsecond.

    A sleeper waits until somebody calls `advance`. With ``auto=True`` nobody needs to:
    a sleep moves the time on by its length, lets others run, and returns.
    """

    _now: datetime = attrs.field(default=NOON, converter=_utc)
    auto: bool = attrs.field(default=False, kw_only=True)
    _elapsed: timedelta = attrs.field(default=_SINCE_START, init=False)
    _sleepers: list[_Sleeper] = attrs.field(factory=list, init=False)
    _numbers: Iterator[int] = attrs.field(factory=itertools.count, init=False)

    def now(self) -> datetime:
        """Return the virtual moment, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return the virtual seconds since an arbitrary start; `jump` leaves it."""
        return self._elapsed.total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait for `advance`, or with ``auto`` let the time pass at once."""
        if seconds <= 0:
            await asyncio.sleep(0)
        elif self.auto:
            await self.advance(seconds)
        else:
            await self._sleep_until(self._elapsed + timedelta(seconds=seconds))

    async def advance(self, seconds: float) -> None:
        """Let time pass: wake whoever is due, in order, and let each of them run.

        Work in other threads is not waited for.
        """
        await self._let_run()
        until = self._elapsed + timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0].wake_at <= until:
            sleeper = heapq.heappop(self._sleepers)
            self._pass(max(sleeper.wake_at - self._elapsed, timedelta(0)))
            if not sleeper.awake.done():
                sleeper.awake.set_result(None)
                await self._let_run()
        self._pass(max(until - self._elapsed, timedelta(0)))

    def jump(self, seconds: float) -> None:
        """Step the wall clock alone, as when somebody sets it; negative is back."""
        self._now += timedelta(seconds=seconds)

    @property
    def sleeping(self) -> int:
        """How many wait for their time."""
        return sum(not sleeper.awake.done() for sleeper in self._sleepers)

    async def _sleep_until(self, wake_at: timedelta) -> None:
        awake = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, _Sleeper(wake_at, next(self._numbers), awake))
        await awake

    def _pass(self, time: timedelta) -> None:
        self._elapsed += time
        self._now += time

    @staticmethod
    async def _let_run() -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)


@attrs.define(eq=False)
class SequentialIds(Ids):
    """UUIDv7-shaped ids that count up: milliseconds, then a number, then the seed.

    Ids sort in the order of making even when the clock is set back. Makers with
    different seeds never make the same id.
    """

    _time: Clock | datetime = NOON
    _seed: int = 0
    _latest: int = attrs.field(default=0, init=False)
    _numbers: Iterator[int] = attrs.field(factory=itertools.count, init=False)

    def new(self) -> UUID:
        """Return the next id."""
        moment = self._time if isinstance(self._time, datetime) else self._time.now()
        self._latest = max(self._latest, int(moment.timestamp() * 1000))
        number = next(self._numbers)
        high, low = number >> 30 & 0xFFF, number & 0x3FFFFFFF
        return UUID(
            int=self._latest << 80
            | 0x7 << 76
            | high << 64
            | 0b10 << 62
            | low << 32
            | self._seed & 0xFFFFFFFF
        )
