"""A citizen's own wishes, and what comes of changing one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import NotFound
from mta_core.domain.subscriptions import Mode, Subscription
from mta_core.use_cases.change import Changes
from mta_core.use_cases.subscribe import check_days
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.details import Answers, Offices
from mta_entrypoints.cli.options import Options
from mta_entrypoints.cli.questions import complete, said
from mta_entrypoints.cli.session import catalogue_of, citizen, deal_of, pick

Fits = Callable[[Subscription], bool]


@attrs.frozen
class Mine:
    """A citizen's own subscriptions and bookings, before anything is changed."""

    container: CliContainer
    user: User
    catalogue: Catalogue
    wishes: Sequence[Subscription]
    bookings: Sequence[Booking]

    @classmethod
    async def of(cls, container: CliContainer, person: str) -> Mine:
        """Read it. Raises `NotFound` for strangers."""
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            wishes = await tx.subscriptions.of(user.id)
            bookings = await tx.bookings.of(user.id)
        return cls(container, user, catalogue, wishes, bookings)

    def chosen(self, text: str, *likely: Fits, none: str) -> Subscription:
        """Find the subscription that is meant.

        Args:
            likely: unnamed, those that fit the first of these that any fits.
            none: what to say if there are none of them.

        Raises:
            NotFound, InvalidValue: none, or more than one, can be meant.
        """
        groups = [[wish for wish in self.wishes if fits(wish)] for fits in likely]
        group = self.wishes if text else next(filter(None, groups), [])
        if not group and not text:
            raise NotFound(none)
        chosen = pick(group, text, "subscription")
        return next(wish for wish in self.wishes if wish.id == chosen)

    async def change(self, before: Subscription, options: Options) -> Subscription:
        """Check everything that is said, then change it.

        Raises:
            DomainError: nothing is changed, and nothing is stored.
        """
        mode = options.mode or before.mode
        wanted = Changes(
            wishes=options.wishes(before.wishes),
            mode=options.mode,
            mail_hours=options.reachable(),
            earlier_by=options.gain(mode),
        )
        now = self.container.clock().now()
        after = wanted.apply(before).resume(now)
        check_days(after.wishes, now)
        answers = self._answers(after, options)
        contact = answers.to_contact()
        if contact != self.user.contact:
            await self.container.register()(
                self.user.home,
                agreed_to=self.user.consent.wording,
                contact=contact,
            )
        done = await self.container.change()(
            before.id,
            self.user.id,
            self.catalogue,
            attrs.evolve(wanted, answers=answers.own),
        )
        return done.subscription

    def _answers(self, wish: Subscription, options: Options) -> Answers:
        """Read what the city is to be told, or ask for it."""
        able = self.catalogue.check_orderable(wish.services, wish.wishes.offices)
        offices = Offices(self.catalogue, able)
        answers = said(options, offices, self.user.contact, wish.answers)
        return complete(answers, offices) if wish.mode is Mode.BOOK else answers

    async def again(self) -> User:
        """Read the citizen again: their contact data may have changed."""
        async with self.container.store().snapshot() as tx:
            return await tx.users.get(self.user.id)

    def confirmed(self, wish: Subscription) -> list[Deal]:
        """Return the appointments that came of it, and stay."""
        return [
            deal_of(self.container, booking, self.catalogue)
            for booking in self.bookings
            if booking.subscription == wish.id
            and booking.state is BookingState.CONFIRMED
        ]

    async def given_back(self, wish: Subscription) -> list[Deal]:
        """Give back at once what is not wanted any more, and return what that was."""
        live = {b.id for b in self.bookings if not b.ended}
        async with self.container.store().snapshot() as tx:
            tries = await tx.bookings.of_subscription(wish.id)
        after = []
        for booking in [b for b in tries if b.id in live and (b.release or b.ended)]:
            with output.progress("Giving back what is held …"):
                left = await self.container.release().settle(booking.id)
            after.append(deal_of(self.container, left, self.catalogue))
        return after
