"""What a limiter does for the city's counter, and what it tells of the past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.polling.counter import PAUSE
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Stamp, Wait
from mta_core.testing.clock import FakeClock
from tests.contracts.limiter_traffic import LIFE, Reopen
from tests.contracts.limiter_waits import check_exact, fill, must_wait

QUIET = PAUSE.total_seconds()
SECOND = timedelta(seconds=1)


class PausesContract:
    """The part of the contract that is about pauses, and about the log as history."""

    async def test_in_a_pause_what_can_wait_waits(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        await limiter.pause()
        for budget in Budget:
            assert await must_wait(limiter, budget) == pytest.approx(QUIET)
        later = clock.now() + (QUIET + 1.0) * SECOND
        assert isinstance(await limiter.ask(Budget.BOOKING, later), Wait)
        await check_exact(limiter, clock, Budget.BOOKING, QUIET)

    async def test_in_a_pause_what_cannot_wait_leaves_and_begins_it_anew(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        await limiter.pause()
        await clock.advance(30.0)
        soon = clock.now() + 30.0 * SECOND
        grant = await limiter.ask(Budget.BOOKING, soon)
        assert isinstance(grant, Grant)
        assert await must_wait(limiter, Budget.OTHER) == pytest.approx(QUIET)
        await clock.advance(2.0)
        await limiter.settle(grant)
        await check_exact(limiter, clock, Budget.OTHER, QUIET)

    async def test_an_answer_during_a_pause_begins_it_anew(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        grant = await limiter.ask(Budget.CALENDAR)
        assert isinstance(grant, Grant)
        await limiter.pause()
        await clock.advance(5.0)
        await limiter.settle(grant)
        await limiter.settle(grant)
        await clock.advance(5.0)
        await limiter.settle(grant)
        await check_exact(limiter, clock, Budget.CALENDAR, QUIET - 5.0)

    async def test_a_pause_that_is_over_begins_no_other_one(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        await limiter.pause()
        await clock.advance(QUIET)
        grant, *_ = await fill(limiter, Budget.BOOKING)
        await limiter.settle(grant)
        assert isinstance(await limiter.ask(Budget.OTHER), Grant)

    async def test_urgency_is_no_way_around_a_budget(self, limiter: Limiter) -> None:
        await fill(limiter, Budget.BOOKING)
        await limiter.pause()
        at_once = FakeClock().now()
        assert isinstance(await limiter.ask(Budget.BOOKING, at_once), Wait)

    async def test_a_restart_keeps_a_pause(
        self, limiter: Limiter, clock: FakeClock, reopen: Reopen
    ) -> None:
        await limiter.pause()
        again = await reopen()
        assert await must_wait(again, Budget.OTHER) >= QUIET

    async def test_it_shows_what_was_asked_lately(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        begin = clock.now()
        first = await limiter.ask(Budget.CALENDAR)
        assert isinstance(first, Grant)
        await clock.advance(2.0)
        await limiter.settle(first)
        await limiter.ask(Budget.BOOKING)
        assert list(await limiter.recent(begin)) == [
            Stamp(
                Budget.CALENDAR,
                granted_at=begin,
                settled_at=begin + 2 * SECOND,
                counts_until=begin + (2 + SPAN) * SECOND,
            ),
            Stamp(
                Budget.BOOKING,
                granted_at=begin + 2 * SECOND,
                settled_at=None,
                counts_until=begin + (2 + LIFE + SPAN) * SECOND,
            ),
        ]
        assert len(await limiter.recent(begin + SECOND)) == 1
        assert list(await limiter.recent(begin + 3 * SECOND)) == []

    async def test_it_remembers_an_hour_and_not_much_more(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        begin = clock.now()
        for _ in range(9):
            await fill(limiter, Budget.OTHER)
            await clock.advance(600.0)
        known = [stamp.granted_at - begin for stamp in await limiter.recent(begin)]
        assert known == sorted(known)
        assert 30 <= sum(at >= 1800 * SECOND for at in known) <= len(known) <= 40
