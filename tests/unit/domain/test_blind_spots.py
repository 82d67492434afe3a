"""A blind watcher says so, and says why."""

from __future__ import annotations

import pytest

from mta_core.domain.blindness import (
    Blindness,
    BlindReason,
    BlindSpot,
    blind_spots,
    reason_of,
)
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import (
    CheckFailed,
    CheckNeeded,
    NotSent,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
    UnknownAppointment,
)
from tests.unit.domain.builders import (
    NOW,
    a_catalogue,
    a_probe,
    a_subscription,
    an_office,
    office_ids,
    service_ids,
    subclasses,
    wanting,
)

R = BlindReason
REASONS: dict[type[SiteError], BlindReason] = {
    SiteUnreachable: R.OUTAGE,
    NotSent: R.OUTAGE,
    SiteSilent: R.OUTAGE,
    RateLimited: R.RATE_LIMITED,
    SiteChanged: R.CONTRACT_BROKEN,
    CheckNeeded: R.CHECK_NEEDED,
    CheckFailed: R.REFUSED,
    Refused: R.REFUSED,
    SlotGone: R.REFUSED,
    UnknownAppointment: R.REFUSED,
    SiteError: R.REFUSED,
}


@pytest.mark.parametrize("kind", REASONS)
def test_every_error_of_the_city_has_a_reason(kind: type[SiteError]) -> None:
    error = kind("code") if issubclass(kind, Refused) else kind()
    assert reason_of(error) is REASONS[kind]


def test_no_error_of_the_city_is_forgotten_here() -> None:
    ours = {
        kind
        for kind in subclasses(SiteError)
        if kind.__module__ == "mta_core.domain.errors"
    }
    assert ours == REASONS.keys()


OPEN, CHECKED = an_office(1), an_office(2, checked=True)
CATALOGUE = a_catalogue(OPEN, CHECKED, an_office(3))


def blind(*offices: int, services: str = "1") -> Blindness:
    probe = a_probe(*offices, services=services)
    return Blindness(probe.key, R.OUTAGE, NOW, "connection refused")


def test_checked_offices_are_never_seen() -> None:
    subscription = a_subscription(wishes=wanting(2))
    assert blind_spots(subscription, CATALOGUE, []) == (
        BlindSpot(R.CHECK_NEEDED, office_ids(2)),
    )


def test_of_some_offices_only_the_checked_ones_are_blind() -> None:
    assert blind_spots(a_subscription(), CATALOGUE, []) == (
        BlindSpot(R.CHECK_NEEDED, office_ids(2)),
    )


def test_who_wants_only_open_offices_of_a_seeing_watcher_sees_all() -> None:
    assert blind_spots(a_subscription(wishes=wanting(1, 3)), CATALOGUE, []) == ()


def test_the_offices_of_a_blind_probe_are_blind_with_since_and_why() -> None:
    subscription = a_subscription(wishes=wanting(1, 3))
    [spot] = blind_spots(subscription, CATALOGUE, [blind(1, 9)])
    assert spot == BlindSpot(R.OUTAGE, office_ids(1), NOW, "connection refused")


def test_a_checked_office_is_blind_for_the_check_not_for_the_probe() -> None:
    spots = blind_spots(a_subscription(), CATALOGUE, [blind(1, 2)])
    assert [(spot.reason, spot.offices) for spot in spots] == [
        (R.CHECK_NEEDED, office_ids(2)),
        (R.OUTAGE, office_ids(1)),
    ]


@pytest.mark.parametrize("other", [blind(1, services="1x2"), blind(3)])
def test_the_blindness_of_other_probes_is_no_concern(other: Blindness) -> None:
    assert blind_spots(a_subscription(wishes=wanting(1)), CATALOGUE, [other]) == ()


@pytest.mark.parametrize(
    "catalogue",
    [
        a_catalogue(an_office(3)),
        a_catalogue(an_office(1, terms=None), an_office(3)),
        a_catalogue(an_office(1, disabled_by=service_ids(1)), an_office(3)),
    ],
)
def test_wanted_offices_that_nobody_asks_are_a_blind_spot(catalogue: Catalogue) -> None:
    """Nothing is asked for this subscription, so nothing can be said to be free or
    not: "not asked" is not "nothing free" (design 2.4)."""
    [spot] = blind_spots(a_subscription(wishes=wanting(1)), catalogue, [blind(1)])
    assert spot.reason is R.NOT_OFFERED
