"""What every store must do with watch shifts and the rota."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given

from mta_core.domain.accounts import User
from mta_core.domain.errors import NotFound, StorageConflict
from mta_core.domain.rota import Invitation, Turn
from mta_core.domain.shifts import HERE, Shift
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import a_shift, a_turn, an_id
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import stored_user
from tests.contracts.strategies import shifts, turns

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def save_shift(store: UnitOfWork, shift: Shift) -> Shift:
    """Save a shift in a transaction of its own."""
    async with store.begin() as tx:
        saved = await tx.shifts.save(shift)
        await tx.commit()
    return saved


async def stored_shift(
    store: UnitOfWork, user: User | None = None, **changes: Any
) -> Shift:
    """Store a shift, of a new citizen if none is given."""
    owner = user or await stored_user(store)
    return await save_shift(store, a_shift(owner, **changes))


async def stored_turn(
    store: UnitOfWork, user: User | None = None, **changes: Any
) -> Turn:
    """Store a turn, of a new citizen if none is given."""
    owner = user or await stored_user(store)
    async with store.begin() as tx:
        saved = await tx.rota.offer(a_turn(owner, **changes))
        await tx.commit()
    return saved


class ShiftsContract:
    """Watch shifts."""

    @inherited
    @given(drawn=shifts)
    async def test_every_field_of_a_shift_comes_back(
        self, store: UnitOfWork, drawn: Shift
    ) -> None:
        owner = await stored_user(store)
        shift = attrs.evolve(drawn, id=an_id(), user=owner.id)
        saved = await save_shift(store, shift)
        async with store.snapshot() as tx:
            assert await tx.shifts.get(shift.id) == saved
        assert saved == attrs.evolve(shift, version=1)

    async def test_an_unknown_shift_is_not_found(self, store: UnitOfWork) -> None:
        async with store.snapshot() as tx:
            with pytest.raises(NotFound):
                await tx.shifts.get(an_id())

    async def test_those_are_live_that_may_be_asked_in(self, store: UnitOfWork) -> None:
        second = await stored_shift(store, opened_at=NOON)
        first = await stored_shift(store, opened_at=NOON - MINUTE)
        await stored_shift(store, egress="elsewhere")
        await stored_shift(store, expires_at=NOON)
        ended = await stored_shift(store)
        await save_shift(store, ended.end(NOON, "captchaInvalid"))
        async with store.snapshot() as tx:
            assert list(await tx.shifts.live(NOON, HERE)) == [first, second]
            last = second.expires_at - timedelta(microseconds=1)
            assert list(await tx.shifts.live(last, HERE)) == [first, second]
            assert not await tx.shifts.live(second.expires_at, HERE)

    async def test_a_citizens_own_come_newest_first(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        old, older, new = [
            await stored_shift(store, user, opened_at=NOON - age * MINUTE)
            for age in (1, 2, 0)
        ]
        await stored_shift(store)
        async with store.snapshot() as tx:
            assert list(await tx.shifts.of(user.id, 9)) == [new, old, older]
            assert list(await tx.shifts.of(user.id, 2)) == [new, old]

    async def test_those_opened_lately_are_found(self, store: UnitOfWork) -> None:
        later = await stored_shift(store, opened_at=NOON + SECOND)
        at = await stored_shift(store, opened_at=NOON)
        await stored_shift(store, opened_at=NOON - SECOND)
        async with store.snapshot() as tx:
            assert list(await tx.shifts.opened_since(NOON)) == [at, later]

    async def test_what_is_over_is_found_until_it_is_ended(
        self, store: UnitOfWork
    ) -> None:
        over = await stored_shift(store, expires_at=NOON)
        await stored_shift(store, expires_at=NOON + SECOND)
        async with store.snapshot() as tx:
            assert list(await tx.shifts.over(NOON)) == [over]
        await save_shift(store, over.end(NOON, "expired"))
        async with store.snapshot() as tx:
            assert not await tx.shifts.over(NOON)
            assert (await tx.shifts.get(over.id)).token is None

    async def test_a_stale_shift_is_refused(self, store: UnitOfWork) -> None:
        shift = await stored_shift(store)
        await save_shift(store, shift.heard(NOON))
        with pytest.raises(StorageConflict):
            await save_shift(store, shift.heard(NOON))


class RotaContract:
    """Turns that are offered, and invitations."""

    @inherited
    @given(drawn=turns)
    async def test_every_field_of_a_turn_comes_back(
        self, store: UnitOfWork, drawn: Turn
    ) -> None:
        owner = await stored_user(store)
        async with store.begin() as tx:
            saved = await tx.rota.offer(attrs.evolve(drawn, id=an_id(), user=owner.id))
            assert saved in await tx.rota.turns()
            await tx.rota.withdraw(saved.id)
            await tx.commit()

    async def test_turns_come_oldest_first_and_can_be_withdrawn(
        self, store: UnitOfWork
    ) -> None:
        new = await stored_turn(store, offered_at=NOON)
        old = await stored_turn(store, offered_at=NOON - DAY)
        async with store.begin() as tx:
            assert list(await tx.rota.turns()) == [old, new]
            await tx.rota.withdraw(old.id)
            await tx.rota.withdraw(old.id)
            await tx.commit()
        async with store.snapshot() as tx:
            assert list(await tx.rota.turns()) == [new]

    async def test_being_served_is_remembered(self, store: UnitOfWork) -> None:
        turn = await stored_turn(store)
        async with store.begin() as tx:
            served = await tx.rota.offer(turn.served(NOON))
            await tx.commit()
        async with store.snapshot() as tx:
            assert list(await tx.rota.turns()) == [served]
        with pytest.raises(StorageConflict):
            async with store.begin() as tx:
                await tx.rota.offer(turn.served(NOON + DAY))

    async def test_invitations_come_in_the_order_of_their_time(
        self, store: UnitOfWork
    ) -> None:
        user = await stored_user(store)
        leads = (MINUTE, 10 * MINUTE, -2 * MINUTE)
        late, early, after = [Invitation(user.id, NOON, lead) for lead in leads]
        async with store.begin() as tx:
            for one in (late, early, after, Invitation(user.id, NOON + DAY, MINUTE)):
                await tx.rota.invite(one)
            await tx.commit()
        async with store.snapshot() as tx:
            assert list(await tx.rota.invited(NOON)) == [early, late, after]

    async def test_nobody_is_invited_twice(self, store: UnitOfWork) -> None:
        one = Invitation((await stored_user(store)).id, NOON, MINUTE)
        async with store.begin() as tx:
            await tx.rota.invite(one)
            await tx.commit()
        with pytest.raises(StorageConflict):
            async with store.begin() as tx:
                await tx.rota.invite(one)

    async def test_old_invitations_are_forgotten(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        async with store.begin() as tx:
            for hour in (NOON - SECOND, NOON):
                await tx.rota.invite(Invitation(user.id, hour, MINUTE))
            await tx.rota.forget(before=NOON)
            await tx.commit()
        async with store.snapshot() as tx:
            assert not await tx.rota.invited(NOON - SECOND)
            assert len(await tx.rota.invited(NOON)) == 1
