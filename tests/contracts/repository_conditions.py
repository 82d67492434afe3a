"""What every store must do with conditions."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.strategies import moments, texts

HOUR = timedelta(hours=1)
OUTAGE = Condition(ConditionName.OUTAGE, CITY, NOON, "No answer.")
QUIET = Condition(ConditionName.QUIET, "1063475", NOON - HOUR, "Nothing free.")

conditions = st.builds(
    Condition,
    name=st.sampled_from(ConditionName),
    about=texts,
    since=moments,
    detail=texts,
    ended_at=st.none() | moments,
    told_at=st.none() | moments,
    over_told_at=st.none() | moments,
)


class ConditionsContract:
    """What is not as it should be, and what was not."""

    @inherited
    @given(drawn=conditions)
    async def test_every_field_of_a_condition_comes_back(
        self, store: UnitOfWork, drawn: Condition
    ) -> None:
        await self._save(store, drawn)
        since = drawn.ended_at or drawn.since
        async with store.begin() as tx:
            assert drawn in await tx.conditions.since(since)
            assert (drawn in await tx.conditions.now()) is (drawn.ended_at is None)

    async def test_those_that_stand_come_oldest_first(self, store: UnitOfWork) -> None:
        await self._save(store, OUTAGE, QUIET, QUIET.ended(NOON))
        slow = attrs.evolve(OUTAGE, name=ConditionName.SLOW, since=NOON - 2 * HOUR)
        await self._save(store, slow)
        async with store.snapshot() as tx:
            assert list(await tx.conditions.now()) == [slow, OUTAGE]

    async def test_one_that_is_saved_again_is_overwritten(
        self, store: UnitOfWork
    ) -> None:
        told = attrs.evolve(OUTAGE, detail="Still none.", told_at=NOON)
        await self._save(store, OUTAGE, told)
        async with store.snapshot() as tx:
            assert list(await tx.conditions.now()) == [told]

    async def test_the_same_again_is_another_one(self, store: UnitOfWork) -> None:
        before, again = OUTAGE.ended(NOON + HOUR), attrs.evolve(
            OUTAGE, since=NOON + HOUR
        )
        await self._save(store, before, again)
        async with store.snapshot() as tx:
            assert list(await tx.conditions.now()) == [again]
            assert list(await tx.conditions.since(NOON)) == [before, again]

    @pytest.mark.parametrize(
        ("moment", "found"), [(NOON, True), (NOON + timedelta(microseconds=1), False)]
    )
    async def test_what_stood_is_found_by_its_end(
        self, store: UnitOfWork, moment: datetime, found: bool
    ) -> None:
        await self._save(store, QUIET.ended(NOON))
        async with store.snapshot() as tx:
            assert bool(await tx.conditions.since(moment)) is found

    async def test_what_ended_long_ago_is_forgotten(self, store: UnitOfWork) -> None:
        old = [
            attrs.evolve(QUIET, about=str(number)).ended(NOON - HOUR)
            for number in (1, 2)
        ]
        young = QUIET.ended(NOON)
        await self._save(store, OUTAGE, young, *old)
        async with store.begin() as tx:
            assert await tx.conditions.forget(NOON) == 2
            assert await tx.conditions.forget(NOON) == 0
            assert list(await tx.conditions.since(NOON - 9 * HOUR)) == [young, OUTAGE]

    @staticmethod
    async def _save(store: UnitOfWork, *conditions: Condition) -> None:
        async with store.begin() as tx:
            for condition in conditions:
                await tx.conditions.save(condition)
            await tx.commit()
