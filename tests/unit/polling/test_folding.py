"""Many subscriptions become few questions, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import DateWindow, Observation
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.subscriptions import Subscription, SubscriptionState, Wishes
from mta_core.polling.probes import HORIZON, Demand, fold
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_calendar,
    a_catalogue,
    a_probe,
    a_service,
    a_slot,
    a_subscription,
    a_window,
    an_offer,
    an_office,
    days,
    office_ids,
    service_ids,
    some,
    wanting,
)

MIXED = a_catalogue(
    an_office(1),
    an_office(2),
    an_office(3, checked=True),
    an_office(4, shared_with=office_ids(3)),
    an_office(5, terms=None),
    services=[a_service(1, max_quantity=2), a_service(2)],
)
OPEN = {1, 2}

WISHES = st.builds(
    Wishes,
    offices=st.none() | st.sets(st.integers(1, 5)).map(lambda ids: office_ids(*ids)),
    windows=st.sampled_from(
        [(), (a_window(3, 9),), (a_window(-9, -1),), (a_window(-9, 4), a_window(8, 9))]
    ),
)
SUBSCRIPTIONS = st.lists(
    st.builds(
        a_subscription,
        st.integers(1, 10_000),
        services=st.sampled_from(["1", "1x2", "2"]),
        wishes=WISHES,
        state=st.sampled_from(SubscriptionState),
        standing=st.none() | st.integers(-1, 20).map(lambda day: NOW + days(day)),
        earlier_by=st.none() | st.integers(1, 9).map(days),
    ),
    max_size=8,
    unique_by=lambda subscription: subscription.id,
)


def gainful(subscription: Subscription) -> set[date]:
    """The days of the next month on which something that suits would be a gain."""
    wishes = subscription.wishes
    latest = NOW + days(999)
    if subscription.standing is not None:
        latest = subscription.standing - (subscription.earlier_by or days(1))
    ahead = (TODAY + days(number) for number in range(31))
    return {
        day
        for day in ahead
        if wishes.accept_day(day) and NOW + wishes.notice <= latest
        if day <= latest.date()
    }


def willing(subscription: Subscription) -> set[int]:
    """The offices that may be asked for a subscription, said in another way."""
    offices = subscription.wishes.offices
    left = bool(gainful(subscription))
    return OPEN & (OPEN if offices is None else offices) if left else set()


@given(SUBSCRIPTIONS)
def test_whoever_can_be_served_is_served_by_exactly_one_demand(
    subscriptions: Sequence[Subscription],
) -> None:
    demands = fold(subscriptions, MIXED, NOW)
    for subscription in subscriptions:
        served = [
            demand
            for demand in demands
            if demand.services == subscription.services
            and willing(subscription) & demand.waiting.keys()
            and subscription in demand.subscriptions
        ]
        assert len(served) == int(bool(subscription.active and willing(subscription)))


@given(SUBSCRIPTIONS)
def test_no_demand_serves_nobody(subscriptions: Sequence[Subscription]) -> None:
    demands = fold(subscriptions, MIXED, NOW)
    assert len({demand.services for demand in demands}) == len(demands)
    for demand in demands:
        assert demand.waiting
        assert all(s.active and willing(s) for s in demand.subscriptions)


@given(SUBSCRIPTIONS)
def test_checked_offices_are_never_asked(subscriptions: Sequence[Subscription]) -> None:
    for demand in fold(subscriptions, MIXED, NOW):
        for probe in (demand.probe(), demand.follow_up(demand.since + days(1))):
            assert probe.offices
            assert probe.offices <= OPEN


@given(SUBSCRIPTIONS)
def test_every_office_is_weighed_by_who_would_come(
    subscriptions: Sequence[Subscription],
) -> None:
    for demand in fold(subscriptions, MIXED, NOW):
        group = [s for s in subscriptions if s.active and s.services == demand.services]
        assert demand.waiting == {
            office: count
            for office in OPEN
            if (count := sum(office in willing(s) for s in group))
        }


@given(SUBSCRIPTIONS)
def test_a_demand_begins_with_the_first_day_that_suits_anybody_it_serves(
    subscriptions: Sequence[Subscription],
) -> None:
    for demand in fold(subscriptions, MIXED, NOW):
        first = min(
            min(gainful(s))
            for s in subscriptions
            if s.active and s.services == demand.services and willing(s)
        )
        assert demand.since == first
        assert demand.probe().window == DateWindow(first, first + HORIZON)


@given(SUBSCRIPTIONS, st.integers(0, 30))
def test_no_day_is_asked_for_that_is_no_gain_to_anybody(
    subscriptions: Sequence[Subscription], ahead: int
) -> None:
    """Somebody with an appointment in a week gains nothing by the week after it."""
    day = TODAY + days(ahead)
    for demand in fold(subscriptions, MIXED, NOW):
        assert demand.wants(demand.since)
        group = [s for s in subscriptions if s.services == demand.services]
        served = [s for s in group if s.active and willing(s)]
        wanted = demand.since <= day and any(day in gainful(s) for s in served)
        assert demand.wants(day) is wanted
        hinted = hinting({ahead: [1, 2]} if ahead else {})
        assert (day in demand.wanted_hints(hinted)) <= wanted


def test_who_waits_for_checked_offices_only_does_not_move_the_first_day() -> None:
    """An answer holds times for its first day only: asking too early wastes it."""
    later = a_subscription(1, wishes=wanting(1, windows=(a_window(30, 60),)))
    checked_only = a_subscription(2, wishes=wanting(3))
    [demand] = fold([later, checked_only], MIXED, NOW)
    assert demand.since == TODAY + days(30)
    assert demand.subscriptions == (later,)


def test_one_question_serves_all_who_wait_for_the_same() -> None:
    group = [
        a_subscription(1, wishes=wanting(1)),
        a_subscription(2, wishes=wanting(1, 2)),
        a_subscription(3, services="1x2"),
    ]
    one, two = fold(group, MIXED, NOW)
    assert one.probe() == a_probe(1, 2)
    assert one.waiting == {1: 2, 2: 1}
    assert two.probe() == a_probe(1, 2, services="1x2")


def test_offices_that_can_not_serve_the_set_are_not_asked() -> None:
    """MTA enforces what the city does not (design 4): whoever is asked without
    naming offices is told and booked there, although the city's page hides it."""
    hidden = an_office(2, disabled_by=service_ids(1))
    too_short = an_office(3, slots_per_appointment=1)
    offers = [an_offer(office, 1) for office in (1, 2, 3)]
    service = a_service(1, max_quantity=2)
    catalogue = Catalogue.of([service], [an_office(1), hidden, too_short], offers)
    assert catalogue.check_orderable(some("1x2"), None) == {1}
    [demand] = fold([a_subscription(services="1x2")], catalogue, NOW)
    assert demand.probe().offices == {1}


def test_a_service_that_is_not_listed_any_more_harms_nobody() -> None:
    catalogue = Catalogue.of([], [an_office(1)], [an_offer(1, 1)])
    demands = fold([a_subscription(), a_subscription(2, services="7")], catalogue, NOW)
    assert all(demand.services == some("1") for demand in demands)


# Days that are worth a question


def a_demand(*wishes: Wishes) -> Demand:
    group = [a_subscription(number, wishes=w) for number, w in enumerate(wishes, 1)]
    [demand] = fold(group, MIXED, NOW)
    return demand


def hinting(listed: dict[int, list[int]]) -> Observation:
    calendar = a_calendar(0, {1: [NOW + timedelta(hours=3)]}, listed)
    return Observation.of(a_probe(1, 2), calendar, NOW)


def test_hinted_days_are_worth_it_if_they_suit_somebody() -> None:
    demand = a_demand(
        wanting(1, excluded=frozenset({TODAY + days(4)})),
        wanting(2, windows=(a_window(7, 8),)),
    )
    seen = hinting({8: [2], 3: [1], 4: [1, 2], 6: [2], 5: [9]})
    assert demand.wanted_hints(seen) == (TODAY + days(3), TODAY + days(8))


def test_a_follow_up_asks_from_the_hinted_day_on() -> None:
    demand = a_demand(Wishes())
    probe = demand.follow_up(TODAY + days(9))
    assert probe.window == DateWindow(TODAY + days(9), TODAY + HORIZON)
    assert probe.key == demand.probe().key


def test_a_slot_behind_the_first_bookable_day_is_found_by_its_follow_up() -> None:
    demand = a_demand(Wishes())
    probe = demand.follow_up(TODAY + days(9))
    free = NOW + days(9)
    seen = Observation.of(probe, a_calendar(9, {2: [free]}, {9: [2]}), NOW)
    assert seen.free == {a_slot(free, office=2)}
    assert not seen.covers(a_slot(NOW + days(8)))


# With an appointment that stands


def test_a_later_day_is_asked_for_only_for_those_who_gain_by_it() -> None:
    holder = a_subscription(1, standing=NOW + days(9), earlier_by=days(2))
    [alone] = fold([holder], MIXED, NOW)
    assert alone.wants(TODAY + days(7))
    assert not alone.wants(TODAY + days(8))
    [both] = fold([holder, a_subscription(2)], MIXED, NOW)
    assert both.wants(TODAY + days(8))
    assert both.waiting == {1: 2, 2: 2}


def test_who_can_gain_nothing_any_more_is_not_asked_for() -> None:
    tomorrow = a_subscription(1, standing=NOW + days(1))
    assert fold([tomorrow], MIXED, NOW) == ()
    [demand] = fold([tomorrow, a_subscription(2)], MIXED, NOW)
    assert demand.waiting == {1: 1, 2: 1}


def test_a_hint_that_is_no_gain_is_not_followed() -> None:
    [demand] = fold([a_subscription(standing=NOW + days(5))], MIXED, NOW)
    assert demand.wanted_hints(hinting({3: [1], 4: [1], 6: [1]})) == (
        TODAY + days(3),
        TODAY + days(4),
    )
