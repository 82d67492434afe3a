"""What waits unseen: the closed form against the differential equations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.polling.learning.expectation import Expectation

START = 60.0 * 29_000_000
HOUR = 3600.0

Inflow = Callable[[int], tuple[float, float]]
Amounts = tuple[float, float, float, float]
"""Fresh ones, the same by age, in batches, and the echoes among the fresh ones."""

LIVES = st.floats(8, 14_400)
FLOWS = st.dictionaries(
    st.integers(0, 12),
    st.tuples(st.sampled_from([0, 0.01, 0.2]), st.sampled_from([0, 0.003, 0.05])),
    max_size=6,
)


def inflow_of(flows: Mapping[int, tuple[float, float]]) -> Inflow:
    """What comes in the minutes from the start on, per second: batches and echoes."""
    first = int(START // 60)
    return lambda minute: flows.get(minute - first, (0.0, 0.0))


def amounts(expected: Expectation) -> Amounts:
    return expected.fresh, expected.aged, expected.batch, expected.echoed


def expect(
    expected: Expectation, now: float, m: float, rate: float, inflow: Inflow
) -> Amounts:
    expected.turn(now, m, rate, inflow)
    expected.wait(now, m, rate)
    return amounts(expected)


def integrated(
    begin: float, now: float, m: float, rate: float, inflow: Inflow
) -> Amounts:
    """Solve A' = l - mA, W' = mA - mW by small steps, each with Runge's midpoint."""
    state: Amounts = (0.0, 0.0, 0.0, 0.0)
    at = begin
    while now - at > 1e-9:
        step = min(0.5, 1 / m / 60, now - at, 60 * (at // 60 + 1) - at)
        batch, echo = inflow(int(at // 60))

        def slope(s: Amounts, batch: float = batch, echo: float = echo) -> Amounts:
            fresh, aged, batched, echoed = s
            return (
                rate + echo - m * fresh,
                m * fresh - m * aged,
                batch - m * batched,
                echo - m * echoed,
            )

        middle = _moved(state, slope(state), step / 2)
        state = _moved(state, slope(middle), step)
        at += step
    return state


def _moved(state: Amounts, slope: Amounts, step: float) -> Amounts:
    a, b, c, d = (s + step * v for s, v in zip(state, slope, strict=True))
    return a, b, c, d


FEW = settings(max_examples=25)


@FEW
@given(
    life=LIVES,
    rate=st.sampled_from([0.0, 1e-4, 0.02]),
    flows=FLOWS,
    begin=st.floats(0, 90),
    gaps=st.lists(st.floats(0, 300), min_size=1, max_size=4),
)
def test_it_solves_the_differential_equations_through_all_minutes(
    life: float,
    rate: float,
    flows: Mapping[int, tuple[float, float]],
    begin: float,
    gaps: Sequence[float],
) -> None:
    expected, inflow, now = Expectation(), inflow_of(flows), START + begin
    expected.reset(now)
    for gap in gaps:
        now += gap
        found = expect(expected, now, 1 / life, rate, inflow)
        wanted = integrated(START + begin, now, 1 / life, rate, inflow)
        assert found == pytest.approx(wanted, rel=5e-3, abs=1e-6)


@FEW
@given(life=LIVES, tau=st.floats(1, 7000))
def test_for_even_rates_it_is_the_whittle_index(life: float, tau: float) -> None:
    """W(tau) = l/m (1 - e^(-m tau) (1 + m tau)), as the polling study derives it."""
    m, rate, expected = 1 / life, 0.01, Expectation()
    expected.reset(START)
    fresh, aged, _, _ = expect(expected, START + tau, m, rate, inflow_of({}))
    left = exp(-m * tau)
    assert fresh == pytest.approx(rate / m * (1 - left))
    assert aged == pytest.approx(rate / m * (1 - left * (1 + m * tau)), abs=1e-9)


@FEW
@given(life=LIVES, gaps=st.lists(st.floats(0, 90), max_size=8), flows=FLOWS)
def test_looking_at_it_in_between_changes_nothing(
    life: float, gaps: Sequence[float], flows: Mapping[int, tuple[float, float]]
) -> None:
    often, once, inflow = Expectation(), Expectation(), inflow_of(flows)
    for expected in (often, once):
        expected.reset(START)
    now = START
    for gap in gaps:
        now += gap
        expect(often, now, 1 / life, 0.002, inflow)
    found = expect(often, now + 30, 1 / life, 0.002, inflow)
    wanted = expect(once, now + 30, 1 / life, 0.002, inflow)
    assert found == pytest.approx(wanted)


def test_who_has_looked_expects_nothing_at_first() -> None:
    expected = Expectation()
    expect(expected, START, 1 / 300, 0.01, inflow_of({0: (1, 1)}))
    expected.raised = 2.0
    expected.reset(START + 30)
    expected.wait(START + 30, 1 / 300, 0.01)
    assert amounts(expected) == (0, 0, 0, 0)
    assert not expected.raised


def test_what_came_long_ago_in_a_batch_does_not_count() -> None:
    """Nobody has looked for a long time: the batches of the last two hours count."""
    inflow = inflow_of({0: (0.1, 0), 60: (0.2, 0)})
    old, both = Expectation(), Expectation()
    for expected in (old, both):
        expected.reset(START)
    m = 1 / 14_400
    before = expect(old, START + HOUR, m, 0.0, inflow)[2]
    assert before == pytest.approx(6 * exp(-m * (HOUR - 30)), rel=1e-3)
    after = expect(both, START + 2.5 * HOUR, m, 0.0, inflow)[2]
    assert after == pytest.approx(12 * exp(-m * (1.5 * HOUR - 30)), rel=1e-3)


@FEW
@given(st.floats(0, 3600))
def test_what_a_sibling_has_raised_goes_as_slots_do(wait: float) -> None:
    expected = Expectation()
    expected.reset(START)
    expected.raised = 3.0
    expect(expected, START + wait, 1 / 300, 0.01, inflow_of({}))
    assert expected.raised == pytest.approx(3 * exp(-wait / 300))


def test_time_that_runs_backwards_changes_nothing() -> None:
    expected = Expectation()
    expected.reset(START)
    found = expect(expected, START + 100, 1 / 300, 0.01, inflow_of({}))
    assert expect(expected, START + 40, 1 / 300, 0.01, inflow_of({})) == found


# Echoes: what was taken may come back


def echoed(taken: int, tau: float, hold: float) -> dict[float, float]:
    """Return how many may come back, by minutes from now on."""
    expected = Expectation()
    expected.echo(taken, tau, START + 30, hold)
    return {m - START // 60: n for m, n in expected.echoes.items()}


@pytest.mark.parametrize(
    ("hold", "first", "last"), [(900, 15, 16), (300, 5, 6), (1800, 30, 31)]
)
def test_what_was_taken_may_come_back_when_its_reservation_lapses(
    hold: float, first: int, last: int
) -> None:
    """That is with the city's job in the minute after it (contract 8)."""
    minutes = echoed(2, 20, hold)
    assert first <= min(minutes) <= max(minutes) <= last
    assert sum(minutes.values()) == pytest.approx(2)


def test_an_echo_is_the_vaguer_the_longer_nobody_looked() -> None:
    minutes = echoed(1, 240, 900)
    assert (min(minutes), max(minutes)) == (11, 16)
    assert sum(minutes.values()) == pytest.approx(1)


def test_several_echoes_add_up_and_old_ones_are_forgotten() -> None:
    expected = Expectation()
    expected.echo(1, 10, START, 300)
    expected.echo(2, 10, START + 10, 300)
    assert sum(expected.echoes.values()) == pytest.approx(3)
    expected.echo(4, 10, START + HOUR, 300)
    assert sum(expected.echoes.values()) == pytest.approx(4)
    assert min(expected.echoes) >= (START + HOUR) // 60


def test_a_minute_of_echoes_is_known_while_it_lasts() -> None:
    expected, inflow = Expectation(), inflow_of({1: (0, 0.5)})
    expected.reset(START)
    for second, rate in ((30, 0), (70, 0.5), (119, 0.5), (130, 0)):
        expect(expected, START + second, 1 / 300, 0.0, inflow)
        assert expected.echoing == rate
