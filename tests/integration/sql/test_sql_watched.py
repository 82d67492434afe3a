"""What is noted of answers: cheaply, and for each city apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import column, event, make_url, select
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore
from mta_adapters.sql.seconds import seconds_since_1970
from mta_core.domain.watched import KEPT
from mta_core.testing.builders import PASING, a_service_set
from mta_core.testing.clock import NOON

pytestmark = pytest.mark.integration

MINUTE = timedelta(minutes=1)


@pytest.fixture
def practice(engine: AsyncEngine, cipher: AesCipher) -> SqlStore:
    """The same database, working for the practice city."""
    return SqlStore(engine, cipher, "http://127.0.0.1:8080/api")


async def test_each_city_was_watched_by_itself(
    store: SqlStore, practice: SqlStore
) -> None:
    async with store.begin() as tx:
        await tx.watched.note(a_service_set(), [PASING], NOON)
        await tx.commit()
    async with practice.begin() as tx:
        assert not await tx.watched.hours(a_service_set(), NOON)
        # A practice city may have quite another time.
        await tx.watched.note(a_service_set(), [PASING], NOON + 2 * KEPT)
        await tx.commit()
    async with store.snapshot() as tx:
        assert len(await tx.watched.hours(a_service_set(), NOON)) == 1


async def test_an_answer_costs_one_statement(
    store: SqlStore, engine: AsyncEngine
) -> None:
    async with store.begin() as tx:
        await tx.watched.note(a_service_set(), [PASING], NOON)
        said: list[str] = []
        event.listen(
            engine.sync_engine,
            "before_cursor_execute",
            lambda _c, _cursor, sql, *_: said.append(sql),
        )
        await tx.watched.note(a_service_set(), [PASING], NOON + MINUTE)
    assert len([sql for sql in said if "watched" in sql]) == 1


async def test_one_row_is_kept_of_an_hour(store: SqlStore, engine: AsyncEngine) -> None:
    async with store.begin() as tx:
        for minute in range(60):
            await tx.watched.note(a_service_set(), [PASING], NOON + minute * MINUTE)
        await tx.commit()
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT minutes FROM watched")
        assert rows.scalars().all() == [(1 << 60) - 1]


async def test_tidying_up_uses_an_index(engine: AsyncEngine) -> None:
    old = "DELETE FROM watched WHERE city = 'a' AND hour < '2026-01-01'"
    async with engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {old}")
        [step] = [str(row.detail) for row in plan]
    assert step.endswith("ix_watched_old (city=? AND hour<?)")


@pytest.mark.parametrize(
    ("url", "seconds"),
    [
        ("sqlite://", "CAST(strftime('%s', substr(at, 1, 19)) AS INTEGER)"),
        ("postgresql://", "CAST(floor(extract(epoch FROM at)) AS BIGINT)"),
    ],
)
def test_each_database_counts_whole_seconds(url: str, seconds: str) -> None:
    dialect = make_url(url).get_dialect()()
    said = str(select(seconds_since_1970(column("at"))).compile(dialect=dialect))
    assert said.startswith(f"SELECT {seconds}")
