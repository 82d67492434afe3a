"""What a planner is told of those who wait: from which day on, where, and how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.catalogue import OfficeId, Terms
from mta_core.domain.subscriptions import Subscription, SubscriptionState, Wishes
from mta_core.polling.probes import HORIZON, fold
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_catalogue,
    a_service,
    a_subscription,
    a_window,
    an_office,
    days,
    office_ids,
    wanting,
)

MIXED = a_catalogue(
    an_office(1, terms=Terms(reservation_minutes=5)),
    an_office(2),
    an_office(3, checked=True),
    an_office(4, shared_with=office_ids(3)),
    services=[a_service(1, max_quantity=2), a_service(2)],
)
OPEN, CHECKED = office_ids(1, 2), office_ids(3, 4)

WISHES = st.builds(
    Wishes,
    offices=st.none() | st.sets(st.integers(1, 5)).map(lambda ids: office_ids(*ids)),
    windows=st.sampled_from(
        [(), (a_window(3, 9),), (a_window(-9, -1),), (a_window(-9, 4), a_window(8, 9))]
    ),
)
GROUPS = st.lists(
    st.builds(
        a_subscription,
        st.integers(1, 10_000),
        services=st.sampled_from(["1", "1x2", "2"]),
        wishes=WISHES,
        state=st.sampled_from(SubscriptionState),
    ),
    max_size=8,
    unique_by=lambda subscription: subscription.id,
)
FEW = settings(max_examples=50)
DAYS = range(-1, 12)


def suiting(
    group: Sequence[Subscription], services: str, checked: bool
) -> dict[int, list[tuple[OfficeId, Subscription]]]:
    """Who would come first on which day from today on, and where."""
    offices = CHECKED if checked else OPEN
    found: dict[int, list[tuple[OfficeId, Subscription]]] = {}
    for wish in group:
        if not wish.active or str(wish.services) != services:
            continue
        fit = [number for number in range(31) if wish.wants_day(TODAY + days(number))]
        for office in filter(wish.wishes.accept_office, offices if fit else ()):
            found.setdefault(fit[0], []).append((office, wish))
    return found


@FEW
@given(GROUPS, st.booleans())
def test_for_each_day_it_is_counted_for_whom_it_is_the_first_one_and_where(
    group: Sequence[Subscription], checked: bool
) -> None:
    demands = {str(d.services): d for d in fold(group, MIXED, NOW, checked=checked)}
    for services in ("1", "1x2", "2"):
        wanted = {
            TODAY + days(day): Counter(office for office, _ in coming)
            for day, coming in suiting(group, services, checked).items()
        }
        firsts = demands[services].firsts if services in demands else {}
        assert firsts == wanted
        assert list(firsts) == sorted(firsts)


@FEW
@given(GROUPS, st.booleans())
def test_open_and_checked_offices_are_never_mixed(
    group: Sequence[Subscription], checked: bool
) -> None:
    offices = CHECKED if checked else OPEN
    for demand in fold(group, MIXED, NOW, checked=checked):
        assert demand.checked is checked
        assert set(demand.waiting) <= offices
        assert set(demand.holds) <= offices
        assert demand.probe().offices <= offices


@FEW
@given(GROUPS, st.integers(0, 12), st.none() | st.integers(0, 12))
def test_those_of_some_first_days_are_counted_and_all_of_them_are_those_who_wait(
    group: Sequence[Subscription], begin: int, end: int | None
) -> None:
    first, until = TODAY + days(begin), None if end is None else TODAY + days(end)
    for demand in fold(group, MIXED, NOW):
        assert demand.waiting_from(demand.since, None) == demand.waiting
        counted: Counter[OfficeId] = Counter()
        for day, counts in demand.firsts.items():
            if day >= first and (until is None or day < until):
                counted.update(counts)
        assert demand.waiting_from(first, until) == counted


@FEW
@given(GROUPS)
def test_for_any_day_it_is_known_who_would_come_and_where(
    group: Sequence[Subscription],
) -> None:
    for demand in fold(group, MIXED, NOW):
        for number in DAYS:
            day = TODAY + days(number)
            wanting_it = demand.wanting(day)
            assert bool(wanting_it) is demand.wants(day)
            assert wanting_it == {
                office: count
                for office in demand.waiting
                if demand.since <= day
                if (
                    count := sum(
                        wish.wants_day(day) and wish.wishes.accept_office(office)
                        for wish in demand.subscriptions
                    )
                )
            }


def test_nobody_comes_before_the_first_day_or_after_the_last_one() -> None:
    [demand] = fold([a_subscription()], MIXED, NOW)
    assert demand.wanting(TODAY - days(1)) == {}
    assert demand.wanting(TODAY + HORIZON) == {1: 1, 2: 1}
    assert demand.wanting(TODAY + HORIZON + days(1)) == {}


def test_each_office_holds_what_is_reserved_for_as_long_as_it_says() -> None:
    [demand] = fold([a_subscription(wishes=wanting(1))], MIXED, NOW)
    minute = timedelta(minutes=1)
    assert demand.holds == {1: 5 * minute, 2: 15 * minute}
