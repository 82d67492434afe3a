"""`mta subscriptions`, and what stands around a subscription for all who show one."""

from __future__ import annotations

from mta_core.domain.accounts import User
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.repository import Transaction
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.details import Answers, Offices, meaning_of
from mta_entrypoints.cli.history import usually
from mta_entrypoints.cli.session import (
    AsJson,
    Person,
    Which,
    catalogue_of,
    citizen,
    deal_of,
    pick,
    session,
)
from mta_entrypoints.cli.wish_words import Wish


async def subscriptions(
    subscription: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Show what you wait for, since when, and where MTA is blind.

    Parameters
    ----------
    subscription
        The id of one of them, or the end of it, to see all about it.
    """
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.subscriptions.of(user.id)
            wishes = [await in_full(tx, user, wish, catalogue) for wish in listed]
            if subscription:
                chosen = pick(listed, subscription, "subscription")
                [wish] = [w for w in wishes if w.subscription.id == chosen]
                tries = await tx.bookings.of_subscription(chosen)
                deals = [deal_of(container, b, catalogue) for b in tries]
                return _show_one(wish, deals, json, await _usually(container, wish))
    if json:
        output.as_json([wish.described() for wish in wishes])
        return 0
    output.table(
        ("id", "service", "where and when", "state", "to know"),
        (_row(wish) for wish in wishes),
        none="You wait for nothing.",
    )
    return 0


async def in_full(
    tx: Transaction, user: User, subscription: Subscription, catalogue: Catalogue
) -> Wish:
    """Put together what there is to say of a subscription."""
    accepts = subscription.wishes.accept_office
    able = frozenset(filter(accepts, catalogue.able(subscription.services)))
    answers = Answers.known(user.contact, subscription.answers)
    gaps = Offices(catalogue, able).gaps(answers)
    return Wish.seen(
        subscription,
        catalogue,
        await tx.sights.blind(),
        {office: [meaning_of(q) for q in gap] for office, gap in gaps.items()},
        await tx.conditions.now(),
    )


async def reread(
    container: CliContainer, user: User, subscription: Subscription, names: Catalogue
) -> Wish:
    """Put together what there is to say of a subscription that was just saved."""
    async with container.store().snapshot() as tx:
        return await in_full(tx, user, subscription, names)


def say_all(wish: Wish) -> None:
    """Print all about a subscription, for people."""
    output.facts(wish.facts())
    for warning in wish.warnings():
        output.say(warning)


async def _usually(container: CliContainer, wish: Wish) -> str:
    """Say when slots usually appear for somebody who still waits."""
    subscription = wish.subscription
    if not subscription.waits:
        return ""
    offices = subscription.wishes.offices
    return await usually(container, subscription.services, offices)


def _show_one(wish: Wish, tries: list[Deal], json: bool, when: str) -> int:
    if json:
        described = wish.described()
        output.as_json({**described, "bookings": [deal.described() for deal in tries]})
        return 0
    output.say(f"Subscription {output.short(wish.subscription.id)}")
    say_all(wish)
    if when:
        output.say(when)
    for deal in tries:
        output.say(f"Booking {output.short(deal.booking.id)}: {deal.line()}")
    return 0


def _row(wish: Wish) -> tuple[str, ...]:
    subscription = wish.subscription
    return (
        output.short(subscription.id),
        wish.name,
        f"{wish.where()}\n{wish.when()}",
        f"{subscription.mode.value}, {subscription.state.value}\n"
        f"since {output.when(subscription.waiting_since)}",
        "\n".join(filter(None, (wish.earlier(), *_news(wish), *wish.warnings()))),
    )


def _news(wish: Wish) -> list[str]:
    """Say what the bare word for its state does not."""
    subscription = wish.subscription
    told = subscription.asked_at or subscription.vanished_at or not subscription.active
    return [wish.state()] if told else []
