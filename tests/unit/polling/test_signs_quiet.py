"""One service that is quiet for unusually long, and what is no such silence."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.conditions import ConditionName
from mta_core.domain.errors import SiteUnreachable
from mta_core.polling.signs.rhythm import DAYS, IMPROBABLE
from mta_core.polling.signs.signs import PREFIX
from tests.unit.polling.answering import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    ONE,
    OST,
    PASING,
    City,
    a_question,
    a_slot,
    an_answer,
    ill,
    learnt,
    never,
    office_hours,
    taught,
    well,
)

QUIET, SOFT_BAN = ConditionName.QUIET, ConditionName.SOFT_BAN


def knowing(**figures: float) -> City:
    """A city whose rhythm of `ONE` is known with some other figures."""
    city, name = learnt(ONE), f"{PREFIX}rhythm:{ONE}"
    documents = dict(taught((ONE,), 14))
    city.signs.recall({**documents, name: {**documents[name], **figures}})
    return city


class TestOneService:
    def test_a_service_that_stays_away_on_a_working_day_is_quiet(self) -> None:
        city = learnt(ONE)
        shown_last = datetime(2026, 6, 19, 14, 45, tzinfo=UTC)
        assert city.names(8 * HOUR, never) == set()  # until ten in the morning
        found = [each for each in city.run(6 * HOUR, never) if each]
        [(key, condition)] = found[0].items()
        assert key == (QUIET, "1")
        assert condition.since == shown_last
        assert condition.detail == (
            "277 answers without anything free; by its own rhythm about 7 half hours in "
            "that time should have shown something."
        )

    def test_nights_and_weekends_are_no_silence(self) -> None:
        city = learnt(ONE, days=19)  # a Saturday
        assert city.names(2 * DAY, never) == set()

    def test_a_holiday_is_no_silence(self) -> None:
        first_of_may = datetime(2026, 5, 1, 0, 0, tzinfo=UTC)  # a Friday
        city = City(now=first_of_may - 18 * DAY)
        city.names(18 * DAY, office_hours)
        assert city.names(DAY, never) == set()

    def test_it_ends_with_the_first_thing_that_is_seen(self) -> None:
        city = learnt(ONE)
        city.names(14 * HOUR, never)
        assert (QUIET, "1") in city.signs.conditions()
        city.signs.learn(well(an_answer(city.now, a_slot(city.now))))
        assert not city.signs.conditions()

    def test_a_day_that_is_only_hinted_at_ends_it_too(self) -> None:
        city = learnt(ONE)
        city.names(14 * HOUR, never)
        later = (city.now + 9 * DAY).date()
        city.signs.learn(well(an_answer(city.now, hints=(later,))))
        assert not city.signs.conditions()

    def test_without_enough_evidence_it_says_nothing(self) -> None:
        few = learnt(ONE, days=DAYS - 1)
        assert few.names(3 * DAY, never) == set()

    def test_few_openings_are_no_rhythm(self) -> None:
        city = City()
        slot = a_slot(MONDAY + 20 * DAY)
        for _ in city.run(1 * MINUTE, never):
            pass
        for hours in range(24 * 10):  # one and the same slot, every day
            at = MONDAY + hours * HOUR
            city.signs.learn(well(an_answer(at, slot)))
        city.now = MONDAY + 10 * DAY
        assert city.names(DAY, never) == set()

    def test_who_was_not_asked_was_not_silent(self) -> None:
        city = learnt(ONE)
        city.now += 3 * DAY
        assert not list(city.run(MINUTE, never))[-1]

    def test_errors_are_no_silence(self) -> None:
        city = learnt(ONE)
        for minutes in range(0, 14 * 60, 10):
            at = city.now + minutes * MINUTE
            city.signs.learn(ill(at, SiteUnreachable("away")))
        names = {name for name, _ in city.signs.conditions()}
        assert names == {ConditionName.OUTAGE}

    def test_half_hours_with_far_fewer_questions_than_usual_do_not_count(self) -> None:
        city = City()
        list(city.run(14 * DAY, office_hours, every=5 * MINUTE))
        found = list(city.run(14 * HOUR, never, every=30 * MINUTE))
        assert not any(found)

    def test_questions_for_far_days_alone_do_not_count(self) -> None:
        city = learnt(ONE)
        for minutes in range(0, 14 * 60, 10):
            at = city.now + minutes * MINUTE
            probe = a_question(at=at, ahead=30)
            city.signs.learn(well(an_answer(at, probe=probe)))
        assert not city.signs.conditions()

    def test_other_offices_than_those_that_showed_it_do_not_count(self) -> None:
        city = learnt(ONE)
        found = list(city.run(14 * HOUR, never, offices=frozenset({OST})))
        assert not any(found)
        city = learnt(ONE)
        found = list(city.run(14 * HOUR, never, offices=frozenset({PASING})))
        assert (QUIET, "1") in found[-1]

    @pytest.mark.parametrize(("longest", "quiet"), [(0.0, True), (20.0, False)])
    def test_it_must_be_far_longer_than_any_silence_before(
        self, longest: float, quiet: bool
    ) -> None:
        city = knowing(longest=longest)
        assert (city.names(14 * HOUR, never) == {QUIET}) is quiet

    def test_what_was_called_quiet_is_remembered_as_a_long_silence(self) -> None:
        city = learnt(ONE)
        city.names(14 * HOUR, never)
        assert city.rhythm()["quiet_at"]
        list(city.run(HOUR, lambda _: True))
        assert city.rhythm()["longest"] == IMPROBABLE

    @pytest.mark.parametrize(("due", "quiet"), [(0.0, True), (30.0, False)])
    def test_where_silences_last_longer_than_they_should_more_is_waited_for(
        self, due: float, quiet: bool
    ) -> None:
        city = knowing(due=due, kept=due / 6)
        assert (city.names(14 * HOUR, never) == {QUIET}) is quiet

    def test_silences_that_did_not_end_in_time_are_counted(self) -> None:
        city = City()
        city.names(14 * DAY, lambda at: office_hours(at) and at.day % 4 < 2)
        known = city.rhythm()
        assert known["kept"] > 1
        assert known["due"] > 2 * known["kept"]

    def test_what_is_suspected_teaches_nothing(self) -> None:
        city = learnt(ONE)
        city.names(13 * HOUR, never)
        known = city.rhythm()
        assert known["quiet_at"]
        city.names(6 * HOUR, never)
        assert city.rhythm()["hours"] == known["hours"]
        assert city.rhythm()["silence"] > known["silence"]


@pytest.mark.slow
@given(seed=st.integers(0, 2**32 - 1), rate=st.floats(1.0, 18.0))
@settings(max_examples=5, deadline=None)
def test_what_is_called_quiet_is_improbable_in_its_own_world(
    seed: int, rate: float
) -> None:
    """Slots come at random in office hours, and stay for forty minutes.

    The detector knows nothing of the dice, so it may be wrong by a factor.
    """
    dice, city = Random(seed), City()
    chance = rate / 7 / 3  # in each of three answers in each of seven hours
    until, likely = MONDAY, 1.0

    def by_chance(at: datetime) -> bool:
        nonlocal until, likely
        if office_hours(at):
            until = at + 40 * MINUTE if dice.random() < chance else until
            likely *= 1 - chance
        likely = 1.0 if at < until else likely
        return at < until

    for found in city.run(21 * DAY, by_chance, every=20 * MINUTE):
        assert not found or likely < 1e-3
