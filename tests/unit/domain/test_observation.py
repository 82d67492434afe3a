"""What one answer proves, and what it does not (contract 1.2, design 4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import (
    DateWindow,
    Observation,
    day_of,
)
from mta_core.domain.errors import InvalidValue
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_calendar,
    a_probe,
    a_slot,
    a_window,
    berlin,
    days,
    office_ids,
)

ASKED = (1, 2)


def test_a_window_includes_both_ends_and_never_ends_before_it_starts() -> None:
    window = a_window(1, 3)
    inside = [day for day in range(6) if TODAY + days(day) in window]
    assert inside == [1, 2, 3]
    assert TODAY in DateWindow(TODAY, TODAY)
    with pytest.raises(InvalidValue, match="before it starts"):
        a_window(3, 2)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-10-25 00:30", "2026-10-25"),
        ("2026-10-25 23:30", "2026-10-25"),
        ("2027-03-28 00:30", "2027-03-28"),
        ("2027-03-28 23:59", "2027-03-28"),
    ],
)
def test_days_are_the_days_of_munich(moment: str, day: str) -> None:
    assert str(day_of(berlin(moment))) == day
    assert str(a_slot(berlin(moment)).day) == day


def test_slots_are_ordered_by_time_then_office_then_services() -> None:
    slots = [
        a_slot(NOW, 1, "1"),
        a_slot(NOW, 1, "2"),
        a_slot(NOW, 2, "1"),
        a_slot(NOW + days(1), 1, "1"),
    ]
    assert sorted(reversed(slots)) == slots


def test_the_key_of_a_probe_names_what_is_asked_whatever_the_days() -> None:
    probe = a_probe(12, 5, services="7x2+9")
    assert probe.key == "7x2+9@5,12"
    assert a_probe(5, 12, services="7x2+9", window=a_window(4, 5)).key == probe.key


# Reading an answer


def test_the_searched_day_and_the_earlier_days_are_observed() -> None:
    free = NOW + days(4)
    seen = Observation.of(a_probe(*ASKED), a_calendar(4, {1: [free]}, {4: [1]}), NOW)
    assert seen.through == TODAY + days(4)
    assert seen.free == {a_slot(free)}
    assert seen.covers(a_slot(NOW + days(1)))
    assert seen.covers(a_slot(free + timedelta(hours=1), office=2))
    assert not seen.covers(a_slot(NOW + days(5)))


def test_an_empty_answer_observes_the_whole_window() -> None:
    seen = Observation.of(a_probe(window=a_window(0, 30)), a_calendar(0), NOW)
    assert seen.through == TODAY + days(30)
    assert seen.free == frozenset()
    assert not seen.hints


def test_a_searched_day_without_times_observes_only_that_day() -> None:
    """The day list is not verified: a listed day may turn out to hold nothing."""
    seen = Observation.of(a_probe(), a_calendar(4, bookable={9: [1]}), NOW)
    assert seen.through == TODAY + days(4)
    assert seen.hints == {TODAY + days(9): office_ids(1)}


def test_a_month_whose_only_listed_day_holds_nothing_tells_nothing_of_the_next() -> (
    None
):
    """No day is painted, but the city names a bookable day of a later month."""
    seen = Observation.of(a_probe(), a_calendar(4, next_bookable=20), NOW)
    assert seen.through == TODAY + days(4)
    assert not seen.covers(a_slot(NOW + days(20)))
    assert TODAY + days(20) in seen.hints


def test_later_days_are_hints_for_the_asked_offices_only() -> None:
    calendar = a_calendar(2, {1: [NOW + days(2)]}, {2: [1], 5: [1, 7], 6: [7]})
    seen = Observation.of(a_probe(1), calendar, NOW)
    assert seen.hints[TODAY + days(5)] == office_ids(1)
    assert not seen.hints.get(TODAY + days(6))
    assert TODAY + days(2) not in seen.hints


def test_a_day_of_a_later_month_is_a_hint_for_all_asked_offices() -> None:
    calendar = a_calendar(2, {1: [NOW + days(2)]}, {2: [1]}, next_bookable=40)
    seen = Observation.of(a_probe(*ASKED), calendar, NOW)
    assert seen.hints == {TODAY + days(40): office_ids(*ASKED)}


@pytest.mark.parametrize("next_bookable", [2, 5])
def test_a_next_day_that_is_known_already_adds_nothing(next_bookable: int) -> None:
    calendar = a_calendar(2, {1: [NOW + days(2)]}, {2: [1], 5: [1]}, next_bookable)
    seen = Observation.of(a_probe(*ASKED), calendar, NOW)
    assert seen.hints == {TODAY + days(5): office_ids(1)}


@given(
    searched=st.integers(0, 60),
    listed=st.dictionaries(st.integers(0, 60), st.sets(st.integers(1, 4), min_size=1)),
    next_bookable=st.none() | st.integers(0, 170),
    day=st.integers(0, 180),
)
def test_no_hint_is_ever_observed(
    searched: int,
    listed: dict[int, set[int]],
    next_bookable: int | None,
    day: int,
) -> None:
    times = {1: [NOW + days(searched)]}
    calendar = a_calendar(searched, times, listed, next_bookable)
    seen = Observation.of(a_probe(*ASKED), calendar, NOW)
    assert all(hint > seen.through for hint in seen.hints)
    assert not (
        TODAY + days(day) in seen.hints and seen.covers(a_slot(NOW + days(day)))
    )


@given(
    searched=st.integers(0, 20),
    day=st.integers(-5, 30),
    office=st.integers(1, 4),
    services=st.sampled_from(["1", "1x2", "2", "1+2"]),
)
def test_only_asked_services_offices_and_days_up_to_the_searched_one_are_covered(
    searched: int, day: int, office: int, services: str
) -> None:
    probe = a_probe(*ASKED, window=a_window(2, 25))
    calendar = a_calendar(searched, {1: [NOW + days(searched)]}, {searched: [1]})
    seen = Observation.of(probe, calendar, NOW)
    slot = a_slot(NOW + days(day), office, services)
    asked = services == "1" and office in ASKED
    assert seen.covers(slot) is (asked and 2 <= day <= searched)


def test_a_slot_whose_time_has_come_is_not_covered() -> None:
    """The city lists times after now only (contract 1.2)."""
    seen = Observation.of(a_probe(), a_calendar(0), NOW)
    assert not seen.covers(a_slot(NOW))
    assert seen.covers(a_slot(NOW + timedelta(seconds=1)))
