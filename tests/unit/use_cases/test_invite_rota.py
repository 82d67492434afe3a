"""Whose turn it is to be invited, from the offer to the message."""

from __future__ import annotations

from uuid import UUID

import pytest

from mta_core.domain.accounts import User
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.rota import Turn
from mta_core.domain.shifts import EXPIRED
from mta_core.domain.subscriptions import Hours
from mta_core.testing import (
    FakeClock,
    a_service_set,
    an_id,
)
from mta_core.testing.builders import RESIDENCE
from tests.unit.use_cases.shift_town import SEVEN, SHARED, TEXT, StatingTown
from tests.unit.use_cases.world import MINUTE


@pytest.fixture
async def town() -> StatingTown:
    town = StatingTown(clock=FakeClock(auto=True))
    await town.opens()
    return town


@pytest.fixture
async def sharing() -> StatingTown:
    town = StatingTown(clock=FakeClock(auto=True), rules=SHARED)
    await town.opens()
    return town


async def _offers(town: StatingTown, user: User | UUID, hours: str = "7-8") -> Turn:
    owner = user.id if isinstance(user, User) else user
    return await town.turns(owner, Hours.parse(hours), frozenset(range(5)))


async def test_a_turn_can_be_offered_seen_and_taken_back(town: StatingTown) -> None:
    user, other = await town.citizen(), await town.citizen()
    turn, _ = await _offers(town, user), await _offers(town, other)
    assert list(await town.turns.of(user.id)) == [turn]
    with pytest.raises(InvalidValue, match="the very same"):
        await _offers(town, user)
    with pytest.raises(NotFound):
        await town.turns.withdraw(turn.id, other.id)
    await town.turns.withdraw(turn.id, user.id)
    assert not await town.turns.of(user.id)
    with pytest.raises(NotFound):
        await town.turns.withdraw(an_id(), user.id)


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({7})], ids=["none", "8th"])
async def test_a_turn_needs_days(town: StatingTown, weekdays: frozenset[int]) -> None:
    with pytest.raises(InvalidValue, match="Weekdays"):
        await town.turns((await town.citizen()).id, Hours(), weekdays)


async def test_offers_are_asked_one_after_the_other(sharing: StatingTown) -> None:
    first, second, third = [(await sharing.wish()).user for _ in range(3)]
    await _offers(sharing, first)
    await _offers(sharing, second)
    await sharing.tick()
    assert await sharing.sent_at(first) == [-10, -1]
    assert await sharing.sent_at(second) == [2]
    assert await sharing.sent_at(third) == []
    (note,) = await sharing.invitations(second)
    assert note.facts["minutes"] == "0"


async def test_the_next_day_begins_with_somebody_else(sharing: StatingTown) -> None:
    first, second = [(await sharing.wish()).user for _ in range(2)]
    for user in (first, second):
        await _offers(sharing, user)
    await sharing.tick(-15, 1)
    await sharing.watches(first)
    await sharing.tick(1, 65)
    assert await sharing.sent_at(second) == []
    a_day = 24 * 60
    await sharing.tick(a_day - 15, a_day + 1)
    assert await sharing.sent_at(second) == [a_day - 10, a_day - 1]
    assert await sharing.sent_at(first) == [-10, -1]
    (mine,) = await sharing.turns.of(first)
    assert mine.served_at == SEVEN - 11 * MINUTE


async def test_a_shift_that_was_over_before_seven_is_no_watch(
    sharing: StatingTown,
) -> None:
    first, second = [(await sharing.wish()).user for _ in range(2)]
    for user in (first, second):
        await _offers(sharing, user)
    await sharing.tick(-15, -9)
    await sharing.watches(first)
    await sharing.tick(-9, 65)
    assert await sharing.sent_at(first) == [-10, -1]
    assert await sharing.sent_at(second) == [2]


async def test_shifts_that_are_over_are_ended_on_the_way(town: StatingTown) -> None:
    user = await town.citizen()
    await town.watches(user.id)
    await town.clock.advance(400)
    await town.invite()
    async with town.store.snapshot() as tx:
        (shift,) = await tx.shifts.of(user.id, 1)
    assert (shift.reason, shift.token) == (EXPIRED, None)


async def test_two_hours_of_one_morning_are_two_invitations(town: StatingTown) -> None:
    await town.opens(f"{TEXT} Für die nächste Woche um 9 Uhr.")
    wish = await town.wish(services=a_service_set(RESIDENCE))
    await town.tick(-15, 125)
    assert await town.sent_at(wish.user) == [-10, -1, 110, 119]
