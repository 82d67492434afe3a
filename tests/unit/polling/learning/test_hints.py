"""How far a hint is believed, and which question follows it up."""

from __future__ import annotations

import attrs

from tests.unit.domain.builders import days, wanting
from tests.unit.polling.learning.hinting import (
    ANYBODY,
    LATE,
    among_others,
    asking_about,
    bookable,
    followed,
    hints,
)
from tests.unit.polling.learning.town import ahead

# Is it true?


def belief(lasting: float, *, hollow: bool = False) -> float:
    """Let days be listed one after the other; what is a newly listed one worth then?

    Each is asked for some seconds after it was listed. There is a later day, too.
    """
    asking = asking_about(3, 20)
    asking.times(12)
    for number in range(8):
        then = days(8 + number)
        asking.town.free(asking.now, lasting=lasting, ahead=then, hollow=hollow)
        asking.times(8)
    bookable(asking.town, 25)
    while 25 not in hints(asking):
        asking.times(1)
    return hints(asking)[25].worth


def test_whoever_lists_days_in_vain_is_believed_less() -> None:
    honest, hollow = belief(30), belief(30, hollow=True)
    assert honest > 2 * hollow > 0


def test_what_is_free_on_other_days_does_not_make_a_hint_true() -> None:
    """The hinted day is empty by now, and the answer shows a later one instead."""
    assert belief(30) > 2 * belief(5) > 0


# Beside a second question


def test_a_day_is_followed_up_by_the_question_that_it_belongs_to() -> None:
    """The first question ends at day 5; the second one begins with day 10."""
    asking = asking_about(5, 12, 14, group=[ANYBODY, LATE])
    asking.times(12)
    assert all(hint.asked_at is not None for hint in hints(asking).values())


def test_it_is_not_asked_for_again_and_again() -> None:
    asking = among_others(5, 12, 14, wishes=(ANYBODY, LATE))
    asking.times(20)
    assert len([day for day in followed(asking.times(20)) if day != 10]) <= 4


def test_nor_is_a_hint_lost_where_the_second_question_does_not_ask() -> None:
    """It asks one office, from day 10 on; the hint is at another one."""
    anywhere = attrs.evolve(ANYBODY, wishes=wanting(1, 2))
    asking = asking_about(5, group=[anywhere, LATE])
    asking.times(12)
    bookable(asking.town, 12, office=2)
    outcomes = asking.times(20)
    found = {s for o in outcomes if o.observation for s in o.observation.free}
    assert {(ahead(slot.day), slot.office) for slot in found} >= {(5, 1), (12, 2)}
