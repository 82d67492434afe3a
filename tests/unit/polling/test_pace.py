"""How fast the watcher goes: evenly, and slower when the city suffers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import (
    CheckNeeded,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.polling.pace import KEPT_FOR_BOOKINGS, LONGEST, Counter, Pace
from tests.unit.domain.builders import MINUTE, NOW, days

SECOND = timedelta(seconds=1)
START = Pace(NOW)
FAILURES = [SiteUnreachable, SiteSilent, SiteChanged]
ERRORS = st.sampled_from(
    [SiteUnreachable(), SiteSilent(), RateLimited(), Refused("x"), None]
)


def low(at_seconds_ago: int = 0) -> Counter:
    return Counter(KEPT_FOR_BOOKINGS, NOW - at_seconds_ago * SECOND)


def after_failures(count: int, error: SiteError) -> Pace:
    pace = START
    for _ in range(count):
        pace = pace.after(NOW, error, None)
    return pace


def test_requests_leave_evenly_ten_in_a_minute() -> None:
    now = NOW
    for _ in range(10):
        now = Pace(now).after(now, None, None).next_at
    assert now == NOW + MINUTE


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize(
    ("count", "seconds"), [(1, 12), (2, 24), (3, 48), (4, 96), (5, 120), (9, 120)]
)
def test_each_failure_in_a_row_doubles_the_wait_up_to_two_minutes(
    kind: type[SiteError], count: int, seconds: int
) -> None:
    pace = after_failures(count, kind())
    assert pace.failures == count
    assert pace.next_at == NOW + seconds * SECOND


def test_an_outage_of_a_day_is_still_waited_out() -> None:
    assert after_failures(720, SiteUnreachable()).next_at == NOW + LONGEST


def test_one_answer_ends_the_slowness() -> None:
    recovered = after_failures(4, SiteSilent()).after(NOW, None, None)
    assert recovered == Pace(NOW + 6 * SECOND)


@pytest.mark.parametrize("error", [Refused("x"), CheckNeeded("captchaMissing")])
def test_a_refusal_is_an_answer_like_any_other(error: SiteError) -> None:
    assert after_failures(3, SiteSilent()).after(NOW, error, None) == Pace(
        NOW + 6 * SECOND
    )


@pytest.mark.parametrize(("before", "seconds"), [(0, 61), (3, 96), (4, 120)])
def test_after_a_429_there_is_silence_until_the_counter_is_dead(
    before: int, seconds: int
) -> None:
    """The counter dies 60 s after the last accepted request (contract 2.5)."""
    pace = after_failures(before, SiteSilent()).after(NOW, RateLimited(), None)
    assert pace.next_at == NOW + seconds * SECOND


def test_a_known_end_of_a_429_is_waited_out() -> None:
    error = RateLimited(until=NOW + 10 * MINUTE)
    assert START.after(NOW, error, None).next_at == NOW + 10 * MINUTE


@pytest.mark.parametrize("remaining", [-1, 0, KEPT_FOR_BOOKINGS])
def test_a_low_counter_asks_for_a_pause_in_which_it_dies(remaining: int) -> None:
    counter = Counter(remaining, NOW)
    assert counter.pause_until() == NOW + 61 * SECOND
    assert START.after(NOW + SECOND, None, counter).next_at == NOW + 61 * SECOND
    assert START.after(NOW, Refused("x"), counter).next_at == NOW + 61 * SECOND


def test_a_high_counter_asks_for_nothing() -> None:
    counter = Counter(KEPT_FOR_BOOKINGS + 1, NOW)
    assert counter.pause_until() is None
    assert START.after(NOW, None, counter).next_at == NOW + 6 * SECOND


def test_a_counter_that_is_dead_already_asks_for_no_more_pause() -> None:
    assert START.after(NOW, None, low(61)).next_at == NOW + 6 * SECOND


@pytest.mark.parametrize("kind", FAILURES)
def test_an_error_does_not_hide_that_the_counter_needs_a_pause(
    kind: type[SiteError],
) -> None:
    """The city counts what it answers badly, too; the rest is for bookings."""
    assert START.after(NOW, kind(), low()).next_at >= NOW + 61 * SECOND


@given(
    st.lists(ERRORS, max_size=40),
    st.none() | st.builds(Counter, st.integers(0, 60), st.just(NOW)),
)
def test_the_pace_is_never_faster_than_even_nor_slower_than_its_bound(
    errors: list[SiteError | None], counter: Counter | None
) -> None:
    pace = START
    for error in errors:
        pace = pace.after(NOW, error, counter)
        assert NOW + 6 * SECOND <= pace.next_at <= NOW + LONGEST
        assert pace.next_at < NOW + days(1)
