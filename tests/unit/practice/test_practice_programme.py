"""A city that lives: what the staff release, and what the other citizens take."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest

from mta_practice import City, PracticeSettings
from mta_practice.clock import munich_hour, munich_instant
from mta_practice.programme.crowd import Crowd
from mta_practice.programme.news import Item, News, What
from mta_practice.programme.plan import PROFILE, returns
from mta_practice.stock import Origin, Stock
from tests.unit.practice.support import (
    AUSBILDUNG,
    DAY,
    DOKUMENTE,
    GEWERBEAMT,
    KFZ,
    KIRCHENAUSTRITT,
    MINUTE,
    RUPPERT,
    STANDESAMT,
    START,
    a_town,
    at,
)

HOUR = 60 * MINUTE
MIDNIGHT = START - 7 * HOUR
SCHNELLSCHALTER = 10308621


def _city(seed: int = 1, start: float = MIDNIGHT, **more: Any) -> City:
    return City(
        PracticeSettings(stepped=True, start=start, programme=True, seed=seed, **more)
    )


class Watched:
    """A living city, stepped minute by minute, with all its news kept."""

    def __init__(self, city: City, minutes: int) -> None:
        self.city = city
        self.news: list[Item] = []
        assert city.living is not None
        city.catch_up()
        city.living.news.latest.clear()
        for _ in range(minutes):
            city.advance(MINUTE)
            self.news += city.living.news.latest
            city.living.news.latest.clear()

    def of(self, what: What, *offices: int) -> list[Item]:
        return [
            item
            for item in self.news
            if item.what is what and (not offices or item.office_id in offices)
        ]


@pytest.fixture(scope="module")
def monday() -> Watched:
    """A Monday, from midnight to midnight."""
    return Watched(_city(), 24 * 60)


def _minute(item: Item) -> int:
    return (int(item.at) - MIDNIGHT) // MINUTE


def _days_ahead(item: Item) -> int:
    today = date(2026, 11, 23)
    return next(
        days
        for days in range(200)
        if munich_instant(today + timedelta(days=days + 1)) > item.starts[0]
    )


def _released(day: Watched, office: int) -> list[tuple[int, int]]:
    """Give (days ahead, minute of the day) of what an office released."""
    return [
        (_days_ahead(item), _minute(item)) for item in day.of(What.RELEASED, office)
    ]


class TestStatedHours:
    @pytest.mark.parametrize("office", [RUPPERT, 102522, AUSBILDUNG])
    def test_buergerbueros(self, monday: Watched, office: int) -> None:
        night, today, week = _released(monday, office)
        assert night[0] == 42
        assert night[1] < 5 * 60 + 2
        assert today[0] == 0
        assert 7 * 60 <= today[1] <= 8 * 60 + 1
        assert week[0] == 7
        assert 9 * 60 <= week[1] <= 11 * 60 + 1

    @pytest.mark.parametrize("office", [KFZ, 102101])
    def test_cars_at_most_seven_days_ahead(self, monday: Watched, office: int) -> None:
        released = _released(monday, office)
        assert {days for days, _ in released} == {0, 7}
        assert all(7 * 60 <= minute <= 8 * 60 + 1 for _, minute in released)

    def test_two_steps(self, monday: Watched) -> None:
        released = dict(_released(monday, STANDESAMT))
        assert set(released) == {0, 14}
        assert 7 * 60 <= released[0] <= 8 * 60 + 1
        assert 7 * 60 + 30 <= released[14] <= 8 * 60 + 31

    @pytest.mark.parametrize(("day", "hour"), [(0, 7), (1, 8), (2, 7), (3, 8), (4, 7)])
    def test_quick_counter_has_its_own_hour_each_day(self, day: int, hour: int) -> None:
        begin = MIDNIGHT + day * DAY
        town = Watched(_city(start=begin + 6 * HOUR), 3 * 60)
        [item] = town.of(What.RELEASED, SCHNELLSCHALTER)
        assert (int(item.at) - begin) // MINUTE in (hour * 60 + 30, hour * 60 + 31)
        assert munich_instant(date(2026, 11, 23) + timedelta(days=day)) < item.starts[0]
        assert item.starts[-1] < begin + DAY

    def test_nothing_is_released_at_weekends_but_by_the_window(self) -> None:
        saturday = Watched(_city(start=MIDNIGHT + 5 * DAY), 2 * 24 * 60)
        stating = {RUPPERT, 102522, AUSBILDUNG, KFZ, STANDESAMT, SCHNELLSCHALTER}
        assert not stating & {item.office_id for item in saturday.of(What.RELEASED)}

    def test_what_one_way_releases_no_other_does(self, monday: Watched) -> None:
        starts = [
            start for item in monday.of(What.RELEASED, RUPPERT) for start in item.starts
        ]
        assert len(starts) == len(set(starts)) > 0


class TestWindow:
    def test_rolls_as_the_clock_passes_the_start_of_the_opening(
        self, monday: Watched
    ) -> None:
        """Not at midnight (contract 8)."""
        silent = [GEWERBEAMT, 10456, 10427, 10640]
        released = monday.of(What.RELEASED, *silent)
        assert released
        for item in released:
            opening = (item.starts[0] - MIDNIGHT) % DAY
            clock = int(item.at) - MIDNIGHT
            hours = {7 * HOUR + 30 * MINUTE, 8 * HOUR + 30 * MINUTE, 14 * HOUR}
            assert clock in hours
            assert abs(opening - clock) in (0, HOUR)  # summer time begins in between

    def test_reaches_only_its_newest_day(self, monday: Watched) -> None:
        [(days, _)] = _released(monday, GEWERBEAMT)
        living = monday.city.living
        assert living is not None
        assert days == living.counters[GEWERBEAMT].farthest


class TestCompetition:
    def test_takes_all_that_is_released_in_the_end(self, monday: Watched) -> None:
        released = sum(len(item.starts) for item in monday.of(What.RELEASED, KFZ))
        assert released > 10
        taken = sum(len(item.starts) for item in monday.of(What.TAKEN, KFZ))
        assert taken >= released

    def test_is_faster_at_wanted_offices(self, monday: Watched) -> None:
        living = monday.city.living
        assert living is not None
        medians = {item.id: item.median for item in living.counters.values()}
        assert 25 < min(medians.values()) < 40
        assert 1500 < max(medians.values()) < 2400
        assert medians[RUPPERT] < medians[10640]

    def test_lets_some_lapse_so_that_they_come_back(self, monday: Watched) -> None:
        lapsed = monday.of(What.RESERVATION_LAPSED)
        taken = monday.of(What.TAKEN)
        assert 0.1 < len(lapsed) / len(taken) < 0.3
        first = lapsed[0]
        hold = next(
            item
            for item in taken
            if item.starts == first.starts and item.office_id == first.office_id
        )
        office = monday.city.catalogue.offices[first.office_id]
        assert office.scope is not None
        late = first.at - hold.at - office.scope.reservation * MINUTE
        assert 0 <= late < MINUTE
        assert first.at % MINUTE == 0

    def test_leaves_some_links_unopened(self, monday: Watched) -> None:
        for item in monday.of(What.ACTIVATION_LAPSED):
            assert item.at % MINUTE == 0
        assert monday.of(What.ACTIVATION_LAPSED)

    def test_holds_slots_longer_at_night(self) -> None:
        lives = {night: _lives(night) for night in (True, False)}
        assert median(lives[True]) == pytest.approx(4 * median(lives[False]), rel=0.5)

    def test_leaves_alone_what_was_opened_by_hand(self) -> None:
        city = _city(start=START)
        starts = [at(24, 13) + step * 300 for step in range(30)]
        body = {"officeId": STANDESAMT, "serviceId": KIRCHENAUSTRITT, "starts": starts}
        city.open(body)
        city.advance(20 * HOUR)
        free = city.stock.free_starts(STANDESAMT, START)
        assert set(starts) <= set(free)

    def test_leaves_alone_what_it_left_free_until_it_was_opened(self) -> None:
        city = _city(start=START)
        city.advance(HOUR)
        office, slot = next(
            (office_id, slot)
            for office_id, slot in city.stock.slots()
            if slot.free and slot.start > START + DAY
        )
        service = next(s for o, s in city.catalogue.slots if o == office)
        body = {"officeId": office, "serviceId": service, "starts": [slot.start]}
        city.open(body | {"multipleSlots": False})
        city.advance(12 * HOUR)
        assert slot.start in city.stock.free_starts(office, START)

    def test_takes_what_a_citizen_lets_go(self) -> None:
        city = _city(start=START + HOUR)
        city.catch_up()
        office = 102101
        start = city.stock.free_starts(office, START + DAY)[0]
        body = {"officeId": office, "serviceId": [1064305], "timestamp": start}
        city.reserve(city.look_up(body, "a"))
        assert city.stock.holder_of(office, start) is not None
        city.advance(6 * HOUR)
        holder = city.stock.holder_of(office, start)
        assert holder is not None
        assert holder < 0


def _lives(night: bool) -> list[float]:
    """Give how long slots stay free that become free by night, or by day."""
    living = _city().living
    assert living is not None
    hour = 2 * HOUR if night else 10 * HOUR
    when = float(MIDNIGHT + DAY + hour)
    assert (munich_hour(when) < 6) is night
    found = []
    for index in range(200):
        stock = Stock()
        start = int(when) + DAY + index * 900
        stock.open(KFZ, [start], Origin.PROGRAMME)
        crowd = Crowd(living.counters, stock, living.draws, News())
        crowd.notice((KFZ, start), when)
        assert crowd.next_arrival is not None
        found.append(crowd.next_arrival - when)
    return found


class TestReturns:
    def test_come_singly_at_random_times_of_the_day(self, monday: Watched) -> None:
        cancelled = monday.of(What.CANCELLED)
        assert len(cancelled) > 20
        assert any(item.at % MINUTE for item in cancelled)
        by_day = [item for item in cancelled if 8 <= munich_hour(item.at) < 18]
        assert len(by_day) > len(cancelled) / 2

    def test_show_after_the_offices_deallocation_time(self, monday: Watched) -> None:
        for back in monday.of(What.RETURNED)[5:]:
            *_, gone = (
                item
                for item in monday.of(What.CANCELLED)
                if (item.office_id, item.starts) == (back.office_id, back.starts)
                and item.at <= back.at
            )
            scope = monday.city.catalogue.offices[back.office_id].scope
            assert scope is not None
            late = back.at - gone.at - scope.hidden.deallocation * MINUTE
            assert 0 <= late < MINUTE

    def test_free_whole_appointments(self, monday: Watched) -> None:
        living = monday.city.living
        assert living is not None
        for item in monday.of(What.RETURNED):
            counter = living.counters[item.office_id]
            step = counter.office.slot_seconds
            assert len(item.starts) <= max(counter.lengths)
            assert item.starts[-1] - item.starts[0] == (len(item.starts) - 1) * step

    def test_are_fewer_at_weekends(self) -> None:
        living = _city().living
        assert living is not None
        weeks = [date(2026, 11, 23) + timedelta(weeks=week) for week in range(8)]
        counts = [
            sum(
                len(returns(counter, week + timedelta(days=day)))
                for counter in living.counters.values()
                for week in weeks
            )
            for day in (0, 5)
        ]
        assert counts[1] / counts[0] == pytest.approx(0.35, abs=0.12)
        assert sum(PROFILE[8:18]) > sum(PROFILE) / 2


class TestSeed:
    def _story(self, *steps: float, seed: int = 1) -> dict[str, object]:
        city = _city(seed, START)
        for step in steps:
            city.advance(step)
        assert city.living is not None
        slots = {
            (office_id, slot.start, slot.origin): tuple(slot.holders)
            for office_id, slot in city.stock.slots()
        }
        return {"slots": slots, "news": list(city.living.news.latest)}

    def test_same_seed_same_city_in_whatever_steps(self) -> None:
        at_once = self._story(3 * HOUR)
        assert at_once == self._story(*[1800] * 6)
        assert at_once == self._story(0, 0.5, 59.5, 7.25, HOUR, 7132.75)

    def test_another_seed_is_another_city(self) -> None:
        assert self._story(HOUR) != self._story(HOUR, seed=2)

    def test_what_a_citizen_does_changes_no_draw_elsewhere(self) -> None:
        stories = []
        for meddles in (False, True):
            city = _city(start=START)
            city.advance(10)
            if meddles:
                wish = {"officeId": DOKUMENTE, "timestamp": at(24, 17)}
                opening = {"serviceId": 10502137, "starts": [at(24, 17)]}
                city.open(wish | opening)
                city.reserve(city.look_up(wish | {"serviceId": [10502137]}, "a"))
            city.advance(4 * HOUR)
            assert city.living is not None
            news = city.living.news.latest
            stories.append([item for item in news if item.office_id != DOKUMENTE])
        assert stories[0] == stories[1]


class TestOff:
    async def test_nothing_happens_by_itself(self) -> None:
        async with a_town() as town:
            await town.pass_time(DAY)
            assert list(town.city.stock.slots()) == []
            told = await town.http.get("/practice/programme")
            assert told.json() == {"on": False}


class TestShown:
    async def test_offices_plan_and_news(self) -> None:
        async with a_town(programme=True) as town:
            await town.pass_time(2 * HOUR)
            told = (await town.http.get("/practice/programme")).json()
            assert (told["on"], told["seed"]) == (True, 1)
            assert told["begin"] == "2026-11-23T03:00:00.000000+00:00"
            office = next(o for o in told["offices"] if o["officeId"] == RUPPERT)
            assert [release["daysAhead"] for release in office["releases"]] == [
                0,
                7,
                42,
            ]
            today = office["releases"][0]
            assert today["between"] == ["07:00", "08:00"]
            assert "07:00" <= today["at"] <= "08:00"
            assert today["weekdays"] == ["Mo", "Tu", "We", "Th", "Fr"]
            times = [item["at"] for item in told["planned"]]
            assert times == sorted(times)
            assert times[0] > "2026-11-23T08:00"
            assert {item["what"] for item in told["happened"]} >= {"released", "taken"}
            assert told["slots"]["released"] > 100

    async def test_counts_add_up_with_the_stock(self) -> None:
        async with a_town(programme=True) as town:
            await town.pass_time(HOUR)
            await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 20))
            told = (await town.http.get("/practice/programme")).json()
            free = sum(office["free"] for office in told["offices"])
            held = sum(office["held"] for office in told["offices"])
            slots = [slot for _, slot in town.city.stock.slots()]
            by_hand = [slot for slot in slots if slot.origin is Origin.OPENING]
            assert len(by_hand) == 1  # and not counted here
            assert free + held == sum(slot.capacity for slot in slots) - 1

    async def test_times_are_in_the_calendar_and_can_be_reserved(self) -> None:
        async with a_town(programme=True) as town:
            await town.pass_time(50 * MINUTE)
            office, service = GEWERBEAMT, 10374641
            times = await town.times(office, service)
            assert times
            answer = await town.reserve(times[0], office, [service])
            assert answer.json()["status"] == "reserved"
