"""What every store must do with openings, and with who was told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from mta_core.domain.availability import DateWindow, Opening, day_of
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import StorageConflict
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    a_service_set,
    a_slot,
    a_window,
    an_id,
    an_opening,
)
from mta_core.testing.clock import NOON
from tests.contracts.storing import (
    save_openings,
    stored_notification,
    stored_opening,
    stored_user,
    tell,
)


async def _open(
    store: UnitOfWork,
    *offices: OfficeId,
    services: ServiceSet | None = None,
    days: DateWindow | None = None,
) -> set[Opening]:
    async with store.snapshot() as tx:
        found = await tx.openings.open_at(
            services or a_service_set(), offices or (PASING,), days or a_window()
        )
    assert len(found) == len(set(found))
    return set(found)


class OpeningsContract:
    """Slots seen free."""

    async def test_every_field_of_an_opening_comes_back(
        self, store: UnitOfWork
    ) -> None:
        opening = await stored_opening(
            store,
            first_seen=NOON - timedelta(microseconds=1),
            absent_since=NOON + timedelta(seconds=6),
            absences=1,
        )
        async with store.snapshot() as tx:
            (found,) = await tx.openings.some([opening.id])
        assert found == opening
        assert found.slot.start.utcoffset() == timedelta(0)

    async def test_what_is_not_stored_is_left_out(self, store: UnitOfWork) -> None:
        opening = await stored_opening(store)
        async with store.snapshot() as tx:
            assert list(await tx.openings.some([an_id(), opening.id])) == [opening]
            assert not await tx.openings.some([])

    async def test_saving_again_overwrites(self, store: UnitOfWork) -> None:
        opening, other = await stored_opening(store), an_opening(a_slot(minutes=15))
        missed = opening.missed(NOON + timedelta(seconds=6))
        await save_openings(store, missed, other)
        assert await _open(store) == {missed, other}

    async def test_saving_none_is_harmless(self, store: UnitOfWork) -> None:
        await save_openings(store)
        assert not await _open(store)

    async def test_a_gone_one_is_not_open_but_stored(self, store: UnitOfWork) -> None:
        opening = await stored_opening(store)
        gone = opening.missed(NOON).missed(NOON)
        await save_openings(store, gone)
        assert gone.gone_at is not None
        assert not await _open(store)
        async with store.snapshot() as tx:
            assert list(await tx.openings.some([gone.id])) == [gone]

    async def test_a_slot_may_open_again(self, store: UnitOfWork) -> None:
        first = await stored_opening(store)
        await save_openings(store, first.missed(NOON).missed(NOON))
        second = an_opening(first.slot)
        await save_openings(store, second)
        assert await _open(store) == {second}

    async def test_only_the_asked_offices_count(self, store: UnitOfWork) -> None:
        here = an_opening(a_slot(office=PASING))
        there = an_opening(a_slot(office=ORLEANSPLATZ))
        elsewhere = an_opening(a_slot(office=OfficeId(7)))
        await save_openings(store, here, there, elsewhere)
        assert await _open(store, PASING) == {here}
        assert await _open(store, PASING, ORLEANSPLATZ) == {here, there}

    async def test_only_the_very_same_services_count(self, store: UnitOfWork) -> None:
        sets = (
            a_service_set(RESIDENCE),
            a_service_set(PASSPORT),
            a_service_set(RESIDENCE, PASSPORT),
            ServiceSet.of({RESIDENCE: 2}),
            ServiceSet.of([ServiceId(RESIDENCE * 10)]),
        )
        openings = [an_opening(a_slot(services=services)) for services in sets]
        await save_openings(store, *openings)
        for services, opening in zip(sets, openings, strict=True):
            assert await _open(store, services=services) == {opening}

    async def test_both_ends_of_the_window_count(self, store: UnitOfWork) -> None:
        openings = [an_opening(a_slot(days)) for days in range(1, 6)]
        await save_openings(store, *openings)
        assert await _open(store, days=a_window(2, 4)) == set(openings[1:4])

    async def test_days_are_those_of_munich(self, store: UnitOfWork) -> None:
        # Half past midnight in Munich, in summer and in winter.
        summer = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
        winter = datetime(2026, 12, 14, 23, 30, tzinfo=UTC)
        for start in (summer, winter):
            opening = await stored_opening(store, slot=a_slot(start=start))
            day = day_of(start)
            assert day.day == 15
            eve = day - timedelta(days=1)
            assert await _open(store, days=DateWindow(day, day)) == {opening}
            assert not await _open(store, days=DateWindow(eve, eve))


class ToldContract:
    """Who was told of what."""

    async def test_telling_is_remembered(self, store: UnitOfWork) -> None:
        letter = await stored_notification(store)
        one, two, untold = [await stored_opening(store) for _ in range(3)]
        await tell(store, letter, one, two)
        every = [one.id, two.id, untold.id]
        async with store.snapshot() as tx:
            assert await tx.openings.told(every) == {
                (letter.user, one.id),
                (letter.user, two.id),
            }
            assert await tx.openings.told([two.id]) == {(letter.user, two.id)}
            assert await tx.openings.told([]) == set()

    async def test_what_a_notification_tells_of(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        first, second = [await stored_notification(store, user) for _ in range(2)]
        one, two, three = [await stored_opening(store) for _ in range(3)]
        await tell(store, first, one, two)
        await tell(store, second, three)
        async with store.snapshot() as tx:
            assert set(await tx.openings.told_by(first.id)) == {one, two}
            assert set(await tx.openings.told_by(second.id)) == {three}
            assert not await tx.openings.told_by(an_id())

    async def test_what_is_told_is_as_it_stands_now(self, store: UnitOfWork) -> None:
        letter, opening = await stored_notification(store), await stored_opening(store)
        await tell(store, letter, opening)
        gone = attrs.evolve(opening, gone_at=NOON)
        await save_openings(store, gone)
        async with store.snapshot() as tx:
            assert list(await tx.openings.told_by(letter.id)) == [gone]

    async def test_nobody_is_told_twice(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        first, second = [await stored_notification(store, user) for _ in range(2)]
        old, new = await stored_opening(store), await stored_opening(store)
        await tell(store, first, old)
        with pytest.raises(StorageConflict):
            await tell(store, second, new, old)
        async with store.snapshot() as tx:
            assert await tx.openings.told([old.id, new.id]) == {(user.id, old.id)}

    async def test_several_citizens_may_be_told_of_one_opening(
        self, store: UnitOfWork
    ) -> None:
        letters = [await stored_notification(store) for _ in range(2)]
        opening = await stored_opening(store)
        for letter in letters:
            await tell(store, letter, opening)
        async with store.snapshot() as tx:
            told = await tx.openings.told([opening.id])
        assert told == {(letter.user, opening.id) for letter in letters}

    async def test_telling_of_nothing_is_harmless(self, store: UnitOfWork) -> None:
        letter = await stored_notification(store)
        await tell(store, letter)
        async with store.snapshot() as tx:
            assert not await tx.openings.told_by(letter.id)
