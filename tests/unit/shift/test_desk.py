"""What the page is told, from the first look to the end of the shift."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from mta_core.domain.errors import CheckFailed, IllegalTransition, SiteUnreachable
from mta_core.domain.notifications import Kind
from mta_core.domain.shifts import RENEWED, Shift
from mta_core.testing import NOON, FakeClock, a_notification
from mta_entrypoints.shift.desk import in_munich
from tests.unit.shift.desk import Room

PATIENCE = 60.0


@pytest.fixture
async def room() -> Room:
    room = Room()
    await room.moves_in()
    return room


async def keep(room: Room, shift: Shift) -> None:
    async with room.store.begin() as tx:
        await tx.shifts.save(shift)
        await tx.commit()


async def told(room: Room) -> dict[str, Any]:
    return await room.desk.state()


async def test_before_the_check_the_page_tells_what_there_is_to_watch(
    room: Room,
) -> None:
    assert await told(room) == {
        "state": "waiting",
        "watching": ("Reisepass: Bürgerbüro Ruppertstraße",),
        "whose": "What a shift shows is for its owner alone.",
        "trouble": "",
    }


async def test_a_passed_check_opens_a_shift_and_the_page_says_until_when(
    room: Room,
) -> None:
    await room.passes()
    state = await told(room)
    assert (state["state"], state["text"]) == ("open", "Shift open until 12:04:55.")
    assert state["more"].startswith("Not asked yet.")


async def test_it_says_what_came_of_it(room: Room) -> None:
    await room.passes()
    assert room.desk.shift is not None
    shift = room.desk.shift.heard(NOON)
    await keep(room, shift)
    state = await told(room)
    assert state["more"] == (
        "The city was asked once, the last time at 12:00:00. Nothing that suits so far."
    )
    async with room.store.begin() as tx:
        for kind in (Kind.FOUND, Kind.BOOKING, Kind.CONFIRMED):
            await tx.notifications.save(a_notification(room.user, kind=kind))
        await tx.commit()
    assert (await told(room))["more"].endswith("Messages to you: 2.")


async def test_it_says_when_the_city_cannot_be_asked(room: Room) -> None:
    await room.passes()
    assert room.desk.shift is not None
    await keep(room, room.desk.shift.heard(NOON).heard(NOON, "connection refused"))
    assert "connection refused" in (await told(room))["more"]


async def test_many_questions_are_counted(room: Room) -> None:
    await room.passes()
    assert room.desk.shift is not None
    await keep(room, room.desk.shift.heard(NOON).heard(NOON))
    assert "asked 2 times" in (await told(room))["more"]


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("", "Its time is over."),
        (RENEWED, "You have opened another one."),
        ("captchaInvalid", "The city takes this check no more."),
    ],
)
async def test_it_says_why_it_is_over(room: Room, reason: str, why: str) -> None:
    await room.passes()
    assert room.desk.shift is not None
    if reason:
        await keep(room, room.desk.shift.end(NOON, reason))
    else:
        await room.clock.advance(300)
    state = await told(room)
    assert state["state"] == "over"
    assert state["text"].startswith(f"The shift is over. {why}")


async def test_one_check_is_enough(room: Room) -> None:
    await room.passes()
    with pytest.raises(IllegalTransition, match="passed already"):
        await room.desk.challenge()
    with pytest.raises(IllegalTransition):
        await room.desk.hand_in("more")
    assert room.check.handed_out == 1


async def test_a_check_that_was_not_passed_can_be_tried_again(room: Room) -> None:
    with pytest.raises(CheckFailed):
        await room.desk.hand_in("nothing")
    await room.passes()
    assert (await told(room))["state"] == "open"


async def test_what_the_city_says_against_it_is_kept_for_the_page(room: Room) -> None:
    room.check.trouble = SiteUnreachable("no check today")
    with pytest.raises(SiteUnreachable):
        await room.desk.challenge()
    assert (await told(room))["trouble"] == "no check today"


async def test_nobody_waits_for_ever_for_a_click(room: Room) -> None:
    started = room.clock.now()
    assert await room.desk.wait_until_over(PATIENCE) is None
    assert room.clock.now() - started == timedelta(seconds=PATIENCE)


async def test_the_end_is_waited_for() -> None:
    room = Room(clock=FakeClock())
    await room.moves_in()
    waiting = asyncio.create_task(room.desk.wait_until_over(PATIENCE))
    await room.clock.advance(5)
    await room.passes()
    await room.clock.advance(290)
    assert not waiting.done()
    await room.clock.advance(10)
    held = await waiting
    assert held is not None
    assert held.user == room.user.id


def test_times_are_munichs() -> None:
    assert in_munich(NOON) == "12:00:00"
