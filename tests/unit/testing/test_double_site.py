"""The scripted city keeps the site contract, and does what its script says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.calls import CityStatus, Held
from mta_core.domain.catalogue import Asked, Catalogue, OfficeId, ServiceId, Terms
from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
    UnknownAppointment,
)
from mta_core.polling.pace import Counter
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    a_catalogue,
    a_contact,
    a_day,
    a_probe,
    a_service,
    a_service_set,
    a_slot,
    a_window,
    an_office,
    some_details,
    some_keys,
    some_terms,
)
from mta_core.testing.clock import NOON, FakeClock
from mta_core.testing.site import Called, ScriptedSite
from tests.contracts.site_contract import SiteContract

SLOT = a_slot()


@attrs.frozen
class ScriptedCity:
    """The scripted city as the contract wants it."""

    site: ScriptedSite
    clock: FakeClock

    def now(self) -> datetime:
        return self.clock.now()

    async def free(self, slots: Sequence[Slot]) -> None:
        self.site.release(*slots)

    async def confirm(self, held: Held) -> None:
        self.site.confirm(held.process_id)

    async def elapse(self, seconds: float) -> None:
        await self.clock.advance(seconds)


class TestScriptedSite(SiteContract):
    """The scripted city against the contract."""

    @pytest.fixture
    def city(self, clock: FakeClock) -> ScriptedCity:
        usual = a_catalogue()
        fax = a_service(ServiceId(7))
        catalogue = attrs.evolve(usual, services={**usual.services, fax.id: fax})
        return ScriptedCity(ScriptedSite(catalogue, clock), clock)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def site(clock: FakeClock) -> ScriptedSite:
    return ScriptedSite(a_catalogue(), clock)


def _with_terms(terms: Terms) -> Catalogue:
    """Build the usual city with other terms in Pasing."""
    usual = a_catalogue()
    pasing = an_office(PASING, terms=terms)
    return attrs.evolve(usual, offices={**usual.offices, PASING: pasing})


async def _held(site: ScriptedSite, slot: Slot = SLOT) -> Held:
    site.release(slot)
    return (await site.reserve(slot)).held


async def _preconfirmed(site: ScriptedSite, slot: Slot = SLOT) -> Held:
    held = await _held(site, slot)
    await site.update(held, some_details())
    await site.preconfirm(held)
    return held


async def test_every_call_is_in_the_ledger(
    site: ScriptedSite, clock: FakeClock
) -> None:
    await site.catalogue()
    await clock.advance(6.0)
    await site.calendar(a_probe())
    with pytest.raises(SlotGone):
        await site.reserve(SLOT)
    later = NOON + timedelta(seconds=6)
    assert site.calls == [
        Called("catalogue", NOON),
        Called("calendar", later, a_probe()),
        Called("reserve", later, SLOT),
    ]
    assert site.asked("reserve") == site.calls[2:]


async def test_somebody_else_may_be_faster(site: ScriptedSite) -> None:
    site.release(SLOT, a_slot(minutes=15))
    site.take(SLOT)
    assert site.free == {a_slot(minutes=15)}


async def test_a_painted_day_has_no_times(site: ScriptedSite) -> None:
    early, later = a_slot(1).day, a_slot(9)
    site.paint(PASING, early)
    site.paint(OfficeId(7), early)
    site.release(later)
    calendar = await site.calendar(a_probe())
    assert calendar.searched.first == calendar.searched.last == early
    assert calendar.times == {}
    assert calendar.bookable == {later.day: {PASING}}
    assert not (await site.calendar(a_probe(window=a_window(50, 60)))).bookable


async def test_other_services_are_not_shown(site: ScriptedSite) -> None:
    site.release(a_slot(services=a_service_set(PASSPORT)))
    assert not (await site.calendar(a_probe())).times


async def test_an_error_before_the_effect_prevents_it(site: ScriptedSite) -> None:
    site.release(SLOT)
    site.fail("reserve", SiteUnreachable())
    with pytest.raises(SiteUnreachable):
        await site.reserve(SLOT)
    assert site.free == {SLOT}
    assert site.processes == {}
    assert (await site.reserve(SLOT)).status is CityStatus.RESERVED


async def test_an_error_after_the_effect_hides_it(site: ScriptedSite) -> None:
    site.release(SLOT)
    site.fail("reserve", SiteSilent(), when="after")
    with pytest.raises(SiteSilent):
        await site.reserve(SLOT)
    assert site.free == set()
    assert len(site.processes) == 1


async def test_a_lost_refusal_is_silence(site: ScriptedSite) -> None:
    site.fail("reserve", SiteSilent(), when="after")
    with pytest.raises(SiteSilent):
        await site.reserve(SLOT)


async def test_errors_come_as_often_as_asked_for(site: ScriptedSite) -> None:
    site.fail("calendar", RateLimited(), times=2)
    site.fail("calendar", SiteUnreachable(), times=None)
    for _ in range(2):
        with pytest.raises(RateLimited):
            await site.calendar(a_probe())
    for _ in range(3):
        with pytest.raises(SiteUnreachable):
            await site.calendar(a_probe())
    await site.catalogue()
    site.heal()
    await site.calendar(a_probe())


async def test_the_counter_is_known_after_an_answer(
    site: ScriptedSite, clock: FakeClock
) -> None:
    site.left = 12
    assert site.counter() is None
    await site.catalogue()
    await clock.advance(1.0)
    assert site.counter() == Counter(12, NOON)
    site.left = None
    assert site.counter() is None


async def test_a_call_takes_its_time(clock: FakeClock) -> None:
    clock.auto = True
    site = ScriptedSite(a_catalogue(), clock, latency=0.25)
    await site.catalogue()
    assert clock.now() == NOON + timedelta(seconds=0.25)
    assert site.calls == [Called("catalogue", NOON)]


async def test_an_empty_question_is_refused(site: ScriptedSite) -> None:
    with pytest.raises(Refused, match="invalidOfficeId"):
        await site.calendar(a_probe(offices=frozenset()))


async def test_an_office_without_terms_offers_nothing(clock: FakeClock) -> None:
    bare = an_office(PASING, terms=None)
    usual = a_catalogue()
    city = attrs.evolve(usual, offices={**usual.offices, PASING: bare})
    site = ScriptedSite(city, clock)
    with pytest.raises(Refused, match="Combination"):
        await site.reserve(SLOT)
    with pytest.raises(Refused, match="Combination"):
        await site.reserve(a_slot(office=OfficeId(7)))


async def test_what_has_begun_cannot_be_reserved(site: ScriptedSite) -> None:
    with pytest.raises(Refused, match="invalidTimestamp"):
        await site.reserve(a_slot(start=NOON))


@pytest.mark.parametrize(
    ("field", "changes", "code"),
    [
        ("telephone", {"contact": a_contact(telephone="")}, "invalidTelephone"),
        ("custom", {"answers": {"custom": " "}}, "invalidCustomTextfield"),
        ("custom2", {"answers": {}}, "invalidCustomTextfield2"),
    ],
)
async def test_what_an_office_demands_must_be_given(
    clock: FakeClock, field: str, changes: dict[str, object], code: str
) -> None:
    demanded = some_terms(**{field: Asked(activated=True, required=True)})
    site = ScriptedSite(_with_terms(demanded), clock)
    held = await _held(site)
    with pytest.raises(Refused) as caught:
        await site.update(held, some_details(**changes))
    assert caught.value.code == code
    await site.update(held, some_details())


async def test_one_address_has_so_many_appointments(clock: FakeClock) -> None:
    site = ScriptedSite(_with_terms(some_terms(per_mail=1)), clock)
    first, second = await _preconfirmed(site), await _held(site, a_slot(2))
    with pytest.raises(Refused, match="tooManyAppointmentsWithSameMail"):
        await site.update(second, some_details())
    other = some_details(contact=a_contact(email="other@example.org"))
    await site.update(second, other)
    elsewhere = await _preconfirmed(site, a_slot(3, office=ORLEANSPLATZ))
    await site.cancel(first)
    await site.update(second, some_details())
    await site.preconfirm(second)
    assert site.mailed == [held.process_id for held in (first, elsewhere, second)]


async def test_an_appointment_does_not_count_against_itself(clock: FakeClock) -> None:
    site = ScriptedSite(_with_terms(some_terms(per_mail=1)), clock)
    held = await _preconfirmed(site)
    updated = await site.update(held, some_details())
    assert updated.status is CityStatus.PRECONFIRMED


async def test_the_limit_holds_at_preconfirm_too(clock: FakeClock) -> None:
    site = ScriptedSite(_with_terms(some_terms(per_mail=1)), clock)
    first, second = await _held(site), await _held(site, a_slot(2))
    for held in (first, second):
        await site.update(held, some_details())
    await site.preconfirm(first)
    with pytest.raises(Refused, match="tooManyAppointmentsWithSameMail"):
        await site.preconfirm(second)


async def test_an_office_that_needs_no_mail_sends_none(clock: FakeClock) -> None:
    site = ScriptedSite(_with_terms(some_terms(email=Asked())), clock)
    held = await _held(site)
    await site.preconfirm(held)
    assert site.mailed == []


async def test_an_office_without_sender_sends_no_mail(clock: FakeClock) -> None:
    site = ScriptedSite(_with_terms(some_terms(email_from="")), clock)
    await _preconfirmed(site)
    assert site.mailed == []


async def test_a_missing_address_is_noticed_after_the_change(
    site: ScriptedSite,
) -> None:
    held = await _held(site)
    with pytest.raises(SiteSilent):
        await site.preconfirm(held)
    assert (await site.appointment(held)).status is CityStatus.PRECONFIRMED


async def test_a_mail_can_be_opened_in_time_and_once(
    site: ScriptedSite, clock: FakeClock
) -> None:
    held = await _held(site)
    with pytest.raises(Refused, match="processNotPreconfirmedAnymore"):
        site.confirm(held.process_id)
    await site.update(held, some_details())
    await site.preconfirm(held)
    site.confirm(held.process_id)
    with pytest.raises(Refused, match="processNotPreconfirmedAnymore"):
        site.confirm(held.process_id)
    late = await _preconfirmed(site, a_slot(2))
    await clock.advance(30 * 60)
    for process in (late.process_id, 7):
        with pytest.raises(UnknownAppointment):
            site.confirm(process)


async def test_a_citizen_may_withdraw_by_the_mail(
    site: ScriptedSite, clock: FakeClock
) -> None:
    held = await _preconfirmed(site)
    site.confirm(held.process_id)
    site.withdraw(held.process_id)
    with pytest.raises(UnknownAppointment, match="authKeyMismatch"):
        await site.appointment(held)
    with pytest.raises(UnknownAppointment):
        site.withdraw(held.process_id)


async def test_a_cancelled_slot_comes_back_after_a_while(
    site: ScriptedSite, clock: FakeClock
) -> None:
    held = await _preconfirmed(site)
    cancelled = await site.cancel(held)
    assert (await site.appointment(cancelled.held)).status is CityStatus.DELETED
    await clock.advance(14 * 60)
    assert not (await site.calendar(a_probe())).times
    await clock.advance(60)
    assert (await site.calendar(a_probe())).times


async def test_a_released_slot_comes_back_at_once(site: ScriptedSite) -> None:
    await site.cancel(await _held(site))
    assert (await site.calendar(a_probe())).times


async def test_what_has_begun_cannot_be_cancelled(
    site: ScriptedSite, clock: FakeClock
) -> None:
    held = await _preconfirmed(site)
    site.confirm(held.process_id)
    await clock.advance((a_day(1) - NOON).total_seconds())
    with pytest.raises(Refused, match="appointmentCanNotBeCanceled"):
        await site.cancel(held)


async def test_keys_that_were_never_given_open_nothing(site: ScriptedSite) -> None:
    with pytest.raises(UnknownAppointment, match="appointmentNotFound"):
        await site.appointment(some_keys())
