"""What is drawn for offices: their hours, how wanted they are, their dice."""

from __future__ import annotations

import json
import os
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import pytest

from mta_practice import City, PracticeSettings, compact_catalogue, load_catalogue
from mta_practice.catalogue import read_catalogue
from mta_practice.clock import munich_day, munich_hour, munich_instant
from mta_practice.programme.counters import OPEN, Counter, counters
from mta_practice.programme.draws import Draws
from mta_practice.programme.releases import How, plain_info, stated
from tests.unit.practice.support import DOKUMENTE, KFZ, RUPPERT, START, at

MONDAY = date(2026, 11, 23)


def _saying(text: object, name: str = "Amt") -> Any:
    """Give the counters of a city whose offices all say *text* and have one name."""
    catalogue = json.loads(json.dumps(dict(compact_catalogue())))
    for office in catalogue["offices"]:
        office["name"] = name
        office["scope"]["infoForAllAppointments"] = text
    return read_catalogue(catalogue)


def _counter(text: object, name: str = "Amt") -> Counter:
    return counters(_saying(text, name), Draws(1))[DOKUMENTE]


def _days_ahead(counter: Counter) -> set[tuple[How, int]]:
    return {(release.how, release.ahead) for release in counter.releases}


class TestStated:
    """Phrases of the city's own texts (contract 8)."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "<p>Langfristige Termine (in 6 Wochen beziehungsweise 42&nbsp;Tagen)"
                " werden &uuml;ber Nacht freigeschaltet.</p>".replace("&nbsp;", " "),
                {(How.BATCH, 0), (How.BATCH, 7), (How.BATCH, 42)},
            ),
            (
                "Termine mit einer Vorlaufzeit von 14 Tagen werden freigeschaltet.",
                {(How.BATCH, 0), (How.BATCH, 14)},
            ),
            (
                "Termine können maximal 7 Tage im Voraus reserviert werden. Neue"
                " Termine werden zwischen 7 und 8 Uhr eingestellt.",
                {(How.BATCH, 0), (How.BATCH, 7)},
            ),
            (
                "Termine können maximal 7 Tage im Voraus reserviert werden. Wir"
                " schalten jeden Tag neue Termine frei.",
                {(How.ROLL, 7)},
            ),
            (
                "Termine können maximal 30 Tage im Voraus gebucht werden.",
                {(How.BATCH, 0), (How.ROLL, 30)},
            ),
            (
                "am Montag um 7.30 Uhr sowie am Dienstag um 8.30 Uhr",
                {(How.BATCH, 0)},
            ),
            (
                "morgens und mittags jeweils 10 Minuten vor Beginn der Öffnungszeiten",
                {(How.BEFORE, 0), (How.SPREAD, 7)},
            ),
        ],
    )
    def test_phrases_are_understood(
        self, text: str, expected: set[tuple[How, int]]
    ) -> None:
        assert _days_ahead(_counter(text)) == expected

    def test_silent_ones_have_a_window(self) -> None:
        [release] = _counter(None).releases
        assert release.how is How.ROLL
        assert release.ahead in (7, 30, 42, 60, 90)

    def test_the_foreigners_office_is_known_by_its_name(self) -> None:
        counter = _counter(None, "Servicestelle für Zuwanderung und Einbürgerung")
        minutes = {
            day: {
                (supply.at - munich_instant(MONDAY + timedelta(days=day))) // 3600
                for supply in counter.supply(MONDAY + timedelta(days=day))
            }
            for day in range(5)
        }
        assert minutes == {0: {7}, 1: {8}, 2: {7}, 3: {8}, 4: {7}}

    def test_texts_are_read_without_their_html(self) -> None:
        office = _saying("<b>Gr&uuml;&szlig;e</b>").offices[KFZ]
        assert plain_info(office).strip() == "Grüße"
        assert stated(office) is None


class TestSupply:
    def test_one_counter_opens_ten_minutes_before_each_opening(self) -> None:
        counter = _counter("10 Minuten vor Beginn")
        tuesday = MONDAY + timedelta(days=1)
        before = [item for item in counter.supply(tuesday) if item.how is How.BEFORE]
        assert {(item.at - munich_instant(tuesday)) / 60 for item in before} == {
            8 * 60 + 20,
            13 * 60 + 50,
        }

    def test_the_rest_of_it_comes_one_by_one_over_the_week(self) -> None:
        counter = _counter("10 Minuten vor Beginn")
        spread = [
            item
            for day in range(5)
            for item in counter.supply(MONDAY + timedelta(days=day))
            if item.how is How.SPREAD
        ]
        ahead = {(munich_day(item.start) - munich_day(item.at)).days for item in spread}
        assert ahead == set(range(1, 8))
        assert all(8 <= munich_hour(item.at) <= 18 for item in spread)

    def test_grid_lies_in_the_opening_hours(self) -> None:
        counter = _counter("42 Tagen")
        for day, openings in OPEN.items():
            begin = munich_instant(MONDAY + timedelta(days=day))
            starts = [
                (supply.start - begin) // 60
                for supply in counter.supply(MONDAY + timedelta(days=day))
            ]
            assert starts == [
                minute
                for first, last in openings
                for minute in range(first, last - 14, 15)
            ]

    def test_is_closed_at_weekends(self) -> None:
        counter = _counter("42 Tagen")
        assert list(counter.supply(MONDAY + timedelta(days=5))) == []

    def test_shares_are_about_what_is_stated(self) -> None:
        counter = _counter("14 Tagen")
        days = [MONDAY + timedelta(days=day) for day in range(200)]
        ways = [
            (munich_day(item.start) - munich_day(item.at)).days
            for day in days
            for item in counter.supply(day)
        ]
        assert ways.count(14) / len(ways) == pytest.approx(0.7, abs=0.03)

    def test_old_grids_are_forgotten(self) -> None:
        counter = _counter("14 Tagen")
        for day in range(60):
            grid = counter.grid(MONDAY + timedelta(days=day))
            assert counter.grid(MONDAY + timedelta(days=day)) is grid
        again = counter.grid(MONDAY)
        assert list(again) == [item.start for item in counter.supply(MONDAY)]


class TestCounters:
    def test_desks_follow_the_number_of_services(self) -> None:
        drawn = counters(read_catalogue(compact_catalogue()), Draws(1))
        assert {drawn[office].capacity for office in (RUPPERT, KFZ)} == {2}
        assert drawn[DOKUMENTE].capacity == 1

    def test_offices_without_scope_or_services_have_none(self) -> None:
        catalogue = json.loads(json.dumps(dict(compact_catalogue())))
        catalogue["offices"][0]["scope"] = None
        catalogue["relations"] = [
            relation
            for relation in catalogue["relations"]
            if relation["officeId"] != KFZ
        ]
        for relation in catalogue["relations"]:
            if relation["officeId"] == DOKUMENTE:
                relation["slots"] = 0  # the service needs no slot there
        drawn = counters(read_catalogue(catalogue), Draws(1))
        assert not {RUPPERT, KFZ, DOKUMENTE} & set(drawn)
        assert len(drawn) == 9


class TestDraws:
    def test_depend_on_seed_and_purpose_alone(self) -> None:
        assert Draws(1).share("a", 2) == Draws(1).share("a", 2)
        drawn = {Draws(1).share("a", 2), Draws(2).share("a", 2), Draws(1).share("a", 3)}
        assert len(drawn) == 3

    def test_whole_numbers_reach_both_ends(self) -> None:
        draws = Draws(1)
        assert {draws.whole(3, 6, index) for index in range(200)} == {3, 4, 5, 6}
        assert {draws.one("ab", index) for index in range(50)} == {"a", "b"}

    def test_normal_and_lognormal_have_their_shape(self) -> None:
        draws = Draws(3)
        normal = [draws.normal("n", index) for index in range(3000)]
        assert mean(normal) == pytest.approx(0, abs=0.06)
        assert stdev(normal) == pytest.approx(1, abs=0.05)
        lives = [draws.lognormal(40, 1, "l", index) for index in range(3000)]
        assert median(lives) == pytest.approx(40, rel=0.07)

    @pytest.mark.parametrize("expected", [0, 0.3, 5, 40])
    def test_poisson_has_its_mean(self, expected: float) -> None:
        draws = Draws(3)
        found = [draws.poisson(expected, "p", index) for index in range(3000)]
        assert mean(found) == pytest.approx(expected, rel=0.06, abs=0.02)
        if expected:
            assert stdev(found) ** 2 == pytest.approx(expected, rel=0.15)

    def test_poisson_ends_where_the_chances_are_used_up(self) -> None:
        class Unlucky(Draws):
            def share(self, *purpose: object) -> float:
                return 1.0

        assert Unlucky(1).poisson(0.5, "p") <= 25


def _recorded() -> Path:
    shared = Path(os.environ.get("MTA_SHARED", Path(__file__).parents[4] / "shared"))
    return shared / "city" / "recorded-catalogue.json"


def test_a_day_of_the_compact_city_takes_little_time() -> None:
    begin = time.process_time()
    City(PracticeSettings(stepped=True, start=START, programme=True)).advance(86_400)
    assert time.process_time() - begin < 2


@pytest.mark.skipif(not _recorded().exists(), reason="no recorded catalogue here")
def test_a_day_of_the_recorded_city_does_as_well() -> None:
    wire = load_catalogue(_recorded())
    begin = time.process_time()
    city = City(
        PracticeSettings(stepped=True, start=START, programme=True, catalogue=wire)
    )
    city.advance(86_400)
    assert time.process_time() - begin < 15
    assert city.living is not None
    assert len(city.living.counters) == 85
    hows = {
        release.how
        for counter in city.living.counters.values()
        for release in counter.releases
    }
    assert hows == set(How)


def test_summer_time_moves_no_opening() -> None:
    """The clocks go back on 25 October 2026; the office opens at half past seven."""
    counter = _counter("42 Tagen")
    first = next(iter(counter.supply(date(2026, 10, 26)))).start
    assert first == at(26, 7, 30, month=10)
