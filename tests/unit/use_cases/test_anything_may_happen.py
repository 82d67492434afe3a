"""In whatever order things happen and go wrong: nothing is lost, nobody is harmed.

``MTA_PLAYS=3000 pytest …/test_anything_may_happen.py`` plays as many stories.
"""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteChanged,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
)
from mta_core.domain.subscriptions import Mode
from mta_core.use_cases.calls import LOST_ANSWER
from tests.unit.use_cases.chaos import SLOTS, WISHES, Chaos
from tests.unit.use_cases.chaos_checks import Judge
from tests.unit.use_cases.world import Crash

S = BookingState
Deed = tuple[str, tuple[Any, ...]]

PLAYS = int(os.environ.get("MTA_PLAYS", "30"))
LONG_ENOUGH = timedelta(hours=2)
"""Every clock of the city is over by then, and every retry has been taken."""

BOOKING_CALLS = ["reserve", "update", "preconfirm"]
EVERY_CALL = ["calendar", "cancel", "appointment", *BOOKING_CALLS]


def deed(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.tuples(st.just(name), st.tuples(*arguments))


slots = st.integers(0, len(SLOTS) - 1)
wishes = st.integers(0, len(WISHES) - 1)
number = st.integers(0, 5)
hours = st.integers(1, 5)
moments = st.sampled_from([0.1, 0.3, 0.6, 1.1, 1.6, 5.0])
never_sent = st.sampled_from([SiteUnreachable("refused"), RateLimited("too many")])
unknown = st.sampled_from([SiteSilent("timeout"), SiteChanged("what?"), Crash()])
never, ever = st.just(False), st.just(True)

arrivals = st.one_of(
    deed("arrive", st.sampled_from(list(Mode)), hours, wishes, st.booleans()),
    deed("settle_down", hours),
    deed("settle_down", hours),
)
citizens = st.one_of(
    arrivals,
    deed("want_more", number, st.booleans()),
    deed("want_more", number, never),
    deed("open_mails", st.booleans()),
    deed("open_mails", ever),
    deed("open_mails", ever),
    deed("give_back", number),
    deed("give_back", number),
    deed("regret", moments),
    deed("regret", moments),
    deed("change", number, wishes, st.sampled_from([None, None, *Mode])),
    deed("manage", st.sampled_from(["pause", "resume", "resume", "end"]), number),
)
city = st.one_of(
    deed("release", slots, slots),
    deed("release", slots, slots),
    deed("take", slots),
    deed("fail", st.sampled_from(EVERY_CALL), never_sent, never),
    deed("fail", st.sampled_from(EVERY_CALL), unknown, st.booleans()),
    deed(
        "fail", st.sampled_from(BOOKING_CALLS), st.just(Refused("invalidEmail")), never
    ),
    deed("fail", st.just("reserve"), st.just(SlotGone("gone")), never),
    deed("fail", st.just("reserve"), st.just(SiteSilent("timeout")), ever),
    deed("fail", st.just("cancel"), never_sent, never),
)
mta = st.one_of(
    deed("die", st.integers(0, 6), st.booleans(), st.booleans()),
    deed("fill_disk", st.sampled_from([1, 5, 30])),
    deed("kill"),
    deed("drop"),
    deed("watch"),
    deed("relay"),
    deed("work", st.sampled_from([1, 1, 2]), moments),
    deed("wait", st.sampled_from([0.3, 1, 6, 20, 60, 300, 1000])),
)
usually = st.one_of(deed("beat"), deed("carry_on"), deed("work", st.just(1), moments))
deeds = st.one_of(citizens, citizens, city, mta, usually, usually)
starts = st.lists(arrivals, min_size=1, max_size=3)


async def play(start: list[Deed], script: list[Deed]) -> Chaos:
    chaos = Chaos()
    judge = Judge(chaos)
    await chaos.world.know_the_city()
    await chaos.release(0, 1, 2)
    for name, arguments in [*start, ("watch", ()), *script]:
        await getattr(chaos, name)(*arguments)
        await judge.check()
    await chaos.come_to_rest(LONG_ENOUGH)
    await judge.check_rest()
    return chaos


@settings(
    max_examples=PLAYS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(starts, st.lists(deeds, min_size=8, max_size=40))
def test_whatever_happens_everything_comes_to_a_good_end(
    start: list[Deed], script: list[Deed]
) -> None:
    chaos = asyncio.run(play(start, script))
    for line in chaos.story():
        event(line)  # seen with --hypothesis-show-statistics


# The script can do what it claims: these are no empty plays


def test_when_nothing_goes_wrong_all_have_what_they_want() -> None:
    booker: Deed = ("arrive", (Mode.BOOK, 2, 0, False))
    script: list[Deed] = [("work", (1, 60)), ("open_mails", (True,))]
    chaos = asyncio.run(play([booker], script))
    (process,) = chaos.live()
    assert process.status.value == "confirmed"
    assert len(chaos.world.site.calls) == 5


def test_when_nothing_goes_wrong_an_appointment_is_swapped() -> None:
    script: list[Deed] = [("beat", ())] * 3 + [
        ("wait", (60,)),
        ("open_mails", (True,)),
        ("beat", ()),
    ]
    chaos = asyncio.run(play([("settle_down", (2,))], script))
    (process,) = chaos.live()
    assert process.slot == SLOTS[0]
    bookings = asyncio.run(chaos.bookings())
    assert [b.state for b in bookings] == [S.CANCELLED, S.CONFIRMED]


@pytest.mark.parametrize("word", ["pause", "end"])
def test_who_stops_while_a_call_is_out_holds_nothing(word: str) -> None:
    booker: Deed = ("arrive", (Mode.BOOK, 2, 0, False))
    script: list[Deed] = [("work", (1, 0.3)), ("manage", (word, 0)), ("wait", (60,))]
    chaos = asyncio.run(play([booker], script))
    assert chaos.live() == []
    assert len(chaos.world.site.asked("cancel")) == 1


def test_who_is_killed_while_a_call_is_out_may_leave_one_orphan() -> None:
    booker: Deed = ("arrive", (Mode.BOOK, 2, 0, False))
    chaos = asyncio.run(play([booker], [("work", (1, 0.3)), ("kill", ())]))
    assert chaos.story() == {"failed", LOST_ANSWER}
