"""Blocking work in threads of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from mta_adapters.apprise.sendings import Outcome, Sendings
from mta_core.domain.errors import DeliveryFailed

pytestmark = pytest.mark.integration

LONG = 60.0


class Work:
    """Work that counts how often it is done; its outcomes come one after another."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.times = 0

    def __call__(self) -> Outcome:
        self.times += 1
        return self.outcomes.pop(0) if self.outcomes else None


def held(by: threading.Event, work: Work) -> Callable[[], Outcome]:
    """Make work that hangs until it is let go."""

    def hang() -> Outcome:
        by.wait()
        return work()

    return hang


async def test_what_was_done_is_not_done_again() -> None:
    sendings, work = Sendings(), Work()
    for _ in range(3):
        assert await sendings.do("a", work, LONG) is None

    assert work.times == 1
    await sendings.do("b", work, LONG)
    assert work.times == 2


async def test_what_failed_is_done_again() -> None:
    failure = DeliveryFailed()
    sendings, work = Sendings(), Work(failure)

    assert await sendings.do("a", work, LONG) is failure
    assert await sendings.do("a", work, LONG) is None
    assert work.times == 2


async def test_what_hangs_is_waited_for_by_the_next() -> None:
    sendings, work, gate = Sendings(), Work(), threading.Event()
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await sendings.do("a", held(gate, work), 0)

    gate.set()
    assert await sendings.do("a", held(gate, work), LONG) is None
    assert work.times == 1


async def test_what_fails_when_nobody_waits_any_more_is_done_again() -> None:
    sendings, work, gate = Sendings(), Work(DeliveryFailed()), threading.Event()
    with pytest.raises(TimeoutError):
        await sendings.do("a", held(gate, work), 0)

    gate.set()
    while isinstance(await sendings.do("a", work, LONG), DeliveryFailed):
        assert work.times == 1
    assert work.times == 2


async def test_work_that_hangs_holds_up_no_other() -> None:
    sendings, gate = Sendings(), threading.Event()
    stuck = [
        asyncio.create_task(sendings.do(number, held(gate, Work()), LONG))
        for number in range(50)
    ]
    assert await sendings.do("a", Work(), LONG) is None

    gate.set()
    assert await asyncio.gather(*stuck) == [None] * 50


async def test_only_the_youngest_are_remembered() -> None:
    sendings, work = Sendings(remembered=2), Work()
    for key in ("a", "b", "c", "b", "a"):
        await sendings.do(key, work, LONG)

    assert work.times == 4


async def test_forgotten_work_may_still_end() -> None:
    gate, failed = threading.Event(), Work(DeliveryFailed())
    sendings = Sendings(remembered=1)
    waiting = asyncio.create_task(sendings.do("a", held(gate, failed), LONG))
    await sendings.do("b", Work(), LONG)

    gate.set()
    assert isinstance(await waiting, DeliveryFailed)


async def test_who_gives_up_waiting_stops_nothing() -> None:
    sendings, work, gate = Sendings(), Work(), threading.Event()
    waiting = asyncio.create_task(sendings.do("a", held(gate, work), LONG))
    await sendings.do("b", Work(), LONG)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    gate.set()
    assert await sendings.do("a", work, LONG) is None
    assert work.times == 1


async def test_work_that_breaks_is_a_failure_without_its_words() -> None:
    def breaks() -> Outcome:
        raise ValueError("mailto://amira:hunter2@example.org")

    outcome = await Sendings().do("a", breaks, LONG)
    assert isinstance(outcome, DeliveryFailed)
    assert str(outcome) == "Apprise stumbled: ValueError."
    assert outcome.__cause__ is outcome.__context__ is None


def test_work_may_outlive_the_loop() -> None:
    gate, work = threading.Event(), Work()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await Sendings().do("a", held(gate, work), 0)

    asyncio.run(give_up())
    (thread,) = (t for t in threading.enumerate() if t.name == "apprise")
    assert thread.daemon
    gate.set()
    thread.join()  # and pytest reports it if it ended with an error
    assert work.times == 1
