"""Every answer of the city to every call: the books are equal in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from mta_core.domain.bookings import BookingState
from tests.e2e.kill.answers import Case, rounds, together
from tests.e2e.kill.plans import Plot
from tests.e2e.kill.stage import Stage
from tests.e2e.kill.story import play

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def name_of(cases: Sequence[Case]) -> str:
    return "; ".join(map(str, cases))


@pytest.mark.parametrize("cases", list(rounds(Plot.BOOK)), ids=name_of)
def test_whatever_the_city_answers_to_a_booking(
    at: Stage, cases: Sequence[Case]
) -> None:
    outcome = asyncio.run(play(at, together(cases), "story"))
    assert not outcome.violations
    assert not [text for case in cases if (text := case.misread(outcome))]
    assert outcome.bookings[-1] is BookingState.CONFIRMED


@pytest.mark.parametrize("cases", list(rounds(Plot.GIVE_BACK)), ids=name_of)
def test_whatever_the_city_answers_when_a_slot_is_given_back(
    at: Stage, cases: Sequence[Case]
) -> None:
    outcome = asyncio.run(play(at, together(cases), "story"))
    assert not outcome.violations
    assert not [text for case in cases if (text := case.misread(outcome))]
    assert outcome.bookings == (BookingState.RELEASED,)
