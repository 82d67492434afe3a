"""A subscription's states, who comes first, and which slots fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs
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
LATER = NOW + days(9)
STEPS: dict[SubscriptionState, Callable[[Subscription], Subscription]] = {
    S.FULFILLED: Subscription.fulfil,
    S.ACTIVE: lambda wish: wish.resume(LATER),
    S.PAUSED: Subscription.pause,
    S.EXPIRED: Subscription.expire,
    S.CANCELLED: Subscription.cancel,
}
POSSIBLE = {
    (S.ACTIVE, S.ACTIVE),  # the citizen says that they still need it
    (S.ACTIVE, S.PAUSED),
    (S.ACTIVE, S.FULFILLED),
    (S.ACTIVE, S.EXPIRED),
    (S.ACTIVE, S.CANCELLED),
    (S.PAUSED, S.ACTIVE),
    (S.PAUSED, S.FULFILLED),
    (S.PAUSED, S.EXPIRED),
    (S.PAUSED, S.CANCELLED),
    (S.FULFILLED, S.ACTIVE),
    (S.FULFILLED, S.CANCELLED),
    (S.EXPIRED, S.ACTIVE),
    (S.EXPIRED, S.CANCELLED),
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


@pytest.mark.parametrize("state", S)
def test_only_an_active_subscription_is_watched_for(state: SubscriptionState) -> None:
    assert a_subscription(state=state).active is (state is S.ACTIVE)


@pytest.mark.parametrize("state", S)
def test_an_appointment_fulfils_what_is_looked_for_or_paused(
    state: SubscriptionState,
) -> None:
    """A booking may be confirmed after its subscription was paused."""
    assert a_subscription(state=state).waits is (state in {S.ACTIVE, S.PAUSED})


@pytest.mark.parametrize(
    "step",
    [
        lambda wish: wish.fulfil().resume(LATER),
        lambda wish: wish.expire().resume(LATER),
        lambda wish: wish.pause().resume(LATER),
        lambda wish: wish.hold(LATER).let_go().resume(LATER),
        lambda wish: wish.ask(LATER).vanish(LATER),
    ],
    ids=["fulfilled", "expired", "paused", "held", "asked"],
)
def test_nothing_costs_the_place_in_the_queue(
    step: Callable[[Subscription], Subscription],
) -> None:
    subscription = a_subscription(waiting_since=NOW - days(9))
    assert step(subscription).waiting_since == NOW - days(9)


# What a word of the citizen means


def test_a_new_subscription_is_armed_and_meant_at_once() -> None:
    subscription = a_subscription(waiting_since=NOW - days(3))
    assert (subscription.armed_at, subscription.renewed_at) == (NOW - days(3),) * 2
    assert subscription.asked_at is None


@pytest.mark.parametrize("state", [S.ACTIVE, S.PAUSED, S.FULFILLED, S.EXPIRED])
def test_a_word_of_the_citizen_counts_from_now(state: SubscriptionState) -> None:
    asked = a_subscription(state=state, asked_at=NOW)
    again = asked.resume(LATER)
    assert (again.renewed_at, again.asked_at, again.armed_at) == (LATER, None, LATER)


@pytest.mark.parametrize("state", [S.FULFILLED, S.EXPIRED, S.CANCELLED])
def test_an_end_forgets_what_stood_and_what_was_asked(state: SubscriptionState) -> None:
    """Else the appointment of somebody who has left would want to fulfil it."""
    ended = STEPS[state](a_subscription(standing=NOW + days(3), asked_at=NOW))
    assert (ended.standing, ended.asked_at) == (None, None)


@pytest.mark.parametrize("state", [S.ACTIVE, S.PAUSED])
def test_an_appointment_that_stands_changes_no_state(state: SubscriptionState) -> None:
    subscription = a_subscription(state=state)
    held = subscription.hold(LATER)
    assert held == attrs.evolve(subscription, standing=LATER)
    assert held.let_go() == subscription


@pytest.mark.parametrize("moment", [NOW, None])
def test_what_the_city_offers_is_noted(moment: datetime | None) -> None:
    subscription = a_subscription(vanished_at=NOW - days(1))
    assert subscription.vanish(moment).vanished_at == moment
    assert subscription.vanish(moment).active


# Who and what


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


def test_slots_fit_only_if_they_are_a_gain() -> None:
    first, second = a_slot(NOW + days(1)), a_slot(NOW + days(2))
    holder = a_subscription(standing=second.start, earlier_by=days(1))
    assert fitting([second, first], holder, NOW) == (first,)
