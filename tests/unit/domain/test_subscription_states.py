"""A subscription's life, who comes first, and which slots fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mta_core.domain.errors import IllegalTransition
from mta_core.domain.subscriptions import (
    Subscription,
    SubscriptionState,
    fitting,
    longest_waiting,
)
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    a_slot,
    a_subscription,
    days,
    wanting,
)

S = SubscriptionState
STEPS: dict[SubscriptionState, Callable[[Subscription], Subscription]] = {
    S.FULFILLED: Subscription.fulfil,
    S.ACTIVE: Subscription.resume,
    S.EXPIRED: Subscription.expire,
    S.CANCELLED: Subscription.cancel,
}
POSSIBLE = {
    (S.ACTIVE, S.FULFILLED),
    (S.ACTIVE, S.EXPIRED),
    (S.ACTIVE, S.CANCELLED),
    (S.FULFILLED, S.ACTIVE),
}


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_only_the_steps_of_the_table_are_possible(
    before: SubscriptionState, after: SubscriptionState
) -> None:
    subscription = a_subscription(state=before)
    if (before, after) in POSSIBLE:
        assert STEPS[after](subscription).state is after
    else:
        with pytest.raises(IllegalTransition, match=before.value):
            STEPS[after](subscription)


def test_only_an_active_subscription_is_watched_for() -> None:
    assert a_subscription().active
    assert not a_subscription().fulfil().active
    assert a_subscription().fulfil().resume().active


def test_a_lost_race_does_not_cost_the_place_in_the_queue() -> None:
    subscription = a_subscription(waiting_since=NOW - days(9))
    assert subscription.fulfil().resume().waiting_since == NOW - days(9)


def test_the_longest_waiting_come_first_and_ids_decide_ties() -> None:
    late = a_subscription(1, waiting_since=NOW)
    early = a_subscription(9, waiting_since=NOW - MINUTE)
    tied = a_subscription(2, waiting_since=NOW)
    assert longest_waiting([tied, late, early]) == [early, late, tied]


def test_slots_fit_if_they_are_for_the_same_services_and_suit() -> None:
    first, second = a_slot(NOW + days(1)), a_slot(NOW + days(2))
    elsewhere = a_slot(NOW + days(1), office=2)
    other_services = a_slot(NOW + days(1), services="2")
    other_count = a_slot(NOW + days(1), services="1x2")
    soon = a_slot(NOW + MINUTE)
    slots = [second, other_count, elsewhere, soon, first, other_services]
    assert fitting(slots, a_subscription(wishes=wanting(1)), NOW) == (first, second)
