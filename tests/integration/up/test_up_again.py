"""`mta up` started again: it goes on with what an earlier one has left."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.calls import Call, Pending
from mta_core.domain.errors import Answer
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Mode
from mta_core.testing import a_booking
from mta_entrypoints.settings import Settings
from tests.integration.cli.household import a_start
from tests.integration.up.running_up import Citizens, Up, a_slot

pytestmark = pytest.mark.integration

SECOND = timedelta(seconds=1)


async def test_after_a_stop_it_can_be_started_again(up: Up, settings: Settings) -> None:
    for each in (up, Up(settings)):
        async with each.running():
            pass
    assert (settings.data_dir / "up.lock").read_text() == str(os.getpid())


async def test_what_was_decided_before_is_booked_after_a_restart(
    up: Up, people: Citizens
) -> None:
    wish = await people.wait_for(Mode.BOOK)
    await people.free(a_start(23))
    earlier = datetime.now(UTC) - 10 * SECOND
    await people.save(
        a_booking(
            wish,
            slot=a_slot(a_start(23)),
            seen_at=earlier,
            requested_at=earlier,
            due_at=earlier,
        )
    )
    async with up.running():
        booking = await people.booked(wish, BookingState.PRECONFIRMED)
    assert booking.slot == a_slot(a_start(23))


async def test_a_call_that_was_out_when_it_died_is_looked_into(
    up: Up, people: Citizens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died between the answer to "update" and noting it."""
    monkeypatch.setattr("mta_core.domain.bookings.DOUBT_PAUSE", timedelta(0))
    wish = await people.wait_for(Mode.BOOK)
    await people.free(a_start(24))
    site, slot = people.container.site(), a_slot(a_start(24))
    appointment = await site.reserve(slot)
    died = datetime.now(UTC) - 20 * SECOND
    left = await people.save(
        a_booking(
            wish,
            slot=slot,
            state=BookingState.RESERVED,
            held=appointment.held,
            seen_at=died,
            requested_at=died,
            reserved_at=died,
            preconfirm_by=died + timedelta(minutes=15),
            open_by=died + timedelta(minutes=30),
            pending=Pending(Call.UPDATE, died, died + 15 * SECOND),
            due_at=died + 15 * SECOND,
        )
    )

    async with up.running():
        booking = await people.booked(wish, BookingState.PRECONFIRMED)

    assert booking.id == left.id
    assert booking.held == appointment.held
    async with people.container.store().snapshot() as tx:
        records = await tx.bookings.calls(left.id)
    assert [(record.call, record.answer) for record in records] == [
        (Call.UPDATE, Answer.UNKNOWN),
        (Call.LOOK, Answer.DONE),
        (Call.UPDATE, Answer.DONE),
        (Call.PRECONFIRM, Answer.DONE),
    ]


async def test_a_reserve_that_was_out_when_it_died_is_never_sent_again(
    up: Up, people: Citizens
) -> None:
    wish = await people.wait_for(Mode.BOOK)
    slot = a_slot(a_start(25))
    reserves = await people.asked("reserve-appointment")
    died = datetime.now(UTC) - 20 * SECOND
    left = await people.save(
        a_booking(
            wish,
            slot=slot,
            state=BookingState.RESERVING,
            seen_at=died,
            requested_at=died,
            pending=Pending(Call.RESERVE, died, died + 15 * SECOND),
            due_at=died + 15 * SECOND,
        )
    )

    async with up.running():
        booking = await people.booked(wish, BookingState.FAILED)
        [message] = await people.told(wish)

    assert booking.id == left.id
    assert booking.orphan_until is not None
    assert message.kind is Kind.FAILED
    assert await people.asked("reserve-appointment") == reserves


async def test_a_mail_that_was_opened_in_silence_is_noticed_at_half_time(
    up: Up, people: Citizens
) -> None:
    async with up.running():
        wish = await people.wait_for(Mode.BOOK)
        await people.free(a_start(26))
        booking = await people.booked(wish, BookingState.PRECONFIRMED)
        assert booking.due_at == booking.half_time
        assert booking.held is not None
        await people.confirm(booking.held)

        await people.save(attrs.evolve(booking, due_at=datetime.now(UTC)))

        await people.booked(wish, BookingState.CONFIRMED)
