"""The other citizens, close up: what they take, keep, let go and cancel."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date
from typing import Any

import attrs
import pytest

from mta_practice import City, PracticeSettings, compact_catalogue
from mta_practice.catalogue import read_catalogue
from mta_practice.clock import munich_day
from mta_practice.programme.counters import Counter, counters
from mta_practice.programme.crowd import Crowd, Fate
from mta_practice.programme.draws import Draws
from mta_practice.programme.living import Living
from mta_practice.programme.news import Item, News, What
from mta_practice.stock import Batch, Origin, Stock
from tests.unit.practice.support import KFZ, MINUTE, START, at

HOUR = 60 * MINUTE
QUARTER = 15 * MINUTE
NINE = at(24, 9)
GRID = tuple(NINE + step * QUARTER for step in range(8))
DRAWN = counters(read_catalogue(compact_catalogue()), Draws(1))


@attrs.frozen
class Rigged(Draws):
    """Dice that show *fate* whenever somebody's fate is drawn."""

    fate: float = 0.0

    def share(self, *purpose: object) -> float:
        return self.fate if purpose[0] == "fate" else super().share(*purpose)


@attrs.frozen
class Street:
    """A crowd before an office whose services all take *length* slots."""

    stock: Stock
    news: News
    crowd: Crowd
    counter: Counter

    @classmethod
    def of(cls, length: int = 1, fate: float = 0.99) -> Street:
        counter = attrs.evolve(DRAWN[KFZ], lengths=(length,))
        stock, news = Stock(), News()
        crowd = Crowd({KFZ: counter}, stock, Rigged(1, fate), news)
        return cls(stock, news, crowd, counter)

    def opens(self, *starts: int, capacity: int = 1) -> None:
        self.stock.add(Batch(KFZ, starts, Origin.PROGRAMME, capacity))
        for start in starts:
            self.crowd.notice((KFZ, start), START)

    def all_come(self) -> list[tuple[int, ...]]:
        while self.crowd.next_arrival is not None:
            self.crowd.arrive()
        return [item.starts for item in self.news.latest if item.what is What.TAKEN]


class TestTaking:
    def test_a_service_takes_its_slots_in_a_row(self) -> None:
        street = Street.of(length=3)
        street.opens(*GRID[:3])
        street.all_come()
        holders = {slot.holders[0] for _, slot in street.stock.slots()}
        assert len(holders) <= 3
        assert all(holder < 0 for holder in holders)
        assert street.stock.free_starts(KFZ, 0) == []

    def test_a_rest_too_short_for_the_service_is_taken_too(self) -> None:
        street = Street.of(length=3)
        street.opens(GRID[0])
        assert street.all_come() == [(GRID[0],)]

    def test_a_slot_opened_by_hand_ends_the_row(self) -> None:
        street = Street.of(length=3)
        street.stock.open(KFZ, [GRID[1]])
        street.opens(GRID[0])
        assert street.all_come() == [(GRID[0],)]
        assert street.stock.free_starts(KFZ, 0) == [GRID[1]]

    def test_nobody_comes_for_one_opened_by_hand(self) -> None:
        street = Street.of()
        street.stock.open(KFZ, [GRID[0]])
        street.crowd.notice((KFZ, GRID[0]), START)
        assert street.crowd.next_arrival is None

    def test_nobody_comes_for_one_that_is_held_or_gone(self) -> None:
        street = Street.of()
        street.stock.open(KFZ, [GRID[0]], Origin.PROGRAMME)
        street.stock.take(KFZ, (GRID[0],), holder=7)
        for start in GRID[:2]:
            street.crowd.notice((KFZ, start), START)
        assert street.crowd.next_arrival is None

    def test_one_comes_after_another_while_there_are_desks(self) -> None:
        street = Street.of()
        street.opens(GRID[0], capacity=3)
        assert street.all_come() == [(GRID[0],)] * 3

    def test_whoever_comes_too_late_takes_nothing(self) -> None:
        street = Street.of()
        street.opens(GRID[0])
        street.stock.take(KFZ, (GRID[0],), holder=7)
        assert street.all_come() == []

    def test_a_slot_that_was_away_waits_for_somebody_new(self) -> None:
        """Who would have come for it before does not take it now."""
        street = Street.of()
        street.opens(GRID[0])
        first = street.crowd.next_arrival
        assert first is not None
        back = START + 10 * HOUR
        street.crowd.notice((KFZ, GRID[0]), back)
        street.crowd.arrive()
        assert street.stock.free_starts(KFZ, 0) == [GRID[0]]
        assert street.crowd.next_arrival is not None
        assert street.crowd.next_arrival > back > first


class TestFates:
    @pytest.mark.parametrize(
        ("share", "fate", "minutes"),
        [(0.1, Fate.LAPSES, 15), (0.22, Fate.UNCLICKED, 30)],
    )
    def test_what_is_left_comes_back_in_time(
        self, share: float, fate: Fate, minutes: int
    ) -> None:
        street = Street.of(fate=share)
        street.opens(GRID[0])
        street.all_come()
        [taken] = street.news.latest
        due = taken.at + minutes * MINUTE
        street.crowd.lapse(fate, due - 1)
        assert street.stock.free_starts(KFZ, 0) == []
        street.crowd.lapse(fate, due)
        assert street.stock.free_starts(KFZ, 0) == [GRID[0]]
        assert street.crowd.holding == frozenset()

    def test_what_is_booked_stays_until_it_is_cancelled(self) -> None:
        street = Street.of(fate=0.99)
        street.opens(GRID[0])
        street.all_come()
        for fate in (Fate.LAPSES, Fate.UNCLICKED):
            street.crowd.lapse(fate, GRID[0])
        hold = street.crowd.booked((KFZ, GRID[0]))
        assert hold is not None
        street.crowd.withdraw(hold)
        assert street.crowd.booked((KFZ, GRID[0])) is None
        assert street.stock.free_starts(KFZ, 0) == []
        street.crowd.give_back(hold)
        assert street.stock.free_starts(KFZ, 0) == [GRID[0]]

    def test_what_is_over_is_forgotten(self) -> None:
        street = Street.of(fate=0.99)
        street.opens(*GRID[:2])
        street.all_come()
        street.crowd.forget_before(GRID[1])
        assert len(street.crowd.holding) == 1
        assert street.crowd.booked((KFZ, GRID[1])) is not None


@pytest.fixture(scope="module")
def busy() -> tuple[City, list[Item]]:
    """A day on which people cancel a hundred times as much as else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mta_practice.programme.counters.RETURNS", 300.0)
        settings: Any = {"stepped": True, "start": START, "programme": True}
        city = City(PracticeSettings(**settings))
    living = city.living
    assert living is not None
    news: list[Item] = []
    for _ in range(6 * 60):
        city.advance(MINUTE)
        news += living.news.latest
        living.news.latest.clear()
    return city, news


class TestCancelling:
    def test_everything_happens_in_order(self, busy: tuple[City, list[Item]]) -> None:
        times = [item.at for item in busy[1]]
        assert times == sorted(times)

    def test_is_done_an_hour_before_at_the_latest(
        self, busy: tuple[City, list[Item]]
    ) -> None:
        cancelled = [item for item in busy[1] if item.what is What.CANCELLED]
        assert len(cancelled) > 500
        assert all(item.starts[0] - item.at >= HOUR for item in cancelled)

    def test_meets_those_of_the_story_and_those_before_it(
        self, busy: tuple[City, list[Item]]
    ) -> None:
        city, news = busy
        living = city.living
        assert living is not None
        taken: set[tuple[int, tuple[int, ...]]] = set()
        known = before = 0
        for item in news:
            if item.what is What.TAKEN:
                taken.add((item.office_id, item.starts))
            elif item.what is What.CANCELLED:
                desks = living.counters[item.office_id].capacity
                known += desks == 1 and (item.office_id, item.starts) in taken
                before += (item.office_id, item.starts) not in taken
        assert min(known, before) > 20

    def test_brings_back_nothing_that_was_not_released_yet(
        self, busy: tuple[City, list[Item]]
    ) -> None:
        city, news = busy
        assert city.living is not None
        for item in news:
            if item.what is What.RETURNED:
                counter = city.living.counters[item.office_id]
                grid = counter.grid(munich_day(item.starts[0]))
                assert all(grid[start].at < item.at for start in item.starts)

    def test_no_slot_is_cancelled_twice_before_it_is_back(
        self, busy: tuple[City, list[Item]]
    ) -> None:
        city, news = busy
        assert city.living is not None
        waiting: Tally[tuple[int, int]] = Tally()
        signs = {What.CANCELLED: 1, What.RETURNED: -1}
        for item in news:
            for start in item.starts:
                waiting[item.office_id, start] += signs.get(item.what, 0)
                desks = city.living.counters[item.office_id].capacity
                assert waiting[item.office_id, start] <= desks
                if desks == 1:
                    assert waiting[item.office_id, start] in (-1, 0, 1)

    def test_no_slot_has_more_than_its_desks(
        self, busy: tuple[City, list[Item]]
    ) -> None:
        city, _ = busy
        assert city.living is not None
        for office_id, slot in city.stock.slots():
            assert slot.capacity <= city.living.counters[office_id].capacity


def test_what_was_released_before_the_story_is_taken_already() -> None:
    begin = START + 4 * HOUR
    living = Living(read_catalogue(compact_catalogue()), Stock(), 1, begin)
    assert munich_day(begin) == date(2026, 11, 23)
    living.live(begin + MINUTE)
    living.calculate_slots(begin + MINUTE)
    assert living.news.slots[What.RELEASED] == 0
    assert all(planned.at >= begin for planned in living.planned())
