"""One live booking per citizen, service and lane, whoever tries at the same time."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import attrs
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import StorageConflict
from mta_core.domain.subscriptions import Subscription
from mta_core.testing.builders import (
    PASSPORT,
    RESIDENCE,
    a_booking,
    a_service_set,
    a_slot,
)
from tests.contracts.storing import (
    save_booking,
    stored_booking,
    stored_subscription,
)

pytestmark = pytest.mark.integration

OpenEngine = Callable[..., AsyncEngine]
OVERLAPPING = (
    a_service_set(RESIDENCE),
    a_service_set(RESIDENCE, PASSPORT),
    ServiceSet.of({RESIDENCE: 2}),
)
_TRY = """
import asyncio, sys
from uuid import UUID, uuid4
from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, make_engine
from mta_core.domain.bookings import Lane
from mta_core.domain.errors import StorageConflict
from mta_core.testing.builders import a_booking

async def attempt(store, user, wish, lane):
    booking = a_booking(id=uuid4(), user=user, subscription=wish, lane=lane)
    try:
        async with store.begin() as tx:
            await tx.bookings.save(booking)
            await tx.commit()
    except StorageConflict:
        return
    print(lane.value, flush=True)

async def main():
    path, user, wish = sys.argv[1:]
    engine = make_engine(path)
    store = SqlStore(engine, AesCipher(bytes(range(32))), "city")
    sys.stdin.readline()
    lanes = [*Lane] * 4
    await asyncio.gather(
        *(attempt(store, UUID(user), UUID(wish), lane) for lane in lanes)
    )
    await engine.dispose()

asyncio.run(main())
"""


async def _attempt(store: SqlStore, booking: Booking) -> Booking | None:
    """Try to be the one; None if somebody else was."""
    try:
        return await save_booking(store, booking)
    except StorageConflict:
        return None


def _bookings(wish: Subscription, count: int, lane: Lane) -> list[Booking]:
    """Bookings for sets of services that share one, each at another slot."""
    return [
        a_booking(
            wish,
            lane=lane,
            slot=a_slot(1 + number, services=OVERLAPPING[number % len(OVERLAPPING)]),
        )
        for number in range(count)
    ]


async def _live(store: SqlStore, user: UUID) -> Counter[Lane]:
    async with store.snapshot() as tx:
        found = await tx.bookings.of(user)
        claims = {
            lane
            for lane in Lane
            if await tx.bookings.claimed([user], a_service_set(RESIDENCE), lane)
        }
    live = Counter(booking.lane for booking in found if not booking.ended)
    assert claims == live.keys()
    return live


async def test_of_many_tasks_on_many_engines_one_wins_each_lane(
    path: Path, store: SqlStore, cipher: AesCipher, open_engine: OpenEngine
) -> None:
    wish = await stored_subscription(store)
    stores = [SqlStore(open_engine(path), cipher, store.city) for _ in range(3)]
    tries = [
        _attempt(stores[number % len(stores)], booking)
        for lane in Lane
        for number, booking in enumerate(_bookings(wish, 12, lane))
    ]
    won = [saved for saved in await asyncio.gather(*tries) if saved is not None]
    assert sorted(booking.lane.value for booking in won) == ["main", "swap"]
    assert await _live(store, wish.user) == {Lane.MAIN: 1, Lane.SWAP: 1}


async def test_of_many_processes_one_wins_each_lane(
    path: Path, store: SqlStore
) -> None:
    wish = await stored_subscription(store)
    names = [str(path), str(wish.user), str(wish.id)]
    said = await asyncio.to_thread(_run_at_once, names)
    assert [errors for _, errors in said] == ["", "", ""]
    assert sorted("".join(out for out, _ in said).split()) == ["main", "swap"]
    assert await _live(store, wish.user) == {Lane.MAIN: 1, Lane.SWAP: 1}


def _run_at_once(names: list[str]) -> list[tuple[str, str]]:
    """Let three processes try; return what they printed, and what they complained."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _TRY, *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return [child.communicate() for child in children]


async def test_citizens_do_not_stand_in_one_anothers_way(
    path: Path, store: SqlStore, cipher: AesCipher, open_engine: OpenEngine
) -> None:
    wishes = [await stored_subscription(store) for _ in range(4)]
    stores = [SqlStore(open_engine(path), cipher, store.city) for _ in range(2)]
    tries = [
        _attempt(stores[number % len(stores)], booking)
        for wish in wishes
        for number, booking in enumerate(_bookings(wish, 4, Lane.MAIN))
    ]
    won = [saved for saved in await asyncio.gather(*tries) if saved is not None]
    assert {booking.user for booking in won} == {wish.user for wish in wishes}
    assert len(won) == len(wishes)


async def test_while_a_swap_takes_over_nobody_else_gets_its_place(
    path: Path, store: SqlStore, cipher: AesCipher, open_engine: OpenEngine
) -> None:
    """The main booking ends and its swap takes over in one transaction."""
    wish = await stored_subscription(store)
    main = await stored_booking(store, wish, slot=a_slot(9))
    swap = await stored_booking(store, wish, lane=Lane.SWAP, replaces=main.id)
    others = [SqlStore(open_engine(path), cipher, store.city) for _ in range(3)]

    async def take_over() -> None:
        async with store.begin() as tx:
            ended = attrs.evolve(main, state=BookingState.CANCELLED, due_at=None)
            await tx.bookings.save(ended)
            await asyncio.sleep(0)  # let the others try in the middle of it
            await tx.bookings.save(swap.take_over())
            await tx.commit()

    rivals = [
        _attempt(others[number % len(others)], booking)
        for number, booking in enumerate(_bookings(wish, 9, Lane.MAIN))
    ]
    _, *won = await asyncio.gather(take_over(), *rivals)
    assert won == [None] * 9
    assert await _live(store, wish.user) == {Lane.MAIN: 1}


async def test_a_try_that_loses_leaves_no_trace(store: SqlStore, path: Path) -> None:
    wish = await stored_subscription(store)
    winner = await stored_booking(store, wish)
    assert await _attempt(store, a_booking(wish)) is None
    with closing(sqlite3.connect(path)) as connection:
        bookings = connection.execute("SELECT id FROM bookings").fetchall()
        claims = connection.execute("SELECT lane, booking_id FROM live_claims")
        assert bookings == [(winner.id.hex,)]
        assert claims.fetchall() == [("main", winner.id.hex)]
