"""What MTA remembers, behind one unit of work.

``async with store.begin() as tx: …; await tx.commit()``. What is not committed is
rolled back. Saving an aggregate that somebody else saved since it was read raises
`StorageConflict`; saving returns it with its new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from mta_core.domain.accounts import Home, User
from mta_core.domain.availability import DateWindow, Opening, Slot
from mta_core.domain.blindness import Blindness
from mta_core.domain.bookings import Booking, Lane
from mta_core.domain.calls import CallRecord
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.conditions import Condition
from mta_core.domain.history import Appearance
from mta_core.domain.notifications import Notification
from mta_core.domain.rota import Invitation, Turn
from mta_core.domain.shifts import Shift
from mta_core.domain.subscriptions import Subscription
from mta_core.domain.watched import WatchedHour


class Users(Protocol):
    """Citizens, with contact data sealed at rest."""

    async def get(self, user_id: UUID) -> User:
        """Raises `NotFound`."""
        ...

    async def at(self, home: Home) -> User | None:
        """Find the citizen who is reached there."""
        ...

    async def save(self, user: User) -> User:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        ...

    async def erase(self, user_id: UUID) -> None:
        """Delete the citizen and every record of them, in all tables."""
        ...

    async def everything(self, user_id: UUID) -> Mapping[str, Any]:
        """Return all that is stored about a citizen, opened, as plain JSON values.

        Keys are the tables' names, values lists of rows. Raises `NotFound`.
        """
        ...


class Subscriptions(Protocol):
    """What citizens wait for."""

    async def get(self, subscription_id: UUID) -> Subscription:
        """Raises `NotFound`."""
        ...

    async def of(self, user_id: UUID) -> Sequence[Subscription]:
        """All of one citizen, oldest first, ended ones too."""
        ...

    async def active(self) -> Sequence[Subscription]:
        """All active ones, longest waiting first."""
        ...

    async def waiting_for(self, services: ServiceSet) -> Sequence[Subscription]:
        """The active ones for a service set, longest waiting first."""
        ...

    async def due(self, before: datetime, limit: int) -> Sequence[Subscription]:
        """Those whose life needs a look (`care_at`), most overdue first."""
        ...

    async def wanted(self) -> Sequence[ServiceSet]:
        """Every service set that an active one waits for, once each."""
        ...

    async def revision(self) -> int:
        """A number that grows whenever any subscription changes."""
        ...

    async def save(self, subscription: Subscription) -> Subscription:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        ...


class Openings(Protocol):
    """Slots seen free (table ``appointments``), and who was told of them."""

    async def open_at(
        self, services: ServiceSet, offices: Iterable[OfficeId], days: DateWindow
    ) -> Sequence[Opening]:
        """Openings not gone, for these services, at these offices, on these days."""
        ...

    async def some(self, opening_ids: Iterable[UUID]) -> Sequence[Opening]:
        """Those of these openings that are still stored."""
        ...

    async def save(self, openings: Iterable[Opening]) -> None:
        """Insert or overwrite."""
        ...

    async def told(self, opening_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
        """The (citizen, opening) pairs that have been told, of these openings."""
        ...

    async def tell(
        self, user_id: UUID, opening_ids: Iterable[UUID], notification_id: UUID
    ) -> None:
        """Note that a notification tells a citizen of openings.

        Raises:
            StorageConflict: the citizen was told of one of them before.
        """
        ...

    async def told_by(self, notification_id: UUID) -> Sequence[Opening]:
        """The openings that a notification tells of."""
        ...

    async def seen_since(
        self, services: ServiceSet, since: datetime, limit: int
    ) -> Sequence[Opening]:
        """Openings first seen since then, gone ones too, newest first."""
        ...

    async def appeared(
        self, services: ServiceSet, since: datetime
    ) -> Sequence[Appearance]:
        """All of them, in any order: what the history needs of many, and no more."""
        ...


class Bookings(Protocol):
    """Attempts to get a slot, with the city's keys sealed at rest."""

    async def get(self, booking_id: UUID) -> Booking:
        """Raises `NotFound`."""
        ...

    async def of(self, user_id: UUID) -> Sequence[Booking]:
        """All of one citizen, oldest first, ended ones too."""
        ...

    async def of_subscription(self, subscription_id: UUID) -> Sequence[Booking]:
        """All of one subscription, oldest first, ended ones too."""
        ...

    async def claimed(
        self,
        user_ids: Iterable[UUID],
        services: ServiceSet,
        lane: Lane = Lane.MAIN,
    ) -> set[UUID]:
        """Those of these citizens with a live booking for any service, in a lane."""
        ...

    async def aimed_at(self, services: ServiceSet) -> set[Slot]:
        """The slots that live bookings for this set want and do not hold yet."""
        ...

    async def replacing(self, booking_id: UUID) -> Booking | None:
        """The live booking that is to replace this one, if there is one."""
        ...

    async def rivals(self, slot: Slot, user_id: UUID) -> int:
        """How many other citizens have, or had, a booking for this slot."""
        ...

    async def save(self, booking: Booking) -> Booking:
        """Insert (version 0) or update, and keep the live claims in step.

        A booking that has not ended claims each of its services for its citizen, in
        its lane; one that has ended claims nothing.

        Raises:
            StorageConflict: the version is stale, or a service is claimed by another
                live booking of this citizen.
        """
        ...

    async def due(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Those whose next step was due before that moment, most overdue first."""
        ...

    async def record(self, call: CallRecord) -> None:
        """Keep what became of a call."""
        ...

    async def calls(self, booking_id: UUID) -> Sequence[CallRecord]:
        """The calls made for a booking, oldest first."""
        ...

    async def answered_since(self, moment: datetime) -> Sequence[CallRecord]:
        """The calls that were answered then or later, in the order of the answers."""
        ...


class Notifications(Protocol):
    """The outbox."""

    async def get(self, notification_id: UUID) -> Notification:
        """Raises `NotFound`."""
        ...

    async def of(self, user_id: UUID, limit: int) -> Sequence[Notification]:
        """The latest of one citizen, newest first."""
        ...

    async def save(self, notification: Notification) -> Notification:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        ...

    async def due(self, before: datetime, limit: int) -> Sequence[Notification]:
        """Those that were due before that moment, most overdue first."""
        ...


class Sights(Protocol):
    """What MTA knows of the city itself: its catalogue, and where it is blind."""

    async def catalogue(self) -> tuple[Catalogue, datetime] | None:
        """The last catalogue read from the present city, and when it was read."""
        ...

    async def keep_catalogue(self, catalogue: Catalogue, at: datetime) -> None:
        """Replace the catalogue."""
        ...

    async def blind(self) -> Sequence[Blindness]:
        """Every probe that is blind now."""
        ...

    async def mark_blind(self, blindness: Blindness) -> None:
        """Note a blind probe; *since* of an earlier note for the same reason stays."""
        ...

    async def mark_seeing(self, probe: str) -> None:
        """The probe sees (again)."""
        ...

    async def forget_blindness(self, keep: Iterable[str]) -> None:
        """Drop the notes of probes that nobody asks any more."""
        ...


class Watched(Protocol):
    """When the present city answered: for openings, "none" is not "not asked"."""

    async def note(
        self, services: ServiceSet, offices: Iterable[OfficeId], at: datetime
    ) -> None:
        """An answer observed these offices. What is older than `KEPT` is dropped."""
        ...

    async def hours(
        self, services: ServiceSet, since: datetime
    ) -> Sequence[WatchedHour]:
        """The hours with answers, from that moment's hour on, oldest first."""
        ...


class Learnt(Protocol):
    """What watching the present city has taught, as plain JSON documents by name."""

    async def everything(self) -> Mapping[str, Mapping[str, Any]]:
        """All documents."""
        ...

    async def one(self, name: str) -> Mapping[str, Any] | None:
        """The document of this name, if there is one."""
        ...

    async def keep(
        self, documents: Mapping[str, Mapping[str, Any]], at: datetime
    ) -> None:
        """Insert or overwrite them."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drop what was not kept again since then; return how many."""
        ...


class Shifts(Protocol):
    """Watch shifts, with their tokens sealed at rest."""

    async def get(self, shift_id: UUID) -> Shift:
        """Raises `NotFound`."""
        ...

    async def live(self, now: datetime, egress: str) -> Sequence[Shift]:
        """Those that the city may be asked in now, from an address, oldest first."""
        ...

    async def of(self, user_id: UUID, limit: int) -> Sequence[Shift]:
        """The latest of one citizen, newest first, ended ones too."""
        ...

    async def opened_since(self, moment: datetime) -> Sequence[Shift]:
        """All that were opened at that moment or later, oldest first."""
        ...

    async def over(self, now: datetime) -> Sequence[Shift]:
        """Those whose time has passed and that have not been ended yet."""
        ...

    async def save(self, shift: Shift) -> Shift:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        ...


class Rota(Protocol):
    """Who offered to watch when, and who has been invited."""

    async def turns(self) -> Sequence[Turn]:
        """All that are offered, oldest first."""
        ...

    async def offer(self, turn: Turn) -> Turn:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        ...

    async def withdraw(self, turn_id: UUID) -> None:
        """Delete it, if it is there."""
        ...

    async def invited(self, hour: datetime) -> Sequence[Invitation]:
        """The invitations to a stated hour, in the order of their time."""
        ...

    async def invite(self, invitation: Invitation) -> None:
        """Note one. Raises `StorageConflict` if this citizen had it before."""
        ...

    async def forget(self, before: datetime) -> None:
        """Drop the invitations to hours before that moment."""
        ...


class Conditions(Protocol):
    """What is not as it should be at the present city, and what was not."""

    async def now(self) -> Sequence[Condition]:
        """Those that stand, oldest first."""
        ...

    async def since(self, moment: datetime) -> Sequence[Condition]:
        """Those that stand, or stood at that moment or later, oldest first."""
        ...

    async def save(self, condition: Condition) -> None:
        """Insert, or overwrite the one of this name about the same since the same."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drop those that ended before then; return how many."""
        ...


class Transaction(Protocol):
    """One unit of work, all or nothing."""

    @property
    def users(self) -> Users: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def openings(self) -> Openings: ...
    @property
    def bookings(self) -> Bookings: ...
    @property
    def notifications(self) -> Notifications: ...
    @property
    def sights(self) -> Sights: ...
    @property
    def watched(self) -> Watched: ...
    @property
    def learnt(self) -> Learnt: ...
    @property
    def conditions(self) -> Conditions: ...
    @property
    def shifts(self) -> Shifts: ...
    @property
    def rota(self) -> Rota: ...

    async def commit(self) -> None:
        """Make it last. Raises `StorageConflict`, `StorageUnavailable`."""
        ...


class UnitOfWork(Protocol):
    """Opens transactions.

    Raises (both methods, on entering):
        StorageUnavailable: the database cannot be used just now.
    """

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that may write; writers take turns."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that only reads, beside any writer."""
        ...
