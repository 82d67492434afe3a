"""Subscribe: take down what a citizen wishes for, if the city can grant it at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.errors import DetailsMissing, InvalidValue
from mta_core.domain.questions import check_answer, missing_details
from mta_core.domain.subscriptions import (
    LEAST_GAIN,
    MAIL_HOURS,
    Hours,
    Mode,
    Subscription,
    Wishes,
)
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.standing import stands


@attrs.frozen
class Subscribed:
    """What came of it.

    Attributes:
        watched: the offices that MTA asks.
        checked: the offices behind a human check, which MTA does not ask.
        missing: what further offices demand before MTA could book there.
    """

    subscription: Subscription
    watched: frozenset[OfficeId]
    checked: frozenset[OfficeId]
    missing: Mapping[OfficeId, tuple[str, ...]]


@attrs.frozen
class Subscribe:
    """Start waiting for an appointment."""

    store: UnitOfWork
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        user_id: UUID,
        catalogue: Catalogue,
        services: ServiceSet,
        *,
        wishes: Wishes,
        mode: Mode = Mode.TELL,
        mail_hours: Hours = MAIL_HOURS,
        answers: Mapping[str, str] | None = None,
        earlier_by: timedelta | None = None,
    ) -> Subscribed:
        """Store the wishes.

        Args:
            answers: to the offices' own questions, by the city's label.
            earlier_by: once booked, go on looking for an appointment that is at least
                this much earlier.

        Raises:
            NotFound, NotOffered, InvalidValue: the city cannot grant this, or the
                citizen waits for the same already, or has it.
            DetailsMissing: book mode, and no office can be booked with what is known.
        """
        now = self.clock.now()
        async with self.store.begin() as tx:
            subscription = Subscription(
                id=self.ids.new(),
                user=user_id,
                services=services,
                wishes=wishes,
                mode=mode,
                waiting_since=now,
                mail_hours=mail_hours,
                answers=answers or {},
                earlier_by=earlier_by,
            )
            done = await accept(tx, catalogue, subscription, now)
            await tx.commit()
        return done


async def accept(
    tx: Transaction, catalogue: Catalogue, subscription: Subscription, now: datetime
) -> Subscribed:
    """Check a new or changed subscription against the city's rules, and save it.

    Raises:
        NotFound, NotOffered, InvalidValue, DetailsMissing: see `Subscribe`.
    """
    able = catalogue.check_orderable(subscription.services, subscription.wishes.offices)
    check_days(subscription.wishes, now)
    subscription = _checked(subscription)
    await check_alone(tx, catalogue, subscription)
    booking = subscription.mode is Mode.BOOK
    checked = frozenset(office for office in able if catalogue.is_checked(office))
    user = await tx.users.get(subscription.user)
    missing = _missing(catalogue, able, user.contact, subscription.answers)
    asked = able - checked or able
    if booking and missing.keys() >= asked:
        names = sorted({name for gap in missing.values() for name in gap})
        raise DetailsMissing("To book, the city also asks for: " + ", ".join(names))
    subscription = await tx.subscriptions.save(subscription)
    return Subscribed(subscription, able - checked, checked, missing if booking else {})


def check_days(wishes: Wishes, now: datetime) -> None:
    """Check that a day is left that would suit. Raises `InvalidValue`."""
    if wishes.first_day(now) is None:
        raise InvalidValue("No day is left that would suit: all of them are over.")


def _checked(subscription: Subscription) -> Subscription:
    gain = subscription.earlier_by
    if gain is not None and subscription.mode is not Mode.BOOK:
        raise InvalidValue("MTA swaps for an earlier appointment only in book mode.")
    if gain is not None and gain < LEAST_GAIN:
        raise InvalidValue(
            "An appointment is swapped only if that gains a day or more."
        )
    said = {name: check_answer(text) for name, text in subscription.answers.items()}
    return attrs.evolve(
        subscription, answers={name: text for name, text in said.items() if text}
    )


async def check_alone(
    tx: Transaction, catalogue: Catalogue, wish: Subscription
) -> None:
    """Check that a citizen has or waits for this only once. Raises `InvalidValue`."""
    for other in await tx.subscriptions.of(wish.user):
        if other.id != wish.id and other.waits and other.services == wish.services:
            raise InvalidValue(
                f"You already wait for {catalogue.name_of(wish.services)}: "
                f"subscription {other.id}."
            )
    for booking in await tx.bookings.of(wish.user):
        shared = not set(booking.slot.services.ids).isdisjoint(wish.services.ids)
        elsewhere = shared and booking.subscription != wish.id
        if wish.mode is Mode.BOOK and elsewhere and stands(booking):
            raise InvalidValue(
                "You have an appointment already for "
                f"{catalogue.name_of(booking.slot.services)}. MTA books another one "
                "once you have given it back or it is over."
            )


def _missing(
    catalogue: Catalogue,
    offices: frozenset[OfficeId],
    contact: Contact | None,
    answers: Mapping[str, str],
) -> dict[OfficeId, tuple[str, ...]]:
    gaps = {}
    for office in sorted(offices):
        terms = catalogue.office(office).terms
        gap = missing_details(terms, contact, answers) if terms else ()
        if gap:
            gaps[office] = gap
    return gaps
