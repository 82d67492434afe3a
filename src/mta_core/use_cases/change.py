"""Change, pause, resume and end what a citizen waits for. Their place is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_core.domain.wishes import Misfit
from mta_core.ports.clock import Clock
from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.misgivings import UNSUITABLE
from mta_core.use_cases.read_catalogue import last_known
from mta_core.use_cases.standing import settle
from mta_core.use_cases.subscribe import Subscribed, accept, check_alone, check_days

PAUSED = "the subscription is paused"
ENDED = "the subscription is cancelled"

_UNDER_WAY = frozenset(
    {
        BookingState.REQUESTED,
        BookingState.RESERVING,
        BookingState.RESERVED,
        BookingState.DETAILED,
    }
)


@attrs.frozen
class Changes:
    """What is to be different; None leaves it as it is.

    Attributes:
        earlier_by: zero ends the search for something earlier.
    """

    wishes: Wishes | None = None
    mode: Mode | None = None
    mail_hours: Hours | None = None
    answers: Mapping[str, str] | None = None
    earlier_by: timedelta | None = None

    def apply(self, subscription: Subscription) -> Subscription:
        """Return the subscription with the changes."""
        given = attrs.asdict(self, recurse=False, filter=lambda _, v: v is not None)
        if self.earlier_by == timedelta(0) or self.mode is Mode.TELL:
            given["earlier_by"] = None
        return attrs.evolve(subscription, **given)


@attrs.frozen
class Change:
    """Manage one subscription of a citizen.

    Every method raises `NotFound` if this citizen has no such subscription, and
    `IllegalTransition` if it has ended for good.
    """

    store: UnitOfWork
    queue: JobQueue
    clock: Clock

    async def __call__(
        self,
        subscription_id: UUID,
        user_id: UUID,
        catalogue: Catalogue,
        wanted: Changes,
    ) -> Subscribed:
        """Change wishes; one that was paused, fulfilled or expired is looked for again.

        `waiting_since` survives. What is under way and does not suit any more is given
        back.

        Raises:
            NotFound, NotOffered, InvalidValue, DetailsMissing: as `Subscribe` does;
                nothing is changed then.
        """
        now = self.clock.now()
        async with self.store.begin() as tx:
            before = await own(tx, subscription_id, user_id)
            after = wanted.apply(before).resume(now)
            done = await accept(tx, catalogue, after, now)
            wish = await _settled(tx, before, done.subscription, catalogue)
            jobs = await _withdraw(tx, before, UNSUITABLE, now, _unsuitable(wish, now))
            await tx.commit()
        await self.queue.put(*jobs)
        return attrs.evolve(done, subscription=wish)

    async def pause(self, subscription_id: UUID, user_id: UUID) -> Subscription:
        """Stop looking for a while; what the city has not mailed yet is given back."""
        return await self._step(
            subscription_id,
            user_id,
            Subscription.pause,
            PAUSED,
            lambda booking: booking.state in _UNDER_WAY,
        )

    async def resume(self, subscription_id: UUID, user_id: UUID) -> Subscription:
        """Look again, or say that it is still needed.

        Raises:
            InvalidValue: no day is left that would suit, the citizen waits for the same
                elsewhere, or has the appointment; nothing is changed then.
        """
        now = self.clock.now()
        async with self.store.begin() as tx:
            before = await own(tx, subscription_id, user_id)
            after, catalogue = before.resume(now), await last_known(tx)
            check_days(after.wishes, now)
            await check_alone(tx, catalogue, after)
            after = await tx.subscriptions.save(after)
            after = await _settled(tx, before, after, catalogue)
            await tx.commit()
        return after

    async def end(self, subscription_id: UUID, user_id: UUID) -> Subscription:
        """Stop for good; everything is given back but a confirmed appointment."""
        return await self._step(
            subscription_id,
            user_id,
            Subscription.cancel,
            ENDED,
            lambda booking: booking.state is not BookingState.CONFIRMED,
        )

    async def _step(
        self,
        subscription_id: UUID,
        user_id: UUID,
        step: Callable[[Subscription], Subscription],
        reason: str,
        withdrawn: Callable[[Booking], bool],
    ) -> Subscription:
        now = self.clock.now()
        async with self.store.begin() as tx:
            before = await own(tx, subscription_id, user_id)
            after = await tx.subscriptions.save(step(before))
            jobs = await _withdraw(tx, before, reason, now, withdrawn)
            await tx.commit()
        await self.queue.put(*jobs)
        return after


async def own(tx: Transaction, subscription_id: UUID, user_id: UUID) -> Subscription:
    """Read a citizen's own subscription. Raises `NotFound`."""
    subscription = await tx.subscriptions.get(subscription_id)
    if subscription.user != user_id:
        raise NotFound("There is no such subscription.")
    return subscription


async def _settled(
    tx: Transaction, before: Subscription, after: Subscription, catalogue: Catalogue
) -> Subscription:
    """Bring a wish that is looked for again in line with the appointment that stands.

    Raises:
        InvalidValue: it was fulfilled, and by that appointment still is.
    """
    settled = await settle(tx, after, catalogue)
    if not settled.waits and not before.waits:
        raise InvalidValue(
            "Your appointment stands. Give it back first, or say how much earlier "
            "another one would have to be."
        )
    return settled


def _unsuitable(wish: Subscription, now: datetime) -> Callable[[Booking], bool]:
    """Tell which bookings under way do not fit changed wishes.

    How far off a slot must be was asked when it was taken.
    """

    def unsuitable(booking: Booking) -> bool:
        if booking.state not in _UNDER_WAY:
            return False
        misfit = wish.wishes.misfit(booking.slot, now)
        vain = wish.mode is Mode.TELL or not wish.waits
        gains = wish.gains(booking.slot.start)
        return vain or not gains or misfit not in {None, Misfit.NOTICE}

    return unsuitable


async def _withdraw(
    tx: Transaction,
    wish: Subscription,
    reason: str,
    now: datetime,
    withdrawn: Callable[[Booking], bool],
) -> list[Job]:
    """Give back what is under way and is not to be had any more."""
    jobs = []
    for booking in await tx.bookings.of_subscription(wish.id):
        given_up = booking.ended or booking.release
        if not given_up and withdrawn(booking):
            await tx.bookings.save(booking.give_up(now, reason))
            jobs.append(Job(Task.BOOK, booking.id))
    return jobs
