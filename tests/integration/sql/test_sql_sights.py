"""What is known of one city is not told of another."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore
from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.testing.builders import a_blindness, a_catalogue
from mta_core.testing.clock import NOON

pytestmark = pytest.mark.integration


@pytest.fixture
def practice(engine: AsyncEngine, cipher: AesCipher) -> SqlStore:
    """The same database, working for the practice city."""
    return SqlStore(engine, cipher, "http://127.0.0.1:8080/api")


async def test_each_city_has_its_own_catalogue(
    store: SqlStore, practice: SqlStore
) -> None:
    smaller = a_catalogue(offers=())
    async with store.begin() as tx:
        await tx.sights.keep_catalogue(a_catalogue(), NOON)
        await tx.commit()
    async with practice.begin() as tx:
        assert await tx.sights.catalogue() is None
        later = NOON + timedelta(hours=1)
        await tx.sights.keep_catalogue(smaller, later)
        assert await tx.sights.catalogue() == (smaller, later)
        await tx.commit()
    async with store.snapshot() as tx:
        assert await tx.sights.catalogue() == (a_catalogue(), NOON)


async def test_each_city_has_its_own_conditions(
    store: SqlStore, practice: SqlStore
) -> None:
    slow = Condition(ConditionName.SLOW, CITY, NOON, "Slow.")
    over = attrs.evolve(slow, name=ConditionName.OUTAGE).ended(NOON)
    async with store.begin() as tx:
        await tx.conditions.save(slow)
        await tx.conditions.save(over)
        await tx.commit()
    async with practice.begin() as tx:
        assert not await tx.conditions.since(NOON)
        assert await tx.conditions.forget(NOON + timedelta(days=1)) == 0
        await tx.conditions.save(slow.ended(NOON))
        await tx.commit()
    async with store.snapshot() as tx:
        assert list(await tx.conditions.now()) == [slow]
        assert len(await tx.conditions.since(NOON)) == 2


async def test_each_city_has_its_own_blind_spots(
    store: SqlStore, practice: SqlStore
) -> None:
    blind = a_blindness()
    async with store.begin() as tx:
        await tx.sights.mark_blind(blind)
        await tx.commit()
    async with practice.begin() as tx:
        assert not await tx.sights.blind()
        later = a_blindness(since=NOON + timedelta(hours=1))
        await tx.sights.mark_blind(later)
        assert list(await tx.sights.blind()) == [later]
        await tx.sights.mark_seeing(blind.probe)
        await tx.sights.mark_blind(later)
        await tx.sights.forget_blindness([])
        await tx.commit()
    async with store.snapshot() as tx:
        assert list(await tx.sights.blind()) == [blind]
