"""The database in memory keeps the repository contract, and fails on demand."""

from __future__ import annotations

import pytest

from mta_core.domain.errors import (
    IllegalTransition,
    StorageConflict,
    StorageUnavailable,
)
from mta_core.testing.builders import a_user
from mta_core.testing.repository import InMemoryStore
from tests.contracts.repository_contract import RepositoryContract
from tests.contracts.storing import save_user, stored_user


class TestInMemoryStore(RepositoryContract):
    """The mock database against the contract."""

    @pytest.fixture
    def store(self) -> InMemoryStore:
        return InMemoryStore()


def test_no_part_of_the_contract_hides_another() -> None:
    parts = RepositoryContract.__bases__
    names = [name for part in parts for name in vars(part) if name.startswith("test")]
    assert len(names) == len(set(names))


async def test_it_can_be_out_of_reach() -> None:
    store = InMemoryStore(unavailable=True)
    with pytest.raises(StorageUnavailable):
        await stored_user(store)
    with pytest.raises(StorageUnavailable):
        async with store.snapshot():
            pass


async def test_a_commit_can_be_made_to_fail() -> None:
    store, user = InMemoryStore(), a_user()
    store.fail(StorageConflict("too late"))
    with pytest.raises(StorageConflict, match="too late"):
        await save_user(store, user)
    assert store.commits == 0
    await save_user(store, user)
    assert store.commits == 1


async def test_a_snapshot_cannot_be_committed() -> None:
    async with InMemoryStore().snapshot() as tx:
        with pytest.raises(IllegalTransition):
            await tx.commit()


async def test_what_is_written_into_a_snapshot_does_not_last() -> None:
    store, user = InMemoryStore(), a_user()
    async with store.snapshot() as tx:
        await tx.users.save(user)
    async with store.snapshot() as tx:
        assert await tx.users.at(user.home) is None


async def test_what_is_written_after_a_commit_needs_another() -> None:
    store, user = InMemoryStore(), a_user()
    async with store.begin() as tx:
        await tx.commit()
        await tx.users.save(user)
    async with store.snapshot() as tx:
        assert await tx.users.at(user.home) is None
