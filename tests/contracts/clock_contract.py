"""The contracts of the clock port: give a fixture ``clock``, or ``ids``.

A sleep on the clock must end by itself, in real time or in virtual time that passes
while somebody sleeps. The suite asks for a few milliseconds in all.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from uuid import RFC_4122

import pytest

from mta_core.ports.clock import Clock, Ids

SOON = 0.002
"""Seconds."""


class ClockContract:
    """Everything that is asked of a clock."""

    def test_now_is_in_utc(self, clock: Clock) -> None:
        assert clock.now().tzinfo is not None
        assert clock.now().utcoffset() == timedelta(0)

    async def test_both_times_pass_together(self, clock: Clock) -> None:
        now, monotonic = clock.now(), clock.monotonic()
        await clock.sleep(SOON)
        assert clock.now() > now
        assert clock.monotonic() > monotonic

    async def test_time_never_runs_backwards(self, clock: Clock) -> None:
        seen = []
        for _ in range(20):
            seen.append(clock.monotonic())
            await clock.sleep(0)
        assert seen == sorted(seen)

    async def test_a_sleep_is_never_too_short(self, clock: Clock) -> None:
        start = clock.monotonic()
        await clock.sleep(SOON)
        # An event loop may wake a sleeper early, by the resolution of its clock.
        assert clock.monotonic() - start > SOON * 0.9

    @pytest.mark.parametrize("seconds", [0, -1.0])
    async def test_no_time_to_sleep_lets_others_run(
        self, clock: Clock, seconds: float
    ) -> None:
        ran: list[str] = []

        async def other() -> None:
            ran.append("other")

        task = asyncio.create_task(other())
        await clock.sleep(seconds)
        ran.append("sleeper")
        await task
        assert ran == ["other", "sleeper"]

    async def test_others_run_while_somebody_sleeps(self, clock: Clock) -> None:
        ran: list[str] = []

        async def other() -> None:
            ran.append("other")

        task = asyncio.create_task(other())
        await clock.sleep(SOON)
        assert ran == ["other"]
        await task


class IdsContract:
    """Everything that is asked of a maker of ids."""

    def test_they_are_uuids_of_version_7(self, ids: Ids) -> None:
        made = [ids.new() for _ in range(50)]
        assert {one.version for one in made} == {7}
        assert {one.variant for one in made} == {RFC_4122}

    def test_later_ones_sort_later(self, ids: Ids) -> None:
        made = [ids.new() for _ in range(5000)]
        for earlier, later in pairwise(made):
            assert earlier < later
            assert str(earlier) < str(later)
            assert earlier.bytes < later.bytes
