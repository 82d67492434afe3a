"""Attempts to get a slot, with the city's keys sealed at rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import Select, delete, select

from mta_adapters.sql.mapping_bookings import (
    booking_of,
    booking_row,
    call_of,
    call_row,
)
from mta_adapters.sql.rows import BookingCallRow, BookingRow, LiveClaimRow
from mta_adapters.sql.work import Work, chunks
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import CallRecord
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.errors import NotFound
from mta_core.ports.cipher import Cipher
from mta_core.ports.repository import Bookings

_ROW = BookingRow
_OLDEST_FIRST = select(_ROW).order_by(_ROW.requested_at, _ROW.id)
_AIMING = (BookingState.REQUESTED.value, BookingState.RESERVING.value)


@attrs.frozen
class SqlBookings(Bookings):
    """The tables ``bookings``, ``booking_calls`` and ``live_claims``."""

    _work: Work
    _cipher: Cipher

    async def get(self, booking_id: UUID) -> Booking:
        """Read a booking. Raises `NotFound`."""
        row = await self._work.first(select(_ROW).where(_ROW.id == booking_id))
        if row is None:
            raise NotFound("There is no such booking.")
        return booking_of(row, self._cipher)

    async def of(self, user_id: UUID) -> Sequence[Booking]:
        """All of one citizen, oldest first, ended ones too."""
        return await self._read(_OLDEST_FIRST.where(_ROW.user_id == user_id))

    async def of_subscription(self, subscription_id: UUID) -> Sequence[Booking]:
        """All of one subscription, oldest first, ended ones too."""
        mine = _ROW.subscription_id == subscription_id
        return await self._read(_OLDEST_FIRST.where(mine))

    async def claimed(
        self,
        user_ids: Iterable[UUID],
        services: ServiceSet,
        lane: Lane = Lane.MAIN,
    ) -> set[UUID]:
        """Those of these citizens with a live booking for any service, in a lane."""
        claims = (
            select(LiveClaimRow.user_id)
            .where(LiveClaimRow.service.in_(services.ids))
            .where(LiveClaimRow.lane == lane.value)
        )
        claimed: set[UUID] = set()
        for ids in chunks(user_ids):
            mine = claims.where(LiveClaimRow.user_id.in_(ids))
            claimed.update(await self._work.all(mine))
        return claimed

    async def aimed_at(self, services: ServiceSet) -> set[Slot]:
        """The slots that live bookings for this set want and do not hold yet."""
        rows = await self._work.all(
            select(_ROW)
            .where(_ROW.due_at.is_not(None), _ROW.state.in_(_AIMING))
            .where(_ROW.services == str(services))
        )
        return {Slot(row.start, OfficeId(row.office), services) for row in rows}

    async def replacing(self, booking_id: UUID) -> Booking | None:
        """The live booking that is to replace this one, if there is one."""
        swaps = await self._read(_OLDEST_FIRST.where(_ROW.replaces == booking_id))
        return next((booking for booking in swaps if not booking.ended), None)

    async def rivals(self, slot: Slot, user_id: UUID) -> int:
        """How many other citizens have, or had, a booking for this slot."""
        users = await self._work.all(
            select(_ROW.user_id)
            .where(_ROW.start == slot.start, _ROW.office == slot.office)
            .where(_ROW.services == str(slot.services), _ROW.user_id != user_id)
            .distinct()
        )
        return len(users)

    async def save(self, booking: Booking) -> Booking:
        """Insert (version 0) or update, and keep the live claims in step.

        Raises:
            StorageConflict: the version is stale, or a service is claimed.
        """
        async with self._work.whole():
            await self._work.replace(booking_row(booking, self._cipher))
            await self._claim(booking)
        return attrs.evolve(booking, version=booking.version + 1)

    async def due(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Those whose next step was due before that moment, most overdue first."""
        return await self._read(
            select(_ROW)
            .where(_ROW.due_at < before)
            .order_by(_ROW.due_at, _ROW.id)
            .limit(limit)
        )

    async def record(self, call: CallRecord) -> None:
        """Keep what became of a call."""
        await self._work.put(call_row(call))

    async def calls(self, booking_id: UUID) -> Sequence[CallRecord]:
        """The calls made for a booking, oldest first."""
        rows = await self._work.all(
            select(BookingCallRow)
            .where(BookingCallRow.booking_id == booking_id)
            .order_by(BookingCallRow.sent_at, BookingCallRow.id)
        )
        return [call_of(row) for row in rows]

    async def answered_since(self, moment: datetime) -> Sequence[CallRecord]:
        """The calls that were answered then or later, in the order of the answers."""
        rows = await self._work.all(
            select(BookingCallRow)
            .where(BookingCallRow.answered_at >= moment)
            .order_by(BookingCallRow.answered_at, BookingCallRow.id)
        )
        return [call_of(row) for row in rows]

    async def _claim(self, booking: Booking) -> None:
        mine = LiveClaimRow.booking_id == booking.id
        wanted: set[tuple[int, str]] = set()
        if not booking.ended:
            lane = booking.lane.value
            wanted.update((service, lane) for service in booking.slot.services.ids)
        if booking.version:
            held = await self._work.all(select(LiveClaimRow).where(mine))
            if wanted == {(row.service, row.lane) for row in held}:
                return
            await self._work.run(delete(LiveClaimRow).where(mine))
        await self._work.add(
            *(
                LiveClaimRow(
                    user_id=booking.user,
                    service=service,
                    lane=lane,
                    booking_id=booking.id,
                )
                for service, lane in sorted(wanted)
            )
        )

    async def _read(self, statement: Select[BookingRow]) -> Sequence[Booking]:
        rows = await self._work.all(statement)
        return [booking_of(row, self._cipher) for row in rows]
