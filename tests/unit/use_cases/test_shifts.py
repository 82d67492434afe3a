"""Watch shifts from the human check to the message, in a city of doubles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import (
    CheckFailed,
    CheckNeeded,
    InvalidValue,
    SiteUnreachable,
)
from mta_core.domain.notifications import Kind
from mta_core.domain.shifts import EXPIRED, HERE, RENEWED
from mta_core.domain.subscriptions import Wishes
from mta_core.ports.limiter import Budget
from mta_core.testing import (
    PASING,
    RUPPERTSTRASSE,
    FakeClock,
    a_shift,
    a_token,
)
from tests.unit.use_cases.shift_town import LATER, SHARED, SLOT, Town
from tests.unit.use_cases.world import SECOND


@pytest.fixture
async def town() -> Town:
    town = Town()
    await town.know_the_city()
    return town


@pytest.fixture
async def sharing() -> Town:
    town = Town(rules=SHARED)
    await town.know_the_city()
    return town


# Opening one


async def test_a_passed_check_opens_a_shift(town: Town) -> None:
    user = await town.citizen()
    shift = await town.passes(user.id)
    assert await town.shift(shift) == shift
    assert (shift.user, shift.egress) == (user.id, HERE)
    assert shift.lives(town.clock.now())
    assert [budget for _, budget in town.limiter.granted] == [Budget.OTHER] * 2


async def test_a_check_that_is_not_passed_opens_none(town: Town) -> None:
    user = await town.citizen()
    await town.open_shift.challenge()
    with pytest.raises(CheckFailed):
        await town.open_shift(user.id, "nothing")
    async with town.store.snapshot() as tx:
        assert not await tx.shifts.of(user.id, 1)


async def test_a_check_that_is_down_is_said(town: Town) -> None:
    town.check.trouble = SiteUnreachable("no check today")
    with pytest.raises(SiteUnreachable):
        await town.open_shift.challenge()


async def test_who_passes_again_renews_their_shift_alone(town: Town) -> None:
    user, other = await town.citizen(), await town.citizen()
    first, others = await town.passes(user.id), await town.passes(other.id)
    second = await town.passes(user.id)
    assert (await town.shift(first)).reason == RENEWED
    assert (await town.shift(first)).token is None
    for live in (others, second):
        assert await town.shift(live) == live


async def test_what_there_is_to_watch_is_told_before(town: Town) -> None:
    user = await town.citizen()
    with pytest.raises(InvalidValue, match="nothing at an office"):
        await town.open_shift.to_watch(user.id)
    await town.wish(user, wishes=Wishes(offices=frozenset({PASING})))
    with pytest.raises(InvalidValue, match="nothing to watch"):
        await town.open_shift.to_watch(user.id)
    other = await town.citizen()
    await town.wish(other)
    (demand,) = await town.open_shift.to_watch(other.id)
    assert (set(demand.waiting), demand.checked) == ({RUPPERTSTRASSE}, True)


# Watching in it


async def test_outside_a_shift_no_checked_office_is_asked(town: Town) -> None:
    await town.teller()
    assert await town.watch() is None
    assert not town.site.calls


async def test_in_a_shift_its_owner_is_told(town: Town) -> None:
    wish = await town.teller()
    shift = await town.passes(wish.user)
    town.site.release(SLOT)
    outcome = await town.look()
    assert outcome.probe.offices == {RUPPERTSTRASSE}
    assert [line.token for line in town.site.asked("calendar")] == [shift.token]
    assert await town.kinds(wish.user) == [Kind.FOUND]
    heard = await town.shift(shift)
    assert (heard.asked, heard.heard_at) == (1, town.clock.now())


async def test_nobody_else_learns_of_it(town: Town) -> None:
    """Neither told nor booked, however long they wait, nor told afterwards why not."""
    owner = await town.teller()
    booker = await town.shift_booker(waits=timedelta(days=9))
    teller = await town.teller(waits=timedelta(days=9))
    await town.passes(owner.user)
    town.site.release(SLOT)
    await town.look()
    assert await town.kinds(owner.user) == [Kind.FOUND]
    for other in (booker, teller):
        assert await town.kinds(other.user) == []
        assert not await town.bookings(other)
        assert not await town.explain(other.id, other.user)
    (told,) = await town.owed(owner.user)
    assert "others" not in told.facts
    assert len(await town.explain(owner.id, owner.user)) == 1


async def test_an_unchecked_answer_announces_nothing_of_it_later(town: Town) -> None:
    """All offices are wanted: both kinds of question are asked, each for its own."""
    owner, other = await town.wish(), await town.wish()
    await town.passes(owner.user)
    town.site.release(SLOT)
    outcomes = [await town.look() for _ in range(5)]
    kinds = [RUPPERTSTRASSE in outcome.probe.offices for outcome in outcomes]
    assert kinds == [True] * 4 + [False]
    assert await town.kinds(owner.user) == [Kind.FOUND]
    assert await town.kinds(other.user) == []


async def test_each_owner_learns_of_it_in_their_own_shift(town: Town) -> None:
    first, second = await town.teller(), await town.teller()
    await town.passes(first.user)
    town.site.release(SLOT)
    await town.look()
    await town.clock.advance(400)
    await town.passes(second.user)
    await town.look()
    assert await town.kinds(first.user) == [Kind.FOUND]
    assert await town.kinds(second.user) == [Kind.FOUND]


async def test_a_shared_shift_serves_everybody_who_waits(sharing: Town) -> None:
    owner, other = await sharing.teller(), await sharing.teller()
    booker = await sharing.shift_booker()
    await sharing.passes(owner.user)
    sharing.site.release(SLOT, LATER)
    await sharing.look()
    await sharing.work_off()
    (booking,) = await sharing.bookings(booker)
    assert booking.state is BookingState.PRECONFIRMED
    assert await sharing.kinds(owner.user) == []
    await sharing.look()
    assert Kind.FOUND in await sharing.kinds(owner.user)
    assert Kind.FOUND in await sharing.kinds(other.user)
    assert {each.opening.slot for each in await sharing.explain(other.id, other.user)}


async def test_it_ends_with_the_tokens_life(town: Town) -> None:
    wish = await town.teller()
    shift = await town.passes(wish.user)
    await town.wait_until(shift.expires_at - timedelta(microseconds=1))
    await town.look()
    await town.wait_until(shift.expires_at)
    assert await town.watch() is None
    assert await town.shifts.end_the_old() == 1
    ended = await town.shift(shift)
    assert (ended.reason, ended.ended_at) == (EXPIRED, shift.expires_at)
    assert ended.token is None
    assert await town.shifts.end_the_old() == 0


async def test_a_question_whose_shift_ends_while_it_waits_is_not_asked(
    town: Town,
) -> None:
    wish = await town.teller()
    shift = await town.passes(wish.user)
    await town.wait_until(shift.expires_at - SECOND)
    for _ in range(10):
        await town.limiter.ask(Budget.CALENDAR)
    assert await town.watch() is None
    assert town.clock.now() > shift.expires_at
    assert not town.site.asked("calendar")


async def test_a_shift_at_another_address_is_not_ours(town: Town) -> None:
    wish = await town.teller()
    async with town.store.begin() as tx:
        await tx.shifts.save(a_shift(user=wish.user, egress="elsewhere"))
        await tx.commit()
    assert await town.watch() is None


@pytest.mark.parametrize("code", ["captchaMissing", "captchaExpired", "captchaInvalid"])
async def test_when_the_city_takes_the_token_no_more_the_shift_is_over(
    town: Town, code: str
) -> None:
    wish = await town.wish()
    shift = await town.passes(wish.user)
    town.site.fail("calendar", CheckNeeded(code))
    outcome = await town.look()
    assert isinstance(outcome.error, CheckNeeded)
    assert (await town.shift(shift)).reason == code
    async with town.store.snapshot() as tx:
        assert not await tx.sights.blind()
    # The others go on.
    outcome = await town.look()
    assert outcome.probe.offices.isdisjoint({RUPPERTSTRASSE})
    assert outcome.observation is not None


async def test_an_outage_is_noted_on_the_shift(town: Town) -> None:
    wish = await town.teller()
    shift = await town.passes(wish.user)
    town.site.fail("calendar", SiteUnreachable("connection refused"))
    await town.look()
    assert (await town.shift(shift)).trouble == "connection refused"
    async with town.store.snapshot() as tx:
        assert not await tx.sights.blind()
    await town.look()
    assert (await town.shift(shift)).trouble == ""


async def test_an_owner_who_is_erased_meanwhile_takes_the_shift_along() -> None:
    town = Town(clock=FakeClock())
    town.site.latency = 1.0
    await town.know_the_city()
    wish = await town.teller()
    async with town.store.begin() as tx:
        token = town.site.admit(a_token())
        await tx.shifts.save(a_shift(user=wish.user, token=token))
        await tx.commit()

    async def erase() -> None:
        await town.clock.sleep(0.5)
        async with town.store.begin() as tx:
            await tx.users.erase(wish.user)
            await tx.commit()

    outcome, _ = await town.side_by_side(town.watch(), erase())
    assert outcome is not None
    async with town.store.snapshot() as tx:
        assert not await tx.shifts.live(town.clock.now(), HERE)
