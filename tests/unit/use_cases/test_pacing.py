"""Pacing: the pace, put to work on a clock and a limiter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
import pytest

from mta_core.domain.errors import RateLimited, SiteSilent, StorageUnavailable
from mta_core.polling.counter import KEPT_FOR_BOOKINGS, PAUSE
from mta_core.polling.pace import Counter, Why
from mta_core.polling.planner import Outcome
from mta_core.ports.limiter import Budget, Wait
from mta_core.testing.builders import a_probe
from mta_core.testing.clock import NOON, FakeClock
from mta_core.testing.limiter import FakeLimiter
from mta_core.use_cases.pacing import AHEAD, Pacing

SECOND = timedelta(seconds=1)


@attrs.define
class Eyes:
    """Sees that every minute is worth the same, and notes when it was asked to look."""

    looked: list[tuple[datetime, int]] = attrs.field(factory=list)

    def look(self, now: datetime, minutes: int) -> Sequence[float]:
        self.looked.append((now, minutes))
        return [1.0] * minutes


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(auto=True)


@pytest.fixture
def limiter(clock: FakeClock) -> FakeLimiter:
    return FakeLimiter(clock)


def paced(limiter: FakeLimiter, clock: FakeClock, left: int | None = None) -> Pacing:
    """Pace a city whose counter shows that."""
    counter = None if left is None else Counter(left, clock.now())
    return Pacing(limiter, lambda: counter, clock)


async def test_the_first_question_leaves_at_once_and_the_others_evenly(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    pacing = paced(limiter, clock)
    for number in range(3):
        await pacing.wait()
        assert clock.now() == NOON + number * 6 * SECOND
        await pacing.after(clock.now())


async def test_an_answer_counts_from_when_its_question_left(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    pacing = paced(limiter, clock)
    await clock.sleep(4)
    await pacing.heard(Outcome(a_probe(), clock.now(), took=4 * SECOND))
    assert pacing.explain().next_at == NOON + 6 * SECOND
    assert pacing.explain().latency == 4.0


async def test_an_answer_that_nobody_timed_has_just_left(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    pacing = paced(limiter, clock)
    await pacing.heard(Outcome(a_probe(), clock.now(), error=SiteSilent()))
    assert pacing.explain().reason is Why.SILENT


@pytest.mark.parametrize("left", [None, KEPT_FOR_BOOKINGS + 1])
async def test_while_there_is_no_need_for_a_pause_nobody_else_waits(
    limiter: FakeLimiter, clock: FakeClock, left: int | None
) -> None:
    await paced(limiter, clock, left).after(clock.now())
    assert not isinstance(await limiter.ask(Budget.OTHER), Wait)


async def test_all_others_keep_a_pause_too(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    await paced(limiter, clock, KEPT_FOR_BOOKINGS).after(clock.now())
    assert await limiter.ask(Budget.OTHER) == Wait(PAUSE.total_seconds())


async def test_after_a_429_all_others_are_silent_too(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    await paced(limiter, clock).after(clock.now(), RateLimited())
    assert await limiter.ask(Budget.OTHER) == Wait(PAUSE.total_seconds())


async def test_a_limiter_that_cannot_be_reached_does_not_stop_the_watching(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    pacing = paced(limiter, clock, 0)
    limiter.unreachable = True
    await pacing.after(clock.now())
    assert pacing.explain().reason is Why.PAUSE
    with pytest.raises(StorageUnavailable):
        await limiter.ask(Budget.CALENDAR)


async def test_it_looks_ahead_from_the_answer_on(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    eyes = Eyes()
    pacing = Pacing(limiter, lambda: None, clock, outlook=eyes.look)
    await pacing.after(clock.now(), took=2 * SECOND)
    assert eyes.looked == [(NOON + 2 * SECOND, AHEAD)]


async def test_it_throws_the_dice_that_it_was_given(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    pacing = Pacing(limiter, lambda: None, clock, dice=lambda: 1.0)
    await pacing.after(clock.now())
    assert pacing.explain().next_at == NOON + 7 * SECOND
    pacing.recall(pacing.documents())
    assert pacing.pace.dice() == 1.0


async def test_a_question_may_be_put_off_or_hastened(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    pacing = paced(limiter, clock)
    pacing.put_off()
    assert pacing.explain().next_at == NOON + 6 * SECOND
    pacing.hasten()
    assert pacing.explain().next_at == NOON


async def test_what_another_process_wrote_down_is_gone_on_with(
    limiter: FakeLimiter, clock: FakeClock
) -> None:
    before = paced(limiter, clock)
    await before.after(clock.now(), SiteSilent())
    later = paced(limiter, clock)
    later.recall({"something else": {}})
    assert later.explain().reason is Why.EVENLY
    later.recall(before.documents())
    assert later.explain() == before.explain()
