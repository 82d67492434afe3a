"""What hypothesis draws of a record leaves no field out, whatever is added to it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from mta_core.domain.accounts import User
from mta_core.domain.bookings import Booking
from mta_core.domain.notifications import Notification
from mta_core.domain.subscriptions import Subscription, Wishes
from tests.contracts import strategies

DRAWN: dict[type[Any], SearchStrategy[Any]] = {
    Booking: strategies.bookings,
    Notification: strategies.notifications,
    Subscription: strategies.subscriptions,
    User: strategies.users,
    Wishes: strategies.wishes,
}


@pytest.mark.parametrize("kind", DRAWN)
def test_every_field_is_drawn(kind: type[Any]) -> None:
    """A field that is always the same would come back even if it were not stored."""
    seen: dict[str, set[str]] = defaultdict(set)

    @settings(
        max_examples=60,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(DRAWN[kind])
    def draw(record: object) -> None:
        for field in attrs.fields(kind):
            seen[field.name].add(repr(getattr(record, field.name)))

    draw()
    same = {name for name, values in seen.items() if len(values) == 1}
    assert same <= {"version"}  # the store counts it
