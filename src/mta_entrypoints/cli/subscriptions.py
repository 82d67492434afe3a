"""`mta subscriptions`."""

from __future__ import annotations

from typing import Any

from mta_core.domain.blindness import BlindReason, BlindSpot, blind_spots
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.subscriptions import Subscription
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import (
    AsJson,
    Person,
    catalogue_of,
    citizen,
    session,
)


async def subscriptions(*, person: Person = "me", json: AsJson = False) -> int:
    """Show what you wait for, since when, and where MTA is blind."""
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.subscriptions.of(user.id)
            known = await tx.sights.blind()
    shown = [(s, blind_spots(s, catalogue, known) if s.active else ()) for s in listed]
    if json:
        output.as_json([described(s, catalogue, spots) for s, spots in shown])
        return 0
    output.table(
        ("id", "service", "mode", "state", "since", "blind"),
        (
            (
                output.short(s.id),
                catalogue.name_of(s.services),
                s.mode.value,
                s.state.value,
                output.when(s.waiting_since),
                "\n".join(blind_text(spot, catalogue) for spot in spots),
            )
            for s, spots in shown
        ),
        none="You wait for nothing.",
    )
    return 0


def described(
    subscription: Subscription, catalogue: Catalogue, spots: tuple[BlindSpot, ...]
) -> dict[str, Any]:
    """Describe a subscription for programs."""
    return {
        "id": subscription.id,
        "services": str(subscription.services),
        "name": catalogue.name_of(subscription.services),
        "mode": subscription.mode.value,
        "state": subscription.state.value,
        "waitingSince": subscription.waiting_since,
        "mailHours": str(subscription.mail_hours),
        "blind": [
            {
                "reason": spot.reason.value,
                "offices": sorted(spot.offices),
                "since": spot.since,
                "text": blind_text(spot, catalogue),
            }
            for spot in spots
        ],
    }


def blind_text(spot: BlindSpot, catalogue: Catalogue) -> str:
    """Say for people where MTA does not see, and why."""
    names = sorted({catalogue.office(office).name for office in spot.offices})
    where = ", ".join(names)
    if spot.reason is BlindReason.CHECK_NEEDED and spot.since is None:
        return (
            f"Not watched: {where}. The city asks for a human check there, which only "
            "a person may do."
        )
    if not spot.offices:
        return "Not watched: no office that suits you offers this (any more)."
    since = f" since {output.when(spot.since)}" if spot.since else ""
    return f"Blind{since} ({spot.reason.value}): {where}. {spot.detail}".rstrip()
