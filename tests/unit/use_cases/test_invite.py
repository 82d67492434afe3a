"""Invitations to stated hours, from the office's text to the message."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from mta_core.domain.notifications import DeliveryState, Notification
from mta_core.domain.subscriptions import Hours, Subscription, Wishes
from mta_core.testing import (
    PASING,
    RUPPERTSTRASSE,
    FakeClock,
    a_service_set,
)
from mta_core.testing.builders import PASSPORT
from mta_core.use_cases.invite import HOUR_OVER, SHIFT_OPEN
from tests.unit.use_cases.shift_town import SEVEN, SHARED, TEXT, THERE, StatingTown
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


async def test_who_waits_there_is_invited_twice_and_in_time(town: StatingTown) -> None:
    wish = await town.wish(wishes=THERE)
    await town.tick()
    assert await town.sent_at(wish.user) == [-10, -1]
    first, second = await town.invitations(wish.user)
    assert dict(first.facts) == {
        "service": "Wohnsitz anmelden",
        "offices": "Bürgerbüro Ruppertstraße",
        "hour": SEVEN.isoformat(),
        "until": (SEVEN + 60 * MINUTE).isoformat(),
        "minutes": "10",
        "shared": "",
    }
    assert (first.subscription, second.facts["minutes"]) == (wish.id, "1")


async def test_several_wishes_make_one_invitation(town: StatingTown) -> None:
    user = await town.citizen()
    await town.wish(user)
    await town.wish(user, services=a_service_set(PASSPORT))
    await town.tick()
    first, _ = await town.invitations(user.id)
    assert first.facts["service"] == "Wohnsitz anmelden, Reisepass"


async def test_a_restart_invites_nobody_again(town: StatingTown) -> None:
    wish = await town.wish()
    await town.tick(-15, -5)
    town.wire()
    await town.tick(-5, 65)
    assert await town.sent_at(wish.user) == [-10, -1]


async def test_each_day_is_a_new_one_and_the_weekend_is_free(town: StatingTown) -> None:
    wish = await town.wish()
    for day in range(5):  # Wednesday to Sunday
        await town.tick(day * 24 * 60 - 15, day * 24 * 60 + 5)
    assert len(await town.sent_at(wish.user)) == 3 * 2
    async with town.store.snapshot() as tx:
        assert not await tx.rota.invited(SEVEN)
        assert await tx.rota.invited(SEVEN + timedelta(days=2))


@pytest.mark.parametrize(
    "changes",
    [
        {"wishes": Wishes(offices=frozenset({PASING}))},
        {"mail_hours": Hours(time(8), time(22))},
        {"standing": SEVEN - timedelta(days=1)},
    ],
    ids=["elsewhere", "asleep", "no-day-left"],
)
async def test_who_would_not_profit_is_left_in_peace(
    town: StatingTown, changes: dict[str, Any]
) -> None:
    wish = await town.wish(**changes)
    await town.tick()
    assert not await town.invitations(wish.user)


async def test_where_nothing_is_stated_nobody_is_invited(town: StatingTown) -> None:
    await town.opens("Bitte bringen Sie Ihren Ausweis mit.")
    wish = await town.wish()
    assert await town.invite() == 0
    await town.tick()
    assert not await town.invitations(wish.user)


async def test_an_office_without_a_check_needs_nobody(town: StatingTown) -> None:
    await town.serve(RUPPERTSTRASSE, checked=False, info=TEXT)
    wish = await town.wish()
    await town.tick()
    assert not await town.invitations(wish.user)


# Nobody is called in vain


async def _delivered(town: StatingTown, wish: Subscription) -> list[Notification]:
    await town.tick(-12, -10)
    await town.tick(-10, -8)
    return await town.invitations(wish.user)


async def test_who_pauses_meanwhile_is_not_called(town: StatingTown) -> None:
    wish = await town.wish()
    await town.until(-11)
    await town.invite()
    await town.manage.pause(wish.id, wish.user)
    (note,) = await _delivered(town, wish)
    assert note.state is DeliveryState.SUPERSEDED
    assert note.reason == "the subscription is paused"


async def test_who_has_opened_a_shift_is_not_called(town: StatingTown) -> None:
    wish, other = await town.wish(), await town.wish()
    await town.until(-11)
    await town.invite()
    await town.watches(wish.user)
    (note,) = await _delivered(town, wish)
    assert (note.state, note.reason) == (DeliveryState.SUPERSEDED, SHIFT_OPEN)
    assert await town.sent_at(other.user) == [-10]


async def test_a_shared_shift_keeps_the_call_from_everybody(
    sharing: StatingTown,
) -> None:
    wish, other = await sharing.wish(), await sharing.wish()
    await sharing.until(-11)
    await sharing.invite()
    await sharing.watches(other.user)
    (note,) = await _delivered(sharing, wish)
    assert (note.state, note.reason) == (DeliveryState.SUPERSEDED, SHIFT_OPEN)


async def test_a_message_that_is_late_by_an_hour_is_not_sent(town: StatingTown) -> None:
    wish = await town.wish()
    await town.until(-1)
    await town.invite()
    await town.until(60)
    await town.relay()
    await town.work_off()
    (note,) = await town.invitations(wish.user)
    assert (note.state, note.reason) == (DeliveryState.SUPERSEDED, HOUR_OVER)
