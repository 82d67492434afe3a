"""Test code of your own without a city, a database or any waiting.

    pytest examples/test_with_the_doubles.py

`remember_mornings` stands for your code. The doubles of `mta_core.testing` keep the
same contracts as the real parts: `ScriptedSite` is a city that does what you say,
`InMemoryStore` a database, and with ``FakeClock(auto=True)`` an hour takes no time.

Needs attrs and pytest.
"""

# ruff: noqa: S101 - assert is how a test speaks

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from mta_core import (
    CheckNeeded,
    Clock,
    DateWindow,
    Hours,
    Limiter,
    OfficeId,
    Opening,
    Sight,
    SiteUnreachable,
    SiteView,
    Wishes,
    watch,
)
from mta_core.ports.repository import UnitOfWork
from mta_core.testing import (
    PASING,
    RUPPERTSTRASSE,
    FakeClock,
    FakeLimiter,
    InMemoryStore,
    ScriptedSite,
    a_catalogue,
    a_service_set,
    a_slot,
)

TOMORROW = DateWindow(a_slot(1).day, a_slot(1).day)


async def remember_mornings(
    site: SiteView,
    limiter: Limiter,
    clock: Clock,
    store: UnitOfWork,
    office: OfficeId,
    on_sight: Callable[[Sight], object],
) -> None:
    """Store every opening that is free at an office tomorrow morning."""
    wishes = Wishes(
        offices=frozenset({office}), windows=(TOMORROW,), hours=Hours.parse("7-12")
    )
    async for opening in watch(
        site,
        a_service_set(),
        wishes,
        limiter=limiter,
        clock=clock,
        on_sight=on_sight,
    ):
        async with store.begin() as tx:
            await tx.openings.save([opening])
            await tx.commit()


class Morning:
    """Your code among doubles. It ends by itself: tomorrow is over within a second."""

    def __init__(self) -> None:
        self.clock = FakeClock(auto=True)
        # The city asks for a pause after each question, which makes the test shorter.
        self.site = ScriptedSite(a_catalogue(), self.clock, left=0)
        self.store = InMemoryStore()
        self.sights: list[str] = []

    def run(self, office: OfficeId = PASING) -> Sequence[Opening]:
        """Let it run to its end, and read what was remembered."""
        return asyncio.run(self._run(office))

    async def _run(self, office: OfficeId) -> Sequence[Opening]:
        await remember_mornings(
            self.site,
            FakeLimiter(self.clock),
            self.clock,
            self.store,
            office,
            lambda sight: self.sights.append(str(sight)),
        )
        async with self.store.snapshot() as tx:
            return await tx.openings.open_at(a_service_set(), {office}, TOMORROW)


def test_a_free_morning_is_remembered_once_and_an_evening_is_not() -> None:
    morning = Morning()
    nine, seven_in_the_evening = a_slot(1), a_slot(1, minutes=600)
    morning.site.release(nine, seven_in_the_evening)
    assert [opening.slot for opening in morning.run()] == [nine]
    assert morning.sights == ["sees everything"]


def test_an_outage_is_told_and_takes_no_opening_away() -> None:
    morning = Morning()
    morning.site.fail("calendar", SiteUnreachable("under maintenance"), times=5)
    morning.site.release(a_slot(1))
    assert [opening.slot for opening in morning.run()] == [a_slot(1)]
    assert morning.sights == [
        f"blind at {PASING}: outage (under maintenance)",
        "sees everything",
    ]


def test_an_office_behind_a_human_check_is_not_asked() -> None:
    morning = Morning()
    with pytest.raises(CheckNeeded):
        morning.run(RUPPERTSTRASSE)
    assert morning.site.asked("calendar") == []
