"""Not seeing is a state of its own: a blind watcher never says "nothing free"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

import attrs

from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.errors import (
    CheckNeeded,
    RateLimited,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.domain.subscriptions import Subscription


class BlindReason(Enum):
    """Why MTA cannot see."""

    OUTAGE = "outage"
    RATE_LIMITED = "rate limited"
    CONTRACT_BROKEN = "contract broken"
    CHECK_NEEDED = "human check needed"
    REFUSED = "refused"
    NOT_OFFERED = "not offered"


_REASONS: tuple[tuple[type[SiteError], BlindReason], ...] = (
    (CheckNeeded, BlindReason.CHECK_NEEDED),
    (RateLimited, BlindReason.RATE_LIMITED),
    (SiteChanged, BlindReason.CONTRACT_BROKEN),
    (SiteUnreachable, BlindReason.OUTAGE),
    (SiteSilent, BlindReason.OUTAGE),
)


def reason_of(error: SiteError) -> BlindReason:
    """Say what kind of blindness an error of the city means."""
    return next(
        (reason for kind, reason in _REASONS if isinstance(error, kind)),
        BlindReason.REFUSED,
    )


@attrs.frozen
class Blindness:
    """One probe cannot see, since when, and why.

    Attributes:
        probe: the key of the probe.
        detail: what the city or the network said.
    """

    probe: str
    reason: BlindReason
    since: datetime
    detail: str


@attrs.frozen
class BlindSpot:
    """What a subscription cannot see. *offices*: where; *since*: None is "always"."""

    reason: BlindReason
    offices: frozenset[OfficeId]
    since: datetime | None = None
    detail: str = ""


def blind_spots(
    subscription: Subscription, catalogue: Catalogue, known: Iterable[Blindness]
) -> tuple[BlindSpot, ...]:
    """Tell where MTA does not see for this subscription, and why.

    Checked offices are never asked without a person's human check; offices of a blind
    probe were asked in vain; where no wanted office takes the services (any more),
    nothing is asked at all.
    """
    wanted = frozenset(
        office
        for office in catalogue.able(subscription.services)
        if subscription.wishes.accept_office(office)
    )
    checked = frozenset(office for office in wanted if catalogue.is_checked(office))
    if not wanted:
        return (BlindSpot(BlindReason.NOT_OFFERED, frozenset()),)
    spots = [BlindSpot(BlindReason.CHECK_NEEDED, checked)] if checked else []
    for blindness in known:
        services, _, offices = blindness.probe.partition("@")
        asked = frozenset(OfficeId(int(office)) for office in offices.split(","))
        unseen = (asked & wanted) - checked
        if services == str(subscription.services) and unseen:
            spots.append(
                BlindSpot(blindness.reason, unseen, blindness.since, blindness.detail)
            )
    return tuple(spots)
