"""Why a slot does not suit: the answer to "why not me?"."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from mta_core.domain.availability import Slot
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.subscriptions import Hours, Wishes
from mta_core.domain.wishes import Misfit
from tests.contracts.strategies import moments, slots, wishes
from tests.unit.domain.builders import NOW, TODAY, a_slot, a_window, berlin, days, some

MORNING = Hours.parse("8-12")
PICKY = Wishes(
    offices=frozenset({OfficeId(1)}), windows=(a_window(1, 9),), hours=MORNING
)


@pytest.mark.parametrize(
    ("slot", "misfit"),
    [
        (a_slot(berlin("2026-09-29 09:00")), None),
        (a_slot(berlin("2026-09-29 09:00"), office=2), Misfit.OFFICE),
        (a_slot(berlin("2026-10-09 09:00")), Misfit.DAY),
        (a_slot(berlin("2026-09-29 12:00")), Misfit.HOURS),
        # What is wrong for good is named before what is only too late now.
        (a_slot(berlin("2026-10-09 12:00"), office=2), Misfit.OFFICE),
        (a_slot(berlin("2026-10-09 12:00")), Misfit.DAY),
        (a_slot(NOW), Misfit.DAY),
    ],
)
def test_the_first_thing_that_does_not_suit_is_named(
    slot: Slot, misfit: Misfit | None
) -> None:
    assert PICKY.misfit(slot, NOW) is misfit


@pytest.mark.parametrize(
    ("ahead", "misfit"),
    [
        (timedelta(hours=2), None),
        (timedelta(hours=2) - timedelta(seconds=1), Misfit.NOTICE),
        (timedelta(0), Misfit.NOTICE),
        (-days(9), Misfit.NOTICE),
    ],
)
def test_what_comes_too_soon_lacks_notice(
    ahead: timedelta, misfit: Misfit | None
) -> None:
    assert Wishes().misfit(a_slot(NOW + ahead), NOW) is misfit


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekday_is_a_matter_of_the_day(weekday: int) -> None:
    day = TODAY + days(7 + weekday)
    slot = a_slot(berlin(f"{day} 10:00"))
    assert Wishes(weekdays=frozenset({weekday})).misfit(slot, NOW) is None
    others = frozenset(range(7)) - {weekday}
    assert Wishes(weekdays=others).misfit(slot, NOW) is Misfit.DAY


@st.composite
def cases(draw: st.DrawFn) -> tuple[Wishes, Slot, datetime]:
    """Draw a slot that lies near what is wished, so that each answer comes up."""
    wish, now, far = draw(wishes), draw(moments), draw(slots)
    near = sorted(wish.offices or {OfficeId(1)}) or [OfficeId(1)]
    office = draw(st.sampled_from([*near, far.office]))
    window = draw(st.sampled_from(wish.windows)) if wish.windows else None
    day = draw(st.dates(window.first, window.last)) if window else far.day
    start = draw(
        st.sampled_from([far.start, berlin(f"{day} {wish.hours.first:%H:%M}")])
    )
    return wish, Slot(start, office, some()), now


@given(cases())
def test_a_slot_suits_if_and_only_if_there_is_no_misfit(
    case: tuple[Wishes, Slot, datetime],
) -> None:
    wish, slot, now = case
    misfit = wish.misfit(slot, now)
    event(str(misfit))
    assert wish.accept(slot, now) == (misfit is None)
