"""The contract of the site port: subclass `SiteContract`, give a fixture ``city``.

``city`` is a `City` in which nothing is free yet: the scripted one, or a gateway to the
practice city. Services and offices are looked up in its own catalogue. The suite
states only what the real city does as well (contract 1 to 5).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
import pytest

from mta_core.domain.availability import (
    Calendar,
    DateWindow,
    Observation,
    Probe,
    Slot,
    day_of,
)
from mta_core.domain.calls import CityAppointment, CityStatus, Held
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.errors import (
    CheckNeeded,
    Refused,
    SiteError,
    SlotGone,
    UnknownAppointment,
)
from mta_core.testing.builders import some_details
from tests.contracts.site_places import City, Places

SLACK = 2 * 60
"""Seconds: the city ends what has lapsed by a job that runs every minute (8)."""


def _shown(calendar: Calendar) -> set[tuple[datetime, OfficeId]]:
    return {
        (start, office) for office, starts in calendar.times.items() for start in starts
    }


def _pairs(*slots: Slot) -> set[tuple[datetime, OfficeId]]:
    return {(slot.start, slot.office) for slot in slots}


class CalendarContract:
    """What the city shows (contract 1.2)."""

    @pytest.fixture
    async def places(self, city: City) -> Places:
        return Places.of(await city.site.catalogue(), day_of(city.now()))

    async def test_the_catalogue_can_be_searched(self, city: City) -> None:
        catalogue = await city.site.catalogue()
        assert catalogue.services
        assert catalogue.offices
        assert any(
            catalogue.offering(ServiceSet.of([service]))
            for service in catalogue.services
        )

    async def test_an_empty_answer_observes_the_whole_window(
        self, city: City, places: Places
    ) -> None:
        probe = places.probe()
        calendar = await city.site.calendar(probe)
        assert not calendar.times
        assert not calendar.bookable
        assert calendar.next_bookable is None
        seen = Observation.of(probe, calendar, city.now())
        assert (seen.through, seen.free, seen.hints) == (
            places.window.last,
            frozenset(),
            {},
        )

    async def test_times_come_for_the_first_bookable_day_alone(
        self, city: City, places: Places
    ) -> None:
        early = (
            places.slot(places.early, 9),
            places.slot(places.early, 14),
            places.slot(places.early, 11, places.there),
        )
        await city.free([*early, places.slot(places.later), places.slot(places.late)])
        calendar = await city.site.calendar(places.probe())
        assert calendar.searched == DateWindow(places.early, places.early)
        assert _shown(calendar) == _pairs(*early)
        for starts in calendar.times.values():
            assert list(starts) == sorted(starts)
            assert all(start.utcoffset() == timedelta(0) for start in starts)

    async def test_other_days_of_the_month_are_hints(
        self, city: City, places: Places
    ) -> None:
        await city.free(
            [places.slot(places.early), places.slot(places.later, office=places.there)]
        )
        probe = places.probe()
        calendar = await city.site.calendar(probe)
        assert calendar.bookable == {
            places.early: {places.here},
            places.later: {places.there},
        }
        seen = Observation.of(probe, calendar, city.now())
        assert seen.through == places.early
        assert seen.free == {places.slot(places.early)}
        assert seen.hints == {places.later: {places.there}}

    async def test_the_next_month_has_one_hint(
        self, city: City, places: Places
    ) -> None:
        late = [places.slot(places.late), places.slot(places.late + timedelta(days=1))]
        await city.free([places.slot(places.early), *late])
        calendar = await city.site.calendar(places.probe())
        assert set(calendar.bookable) == {places.early}
        assert calendar.next_bookable == places.late

    async def test_a_first_day_months_ahead_is_found(
        self, city: City, places: Places
    ) -> None:
        await city.free([places.slot(places.late)])
        calendar = await city.site.calendar(places.probe())
        assert calendar.searched == DateWindow(places.late, places.late)
        assert _shown(calendar) == _pairs(places.slot(places.late))

    async def test_days_before_the_window_are_not_shown(
        self, city: City, places: Places
    ) -> None:
        await city.free([places.slot(places.early), places.slot(places.later)])
        first = places.early + timedelta(days=1)
        calendar = await city.site.calendar(places.probe(first=first))
        assert set(calendar.bookable) == {places.later}
        assert _shown(calendar) == _pairs(places.slot(places.later))

    async def test_only_the_asked_offices_are_shown(
        self, city: City, places: Places
    ) -> None:
        there = places.slot(places.later, office=places.there)
        await city.free([places.slot(places.early), there])
        calendar = await city.site.calendar(places.probe(places.there))
        assert _shown(calendar) == _pairs(there)
        assert set(calendar.bookable) == {places.later}

    async def test_what_is_over_is_not_shown(self, city: City, places: Places) -> None:
        early, later = places.slot(places.early), places.slot(places.later)
        await city.free([early, later])
        wait = early.start - city.now() + timedelta(minutes=1)
        await city.elapse(wait.total_seconds())
        probe = places.probe(first=day_of(city.now()))
        assert _shown(await city.site.calendar(probe)) == _pairs(later)

    async def test_a_checked_office_needs_a_human(
        self, city: City, places: Places
    ) -> None:
        services, office = places.checked
        with pytest.raises(CheckNeeded):
            await city.site.calendar(
                Probe(services, frozenset({office}), places.window)
            )
        slot = attrs.evolve(places.slot(places.early), services=services, office=office)
        with pytest.raises(CheckNeeded):
            await city.site.reserve(slot)

    async def test_an_office_that_does_not_offer_it_is_refused(
        self, city: City, places: Places
    ) -> None:
        catalogue = await city.site.catalogue()
        services, office = next(
            (services, office)
            for service in sorted(catalogue.services)
            for services in [ServiceSet.of([service])]
            for office in (places.here, places.there)
            if office not in catalogue.offering(services)
        )
        with pytest.raises(Refused) as caught:
            await city.site.calendar(
                Probe(services, frozenset({office}), places.window)
            )
        assert caught.value.code == "invalidLocationAndServiceCombination"


async def _reserve(city: City, places: Places) -> CityAppointment:
    slot = places.slot(places.early)
    await city.free([slot])
    return await city.site.reserve(slot)


async def _preconfirm(city: City, places: Places) -> Held:
    held = (await _reserve(city, places)).held
    await city.site.update(held, some_details())
    await city.site.preconfirm(held)
    return held


async def _confirm(city: City, places: Places) -> Held:
    held = await _preconfirm(city, places)
    await city.confirm(held)
    return held


async def _status(city: City, held: Held) -> CityStatus:
    return (await city.site.appointment(held)).status


class AppointmentContract:
    """How an appointment comes about, and how it ends (contract 4)."""

    async def test_a_reserved_slot_is_nobody_elses(
        self, city: City, places: Places
    ) -> None:
        appointment = await _reserve(city, places)
        assert appointment.status is CityStatus.RESERVED
        assert not (await city.site.calendar(places.probe())).times
        with pytest.raises(SlotGone):
            await city.site.reserve(places.slot(places.early))

    async def test_what_was_never_free_is_gone(
        self, city: City, places: Places
    ) -> None:
        with pytest.raises(SlotGone):
            await city.site.reserve(places.slot(places.early))

    async def test_the_keys_open_the_appointment(
        self, city: City, places: Places
    ) -> None:
        appointment = await _reserve(city, places)
        looked = await city.site.appointment(appointment.held)
        assert looked.held == appointment.held
        assert looked.status is CityStatus.RESERVED

    async def test_wrong_keys_open_nothing(self, city: City, places: Places) -> None:
        held = (await _reserve(city, places)).held
        for wrong in (
            attrs.evolve(held, auth_key="0" * 64),
            attrs.evolve(held, process_id=held.process_id + 1),
        ):
            with pytest.raises(UnknownAppointment):
                await city.site.appointment(wrong)
            with pytest.raises(UnknownAppointment):
                await city.site.cancel(wrong)
        assert await _status(city, held) is CityStatus.RESERVED

    async def test_the_way_to_a_confirmed_appointment(
        self, city: City, places: Places
    ) -> None:
        held = (await _reserve(city, places)).held
        updated = await city.site.update(held, some_details())
        assert updated.status is CityStatus.RESERVED
        preconfirmed = await city.site.preconfirm(held)
        assert preconfirmed.status is CityStatus.PRECONFIRMED
        assert await _status(city, held) is CityStatus.PRECONFIRMED
        await city.confirm(held)
        confirmed = await city.site.appointment(held)
        assert confirmed.status is CityStatus.CONFIRMED
        assert confirmed.held == held
        assert confirmed.display_number

    async def test_details_may_be_given_again(self, city: City, places: Places) -> None:
        held = (await _reserve(city, places)).held
        for _ in range(2):
            updated = await city.site.update(held, some_details())
            assert updated.status is CityStatus.RESERVED

    async def test_a_second_preconfirm_does_not_succeed(
        self, city: City, places: Places
    ) -> None:
        held = await _preconfirm(city, places)
        with pytest.raises(SiteError):
            await city.site.preconfirm(held)
        assert await _status(city, held) is CityStatus.PRECONFIRMED

    async def test_a_preconfirm_without_a_mail_address_does_not_succeed(
        self, city: City, places: Places
    ) -> None:
        held = (await _reserve(city, places)).held
        with pytest.raises(SiteError):
            await city.site.preconfirm(held)

    async def test_a_reservation_lapses(self, city: City, places: Places) -> None:
        held = (await _reserve(city, places)).held
        await city.elapse(places.terms.reservation_minutes * 60 - SLACK)
        assert await _status(city, held) is CityStatus.RESERVED
        await city.elapse(2 * SLACK)
        with pytest.raises(UnknownAppointment):
            await city.site.appointment(held)
        again = await city.site.reserve(places.slot(places.early))
        assert again.held != held

    async def test_a_mail_that_nobody_opens_lapses(
        self, city: City, places: Places
    ) -> None:
        held = await _preconfirm(city, places)
        await city.elapse(places.terms.activation_minutes * 60 - SLACK)
        assert await _status(city, held) is CityStatus.PRECONFIRMED
        await city.elapse(2 * SLACK)
        with pytest.raises(UnknownAppointment):
            await city.site.appointment(held)

    async def test_what_is_confirmed_stays(self, city: City, places: Places) -> None:
        held = await _confirm(city, places)
        await city.elapse(places.terms.activation_minutes * 60 + SLACK)
        assert await _status(city, held) is CityStatus.CONFIRMED

    async def test_a_reservation_can_be_given_back(
        self, city: City, places: Places
    ) -> None:
        held = (await _reserve(city, places)).held
        given_back = await city.site.cancel(held)
        assert given_back.held.process_id == held.process_id
        assert given_back.status in (CityStatus.RESERVED, CityStatus.BLOCKED)
        await self._check_over(city, held)

    async def test_a_preconfirmed_one_can_be_given_back(
        self, city: City, places: Places
    ) -> None:
        held = await _preconfirm(city, places)
        assert (await city.site.cancel(held)).status is CityStatus.DELETED
        await self._check_over(city, held)

    async def test_a_confirmed_one_can_be_cancelled(
        self, city: City, places: Places
    ) -> None:
        held = await _confirm(city, places)
        cancelled = await city.site.cancel(held)
        assert cancelled.status is CityStatus.DELETED
        assert cancelled.held.process_id == held.process_id
        assert cancelled.held.auth_key != held.auth_key
        await self._check_over(city, held)

    @staticmethod
    async def _check_over(city: City, held: Held) -> None:
        """After the end the old keys open nothing."""
        with pytest.raises(UnknownAppointment):
            await city.site.appointment(held)
        with pytest.raises(UnknownAppointment):
            await city.site.update(held, some_details())
        with pytest.raises(UnknownAppointment):
            await city.site.cancel(held)


class SiteContract(CalendarContract, AppointmentContract):
    """Everything that is asked of a gateway to the city."""
