"""Subscribe: take down what a citizen wishes for, if the city can grant it at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.accounts import Contact, check_answer, missing_details
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.errors import DetailsMissing, InvalidValue
from mta_core.domain.subscriptions import MAIL_HOURS, Hours, Mode, Subscription, Wishes
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.repository import UnitOfWork


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
    ) -> Subscribed:
        """Store the wishes.

        Raises:
            NotFound, NotOffered, InvalidValue: the city cannot grant this, or the
                citizen waits for the same already.
            DetailsMissing: book mode, and no office can be booked with what is known.
        """
        able = catalogue.check_orderable(services, wishes.offices)
        now = self.clock.now()
        check_days(wishes, now)
        checked = frozenset(office for office in able if catalogue.is_checked(office))
        given = {name: check_answer(text) for name, text in (answers or {}).items()}
        async with self.store.begin() as tx:
            user = await tx.users.get(user_id)
            for other in await tx.subscriptions.of(user_id):
                if other.active and other.services == services:
                    raise InvalidValue(
                        f"You already wait for {catalogue.name_of(services)}: "
                        f"subscription {other.id}."
                    )
            missing = _missing(catalogue, able, user.contact, given)
            asked = able - checked or able
            if mode is Mode.BOOK and missing.keys() >= asked:
                raise DetailsMissing(
                    "To book, the city also asks for: "
                    + ", ".join(
                        sorted({name for gap in missing.values() for name in gap})
                    )
                )
            subscription = Subscription(
                id=self.ids.new(),
                user=user_id,
                services=services,
                wishes=wishes,
                mode=mode,
                waiting_since=now,
                mail_hours=mail_hours,
                answers=given,
            )
            subscription = await tx.subscriptions.save(subscription)
            await tx.commit()
        return Subscribed(
            subscription, able - checked, checked, missing if mode is Mode.BOOK else {}
        )


def check_days(wishes: Wishes, now: datetime) -> None:
    """Check that a day is left that would suit. Raises `InvalidValue`."""
    if wishes.first_day(now) is None:
        raise InvalidValue("No day is left that would suit: all of them are over.")


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
