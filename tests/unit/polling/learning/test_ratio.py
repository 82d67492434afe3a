"""A mean that begins with an opinion and follows the evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.polling.learning.ratio import Ratio

AMOUNTS = st.floats(1, 1e4)


def test_without_evidence_it_is_the_opinion() -> None:
    assert Ratio(3, 12).value == 0.25


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_it_lies_between_the_opinion_and_the_evidence(
    count: float, exposure: float, more: float, longer: float
) -> None:
    ratio = Ratio(count, exposure)
    ratio.learn(more, longer)
    low, high = sorted((count / exposure, more / longer))
    assert low * (1 - 1e-9) <= ratio.value <= high * (1 + 1e-9)


@given(AMOUNTS, AMOUNTS, st.floats(0.1, 1))
def test_fading_keeps_the_mean_and_makes_it_easier_to_change(
    count: float, exposure: float, factor: float
) -> None:
    fresh, faded = Ratio(count, exposure), Ratio(count, exposure)
    faded.fade(factor)
    assert faded.value == pytest.approx(fresh.value)
    for ratio in (fresh, faded):
        ratio.learn(0, exposure)
    assert faded.value <= fresh.value * (1 + 1e-9)


def test_it_is_never_nothing() -> None:
    ratio = Ratio(0, 1)
    ratio.learn(-5, 100)
    assert 0 < ratio.value < 1e-3


def test_it_is_read_as_it_was_written() -> None:
    ratio = Ratio(2, 3)
    assert Ratio(*ratio.document()) == ratio
