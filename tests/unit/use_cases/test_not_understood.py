"""A call about a booking whose answer cannot be read is recorded as such."""

from __future__ import annotations

from mta_core.domain.calls import NOT_UNDERSTOOD
from mta_core.domain.errors import Answer, SiteChanged
from tests.unit.use_cases.world import World


async def test_a_call_that_is_not_understood_is_recorded_so() -> None:
    world = World()
    await world.know_the_city()
    booking = await world.requested()
    world.site.fail("reserve", SiteChanged("no timestamp"))
    await world.book(booking.id)
    call, *_ = await world.call_records(booking)
    assert (call.answer, call.code) == (Answer.UNKNOWN, NOT_UNDERSTOOD)
