"""Conditions: their names, what they are about, and whom they concern."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from mta_core.domain.conditions import (
    BOOKING,
    CALENDAR,
    CATALOGUE,
    CITY,
    MEANINGS,
    Condition,
    ConditionName,
    quiet_for,
)
from mta_core.testing.builders import PASSPORT, RESIDENCE, a_catalogue, a_service_set
from mta_core.testing.clock import NOON

QUIET = Condition(ConditionName.QUIET, str(RESIDENCE), NOON, "nothing")
BAN = Condition(ConditionName.SOFT_BAN, CITY, NOON, "nothing at all")


@pytest.mark.parametrize("name", ConditionName)
def test_each_name_says_what_it_means(name: ConditionName) -> None:
    condition = Condition(name, CITY, NOON, "")
    assert condition.means == MEANINGS[name]
    assert condition.means.endswith(".")


@pytest.mark.parametrize(
    ("about", "subject"),
    [
        (CITY, "The city"),
        (CALENDAR, "The city's calendar"),
        (CATALOGUE, "The city's catalogue"),
        (BOOKING, "The city's answers about bookings"),
    ],
)
def test_the_city_and_its_routes_are_named(about: str, subject: str) -> None:
    condition = Condition(ConditionName.DRIFT, about, NOON, "")
    assert condition.subject(a_catalogue()) == subject


@pytest.mark.parametrize("name", [ConditionName.QUIET, ConditionName.FLAPPING])
def test_services_are_named_as_the_city_does(name: ConditionName) -> None:
    condition = Condition(name, f"{PASSPORT}x2", NOON, "")
    assert condition.subject(a_catalogue()) == "Reisepass x 2"


def test_its_end_is_noted() -> None:
    later = NOON + timedelta(hours=1)
    assert QUIET.ended(later) == attrs.evolve(QUIET, ended_at=later)


def test_quiet_concerns_whoever_waits_for_it() -> None:
    assert quiet_for(a_service_set(RESIDENCE), [QUIET]) == QUIET
    assert quiet_for(a_service_set(PASSPORT), [QUIET]) is None
    flapping = attrs.evolve(QUIET, name=ConditionName.FLAPPING)
    assert quiet_for(a_service_set(RESIDENCE), [flapping]) is None


def test_a_ban_concerns_everybody_and_says_more() -> None:
    assert quiet_for(a_service_set(PASSPORT), [QUIET, BAN]) == BAN
    assert quiet_for(a_service_set(RESIDENCE), [QUIET, BAN]) == BAN
