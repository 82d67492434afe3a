"""The simulated city shows, reserves and lets lapse as the city does."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bench.citizens.town import Town, read_calendar, without_checks
from mta_adapters.city import translate, wire
from mta_adapters.city.reading import read
from mta_core.domain.availability import DateWindow, Probe, day_of
from mta_core.domain.catalogue import ServiceSet
from mta_practice import compact_catalogue
from mta_practice.calendar import Need, Search, Span, answer
from tests.unit.bench.citizens_town import (
    CHECKED_OFFICE,
    KFZ,
    MORNING,
    a_question,
    a_slot_at,
    a_town,
    open_slots,
)

MINUTE = 60
DAY = 86_400


def test_its_answers_are_read_as_the_product_reads_them() -> None:
    town = Town(compact_catalogue(), 1, MORNING - 2 * DAY, life_scale=100.0)
    painted = 0
    for number in range(40):
        now = MORNING - DAY + number * 1_117
        town.catch_up(now)
        for service in sorted(town.catalogue.services):
            body, probe = _asked(town, ServiceSet.of([service]), now)
            text = json.dumps(body).encode()
            strict = translate.calendar(read(wire.Calendar, text, ""), probe)
            assert read_calendar(body) == strict
            painted += len(strict.bookable) > 1
    assert painted > 10, "no answer had anything to be read wrongly"


def _asked(town: Town, services: ServiceSet, now: float) -> tuple[Any, Probe]:
    window = DateWindow(day_of(datetime.fromtimestamp(now, UTC)), date(2027, 4, 1))
    offices = town.catalogue.able(services)
    span = Span(window.first, window.last)
    needs = tuple(
        Need(town.offices[office], town.catalogue.slots_needed(services, office))
        for office in sorted(offices)
    )
    search = Search(span, Span(window.first, window.first), needs)
    return answer(search, town.stock, now), Probe(services, offices, window)


def test_a_reservation_lapses_at_the_first_minute_after_its_time() -> None:
    town = a_town()
    [start] = open_slots(town, MORNING, [0])
    hold = town.reserve(a_slot_at(start), MORNING + 30)
    minutes, _ = town.minutes(KFZ)
    assert hold is not None
    assert _shown(town, MORNING + minutes * MINUTE) == []
    assert _shown(town, MORNING + (minutes + 1) * MINUTE) == [start]
    assert not town.preconfirm(hold, MORNING + (minutes + 1) * MINUTE)


def test_preconfirmed_it_lives_as_long_as_the_link_in_the_mail() -> None:
    town = a_town()
    [start] = open_slots(town, MORNING, [0])
    hold = town.reserve(a_slot_at(start), MORNING)
    _, activation = town.minutes(KFZ)
    assert hold is not None
    assert town.preconfirm(hold, MORNING + MINUTE)
    assert _shown(town, MORNING + (activation - 1) * MINUTE) == []
    assert _shown(town, MORNING + activation * MINUTE) == [start]
    assert not town.confirm(hold, MORNING + activation * MINUTE)


def test_confirmed_it_never_comes_back() -> None:
    town = a_town()
    [start] = open_slots(town, MORNING, [0])
    hold = town.reserve(a_slot_at(start), MORNING)
    assert hold is not None
    assert town.preconfirm(hold, MORNING + MINUTE)
    assert town.confirm(hold, MORNING + 2 * MINUTE)
    assert _shown(town, MORNING + DAY) == []


def test_nobody_gets_what_another_has() -> None:
    town = a_town()
    [start] = open_slots(town, MORNING, [0])
    assert town.reserve(a_slot_at(start), MORNING)
    assert town.reserve(a_slot_at(start), MORNING + 1) is None


def test_slots_live_longer_by_the_factor() -> None:
    usual, scaled = (
        Town(compact_catalogue(), 1, MORNING, scale).living.counters[KFZ].median
        for scale in (1.0, 3.0)
    )
    assert scaled == pytest.approx(3 * usual)


def test_without_checks_every_office_can_be_asked() -> None:
    catalogue = a_town().catalogue
    assert catalogue.is_checked(CHECKED_OFFICE)
    open_to_all = without_checks(catalogue)
    assert not any(map(open_to_all.is_checked, open_to_all.offices))
    assert open_to_all.offers == catalogue.offers


def _shown(town: Town, now: float) -> list[int]:
    calendar = town.calendar(a_question(), now)
    return [int(t.timestamp()) for t in calendar.times.get(KFZ, ())]
