"""The disk is full in the middle of a booking: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import resource
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import Answer
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Mode, Subscription
from mta_core.use_cases import calls, relay
from mta_entrypoints.settings import Settings
from tests.integration.cli.household import a_start
from tests.integration.up.full_disk import Disk, a_process, no_file_may_grow
from tests.integration.up.running_up import Citizens, Up, until

pytestmark = pytest.mark.integration

FULL = "The disk is full"
RESERVE = "reserve-appointment"
UPDATE = "update-appointment"
PRECONFIRM = "preconfirm-appointment"


@pytest.fixture
def disk(people: Citizens, settings: Settings) -> Iterator[Disk]:
    """The disk under everything that this process does; there is room yet."""
    assert people.container.settings() is settings
    disk = Disk(settings.database)
    with disk.in_use():
        yield disk


@pytest.fixture(autouse=True)
def _haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was tried in vain be tried again soon."""
    monkeypatch.setattr(calls, "SAVE_AGAIN", 0.05)
    monkeypatch.setattr(relay, "PATIENCE", timedelta(seconds=0.3))
    monkeypatch.setattr("mta_entrypoints.watcher.main.AFTER_TROUBLE", 0.1)
    monkeypatch.setattr("mta_core.domain.bookings.DOUBT_PAUSE", timedelta(0))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """What was logged so far, by MTA and by its libraries."""
    with capture_logs() as logged:
        yield lambda: f"{caplog.text} {logged}"


async def booked(people: Citizens, wish: Subscription, days: int) -> Booking:
    """Wait for the city's mail, and look that all is as it would be on a larger disk."""
    booking = await people.booked(wish, BookingState.PRECONFIRMED)
    assert booking.slot.start.timestamp() == a_start(days)
    assert booking.held is not None
    [at_city] = [
        each
        for each in await people.ask("appointments")
        if each["timestamp"] == booking.slot.start.timestamp()
    ]
    assert str(at_city["processId"]) == str(booking.held.process_id)
    assert at_city["status"] == "preconfirmed"
    return booking


async def answers(people: Citizens, booking: Booking) -> list[tuple[Call, Answer]]:
    """Read which calls were made for a booking, and what is known of them."""
    async with people.container.store().snapshot() as tx:
        return [(c.call, c.answer) for c in await tx.bookings.calls(booking.id)]


STRAIGHT = [
    (Call.RESERVE, Answer.DONE),
    (Call.UPDATE, Answer.DONE),
    (Call.PRECONFIRM, Answer.DONE),
]


async def test_what_was_seen_is_seen_again_when_there_is_room(
    up: Up, people: Citizens, disk: Disk, log: Callable[[], str]
) -> None:
    disk.hinder("AFTER INSERT ON bookings")
    wish = await people.wait_for(Mode.BOOK)
    disk.fill()
    async with up.running():
        await people.free(a_start(30))

        await until(told(log, "watch_failed", FULL))
        assert not await people.bookings(wish)
        assert await people.asked(RESERVE) == 0
        disk.free()

        booking = await booked(people, wish, 30)
    assert await answers(people, booking) == STRAIGHT


async def test_a_call_that_cannot_be_recorded_is_not_sent(
    up: Up, people: Citizens, disk: Disk, log: Callable[[], str]
) -> None:
    disk.hinder("AFTER UPDATE ON bookings WHEN NEW.pending_call = 'reserve'")
    before = await people.asked(RESERVE)
    wish = await people.wait_for(Mode.BOOK)
    disk.fill()
    async with up.running():
        await people.free(a_start(31))

        await until(told(log, "StorageUnavailable", FULL))
        [waiting] = await people.bookings(wish)
        assert waiting.state is BookingState.REQUESTED
        assert await people.asked(RESERVE) == before
        disk.free()

        booking = await booked(people, wish, 31)
    assert booking.id == waiting.id
    assert await people.asked(RESERVE) == before + 1
    assert await answers(people, booking) == STRAIGHT


@pytest.mark.parametrize("call", ["reserve", "update", "preconfirm"])
async def test_an_answer_that_cannot_be_recorded_waits_for_room(
    up: Up, people: Citizens, disk: Disk, call: str
) -> None:
    disk.hinder(f"AFTER INSERT ON booking_calls WHEN NEW.call = '{call}'")
    before = await people.asked(f"{call}-appointment")
    days = 32 + ["reserve", "update", "preconfirm"].index(call)
    wish = await people.wait_for(Mode.BOOK)
    disk.fill()
    async with up.running():
        await people.free(a_start(days))

        async def refused() -> bool:
            return disk.refused > 2

        await until(refused)
        [waiting] = await people.bookings(wish)
        assert waiting.pending is not None
        disk.free()

        booking = await booked(people, wish, days)
        told = await people.told(wish, 2)
    assert await answers(people, booking) == STRAIGHT
    assert await people.asked(f"{call}-appointment") == before + 1
    assert {each.kind for each in told} == {Kind.BOOKING, Kind.OPEN_MAIL}


@pytest.mark.parametrize(
    ("call", "known"),
    [
        # May be repeated: the city only learns the same again.
        ("update", [(Call.UPDATE, Answer.DONE), (Call.PRECONFIRM, Answer.DONE)]),
        # Is not repeated: the look tells that it was done.
        ("preconfirm", []),
    ],
)
async def test_a_doubt_that_a_full_disk_has_left_is_resolved(
    up: Up,
    people: Citizens,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    known: list[tuple[Call, Answer]],
) -> None:
    """There was no room until MTA gave up to record the answer."""
    monkeypatch.setattr(calls, "SAVE_TRIES", 2)
    monkeypatch.setattr(calls, "LEASE", timedelta(seconds=0.5))
    disk.hinder(f"AFTER INSERT ON booking_calls WHEN NEW.call = '{call}'")
    before = await people.asked(PRECONFIRM)
    days = 35 + ["update", "preconfirm"].index(call)
    wish = await people.wait_for(Mode.BOOK)
    disk.fill()
    async with up.running():
        await people.free(a_start(days))
        await until(lease_over(people, wish))
        disk.free()
        booking = await booked(people, wish, days)
    lost = (Call(call), Answer.UNKNOWN)
    made = await answers(people, booking)
    assert made[made.index(lost) :] == [lost, (Call.LOOK, Answer.DONE), *known]
    assert await people.asked(PRECONFIRM) == before + 1


async def test_a_reservation_whose_keys_a_full_disk_has_lost_is_told_of(
    up: Up, people: Citizens, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was no room until MTA gave up to record the answer."""
    monkeypatch.setattr(calls, "SAVE_TRIES", 2)
    monkeypatch.setattr(calls, "LEASE", timedelta(seconds=0.5))
    disk.hinder("AFTER INSERT ON booking_calls WHEN NEW.call = 'reserve'")
    before = await people.asked(RESERVE)
    wish = await people.wait_for(Mode.BOOK)
    disk.fill()
    async with up.running():
        await people.free(a_start(37))
        await until(lease_over(people, wish))
        disk.free()
        booking = await people.booked(wish, BookingState.FAILED)
        told = await people.told(wish, 2)
    assert booking.orphan_until is not None
    assert await answers(people, booking) == [(Call.RESERVE, Answer.UNKNOWN)]
    assert await people.asked(RESERVE) == before + 1
    assert {each.kind for each in told} == {Kind.BOOKING, Kind.FAILED}


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux limits a running process"
)
async def test_a_whole_process_lives_through_a_full_disk(
    people: Citizens, settings: Settings
) -> None:
    """Everything that `mta up` writes fails while the city answers a call."""
    wish = await people.wait_for(Mode.BOOK)
    before = await people.asked(UPDATE)
    slow = {"route": UPDATE, "kind": "delay", "when": "after", "seconds": 2}
    (await people.web.post("/practice/faults", json=slow)).raise_for_status()
    with a_process("up") as (process, shown):
        await until(told(shown, "watches"))
        await people.free(a_start(38))

        async def called() -> bool:
            return any(
                each.pending is not None and each.pending.call is Call.UPDATE
                for each in await people.bookings(wish)
            )

        await until(called)
        size = settings.database.with_name("mta.sqlite-wal").stat().st_size
        with no_file_may_grow(process, size):
            await until(told(shown, "_failed", "The disk failed to read or write"))
        booking = await booked(people, wish, 38)
    assert await answers(people, booking) == STRAIGHT
    assert await people.asked(UPDATE) == before + 1
    assert "Traceback" not in shown()


def told(
    log: Callable[[], str], *words: str
) -> Callable[[], Coroutine[None, None, bool]]:
    """Whether all these words were logged."""

    async def find() -> bool:
        text = log()
        return all(word in text for word in words)

    return find


def lease_over(
    people: Citizens, wish: Subscription
) -> Callable[[], Coroutine[None, None, bool]]:
    """Whether a call is out that nobody waits for any more."""

    async def find() -> bool:
        now = datetime.now(UTC)
        return any(each.lease_over(now) for each in await people.bookings(wish))

    return find
