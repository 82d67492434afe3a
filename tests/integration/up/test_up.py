"""`mta up`: everything in one process, against a practice city."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.bookings import BookingState
from mta_core.domain.calls import Call, Pending
from mta_core.domain.errors import Answer, InvalidValue, StorageUnavailable
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Mode, Wishes
from mta_core.testing import a_booking
from mta_entrypoints.cli import output
from mta_entrypoints.cli.main import run as mta
from mta_entrypoints.settings import Settings
from mta_entrypoints.up.main import run
from mta_practice import Practice
from tests.integration.cli.household import NAME, a_start
from tests.integration.up.running_up import Citizens, Up, a_slot, citizens, until

pytestmark = pytest.mark.integration

SECOND = timedelta(seconds=1)
CALENDAR = "available-calendar"


@pytest.fixture
async def people(settings: Settings, city: Practice) -> AsyncIterator[Citizens]:
    """The citizens of a household."""
    async with citizens(settings, city.url) as people:
        yield people


@pytest.fixture
def up(settings: Settings) -> Up:
    """`mta up`, not started yet."""
    return Up(settings)


async def test_it_tells_and_books_what_it_sees(up: Up, people: Citizens) -> None:
    async with up.running():
        teller = await people.wait_for(Mode.TELL)
        booker = await people.wait_for(Mode.BOOK)
        await people.free(a_start(20))

        [found] = await people.told(teller)
        booking = await people.booked(booker, BookingState.PRECONFIRMED)
        messages = await people.told(booker, 2)

    assert found.kind is Kind.FOUND
    assert {message.kind for message in messages} == {Kind.BOOKING, Kind.OPEN_MAIL}
    assert booking.held is not None
    [at_city] = [
        each
        for each in await people.ask("appointments")
        if str(each["processId"]) == str(booking.held.process_id)
    ]
    assert (at_city["status"], at_city["familyName"]) == ("preconfirmed", NAME)
    shown = up.out.getvalue()
    assert shown.count(">> ") == 3
    assert NAME not in shown
    assert "amira" not in shown


async def test_who_comes_while_it_runs_is_noticed_within_a_second(
    up: Up, people: Citizens
) -> None:
    async with up.running():
        await asyncio.sleep(0.7)  # it has found nobody, more than once
        before = await people.asked(CALENDAR)
        await people.wait_for(Mode.TELL)
        started = time.monotonic()

        async def asked() -> bool:
            return await people.asked(CALENDAR) > before

        await until(asked)
        assert time.monotonic() - started < 2.0


async def test_nobody_waits_and_nothing_is_asked(up: Up, people: Citizens) -> None:
    before = await people.asked(CALENDAR)
    async with up.running():
        await asyncio.sleep(0.7)
    assert await people.asked(CALENDAR) == before


async def test_it_stops_soon_and_leaves_nothing_running(up: Up) -> None:
    threads = set(threading.enumerate())
    async with up.running() as task:
        await asyncio.sleep(0.2)
        started = time.monotonic()
        up.stop.set()
        await task
    assert time.monotonic() - started < 5
    left = {each.name for each in set(threading.enumerate()) - threads}
    assert not {name for name in left if not name.startswith("asyncio_")}


async def test_what_is_under_way_is_finished_before_it_stops(
    up: Up, people: Citizens
) -> None:
    async with up.running() as task:
        wish = await people.wait_for(Mode.BOOK)
        await people.free(a_start(21))

        async def begun() -> bool:
            return bool(await people.bookings(wish))

        await until(begun)
        up.stop.set()
        await task

    [booking] = await people.bookings(wish)
    assert booking.pending is None


async def test_a_second_one_is_refused_and_harms_nothing(
    up: Up, people: Citizens, settings: Settings
) -> None:
    async with up.running() as first:
        with pytest.raises(
            StorageUnavailable, match=rf"Another `mta up` \(process {os.getpid()}\)"
        ):
            await run(settings, asyncio.Event(), out=io.StringIO())
        assert not first.done()
        teller = await people.wait_for(Mode.TELL)
        await people.free(a_start(22))
        await people.told(teller)


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


async def test_a_wish_for_the_end_of_time_does_not_end_it(
    up: Up, people: Citizens
) -> None:
    last = DateWindow(date(9999, 12, 1), date(9999, 12, 31))
    before = await people.asked(CALENDAR)
    async with up.running() as task:
        with_wish = asyncio.create_task(
            people.wait_for(Mode.TELL, Wishes(windows=(last,)))
        )
        await asyncio.wait({with_wish})
        await people.wait_for(Mode.BOOK)

        async def asked() -> bool:
            assert not task.done(), "one wish ended it for all"
            return await people.asked(CALENDAR) > before

        await until(asked)
    if error := with_wish.exception():
        assert isinstance(error, InvalidValue)


async def test_a_bug_ends_it_instead_of_leaving_it_half_alive(
    up: Up, people: Citizens, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("mta_core.use_cases.relay.Relay.__call__", broken)
    with pytest.raises(ExceptionGroup) as caught:
        async with up.running() as task:
            await asyncio.wait({task})
    assert caught.group_contains(RuntimeError, match="a bug")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"master_key": "c2hvcnQ="}, "does not hold a master key"),
        ({"contact": "Jörg"}, "plain ASCII"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_refused_at_the_start(
    settings: Settings, change: dict[str, Any], said: str
) -> None:
    chosen = attrs.evolve(settings, **change)
    with pytest.raises(InvalidValue, match=said):
        await run(chosen, asyncio.Event(), out=io.StringIO())


async def test_a_folder_that_is_none_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    chosen = attrs.evolve(settings, data_dir=Path(__file__))
    with pytest.raises(StorageUnavailable, match="is not a folder"):
        await run(chosen, asyncio.Event(), out=io.StringIO())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_runs_until_a_signal(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    say = output.say

    def said(text: str) -> None:
        say(text)
        os.kill(os.getpid(), number)

    monkeypatch.setattr(output, "say", said)
    with pytest.raises(SystemExit) as ended:
        mta(["up"])

    shown = capsys.readouterr()
    assert ended.value.code == 0
    assert f" watches {settings.city_url} (data in {settings.data_dir})" in shown.out
    events = [json.loads(line)["event"] for line in shown.err.splitlines()]
    assert events[-1] == "worker_stopped"
