"""Ids sort by the time of their making, whatever clock and threads do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from mta_adapters.system import Uuid7Ids
from mta_core.testing.clock import NOON, FakeClock
from tests.contracts.clock_contract import IdsContract


class TestUuid7Ids(IdsContract):
    """The ids against the contract, all made within one millisecond."""

    @pytest.fixture
    def ids(self) -> Uuid7Ids:
        return Uuid7Ids(FakeClock())


def test_an_id_begins_with_its_millisecond() -> None:
    made = Uuid7Ids(FakeClock()).new()

    assert datetime.fromtimestamp((made.int >> 80) / 1000, UTC) == NOON


async def test_later_ids_sort_later() -> None:
    clock = FakeClock()
    ids = Uuid7Ids(clock)

    first, second = ids.new(), ids.new()
    await clock.advance(0.001)
    third = ids.new()

    assert first < second < third


def test_ids_grow_while_the_clock_is_set_back() -> None:
    clock = FakeClock()
    ids = Uuid7Ids(clock)
    first = ids.new()

    clock.jump(-3600)

    assert first < ids.new()


def test_a_full_counter_borrows_the_next_millisecond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = "mta_adapters.system.ids"
    monkeypatch.setattr(f"{module}.secrets.randbits", lambda bits: (1 << bits) - 1)
    monkeypatch.setattr(f"{module}._MOST", (1 << 41) + 1)
    ids = Uuid7Ids(FakeClock())

    made = [ids.new() for _ in range(10)]

    assert made == sorted(set(made))
    assert made[-1].int >> 80 > made[0].int >> 80


def test_threads_get_different_ids_that_grow_for_each() -> None:
    ids = Uuid7Ids(FakeClock())

    def make(_: int) -> list[UUID]:
        return [ids.new() for _ in range(1000)]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(8)))

    assert all(mine == sorted(mine) for mine in made)
    assert len({one for mine in made for one in mine}) == 8000


def test_two_processes_do_not_make_the_same_ids() -> None:
    clock = FakeClock()

    one, other = Uuid7Ids(clock), Uuid7Ids(clock)

    assert not {one.new() for _ in range(100)} & {other.new() for _ in range(100)}


def test_the_dice_are_not_all_alike() -> None:
    ids = Uuid7Ids(FakeClock())

    assert len({ids.new().int & 0xFFFFFFFF for _ in range(100)}) > 90
