"""The stage: which service, where and when, drawn from the seed."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.availability import BERLIN
from mta_core.domain.catalogue import Catalogue, Office, Service, ServiceSet
from mta_core.domain.errors import NotOffered
from mta_core.domain.questions import missing_details

CITIZEN = Contact("Amira Beispiel", "amira@example.org")
_SATURDAY = 5


@attrs.frozen
class Stage:
    """What the story is about."""

    service: Service
    office: Office
    starts: tuple[datetime, ...]


def choose(catalogue: Catalogue, seed: int, now: datetime) -> Stage:
    """Draw a service at an unchecked office that asks for name and mail only.

    Raises:
        NotOffered: this catalogue has none.
    """
    able = [
        (service, catalogue.office(office))
        for _, service in sorted(catalogue.services.items())
        for office in sorted(catalogue.able(ServiceSet.of([service.id])))
        if _easy(catalogue, catalogue.office(office))
    ]
    if not able:
        raise NotOffered("No office of this catalogue can be booked without more data.")
    draw = random.Random(seed)  # noqa: S311 - a story, not a secret
    service, office = draw.choice(able)
    minutes = timedelta(minutes=max(office.slot_minutes or 15, 15))
    day = now.astimezone(BERLIN).date() + timedelta(days=draw.randint(2, 6))
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    first = datetime.combine(day, time(draw.randint(8, 11)), BERLIN)
    steps = [catalogue.slots_needed(ServiceSet.of([service.id]), office.id)] * 3
    return Stage(
        service,
        office,
        tuple(first + minutes * step * number for number, step in enumerate(steps)),
    )


def _easy(catalogue: Catalogue, office: Office) -> bool:
    return (
        office.terms is not None
        and office.terms.reservation_minutes > 0
        and not catalogue.is_checked(office.id)
        and not missing_details(office.terms, CITIZEN, {})
    )
