"""`mta up`: everything in one process, against a practice city."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import InvalidValue, StorageUnavailable
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Mode, Wishes
from mta_entrypoints.cli import output
from mta_entrypoints.cli.main import run as mta
from mta_entrypoints.settings import Settings
from mta_entrypoints.up.main import run
from tests.integration.cli.household import NAME, a_start
from tests.integration.up.running_up import Citizens, Up, until

pytestmark = pytest.mark.integration

SECOND = timedelta(seconds=1)
CALENDAR = "available-calendar"


async def test_it_tells_and_books_what_it_sees(up: Up, people: Citizens) -> None:
    async with up.running():
        teller = await people.wait_for(Mode.TELL)
        booker = await people.wait_for(Mode.BOOK)
        await people.free(a_start(20), a_start(20) + 3600)  # one each

        [found] = await people.told(teller)
        booking = await people.booked(booker, BookingState.PRECONFIRMED)
        messages = await people.told(booker, 2)

    assert found.kind is Kind.FOUND
    assert booking.slot not in found.slots
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
    left = [
        each
        for each in set(threading.enumerate()) - threads
        if not each.name.startswith("asyncio_")  # those of the test's own loop
    ]
    for thread in left:
        await asyncio.to_thread(thread.join, 5)
    assert not [thread for thread in left if thread.is_alive()]


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
