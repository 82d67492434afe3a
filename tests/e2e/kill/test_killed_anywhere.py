"""`mta up` is killed between two statements: nothing is lost, nobody is booked twice.

A sample, even over the story; `make crash` tries every moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from mta_core.domain.bookings import BookingState
from tests.e2e.kill.moments import ANY_STEP, Moment
from tests.e2e.kill.plans import Outcome, Plan, Plot
from tests.e2e.kill.series import SERIES, sample
from tests.e2e.kill.stage import Stage, stage
from tests.e2e.kill.story import play

SEED = 1
OF_BOOKING = 8
TRIES = 3
"""Two loops take turns, and a busy machine is late: no story is quite like another."""
OF_THE_STORY = ("Record", "Calls", "Deliver")

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def answered(call: str) -> Moment:
    """The answer is there, and nothing of it was written down."""
    return Moment(ANY_STEP, f"after POST {call}-appointment")


def in_story(at: Stage, plan: Plan) -> Outcome:
    return asyncio.run(play(at, plan, "story"))


def killed(at: Stage, plan: Plan, *dying: Moment) -> Outcome:
    """Play until processes did die there; whatever happens, the books are equal."""
    for _ in range(TRIES):
        outcome = in_story(at, plan)
        assert not outcome.violations, dying
        if outcome.died == dying:
            return outcome
    pytest.fail(f"nobody comes to {', '.join(map(str, dying))}")


@pytest.fixture(scope="module")
def moments(at: Stage) -> Sequence[Moment]:
    """The moments of a booking in which nothing goes wrong."""
    heard = in_story(at, Plan())
    assert not heard.violations
    assert heard.bookings == (BookingState.CONFIRMED,)
    assert not heard.anew
    return SERIES[0].moments(heard, {})


@pytest.fixture(scope="module")
def some(moments: Sequence[Moment]) -> Sequence[Moment]:
    """Some of them, from beginning to end: such as each story comes to."""
    sure = [
        moment
        for moment in moments
        if moment.nth == 1
        and moment.step.startswith(OF_THE_STORY)
        and "look" not in moment.step
    ]
    return sample(sure, OF_BOOKING, SEED)


def test_the_story_has_every_kind_of_moment(moments: Sequence[Moment]) -> None:
    whats = {moment.what for moment in moments}
    for call in ("reserve", "update", "preconfirm"):
        for when in ("before", "sent", "after"):
            assert f"{when} POST {call}-appointment" in whats
    for statement in ("COMMIT", "UPDATE bookings", "INSERT booking_calls"):
        assert {f"before {statement}", f"after {statement}"} <= whats
    for part in OF_THE_STORY:
        assert any(moment.step.startswith(part) for moment in moments)


@pytest.mark.parametrize("number", range(OF_BOOKING))
def test_killed_while_it_books(at: Stage, some: Sequence[Moment], number: int) -> None:
    moment = some[number]
    outcome = killed(at, Plan().killing("up", moment), moment)
    assert outcome.bookings[-1] is BookingState.CONFIRMED


@pytest.mark.parametrize("call", ["reserve", "update", "preconfirm"])
def test_killed_with_an_answer_in_hand(at: Stage, call: str) -> None:
    moment = answered(call)
    # What the mail was sent for is not asked for again.
    dying = (moment,) * (1 if call == "preconfirm" else 2)
    outcome = killed(at, Plan().killing("up", *dying), *dying)
    assert outcome.bookings[-1] is BookingState.CONFIRMED
    # Only a reservation has keys that nobody can ask for again.
    assert outcome.orphans == (2 if call == "reserve" else 0)


_GOOD = {
    Plot.BOOK: {BookingState.CONFIRMED, BookingState.FAILED},
    Plot.GIVE_BACK: {BookingState.RELEASED},
    Plot.CANCEL: {BookingState.CANCELLED},
    Plot.ERASE: set[BookingState](),
}


@pytest.mark.parametrize(
    ("plot", "command", "moment"),
    [
        (Plot.BOOK, "opened", Moment(ANY_STEP, "sent GET appointment")),
        (Plot.GIVE_BACK, "release", Moment(ANY_STEP, "after COMMIT")),
        (Plot.CANCEL, "release", Moment(ANY_STEP, "sent POST cancel-appointment")),
        (Plot.ERASE, "erase", Moment(ANY_STEP, "before POST cancel-appointment")),
    ],
)
def test_killed_in_the_middle_of_a_command(
    at: Stage, plot: Plot, command: str, moment: Moment
) -> None:
    outcome = killed(at, Plan(plot, alone=True).killing(command, moment), moment)
    assert all(state in _GOOD[plot] for state in outcome.bookings)


@pytest.fixture(scope="module")
def swapping() -> Iterator[Stage]:
    """One citizen who wants an earlier appointment once they have one."""
    with stage(swaps=True) as at:
        yield at


def test_killed_while_it_swaps(swapping: Stage) -> None:
    moment = answered("cancel")
    plan = Plan(Plot.SWAP, say_so=False).killing("up", moment)
    outcome = killed(swapping, plan, moment)
    assert outcome.bookings[0] is BookingState.CANCELLED
    assert outcome.bookings[-1] is BookingState.CONFIRMED


def test_two_citizens_and_a_kill() -> None:
    moment = answered("reserve")
    with stage(citizens=2) as at:
        outcome = killed(at, Plan(slots=2).killing("up", moment), moment)
    assert outcome.bookings.count(BookingState.CONFIRMED) == 2


def test_somebody_else_was_faster(at: Stage) -> None:
    moment = Moment(ANY_STEP, "before POST update-appointment")
    plan = Plan(rival=True, slots=2).killing("up", moment)
    outcome = killed(at, plan, moment)
    assert outcome.bookings == (BookingState.CONFIRMED,)


def test_an_mta_that_sends_blindly_again_is_found_out(at: Stage) -> None:
    """The books can tell: this MTA forgets that an answer was lost."""
    moment = answered("reserve")
    broken = Plan(slots=2, blindly_again=True).killing("up", moment)
    outcome = in_story(at, broken)
    assert any("nobody knows the city's reserved" in v for v in outcome.violations)
