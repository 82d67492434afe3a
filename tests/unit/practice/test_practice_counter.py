from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mta_practice.counter import RequestCounter


def test_first_answer_says_58_remaining() -> None:
    allowance = RequestCounter(60, 60).accept("a", 1000.7)
    assert allowance is not None
    assert allowance.headers() == {
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "58",
        "X-RateLimit-Reset": "1060",
    }


def test_remaining_never_falls_below_zero() -> None:
    counter = RequestCounter(3, 60)
    remaining = [counter.accept("a", 0) for _ in range(3)]
    assert [item.remaining for item in remaining if item] == [1, 0, 0]


def test_slow_client_is_refused_too_once_it_has_sixty() -> None:
    counter = RequestCounter(60, 60)
    every_30_s = [counter.accept("a", 30.0 * turn) is not None for turn in range(61)]
    assert every_30_s == [True] * 60 + [False]


def test_counter_dies_60_s_after_the_last_accepted_request() -> None:
    counter = RequestCounter(2, 60)
    assert counter.accept("a", 0)
    assert counter.accept("a", 50)
    assert counter.accept("a", 109.9) is None
    assert counter.accept("a", 110)


def test_refused_request_renews_nothing() -> None:
    counter = RequestCounter(1, 60)
    assert counter.accept("a", 0)
    assert counter.accept("a", 59) is None
    assert counter.accept("a", 60)


def test_addresses_are_counted_apart() -> None:
    counter = RequestCounter(1, 60)
    assert counter.accept("a", 0)
    assert counter.accept("b", 0)
    assert counter.accept("a", 0) is None


def test_forgotten_addresses_are_swept_out() -> None:
    counter = RequestCounter(1, 60)
    for number in range(1000):
        assert counter.accept(f"old {number}", 0)
    assert counter.accept("fresh", 59)
    assert counter.accept("new", 61)
    assert counter.accept("fresh", 61) is None
    assert counter.accept("old 1", 61)


@given(st.lists(st.floats(0, 59), min_size=1, max_size=200))
def test_without_a_pause_exactly_sixty_are_accepted(gaps: list[float]) -> None:
    counter, now, accepted = RequestCounter(60, 60), 0.0, 0
    last = 0.0
    for gap in gaps:
        now = min(now + gap, last + 59.9)
        if counter.accept("a", now):
            accepted, last = accepted + 1, now
    assert accepted == min(60, len(gaps))
