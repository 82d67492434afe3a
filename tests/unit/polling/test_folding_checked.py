"""Checked offices have demands of their own, and no question mixes the two kinds."""

from __future__ import annotations

import pytest
from hypothesis import given

from mta_core.domain.subscriptions import Subscription
from mta_core.polling.probes import fold
from tests.unit.domain.builders import NOW, a_subscription, office_ids, wanting
from tests.unit.polling.test_folding import MIXED, SUBSCRIPTIONS

OPEN, CHECKED = office_ids(1, 2), office_ids(3, 4)
"""Office 4 asks for no check itself, but shares its slots with 3, which does."""


@pytest.mark.parametrize("checked", [False, True])
@given(subscriptions=SUBSCRIPTIONS)
def test_a_question_is_of_one_kind(
    checked: bool, subscriptions: list[Subscription]
) -> None:
    for demand in fold(subscriptions, MIXED, NOW, checked=checked):
        assert demand.checked is checked
        assert demand.probe().offices <= (CHECKED if checked else OPEN)


def test_unless_told_otherwise_checked_offices_are_left_out() -> None:
    wish = a_subscription(1)
    (plain,) = fold([wish], MIXED, NOW)
    (guarded,) = fold([wish], MIXED, NOW, checked=True)
    assert frozenset(plain.waiting) == OPEN
    assert frozenset(guarded.waiting) == CHECKED


def test_who_wants_no_checked_office_adds_nothing() -> None:
    assert not fold([a_subscription(1, wishes=wanting(1))], MIXED, NOW, checked=True)
