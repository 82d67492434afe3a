"""The contract of the human check: subclass `CheckContract`, give a ``city``.

``city`` is a `CheckedCity` in which nothing is free. Here, and in tests alone, a
program passes the check in the place of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import attrs
import pytest

from mta_core.domain.availability import Probe, Slot, day_of
from mta_core.domain.calls import CityStatus
from mta_core.domain.errors import CheckFailed, CheckNeeded
from mta_core.domain.shifts import LONGEST_LIFE, Token
from mta_core.ports.checks import HumanCheck
from mta_core.testing.builders import some_details
from tests.contracts.site_places import City, Places


class CheckedCity(City, Protocol):
    """A city with its human check."""

    @property
    def check(self) -> HumanCheck: ...

    def passed(self, challenge: Mapping[str, Any]) -> str:
        """Do what the person's browser does, and return what it sends."""
        ...


async def a_proof(city: CheckedCity) -> Token:
    """Let somebody pass the check."""
    return await city.check.verify(city.passed(await city.check.challenge()))


class CheckContract:
    """What a passed check is good for, and for how long (contract 5)."""

    @pytest.fixture
    async def places(self, city: CheckedCity) -> Places:
        return Places.of(await city.site.catalogue(), day_of(city.now()))

    @pytest.fixture
    def slot(self, places: Places) -> Slot:
        """A slot behind the check."""
        services, office = places.checked
        plain = places.slot(places.early)
        return attrs.evolve(plain, services=services, office=office)

    @pytest.fixture
    def probe(self, places: Places) -> Probe:
        """The question for it."""
        services, office = places.checked
        return Probe(services, frozenset({office}), places.window)

    async def test_a_challenge_is_something_for_the_widget(
        self, city: CheckedCity
    ) -> None:
        first, second = [await city.check.challenge() for _ in range(2)]
        assert set(first) == {"parameters", "signature"}
        assert first["parameters"]["algorithm"] == "SHA-256"
        assert first["signature"] != second["signature"]

    async def test_a_passed_check_shows_times(
        self, city: CheckedCity, probe: Probe, slot: Slot
    ) -> None:
        await city.free([slot])
        calendar = await city.site.calendar(probe, await a_proof(city))
        assert slot.start in calendar.times[slot.office]

    async def test_a_passed_check_is_good_for_many_questions_and_a_reservation(
        self, city: CheckedCity, probe: Probe, slot: Slot
    ) -> None:
        await city.free([slot])
        token = await a_proof(city)
        for _ in range(3):
            await city.site.calendar(probe, token)
        held = (await city.site.reserve(slot, token)).held
        await city.site.update(held, some_details())
        preconfirmed = await city.site.preconfirm(held)
        assert preconfirmed.status is CityStatus.PRECONFIRMED

    async def test_a_token_is_over_when_its_life_is(
        self, city: CheckedCity, probe: Probe, slot: Slot
    ) -> None:
        await city.free([slot])
        token = await a_proof(city)
        await city.elapse(token.life().total_seconds() - 1)
        await city.site.calendar(probe, token)
        await city.elapse(2)
        for question in (
            city.site.calendar(probe, token),
            city.site.reserve(slot, token),
        ):
            with pytest.raises(CheckNeeded) as caught:
                await question
            assert caught.value.code == "captchaExpired"

    async def test_an_invented_token_is_refused(
        self, city: CheckedCity, probe: Probe, slot: Slot
    ) -> None:
        token = Token("eyJhbGciOiJIUzI1NiJ9.e30.invented")
        await city.free([slot])
        for question in (
            city.site.calendar(probe, token),
            city.site.reserve(slot, token),
        ):
            with pytest.raises(CheckNeeded) as caught:
                await question
            assert caught.value.code == "captchaInvalid"

    async def test_a_check_can_be_handed_in_once(self, city: CheckedCity) -> None:
        payload = city.passed(await city.check.challenge())
        assert (await city.check.verify(payload)).life() < LONGEST_LIFE
        with pytest.raises(CheckFailed):
            await city.check.verify(payload)

    @pytest.mark.parametrize("payload", ["", "nothing", "bm90aGluZw==", "{}"])
    async def test_what_is_no_passed_check_is_refused(
        self, city: CheckedCity, payload: str
    ) -> None:
        await city.check.challenge()
        with pytest.raises(CheckFailed):
            await city.check.verify(payload)
