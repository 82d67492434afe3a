"""In whatever order things happen and go wrong: nothing is lost, nobody is harmed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteChanged,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
)
from mta_core.domain.subscriptions import Mode
from tests.unit.use_cases.chaos import SLOTS, Chaos
from tests.unit.use_cases.world import Crash

Deed = tuple[str, tuple[Any, ...]]

LONG_ENOUGH = timedelta(hours=2)
"""Every clock of the city is over by then, and every retry has been taken."""

BOOKING_CALLS = ["reserve", "update", "preconfirm"]
EVERY_CALL = ["calendar", "cancel", "appointment", *BOOKING_CALLS]


def deed(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.tuples(st.just(name), st.tuples(*arguments))


slots = st.integers(0, len(SLOTS) - 1)
never_sent = st.sampled_from([SiteUnreachable("refused"), RateLimited("too many")])
unknown = st.sampled_from([SiteSilent("timeout"), SiteChanged("what?"), Crash()])
deeds = st.one_of(
    deed(
        "arrive",
        st.sampled_from([Mode.BOOK, Mode.BOOK, Mode.TELL]),
        st.integers(1, 5),
        st.booleans(),
    ),
    deed("release", slots, slots),
    deed("take", slots),
    deed("fail", st.sampled_from(EVERY_CALL), never_sent, st.just(False)),
    deed("fail", st.sampled_from(EVERY_CALL), unknown, st.booleans()),
    deed(
        "fail",
        st.sampled_from(BOOKING_CALLS),
        st.just(Refused("invalidEmail")),
        st.just(False),
    ),
    deed(
        "fail",
        st.just("reserve"),
        st.just(SlotGone("appointmentNotAvailable")),
        st.just(False),
    ),
    deed("die", st.integers(0, 6), st.booleans(), st.booleans()),
    deed("watch"),
    deed("work"),
    deed("work_twice"),
    deed("work_while_giving_up"),
    deed("beat"),
    deed("beat"),
    deed("relay"),
    deed("drop"),
    deed("restart"),
    deed("wait", st.sampled_from([1, 6, 20, 60, 300, 1000])),
    deed("open_mails", st.booleans()),
    deed("give_up"),
)
starts = st.lists(
    deed("arrive", st.sampled_from(list(Mode)), st.integers(1, 5), st.booleans()),
    min_size=1,
    max_size=3,
)


async def play(start: list[Deed], script: list[Deed]) -> Chaos:
    chaos = Chaos()
    await chaos.world.know_the_city()
    await chaos.release(0, 1, 2)
    for name, arguments in [*start, ("watch", ()), *script]:
        await getattr(chaos, name)(*arguments)
        await chaos.check()
    await chaos.come_to_rest(LONG_ENOUGH)
    await chaos.check_rest()
    return chaos


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(starts, st.lists(deeds, max_size=25))
def test_whatever_happens_everything_comes_to_a_good_end(
    start: list[Deed], script: list[Deed]
) -> None:
    asyncio.run(play(start, script))


def test_when_nothing_goes_wrong_all_have_what_they_want() -> None:
    """The script can do what it claims: this is no empty play."""
    booker: Deed = ("arrive", (Mode.BOOK, 2, False))
    script: list[Deed] = [("work", ()), ("wait", (60,)), ("open_mails", (True,))]
    chaos = asyncio.run(play([booker], script))
    (process,) = chaos.live()
    assert process.status.value == "confirmed"
    assert len(chaos.world.site.calls) == 5
