"""A whole city that is quiet, and what the rhythms remember."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.conditions import CITY, ConditionName
from mta_core.polling.signs import Signs
from mta_core.polling.signs.quiet import MOST, Quiet
from mta_core.polling.signs.rhythm import DAYS, IMPROBABLE, OPENINGS, Rhythm
from tests.unit.polling.answering import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    ONE,
    THREE,
    TWO,
    City,
    a_question,
    a_slot,
    an_answer,
    learnt,
    never,
    office_hours,
    well,
)

QUIET, SOFT_BAN = ConditionName.QUIET, ConditionName.SOFT_BAN


class TestTheWholeCity:
    def test_all_at_once_is_a_soft_ban(self) -> None:
        city = learnt(ONE, TWO, THREE)
        found = list(city.run(14 * HOUR, never, ONE, TWO, THREE))
        assert found[-1].keys() == {
            (SOFT_BAN, CITY),
            (QUIET, "1"),
            (QUIET, "2"),
            (QUIET, "3x2"),
        }
        ban = found[-1][SOFT_BAN, CITY]
        assert ban.since == datetime(2026, 6, 19, 14, 45, tzinfo=UTC)
        assert ban.detail == (
            "3 service sets with a rhythm fell silent together: 852 answers without "
            "anything free; by its own rhythm about 9 half hours in that time should "
            "have shown something."
        )

    def test_many_services_together_are_missed_before_any_of_them(self) -> None:
        """Each shows something in every other hour only."""
        many = [ServiceSet.parse(str(number)) for number in range(1, 7)]

        def some(at: datetime) -> set[int]:
            return {n for n in range(6) if office_hours(at) and (at.hour + n) % 2}

        city, names = City(), set[ConditionName]()
        for half_hour in range(14 * 48 + 25):
            shows = some(city.now) if half_hour < 14 * 48 else set()
            for number, services in enumerate(many):
                slots = [a_slot(city.now, services)] if number in shows else []
                probe = a_question(services, city.now)
                city.signs.learn(well(an_answer(city.now, *slots, probe=probe)))
            names |= {name for name, _ in city.signs.conditions()}
            city.now += 30 * MINUTE
        assert names == {SOFT_BAN}

    def test_it_ends_with_the_first_thing_seen_anywhere(self) -> None:
        city = learnt(ONE, TWO)
        city.names(14 * HOUR, never, ONE, TWO)
        probe = a_question(THREE, city.now)
        slot = a_slot(city.now, THREE)
        city.signs.learn(well(an_answer(city.now, slot, probe=probe)))
        assert city.signs.conditions().keys() == {(QUIET, "1"), (QUIET, "2")}

    def test_one_service_alone_is_sold_out(self) -> None:
        city = learnt(ONE, TWO, THREE)
        for _ in range(14 * 6):
            for services in (ONE, TWO, THREE):
                shows = services != ONE and office_hours(city.now)
                slots = [a_slot(city.now, services)] if shows else []
                probe = a_question(services, city.now)
                city.signs.learn(well(an_answer(city.now, *slots, probe=probe)))
            city.now += 10 * MINUTE
        assert city.signs.conditions().keys() == {(QUIET, "1")}

    def test_the_busiest_service_alone_is_sold_out_even_if_another_is_rare(
        self,
    ) -> None:
        """The city shows nothing at all then, and yet only one is missed."""
        city = City()
        for hours in range(14 * 24 * 2 + 28):
            at, over = city.now, hours >= 14 * 24 * 2
            busy = [a_slot(at)] if office_hours(at) and not over else []
            rare = at.weekday() == 1 and at.hour == 9 and not over
            slots = [a_slot(at + n * MINUTE, TWO) for n in range(15)] if rare else []
            city.signs.learn(well(an_answer(at, *busy)))
            probe = a_question(TWO, at)
            city.signs.learn(well(an_answer(at, *slots, probe=probe)))
            city.now += 30 * MINUTE
        assert city.signs.conditions().keys() == {(QUIET, "1")}

    def test_services_of_which_little_is_known_have_no_say(self) -> None:
        """They show one and the same slot each day: that is no evidence."""
        city, one = City(), a_slot(MONDAY + 30 * DAY, TWO)
        for half_hour in range(14 * 48 + 28):
            shows = office_hours(city.now) and half_hour < 14 * 48
            slots = [a_slot(city.now)] if shows else []
            city.signs.learn(well(an_answer(city.now, *slots)))
            probe = a_question(TWO, city.now)
            same = [one] if shows else []
            city.signs.learn(well(an_answer(city.now, *same, probe=probe)))
            city.now += 30 * MINUTE
        assert city.rhythm(TWO)["silence"] > IMPROBABLE
        assert city.signs.conditions().keys() == {(QUIET, "1")}

    def test_the_only_service_there_is_may_be_sold_out(self) -> None:
        city = learnt(ONE)
        assert city.names(2 * DAY, never) == {QUIET}

    def test_services_that_fell_silent_apart_have_no_common_cause(self) -> None:
        city = learnt(ONE, TWO)
        for _ in range(7 * 24 * 6):
            slots = [a_slot(city.now)] if office_hours(city.now) else []
            city.signs.learn(well(an_answer(city.now, *slots)))
            probe = a_question(TWO, city.now)
            city.signs.learn(well(an_answer(city.now, probe=probe)))
            city.now += 10 * MINUTE
        assert city.names(14 * HOUR, never, ONE, TWO) == {QUIET}

    def test_services_that_nobody_asks_for_any_more_have_no_say(self) -> None:
        city = learnt(ONE, TWO, THREE, days=10)
        city.names(4 * DAY, office_hours, ONE, TWO)
        assert SOFT_BAN in city.names(14 * HOUR, never, ONE, TWO)


class TestMemory:
    def test_it_knows_after_a_restart_what_it_knew_before(self) -> None:
        city = learnt(ONE, TWO)
        city.names(12 * HOUR, never, ONE, TWO)
        twin = City(now=city.now)
        twin.signs.recall(json.loads(json.dumps(city.signs.documents())))
        assert list(twin.run(2 * HOUR, never, ONE, TWO)) == list(
            city.run(2 * HOUR, never, ONE, TWO)
        )
        assert (SOFT_BAN, CITY) in city.signs.conditions()
        again = Signs()
        again.recall(json.loads(json.dumps(city.signs.documents())))
        assert again.conditions() == city.signs.conditions()

    def test_what_was_there_before_is_not_new(self) -> None:
        signs = Signs()
        signs.learn(well(an_answer(MONDAY, *map(a_slot, (MONDAY, MONDAY + HOUR)))))
        [rhythm] = [d for n, d in signs.documents().items() if "rhythm" in n]
        assert rhythm["openings"] == 0

    def test_services_are_forgotten_in_the_order_of_their_questions(self) -> None:
        quiet = Quiet()
        for number in range(1, MOST + 2):
            probe = a_question(ServiceSet.parse(str(number)))
            quiet.learn(an_answer(MONDAY, probe=probe), 0)
        assert len(quiet.rhythms) == MOST
        assert "1" not in quiet.rhythms

    def test_a_clock_that_is_set_back_does_no_harm(self) -> None:
        rhythm = Rhythm()
        for hours in (5, 1, 6):
            rhythm.learn(MONDAY + hours * HOUR, ["10"], [], 0)
        assert rhythm.answers == 3

    def test_an_office_that_has_not_shown_anything_for_long_is_forgotten(self) -> None:
        rhythm = Rhythm()
        rhythm.learn(MONDAY, ["10", "20"], ["20"], 1)
        rhythm.learn(MONDAY + HOUR, ["10", "20"], ["10"], 1)
        assert rhythm.places.keys() == {"20"}
        rhythm.learn(MONDAY + 60 * DAY, ["10"], [], 0)
        assert rhythm.places == {}


def test_the_bar_for_evidence_is_as_agreed() -> None:
    assert (OPENINGS, DAYS) == (20, 3)
    with_both = Rhythm(openings=20, days=3)
    assert with_both.regular
    assert not Rhythm(openings=19, days=3).regular
    assert not Rhythm(openings=20, days=2).regular
