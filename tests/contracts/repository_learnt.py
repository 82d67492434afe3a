"""The contract of what watching has taught."""

from __future__ import annotations

from datetime import timedelta

from mta_core.ports.repository import UnitOfWork
from mta_core.testing import NOON

DAY = timedelta(days=1)


class LearntContract:
    """Documents by name, overwritten or forgotten as a whole."""

    async def test_nothing_was_learnt_at_first(self, store: UnitOfWork) -> None:
        async with store.snapshot() as tx:
            assert dict(await tx.learnt.everything()) == {}

    async def test_a_document_comes_back_as_it_was(self, store: UnitOfWork) -> None:
        document = {"rate": 0.25, "minutes": [[420, 1.5]], "name": "größer", "no": None}
        async with store.begin() as tx:
            await tx.learnt.keep({"pair:1@2": document, "pooled": {}}, NOON)
            await tx.commit()
        async with store.snapshot() as tx:
            found = await tx.learnt.everything()
        assert dict(found) == {"pair:1@2": document, "pooled": {}}

    async def test_one_is_found_by_its_name(self, store: UnitOfWork) -> None:
        async with store.begin() as tx:
            await tx.learnt.keep({"a": {"n": 1}, "b": {"n": 2}}, NOON)
            await tx.commit()
        async with store.snapshot() as tx:
            assert await tx.learnt.one("b") == {"n": 2}
            assert await tx.learnt.one("c") is None

    async def test_a_later_document_overwrites(self, store: UnitOfWork) -> None:
        async with store.begin() as tx:
            await tx.learnt.keep({"a": {"n": 1}, "b": {"n": 1}}, NOON)
            await tx.learnt.keep({"a": {"n": 2}}, NOON + DAY)
            await tx.learnt.keep({}, NOON + DAY)
            await tx.commit()
        async with store.snapshot() as tx:
            assert dict(await tx.learnt.everything()) == {"a": {"n": 2}, "b": {"n": 1}}

    async def test_what_was_not_kept_again_is_forgotten(
        self, store: UnitOfWork
    ) -> None:
        async with store.begin() as tx:
            await tx.learnt.keep({"old": {}, "kept": {}}, NOON)
            await tx.learnt.keep({"kept": {}}, NOON + DAY)
            assert await tx.learnt.forget(before=NOON + DAY) == 1
            await tx.commit()
        async with store.snapshot() as tx:
            assert list(await tx.learnt.everything()) == ["kept"]
