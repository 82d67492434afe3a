"""A worker that dies at any commit of a swap: one appointment is left."""

from __future__ import annotations

import attrs
import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.calls import CityStatus
from tests.unit.use_cases.swapping import EARLY, LATE, Swap
from tests.unit.use_cases.world import HOUR, Crash, World

S = BookingState
CONFIRMED = CityStatus.CONFIRMED
COMMITS = range(23)
"""Those of an undisturbed swap, from the first call to the last message."""


@attrs.define(eq=False)
class Doomed:
    """Workers that die at one commit, and are started again."""

    world: World
    deaths: int = 0

    async def work(self) -> None:
        """Do what is queued, and start anew after a death."""
        try:
            await self.world.relay()
            await self.world.work_off()
        except Crash:
            self.deaths += 1
            self.world.queue.drain()
            self.world.wire()


@pytest.mark.parametrize("lasting", [True, False])
@pytest.mark.parametrize("commit", COMMITS)
async def test_a_crash_at_any_commit_of_a_swap_leaves_one_appointment(
    world: World, commit: int, lasting: bool
) -> None:
    swap = await (await Swap.beginning(world)).seen()
    world.queue.drain()
    world.store.dies_in, world.store.lasting = commit, lasting
    doomed = Doomed(world)
    until = world.clock.now() + HOUR
    opened = False
    while world.clock.now() < until:
        await doomed.work()
        await swap.read()
        assert CONFIRMED in swap.at_the_city().values()
        if swap.swap.state is S.PRECONFIRMED and not opened:
            world.open_mail(swap.swap)
            opened = True
        await world.clock.advance(16)
    assert doomed.deaths == 1
    await swap.rest()
    assert list(swap.at_the_city().values()) == [CONFIRMED]
    unknown = swap.swap.state is S.FAILED  # the reservation that died can only lapse
    assert swap.at_the_city() == {LATE if unknown else EARLY: CONFIRMED}
    assert swap.wish.standing == (LATE if unknown else EARLY).start
    assert len(world.site.mailed) == (1 if unknown else 2)
