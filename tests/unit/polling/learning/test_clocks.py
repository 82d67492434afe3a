"""The system clock may be set: the planner goes on, and learns no nonsense."""

from __future__ import annotations

import pytest

from tests.unit.domain.builders import days
from tests.unit.polling.learning.town import (
    AGO,
    EVEN,
    EVER,
    Asking,
    Town,
    one_each,
    seconds,
)


@pytest.mark.parametrize("back", [0, 1, 30, 90, 3600])
@pytest.mark.parametrize("new", [0, 1, 9])
def test_a_clock_that_is_set_back_does_no_harm(back: int, new: int) -> None:
    """The system clock may jump; the planner goes on, and learns no nonsense."""
    asking = Asking(Town(), one_each("1"))
    asking.times(3)
    asking.now -= EVEN + seconds(back)
    asking.town.free(asking.now, count=new)
    asking.times(4)
    [part] = asking.about("1").parts
    assert 8 <= part.life <= 4 * 3600
    assert 0 <= part.rate < 3600


@pytest.mark.parametrize("back", [0, 60, 3600, 10 * 86_400])
def test_nor_to_what_its_siblings_expect(back: int) -> None:
    """What appears at one raises those that were seen before, as they count time."""
    asking = Asking(Town(), one_each(*"1234", office=1))
    asking.times(8)
    asking.now -= EVEN + seconds(back)
    for _ in range(6):
        for services in "1234":
            asking.town.free(asking.now, services, lasting=20)
        asking.times(4)
        worths = [question.worth for question in asking.candidates()]
        assert all(0 <= worth < 99 for worth in worths)


def test_hints_are_worth_something_again_after_the_clock_was_set_back() -> None:
    asking = Asking(Town(), one_each("1"))
    for day in (4, 9):
        asking.town.free(AGO - days(20), lasting=EVER, ahead=days(day + 20))
    asking.times(6)
    asking.now -= days(9)
    asking.times(6)
    assert all(question.worth >= 0 for question in asking.candidates())
