"""Openings, bookings, messages and sights in the in-memory database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import attrs

from mta_core.domain.availability import DateWindow, Opening, Slot
from mta_core.domain.blindness import Blindness
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import CallRecord
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.errors import StorageConflict
from mta_core.domain.history import Appearance
from mta_core.domain.notifications import Notification
from mta_core.ports.repository import Bookings, Notifications, Openings, Sights
from mta_core.testing._tables import Tables, find, put

_Due = TypeVar("_Due", Booking, Notification)


@attrs.frozen
class InMemoryOpenings(Openings):
    """Openings in memory."""

    _tables: Tables

    async def open_at(
        self, services: ServiceSet, offices: Iterable[OfficeId], days: DateWindow
    ) -> Sequence[Opening]:
        """Openings not gone, for these services, at these offices, on these days."""
        wanted = frozenset(offices)
        return [
            opening
            for opening in self._tables.openings.values()
            if opening.gone_at is None
            and opening.slot.services == services
            and opening.slot.office in wanted
            and opening.slot.day in days
        ]

    async def some(self, opening_ids: Iterable[UUID]) -> Sequence[Opening]:
        """Those of these openings that are still stored."""
        known = self._tables.openings
        return [known[found] for found in opening_ids if found in known]

    async def save(self, openings: Iterable[Opening]) -> None:
        """Insert or overwrite."""
        self._tables.openings.update({opening.id: opening for opening in openings})

    async def told(self, opening_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
        """The (citizen, opening) pairs that have been told, of these openings."""
        asked = frozenset(opening_ids)
        return {pair for pair in self._tables.told if pair[1] in asked}

    async def tell(
        self, user_id: UUID, opening_ids: Iterable[UUID], notification_id: UUID
    ) -> None:
        """Note that a notification tells of openings. Raises `StorageConflict`."""
        pairs = {(user_id, opening): notification_id for opening in opening_ids}
        if pairs.keys() & self._tables.told.keys():
            raise StorageConflict("The citizen was told of this before.")
        self._tables.told.update(pairs)

    async def told_by(self, notification_id: UUID) -> Sequence[Opening]:
        """The openings that a notification tells of."""
        told = self._tables.told.items()
        return await self.some(pair[1] for pair, by in told if by == notification_id)

    async def seen_since(
        self, services: ServiceSet, since: datetime, limit: int
    ) -> Sequence[Opening]:
        """Openings first seen since then, gone ones too, newest first."""
        found = [
            opening
            for opening in self._tables.openings.values()
            if opening.slot.services == services and opening.first_seen >= since
        ]
        found.sort(key=lambda opening: (opening.first_seen, opening.id), reverse=True)
        return found[:limit]

    async def appeared(
        self, services: ServiceSet, since: datetime
    ) -> Sequence[Appearance]:
        """All of them, in any order."""
        count = len(self._tables.openings)
        return [Appearance.of(o) for o in await self.seen_since(services, since, count)]


@attrs.frozen
class InMemoryBookings(Bookings):
    """Bookings in memory; the claims are read off the live ones."""

    _tables: Tables

    async def get(self, booking_id: UUID) -> Booking:
        """Raises `NotFound`."""
        return find(self._tables.bookings, booking_id)

    async def of(self, user_id: UUID) -> Sequence[Booking]:
        """All of one citizen, oldest first, ended ones too."""
        return self._oldest_first(lambda booking: booking.user == user_id)

    async def of_subscription(self, subscription_id: UUID) -> Sequence[Booking]:
        """All of one subscription, oldest first, ended ones too."""
        return self._oldest_first(lambda b: b.subscription == subscription_id)

    async def claimed(
        self,
        user_ids: Iterable[UUID],
        services: ServiceSet,
        lane: Lane = Lane.MAIN,
    ) -> set[UUID]:
        """Those of these citizens with a live booking for any service, in a lane."""
        asked = frozenset(user_ids)
        return {live.user for live in self._claiming(services, lane)} & asked

    async def aimed_at(self, services: ServiceSet) -> set[Slot]:
        """The slots that live bookings for this set want and do not hold yet."""
        aiming = {BookingState.REQUESTED, BookingState.RESERVING}
        return {
            booking.slot
            for booking in self._tables.bookings.values()
            if booking.state in aiming and booking.slot.services == services
        }

    async def replacing(self, booking_id: UUID) -> Booking | None:
        """The live booking that is to replace this one, if there is one."""
        every = self._tables.bookings.values()
        swaps = (b for b in every if b.replaces == booking_id and not b.ended)
        return next(swaps, None)

    async def rivals(self, slot: Slot, user_id: UUID) -> int:
        """How many other citizens have, or had, a booking for this slot."""
        every = self._tables.bookings.values()
        return len({b.user for b in every if b.slot == slot} - {user_id})

    async def save(self, booking: Booking) -> Booking:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        others = (
            other
            for other in self._claiming(booking.slot.services, booking.lane)
            if other.user == booking.user and other.id != booking.id
        )
        if not booking.ended and any(others):
            raise StorageConflict("The citizen has a live booking for this service.")
        return put(self._tables.bookings, booking)

    async def due(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Those whose next step was due before that moment, most overdue first."""
        return _most_overdue(self._tables.bookings.values(), before, limit)

    async def record(self, call: CallRecord) -> None:
        """Keep what became of a call."""
        self._tables.calls[call.id] = call

    async def calls(self, booking_id: UUID) -> Sequence[CallRecord]:
        """The calls made for a booking, oldest first."""
        every = self._tables.calls.values()
        made = (call for call in every if call.booking == booking_id)
        return sorted(made, key=lambda call: (call.sent_at, call.id))

    async def answered_since(self, moment: datetime) -> Sequence[CallRecord]:
        """The calls that were answered then or later, in the order of the answers."""
        every = self._tables.calls.values()
        answered = (call for call in every if call.answered_at >= moment)
        return sorted(answered, key=lambda call: (call.answered_at, call.id))

    def _claiming(self, services: ServiceSet, lane: Lane) -> Iterable[Booking]:
        return (
            booking
            for booking in self._tables.bookings.values()
            if not booking.ended
            and booking.lane is lane
            and not set(booking.slot.services.ids).isdisjoint(services.ids)
        )

    def _oldest_first(self, wanted: Callable[[Booking], bool]) -> list[Booking]:
        found = filter(wanted, self._tables.bookings.values())
        return sorted(found, key=lambda booking: (booking.requested_at, booking.id))


@attrs.frozen
class InMemoryNotifications(Notifications):
    """The outbox in memory."""

    _tables: Tables

    async def get(self, notification_id: UUID) -> Notification:
        """Raises `NotFound`."""
        return find(self._tables.notifications, notification_id)

    async def of(self, user_id: UUID, limit: int) -> Sequence[Notification]:
        """The latest of one citizen, newest first."""
        every = self._tables.notifications.values()
        found = [notification for notification in every if notification.user == user_id]
        found.sort(key=lambda found: (found.created_at, found.id), reverse=True)
        return found[:limit]

    async def save(self, notification: Notification) -> Notification:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        return put(self._tables.notifications, notification)

    async def due(self, before: datetime, limit: int) -> Sequence[Notification]:
        """Those that were due before that moment, most overdue first."""
        return _most_overdue(self._tables.notifications.values(), before, limit)


@attrs.frozen
class InMemorySights(Sights):
    """The catalogue and the blind probes in memory."""

    _tables: Tables

    async def catalogue(self) -> tuple[Catalogue, datetime] | None:
        """The last catalogue, and when it was read."""
        return self._tables.catalogue

    async def keep_catalogue(self, catalogue: Catalogue, at: datetime) -> None:
        """Replace the catalogue."""
        self._tables.catalogue = (catalogue, at)

    async def blind(self) -> Sequence[Blindness]:
        """Every probe that is blind now."""
        return list(self._tables.blind.values())

    async def mark_blind(self, blindness: Blindness) -> None:
        """Note a blind probe; *since* of an earlier note for the same reason stays."""
        known = self._tables.blind.get(blindness.probe)
        if known is not None and known.reason is blindness.reason:
            blindness = attrs.evolve(blindness, since=known.since)
        self._tables.blind[blindness.probe] = blindness

    async def mark_seeing(self, probe: str) -> None:
        """The probe sees (again)."""
        self._tables.blind.pop(probe, None)

    async def forget_blindness(self, keep: Iterable[str]) -> None:
        """Drop the notes of probes that nobody asks any more."""
        kept = frozenset(keep)
        for probe in self._tables.blind.keys() - kept:
            del self._tables.blind[probe]


def _most_overdue(records: Iterable[_Due], before: datetime, limit: int) -> list[_Due]:
    """Return what was due before a moment, at most *limit* of it."""
    due = [(r.due_at, r.id, r) for r in records if r.due_at and r.due_at < before]
    return [record for *_, record in sorted(due, key=lambda found: found[:2])[:limit]]
