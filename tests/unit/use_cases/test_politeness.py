"""A place in the budget: waited for exactly, and always given back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import attrs
import pytest

from mta_core.domain.errors import NotSent, SiteSilent, StorageUnavailable
from mta_core.polling.budgets import SEND_WITHIN
from mta_core.ports.limiter import Budget, Grant, Wait
from mta_core.testing.clock import NOON, FakeClock
from mta_core.testing.limiter import FakeLimiter
from mta_core.use_cases.politeness import turn

CALENDAR, BOOKING = Budget.CALENDAR, Budget.BOOKING


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(auto=True)


@pytest.fixture
def limiter(clock: FakeClock) -> FakeLimiter:
    return FakeLimiter(clock)


async def use_up(limiter: FakeLimiter, clock: FakeClock, budget: Budget) -> None:
    for _ in range(budget.limit):
        async with turn(limiter, clock, budget):
            pass


async def test_a_free_place_is_had_at_once(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async with turn(limiter, clock, CALENDAR) as place:
        assert place.waited == 0
    assert limiter.granted == [(NOON, CALENDAR)]


async def test_a_used_up_budget_is_waited_for_exactly(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async with turn(limiter, clock, BOOKING):
        await clock.sleep(2)
    for _ in range(BOOKING.limit - 1):
        async with turn(limiter, clock, BOOKING):
            pass
    async with turn(limiter, clock, BOOKING) as place:
        assert place.waited == 60
    assert clock.now() == NOON + timedelta(seconds=62)


async def test_one_budget_does_not_wait_for_another(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    await use_up(limiter, clock, CALENDAR)
    async with turn(limiter, clock, BOOKING) as place:
        assert place.waited == 0


async def test_who_was_overtaken_while_waiting_waits_again(
    clock: FakeClock, limiter: FakeLimiter
) -> None:
    await use_up(limiter, clock, BOOKING)
    moments = []

    async def call() -> None:
        async with turn(limiter, clock, BOOKING):
            moments.append(clock.now())

    await asyncio.gather(*(call() for _ in range(BOOKING.limit + 1)))
    assert len(moments) == BOOKING.limit + 1
    assert moments[-1] >= moments[0] + timedelta(seconds=60)


async def test_the_place_counts_while_the_request_is_out(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async with turn(limiter, clock, BOOKING):
        await clock.sleep(5)
    await use_up_rest(limiter, clock)
    place = await limiter.ask(BOOKING)
    assert place == Wait(60)


async def use_up_rest(limiter: FakeLimiter, clock: FakeClock) -> None:
    for _ in range(BOOKING.limit - 1):
        async with turn(limiter, clock, BOOKING):
            pass


async def test_a_request_that_failed_is_settled_all_the_same(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async def fail_after_a_while() -> None:
        async with turn(limiter, clock, BOOKING):
            await clock.sleep(3)
            raise SiteSilent

    with pytest.raises(SiteSilent):
        await fail_after_a_while()
    await use_up_rest(limiter, clock)
    assert await limiter.ask(BOOKING) == Wait(60)


async def test_a_cancelled_request_is_settled_at_once() -> None:
    clock = FakeClock()
    limiter = FakeLimiter(clock)

    async def call() -> None:
        async with turn(limiter, clock, BOOKING):
            await clock.sleep(9)

    task = asyncio.create_task(call())
    await clock.advance(4)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await use_up_rest(limiter, clock)
    assert await limiter.ask(BOOKING) == Wait(60)  # not 60 s after the timeout


async def test_who_is_cancelled_while_waiting_takes_no_place() -> None:
    clock = FakeClock()
    limiter = FakeLimiter(clock)
    await use_up(limiter, clock, BOOKING)
    granted = len(limiter.granted)

    async def call() -> None:
        async with turn(limiter, clock, BOOKING):
            raise AssertionError("unreachable")

    task = asyncio.create_task(call())
    await clock.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(limiter.granted) == granted


async def test_nothing_is_sent_while_the_limiter_cannot_be_reached(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    limiter.unreachable = True
    with pytest.raises(StorageUnavailable):
        async with turn(limiter, clock, BOOKING):
            raise AssertionError("unreachable")


async def test_a_place_that_cannot_be_settled_counts_from_the_timeout(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async with turn(limiter, clock, BOOKING):
        limiter.unreachable = True
    limiter.unreachable = False
    await use_up_rest(limiter, clock)
    full = await limiter.ask(BOOKING)
    await clock.advance(60)
    assert full == Wait(60)
    for _ in range(BOOKING.limit - 1):
        assert not isinstance(await limiter.ask(BOOKING), Wait)
    assert await limiter.ask(BOOKING) == Wait(SEND_WITHIN + limiter.timeout)


async def test_a_place_is_good_for_three_seconds(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async with turn(limiter, clock, BOOKING) as place:
        place.check()
        await clock.sleep(SEND_WITHIN)
        place.check()
        await clock.sleep(0.001)
        with pytest.raises(NotSent):
            place.check()


@pytest.mark.parametrize("step", [3600.0, 3.5])
async def test_a_machine_that_slept_notices_that_its_place_is_gone(
    limiter: FakeLimiter, clock: FakeClock, step: float
) -> None:
    """Its monotonic clock may have stood still."""
    async with turn(limiter, clock, BOOKING) as place:
        clock.jump(step)
        assert not place.good


async def test_a_clock_that_is_set_back_makes_no_place_good_again(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    async with turn(limiter, clock, BOOKING) as place:
        await clock.sleep(4)
        clock.jump(-4)
        assert not place.good


@attrs.define(eq=False)
class SlowLimiter(FakeLimiter):
    """Writes its first places down slowly: they count from before that."""

    slow: int = attrs.field(default=1, kw_only=True)

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        answer = await super().ask(budget, by)
        if self.slow:
            self.slow -= 1
            await self._clock.sleep(SEND_WITHIN + 0.1)
        return answer


async def test_a_place_that_was_had_too_slowly_is_asked_for_anew(
    clock: FakeClock,
) -> None:
    limiter = SlowLimiter(clock, slow=2)
    async with turn(limiter, clock, BOOKING) as place:
        assert place.good
        assert place.waited == pytest.approx(2 * SEND_WITHIN + 0.2)
    assert len(limiter.granted) == 3
    assert [s.settled_at for s in await limiter.recent(NOON)].count(None) == 0


async def test_no_60_seconds_hold_more_however_slow_the_senders_are() -> None:
    """As the city sees it: it is asked at any moment from the sending to the answer."""
    clock = FakeClock()
    limiter = FakeLimiter(clock)
    sent: list[float] = []

    async def ask(number: int) -> None:
        await clock.sleep(number % 7)
        async with turn(limiter, clock, BOOKING) as place:
            await clock.sleep(number % 5)
            if place.good:
                await clock.sleep(number % 4)
                sent.append(clock.monotonic())

    tasks = [asyncio.create_task(ask(number)) for number in range(40)]
    await clock.advance(3600)
    assert all(task.done() for task in tasks)
    assert len(sent) == sum(number % 5 <= SEND_WITHIN for number in range(40))
    for first, sixth in zip(sent, sent[BOOKING.limit :], strict=False):
        assert sixth - first >= 60
