"""When a slot counts as new, still there, missed, gone or past (design 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import (
    Observation,
    Opening,
    Sightings,
    Slot,
    compare,
)
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    TODAY,
    a_calendar,
    a_probe,
    a_slot,
    days,
    uid,
)

SLOTS = st.builds(
    a_slot,
    st.integers(-2, 12).map(lambda day: NOW + days(day)),
    st.integers(1, 3),
    st.sampled_from(["1", "2"]),
)


def saw(*slots: Slot, through: int = 5, later: int = 0) -> Observation:
    """Offices 1 and 2 were asked for service 1 from today on, *later* minutes on."""
    return Observation(
        a_probe(1, 2), NOW + later * MINUTE, TODAY + days(through), frozenset(slots), {}
    )


def known(*slots: Slot) -> list[Opening]:
    return [
        Opening(uid(900 + number), slot, NOW - MINUTE, NOW - MINUTE)
        for number, slot in enumerate(slots)
    ]


def held_against(openings: Iterable[Opening], seen: Observation) -> Sightings:
    return compare(openings, seen, map(uid, count(1)))


def test_a_slot_seen_for_the_first_time_is_a_new_opening() -> None:
    later, sooner = a_slot(NOW + days(2)), a_slot(NOW + days(1))
    sightings = held_against([], saw(later, sooner))
    assert [opening.slot for opening in sightings.new] == [sooner, later]
    assert [opening.id for opening in sightings.new] == [uid(1), uid(2)]
    assert sightings.new[0].first_seen == sightings.new[0].last_seen == NOW
    assert sightings.still == sightings.absent == ()


def test_a_slot_seen_again_is_the_same_opening() -> None:
    [opening] = known(a_slot())
    [still] = held_against([opening], saw(a_slot())).still
    assert still.id == opening.id
    assert (still.first_seen, still.last_seen) == (NOW - MINUTE, NOW)


def test_one_absence_is_noted_but_the_opening_is_not_gone() -> None:
    [missed] = held_against(known(a_slot()), saw()).absent
    assert (missed.absences, missed.absent_since, missed.gone_at) == (1, NOW, None)


def test_two_absences_in_a_row_end_an_opening_at_the_first_of_them() -> None:
    once = held_against(known(a_slot()), saw()).absent
    [gone] = held_against(once, saw(later=1)).absent
    assert gone.gone_at == NOW


def test_a_slot_that_comes_back_after_one_absence_is_the_same_opening() -> None:
    [missed] = held_against(known(a_slot()), saw()).absent
    [back] = held_against([missed], saw(a_slot(), later=1)).still
    assert back.id == missed.id
    assert (back.absences, back.absent_since, back.gone_at) == (0, None, None)
    [again] = held_against([back], saw(later=2)).absent
    assert again.gone_at is None
    assert again.absent_since == NOW + 2 * MINUTE


def test_a_slot_whose_time_has_come_is_past_whether_observed_or_not() -> None:
    begun = a_slot(NOW)
    elsewhere = a_slot(NOW - MINUTE, office=3, services="2")
    sightings = held_against(known(begun, elsewhere), saw())
    assert {opening.gone_at for opening in sightings.absent} == {NOW, NOW - MINUTE}
    assert all(opening.absences == 0 for opening in sightings.absent)


def test_free_openings_come_earliest_first_and_changes_hold_all() -> None:
    early, late, lost = (a_slot(NOW + days(day)) for day in (1, 3, 2))
    sightings = held_against(known(late, lost), saw(early, late))
    assert [opening.slot for opening in sightings.free] == [early, late]
    assert {opening.slot for opening in sightings.changed} == {early, late, lost}


@given(st.sets(SLOTS), st.sets(SLOTS), st.integers(0, 8))
def test_what_is_not_observed_is_never_missed_or_gone(
    before: set[Slot], free: set[Slot], through: int
) -> None:
    seen = saw(*free, through=through)
    for opening in held_against(known(*before), seen).absent:
        assert opening.slot not in free
        assert seen.covers(opening.slot) or opening.slot.start <= NOW


@given(st.sets(SLOTS), st.sets(SLOTS), st.integers(0, 8))
def test_every_slot_is_counted_once(
    before: set[Slot], free: set[Slot], through: int
) -> None:
    sightings = held_against(known(*before), saw(*free, through=through))
    changed = [opening.slot for opening in sightings.changed]
    assert len(changed) == len(set(changed))
    assert {opening.slot for opening in sightings.free} == free
    assert {opening.slot for opening in sightings.new} == free - before


@given(st.lists(st.sampled_from(["seen", "missed", "unobserved"]), max_size=12))
def test_an_opening_is_gone_after_two_observed_absences_and_never_sooner(
    story: list[str],
) -> None:
    slot = a_slot(NOW + days(3))
    [opening] = known(slot)
    absent = 0
    for minute, event in enumerate(story):
        if opening.gone_at is not None:
            break
        free = [slot] if event == "seen" else []
        through = 2 if event == "unobserved" else 5
        sightings = held_against([opening], saw(*free, through=through, later=minute))
        opening = next(iter(sightings.changed), opening)
        absent = {"seen": 0, "missed": absent + 1, "unobserved": absent}[event]
        assert opening.id == uid(900)
        assert (opening.gone_at is not None) == (absent >= 2)
        assert not sightings.new


def test_an_empty_answer_of_the_city_misses_all_that_was_asked_for() -> None:
    seen = Observation.of(a_probe(1, 2), a_calendar(0), NOW)
    near, far = a_slot(NOW + timedelta(hours=1)), a_slot(NOW + days(170), office=2)
    unasked = a_slot(NOW + days(1), office=3)
    absent = held_against(known(near, far, unasked), seen).absent
    assert {opening.slot for opening in absent} == {near, far}
