"""In the bench's second variant nobody sees more than the city would tell."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from bench.polling.appointments import Appointments, appointments
from bench.polling.city import City, CityCounter
from bench.polling.draws import draw
from bench.polling.groups import Groups
from bench.polling.produced import MONDAY, START, Words
from bench.polling.shifts import MOST, ShiftGate
from bench.polling.worlds import DAY, Recipe
from mta_core.domain.availability import DateWindow, Observation, Probe, Slot
from mta_core.testing._city import calendar_of
from tests.unit.bench.a_world import a_world, seconds

NOW = 1000.0
AT = START + timedelta(seconds=NOW)
FREE = (0.0, 5000.0, 1)
GONE, COMING = (0.0, 900.0, 1), (1100.0, 5000.0, 1)


def day(number: int) -> date:
    return MONDAY.date() + timedelta(days=number)


def at(number: int, hour: int = 9) -> float:
    return number * DAY + hour * 3600


def a_city(
    *starts: float, lives: tuple[float, float, int] = FREE
) -> tuple[City, Words]:
    """A city with one office, and slots that begin then."""
    world = a_world([lives] * len(starts))
    given = Appointments((seconds(*starts),), (world.slots[0].death,))
    return City(world, given), Words(world, Groups.single(1))


def ask(city: City, words: Words, first: int) -> tuple[Probe, Observation, set[int]]:
    [demand] = words.demands(seconds(1))
    window = DateWindow(day(first), day(180))
    probe = Probe(demand.services, frozenset(demand.waiting), window)
    answer = city.answer(probe, words.keys[demand.services], NOW)
    seen = Observation.of(probe, answer.calendar, AT)
    return probe, seen, {number for _, number in answer.shown}


def test_times_come_for_the_first_bookable_day_alone() -> None:
    # Monday is June 1st: day 30 is July 1st.
    city, words = a_city(at(3), at(3, 10), at(9), at(31), at(70))
    _, seen, shown = ask(city, words, 0)
    assert shown == {0, 1}
    assert {slot.day for slot in seen.free} == {seen.through} == {day(3)}
    assert set(seen.hints) == {day(9), day(31)}  # its month, and the next day after
    _, later, shown = ask(city, words, 4)
    assert (later.through, shown) == (day(9), {2})


def test_what_is_gone_or_still_to_come_is_not_shown() -> None:
    for lives in (GONE, COMING):
        city, words = a_city(at(3), lives=lives)
        _, seen, shown = ask(city, words, 0)
        assert (seen.free, seen.hints, shown) == (frozenset(), {}, set())
        assert seen.through == day(180)  # nothing at all, and that is an observation


def test_it_answers_as_the_scripted_city_does() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        starts = [at(int(n)) for n in rng.integers(1, 100, rng.integers(0, 6))]
        city, words = a_city(*starts)
        probe, seen, _ = ask(city, words, int(rng.integers(0, 100)))
        [office] = probe.offices
        free = [
            Slot(START + timedelta(seconds=start), office, probe.services)
            for start in starts
        ]
        calendar = calendar_of(probe, free, (), AT)
        assert seen == Observation.of(probe, calendar, AT)


def test_the_citys_counter_lets_59_more_through_and_wants_a_pause_then() -> None:
    counter = CityCounter()
    answers = [counter.accept(6.0 * n) for n in range(61)]
    left = [answer.remaining for answer in answers if answer]
    assert left == [*range(58, -1, -1), 0]
    assert answers[60] is None
    assert counter.accept(59 * 6.0 + 59.9) is None
    fresh = counter.accept(59 * 6.0 + 60.0)
    assert fresh is not None
    assert fresh.remaining == 58


def test_every_appointment_lies_ahead_on_a_working_day() -> None:
    world = draw(Recipe(keys=20, people=200, days=7), seed=2)
    given = appointments(world)
    for slots, start, end in zip(world.slots, given.start, given.end, strict=True):
        assert (start >= slots.release + 1800).all()
        assert (start // DAY % 7 < 5).all()
        assert (start < slots.release + 95 * DAY).all()
        assert (end <= slots.death).all()
        for root in np.unique(slots.origin):
            assert len(np.unique(start[slots.origin == root])) == 1


def test_checked_keys_are_asked_in_shifts_alone_and_not_too_often() -> None:
    world = a_world([FREE], [FREE])
    gate = ShiftGate(world, frozenset({1}), begins=[600.0])
    asked = []
    for step in range(200):
        t = 6.0 * step
        if gate.waiting(t)[1]:
            gate.asked((1,), t)
            asked.append(t)
        assert gate.waiting(t)[0] == world.weight[0]
    assert asked[0] == 600
    assert 880 < asked[-1] < 900
    assert all(b - a >= 60 for a, b in zip(asked, asked[MOST:], strict=False))
