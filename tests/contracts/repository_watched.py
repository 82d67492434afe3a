"""What every store must do with answers, and with what appeared between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.history import Appearance
from mta_core.domain.watched import KEPT, WatchedHour, hour_of
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    a_service_set,
    a_slot,
    an_opening,
)
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import save_openings, stored_opening

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOTH = frozenset({PASING, ORLEANSPLATZ})
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def _note(
    store: UnitOfWork,
    *moments: datetime,
    offices: Iterable[OfficeId] = BOTH,
    services: ServiceSet | None = None,
) -> None:
    async with store.begin() as tx:
        for at in moments:
            await tx.watched.note(services or a_service_set(), offices, at)
        await tx.commit()


async def _hours(
    store: UnitOfWork, since: datetime = LONG_AGO, services: ServiceSet | None = None
) -> list[WatchedHour]:
    async with store.snapshot() as tx:
        return list(await tx.watched.hours(services or a_service_set(), since))


class WatchedContract:
    """In which minutes answers came."""

    async def test_at_first_nothing_was_watched(self, store: UnitOfWork) -> None:
        assert await _hours(store) == []

    async def test_an_answer_is_noted(self, store: UnitOfWork) -> None:
        await _note(store, NOON + 59.9 * MINUTE)
        assert await _hours(store) == [WatchedHour(BOTH, NOON, 1 << 59)]

    async def test_answers_of_an_hour_are_noted_together(
        self, store: UnitOfWork
    ) -> None:
        for minutes in (3, 0, 3.5):
            await _note(store, NOON + minutes * MINUTE)
        assert await _hours(store) == [WatchedHour(BOTH, NOON, 0b1001)]

    async def test_the_earliest_hour_is_first(self, store: UnitOfWork) -> None:
        await _note(store, NOON + HOUR, NOON - HOUR, NOON)
        hours = [each.hour for each in await _hours(store)]
        assert hours == [NOON - HOUR, NOON, NOON + HOUR]
        assert hours[0].utcoffset() == timedelta(0)

    async def test_the_hour_of_a_moment_counts_as_a_whole(
        self, store: UnitOfWork
    ) -> None:
        await _note(store, NOON - MINUTE, NOON + MINUTE)
        found = await _hours(store, since=NOON + 30 * MINUTE)
        assert [each.hour for each in found] == [NOON]

    async def test_questions_for_other_offices_are_apart(
        self, store: UnitOfWork
    ) -> None:
        await _note(store, NOON)
        await _note(store, NOON + MINUTE, offices=[PASING])
        found = {each.offices: each.minutes for each in await _hours(store)}
        assert found == {BOTH: 0b01, frozenset({PASING}): 0b10}

    async def test_questions_for_other_services_are_apart(
        self, store: UnitOfWork
    ) -> None:
        both = a_service_set(RESIDENCE, PASSPORT)
        await _note(store, NOON)
        await _note(store, NOON + MINUTE, services=both)
        assert [each.minutes for each in await _hours(store)] == [0b01]
        assert [each.minutes for each in await _hours(store, services=both)] == [0b10]

    async def test_what_is_too_old_is_dropped(self, store: UnitOfWork) -> None:
        await _note(store, NOON - KEPT - HOUR, NOON - KEPT)
        assert len(await _hours(store)) == 2
        await _note(store, NOON)
        assert [each.hour for each in await _hours(store)] == [NOON - KEPT, NOON]

    async def test_what_is_not_committed_was_not_watched(
        self, store: UnitOfWork
    ) -> None:
        async with store.begin() as tx:
            await tx.watched.note(a_service_set(), BOTH, NOON)
        assert await _hours(store) == []

    @inherited
    @given(st.lists(st.integers(0, 5 * 3600), min_size=1, max_size=12))
    async def test_every_answer_is_found_in_its_minute(
        self, store: UnitOfWork, seconds: list[int]
    ) -> None:
        moments = [NOON + timedelta(seconds=each) for each in seconds]
        await _note(store, *moments)
        hours = {each.hour: each.minutes for each in await _hours(store)}
        assert all(hours[hour_of(m)] >> m.minute & 1 for m in moments)


class AppearedContract:
    """What appeared, and no more of it than the history needs."""

    async def test_every_kind_of_opening_comes_back(self, store: UnitOfWork) -> None:
        fresh = an_opening(first_seen=NOON + 0.999999 * timedelta(seconds=1))
        once = attrs.evolve(fresh, last_seen=fresh.first_seen)
        openings = [
            once,
            an_opening(a_slot(office=ORLEANSPLATZ), last_seen=NOON + MINUTE),
            an_opening(last_seen=NOON + MINUTE, gone_at=NOON + 2 * MINUTE),
            an_opening(gone_at=NOON + MINUTE),
        ]
        await save_openings(store, *openings)
        found = await self._appeared(store, NOON)
        assert found == {Appearance.of(opening) for opening in openings}
        assert len(found) == 4
        for each in found:
            assert (type(each.gone), type(each.again)) == (bool, bool)

    async def test_only_those_since_a_moment(self, store: UnitOfWork) -> None:
        await stored_opening(store, first_seen=NOON - timedelta(microseconds=1))
        opening = await stored_opening(store)
        assert await self._appeared(store, NOON) == {Appearance.of(opening)}

    async def test_only_those_of_the_very_same_services(
        self, store: UnitOfWork
    ) -> None:
        both = a_service_set(RESIDENCE, PASSPORT)
        await save_openings(store, an_opening(a_slot(services=both)))
        assert not await self._appeared(store, NOON)

    async def test_as_many_as_there_are(self, store: UnitOfWork) -> None:
        openings = [an_opening(a_slot(minutes=n)) for n in range(120)]
        await save_openings(store, *openings)
        async with store.snapshot() as tx:
            assert len(await tx.openings.appeared(a_service_set(), NOON)) == 120

    @staticmethod
    async def _appeared(store: UnitOfWork, since: datetime) -> set[Appearance]:
        async with store.snapshot() as tx:
            return set(await tx.openings.appeared(a_service_set(), since))
