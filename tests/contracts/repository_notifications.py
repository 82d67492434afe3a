"""What every store must do with messages, and with what it knows of the city."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given

from mta_core.domain.blindness import Blindness, BlindReason
from mta_core.domain.catalogue import Asked, Catalogue, OfficeId
from mta_core.domain.errors import NotFound, StorageConflict
from mta_core.domain.notifications import TAKEN, Notification
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    PASING,
    PASSPORT,
    a_blindness,
    a_catalogue,
    a_notification,
    a_service_set,
    an_id,
    an_office,
    some_terms,
)
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import (
    save_notification,
    stored_booking,
    stored_notification,
    stored_user,
)
from tests.contracts.strategies import notifications

LEASE = timedelta(seconds=30)


class NotificationsContract:
    """The outbox."""

    @inherited
    @given(drawn=notifications)
    async def test_every_field_of_a_notification_comes_back(
        self, store: UnitOfWork, drawn: Notification
    ) -> None:
        user = await stored_user(store)
        saved = await save_notification(
            store, attrs.evolve(drawn, id=an_id(), user=user.id)
        )
        async with store.snapshot() as tx:
            found = await tx.notifications.get(saved.id)
        assert found == saved
        assert saved.version == 1
        assert found.created_at.utcoffset() == timedelta(0)

    async def test_it_keeps_what_it_is_about(self, store: UnitOfWork) -> None:
        booking = await stored_booking(store)
        about = {"subscription": booking.subscription, "booking": booking.id}
        letter = await save_notification(
            store, a_notification(user=booking.user, **about)
        )
        async with store.snapshot() as tx:
            assert await tx.notifications.get(letter.id) == letter

    async def test_an_unknown_notification_is_not_found(
        self, store: UnitOfWork
    ) -> None:
        async with store.snapshot() as tx:
            with pytest.raises(NotFound):
                await tx.notifications.get(an_id())

    async def test_one_sender_takes_it_in_hand(self, store: UnitOfWork) -> None:
        letter = await stored_notification(store)
        taken = await save_notification(store, letter.sending(NOON, LEASE))
        with pytest.raises(StorageConflict):
            await save_notification(store, letter.sending(NOON, LEASE))
        async with store.snapshot() as tx:
            assert await tx.notifications.get(letter.id) == taken
        assert (taken.attempts, taken.version) == (1, 2)

    async def test_a_notification_is_inserted_once(self, store: UnitOfWork) -> None:
        letter = a_notification(await stored_user(store))
        await save_notification(store, letter)
        with pytest.raises(StorageConflict):
            await save_notification(store, letter)

    async def test_the_latest_are_newest_first(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        letters = [
            await stored_notification(
                store, user, created_at=NOON + timedelta(seconds=second)
            )
            for second in (2, 1, 3)
        ]
        await stored_notification(store)
        async with store.snapshot() as tx:
            latest = list(await tx.notifications.of(user.id, 9))
            assert latest == [letters[2], letters[0], letters[1]]
            assert list(await tx.notifications.of(user.id, 2)) == latest[:2]
            assert not await tx.notifications.of(an_id(), 9)

    async def test_the_most_overdue_notification_is_first(
        self, store: UnitOfWork
    ) -> None:
        late, later, *_ = [
            await stored_notification(store, due_at=due_at)
            for due_at in (
                NOON - timedelta(microseconds=1),
                NOON - timedelta(hours=1),
                NOON,
                NOON + timedelta(seconds=1),
                None,
            )
        ]
        assert await self._due(store) == [later.id, late.id]
        assert await self._due(store, limit=1) == [later.id]

    async def test_what_came_of_each_channel_is_kept(self, store: UnitOfWork) -> None:
        letter = await stored_notification(store)
        taken = await save_notification(store, letter.sending(NOON, LEASE))
        noted = await save_notification(
            store, taken.at("console:1", TAKEN, NOON + 2 * LEASE)
        )
        async with store.snapshot() as tx:
            assert await tx.notifications.get(letter.id) == noted
        refused = noted.at("apprise:2", "it does not exist", NOON + 2 * LEASE)
        done = await save_notification(store, refused.delivered(NOON))
        async with store.snapshot() as tx:
            assert await tx.notifications.get(letter.id) == done
        assert done.outcomes == {
            "console:1": TAKEN,
            "apprise:2": "it does not exist",
        }

    async def test_what_is_delivered_is_not_due(self, store: UnitOfWork) -> None:
        letter = await stored_notification(store, due_at=NOON - LEASE)
        taken = await save_notification(store, letter.sending(NOON, LEASE))
        await save_notification(store, taken.delivered(NOON))
        assert await self._due(store) == []

    @staticmethod
    async def _due(store: UnitOfWork, limit: int = 9) -> list[UUID]:
        async with store.snapshot() as tx:
            return [found.id for found in await tx.notifications.due(NOON, limit)]


def _detailed_catalogue() -> Catalogue:
    """Build a catalogue in which every field of every record says something."""
    terms = some_terms(
        reservation_minutes=0,
        activation_minutes=60,
        telephone=Asked(activated=True),
        custom=Asked(activated=True, required=True, label="Größe (m²)"),
        custom2=Asked(required=True),
        per_mail=3,
        info="<p>Neue Termine ab <b>7 Uhr</b></p>",
    )
    office = an_office(
        PASING,
        latitude=48.1391,
        longitude=11.4605,
        terms=terms,
        shared_with=frozenset({OfficeId(1), OfficeId(2)}),
        disabled_by=frozenset({PASSPORT}),
        slots_per_appointment=12,
        priority=100,
    )
    bare = an_office(OfficeId(1), terms=None, slot_minutes=None, address="")
    usual = a_catalogue()
    offices = {**usual.offices, office.id: office, bare.id: bare}
    offers = (*usual.offers, attrs.evolve(usual.offers[0], office=bare.id, slots=4))
    return attrs.evolve(usual, offices=offices, offers=offers)


class SightsContract:
    """The catalogue, and where MTA is blind."""

    async def test_at_first_nothing_is_known(self, store: UnitOfWork) -> None:
        async with store.snapshot() as tx:
            assert await tx.sights.catalogue() is None
            assert not await tx.sights.blind()

    async def test_a_catalogue_comes_back(self, store: UnitOfWork) -> None:
        catalogue = _detailed_catalogue()
        await self._keep(store, catalogue)
        async with store.snapshot() as tx:
            found = await tx.sights.catalogue()
        assert found == (catalogue, NOON)
        assert found[0].offering(a_service_set()) == catalogue.offering(a_service_set())

    async def test_a_new_catalogue_replaces_the_old(self, store: UnitOfWork) -> None:
        await self._keep(store, _detailed_catalogue())
        later = NOON + timedelta(hours=1)
        await self._keep(store, a_catalogue(), later)
        async with store.snapshot() as tx:
            assert await tx.sights.catalogue() == (a_catalogue(), later)

    async def test_a_blind_probe_is_noted(self, store: UnitOfWork) -> None:
        one, two = a_blindness(), a_blindness(probe="7@8", detail="größer")
        await self._mark(store, one, two)
        assert await self._blind(store) == {one, two}

    async def test_since_stays_while_the_reason_stays(self, store: UnitOfWork) -> None:
        first = a_blindness()
        again = attrs.evolve(first, since=NOON + LEASE, detail="timeout")
        await self._mark(store, first, again)
        assert await self._blind(store) == {attrs.evolve(again, since=NOON)}

    async def test_another_reason_begins_anew(self, store: UnitOfWork) -> None:
        first = a_blindness()
        other = attrs.evolve(
            first, since=NOON + LEASE, reason=BlindReason.CONTRACT_BROKEN
        )
        await self._mark(store, first, other)
        assert await self._blind(store) == {other}

    async def test_seeing_ends_it(self, store: UnitOfWork) -> None:
        first, other = a_blindness(), a_blindness(probe="7@8")
        await self._mark(store, first, other)
        async with store.begin() as tx:
            await tx.sights.mark_seeing(first.probe)
            await tx.sights.mark_seeing("never@1")
            await tx.commit()
        assert await self._blind(store) == {other}
        again = attrs.evolve(first, since=NOON + LEASE)
        await self._mark(store, again)
        assert await self._blind(store) == {other, again}

    async def test_what_nobody_asks_is_forgotten(self, store: UnitOfWork) -> None:
        kept, dropped = a_blindness(), a_blindness(probe="7@8")
        await self._mark(store, kept, dropped)
        await self._forget_all_but(store, kept.probe, "never@1")
        assert await self._blind(store) == {kept}
        await self._forget_all_but(store)
        assert await self._blind(store) == set()

    @staticmethod
    async def _keep(
        store: UnitOfWork, catalogue: Catalogue, at: datetime = NOON
    ) -> None:
        async with store.begin() as tx:
            await tx.sights.keep_catalogue(catalogue, at)
            await tx.commit()

    @staticmethod
    async def _mark(store: UnitOfWork, *notes: Blindness) -> None:
        for note in notes:
            async with store.begin() as tx:
                await tx.sights.mark_blind(note)
                await tx.commit()

    @staticmethod
    async def _forget_all_but(store: UnitOfWork, *probes: str) -> None:
        async with store.begin() as tx:
            await tx.sights.forget_blindness(probes)
            await tx.commit()

    @staticmethod
    async def _blind(store: UnitOfWork) -> set[Blindness]:
        async with store.snapshot() as tx:
            return set(await tx.sights.blind())
