"""Calendar files, read back by the library that people's calendars resemble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Alarm, Calendar, Timezone

from mta_adapters.ics import write_calendar
from mta_core.domain.availability import BERLIN
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue, Offer, OfficeId
from mta_core.domain.errors import InvalidValue
from mta_core.testing.builders import (
    PASING,
    PASSPORT,
    RESIDENCE,
    a_booking,
    a_catalogue,
    a_contact,
    a_service,
    a_service_set,
    a_slot,
    an_office,
    some_keys,
)
from mta_core.testing.clock import NOON

_S = BookingState


def had(**changes: Any) -> Booking:
    """Build a booking with a confirmed appointment."""
    held = attrs.evolve(
        a_booking(),
        state=_S.CONFIRMED,
        reserved_at=NOON,
        open_by=NOON + timedelta(minutes=30),
        display_number="P0001",
        held=some_keys(),
        version=4,
    )
    return attrs.evolve(held, **changes)


def ended(state: BookingState, **changes: Any) -> Booking:
    """Build a booking that had an appointment and has ended."""
    return had(state=state, ended_at=NOON, due_at=None, **changes)


def a_city(*, slots: int = 2, **office: Any) -> Catalogue:
    """Build a city with one office; *slots*: grid slots that its service takes."""
    place = an_office(PASING, **{"name": "Bürgerbüro Pasing", **office})
    service = a_service(RESIDENCE, name="Wohnsitz anmelden")
    return Catalogue.of([service], [place], [Offer(PASING, RESIDENCE, slots)])


def read(booking: Booking, catalogue: Catalogue | None = None) -> Any:
    """Write a file, read it back, and return its only event.

    To mypy each of its properties is any of thirty types, so it is `Any` here.
    """
    (event,) = Calendar.from_ical(written(booking, catalogue)).events
    return event


def written(booking: Booking, catalogue: Catalogue | None = None) -> bytes:
    """Write a file, at noon."""
    return write_calendar(booking, catalogue or a_city(), now=NOON)


def lasts(event: Any) -> timedelta:
    """Return how long the event takes; clocks may be changed meanwhile."""
    took: timedelta = event.end.astimezone(UTC) - event.start.astimezone(UTC)
    return took


def alarms(event: Any) -> list[timedelta]:
    """Return how long before the event its alarms ring."""
    return [-part.TRIGGER for part in event.subcomponents if isinstance(part, Alarm)]


def test_a_confirmed_appointment_has_all_that_is_known_of_it() -> None:
    booking = had()

    event = read(booking, a_city(latitude=48.149, longitude=11.461))

    assert event["UID"] == f"{booking.id}@mta"
    assert event["SEQUENCE"] == 4
    assert event["SUMMARY"] == "Wohnsitz anmelden"
    assert event["LOCATION"] == "Bürgerbüro Pasing, Musterstr. 1, 80331 München"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (48.149, 11.461)
    assert event["STATUS"] == "CONFIRMED"
    assert event.DTSTAMP == NOON
    assert event.start == booking.slot.start
    assert event.end == booking.slot.start + timedelta(minutes=30)
    assert event["DESCRIPTION"].startswith("Your number: P0001\nIf you cannot come, ")
    assert alarms(event) == [timedelta(days=1), timedelta(hours=2)]


def test_the_file_is_one_that_calendars_take() -> None:
    calendar = Calendar.from_ical(written(had()))

    assert calendar["VERSION"] == "2.0"
    assert str(calendar["PRODID"]).startswith("-//MTA//")
    assert "METHOD" not in calendar
    assert not calendar.errors
    assert [zone["TZID"] for zone in calendar.timezones] == ["Europe/Berlin"]


def test_times_are_written_as_munich_reads_them() -> None:
    summer = had(slot=a_slot(start=datetime(2026, 9, 1, 7, 0, tzinfo=UTC)))
    winter = had(slot=a_slot(start=datetime(2026, 12, 1, 8, 0, tzinfo=UTC)))

    assert b"DTSTART;TZID=Europe/Berlin:20260901T090000\r\n" in written(summer)
    assert b"DTSTART;TZID=Europe/Berlin:20261201T090000\r\n" in written(winter)


def test_an_appointment_lasts_as_long_when_clocks_are_changed() -> None:
    """On 2027-03-28, 2:00 becomes 3:00."""
    file = written(had(slot=a_slot(start=datetime(2027, 3, 28, 0, 45, tzinfo=UTC))))

    assert b"DTSTART;TZID=Europe/Berlin:20270328T014500\r\n" in file
    assert b"DTEND;TZID=Europe/Berlin:20270328T031500\r\n" in file


@pytest.mark.parametrize("slots", [2, 6])
def test_an_end_in_an_hour_that_comes_twice_is_left_out(slots: int) -> None:
    """On 2026-10-25, 3:00 becomes 2:00: "2:15" would be read as the first one."""
    start = datetime(2026, 10, 25, 1, 15, tzinfo=UTC) - slots * timedelta(minutes=15)
    event = read(had(slot=a_slot(start=start)), a_city(slots=slots))

    assert event.start.astimezone(UTC) == start
    assert "DTEND" not in event


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 1, 15, 9, 0, tzinfo=BERLIN),
        datetime(2027, 3, 28, 1, 59, tzinfo=BERLIN),
        datetime(2027, 3, 28, 3, 0, tzinfo=BERLIN),
        datetime(2027, 7, 15, 9, 0, tzinfo=BERLIN),
        datetime(2027, 10, 31, 1, 59, tzinfo=BERLIN),
        datetime(2027, 10, 31, 3, 0, tzinfo=BERLIN),
        datetime(2035, 12, 15, 9, 0, tzinfo=BERLIN),
    ],
)
def test_the_time_zone_that_comes_along_agrees_with_munich(moment: datetime) -> None:
    """A calendar that does not know Europe/Berlin reads the rules in the file."""
    calendar = Calendar.from_ical(written(had()))

    (zone,) = (part for part in calendar.walk() if isinstance(part, Timezone))
    there = zone.to_tz(lookup_tzid=False)
    assert there.utcoffset(moment.replace(tzinfo=None)) == moment.utcoffset()


@pytest.mark.parametrize(
    "city",
    [
        pytest.param(a_city(slot_minutes=None), id="no minutes"),
        pytest.param(a_city(slot_minutes=0), id="zero minutes"),
        pytest.param(attrs.evolve(a_city(), offers=()), id="no offer"),
        pytest.param(Catalogue.of([], [], []), id="nothing"),
    ],
)
def test_an_unknown_end_is_left_out(city: Catalogue) -> None:
    event = read(had(), city)

    assert "DTEND" not in event
    assert "DURATION" not in event


def test_several_services_are_one_appointment() -> None:
    both = a_slot(services=a_service_set(RESIDENCE, PASSPORT))

    event = read(had(slot=both), a_catalogue())

    assert event["SUMMARY"] == "Reisepass + Wohnsitz anmelden"
    assert lasts(event) == timedelta(minutes=30)


def test_what_the_city_does_not_list_is_named_by_its_id() -> None:
    elsewhere = a_slot(office=OfficeId(4711))

    event = read(had(slot=elsewhere), Catalogue.of([], [], []))

    assert event["SUMMARY"] == str(RESIDENCE)
    assert event["LOCATION"] == "4711"
    assert "GEO" not in event


@pytest.mark.parametrize("half", [{"latitude": 48.1}, {"longitude": 11.5}])
def test_half_a_position_is_none(half: dict[str, Any]) -> None:
    assert "GEO" not in read(had(), a_city(**half))


def test_an_office_without_an_address_is_its_name() -> None:
    assert read(had(), a_city(address=""))["LOCATION"] == "Bürgerbüro Pasing"


@pytest.mark.parametrize("state", [_S.RESERVED, _S.DETAILED, _S.PRECONFIRMED])
def test_what_the_city_has_not_confirmed_is_tentative(state: BookingState) -> None:
    event = read(had(state=state))

    assert event["STATUS"] == "TENTATIVE"
    half_past = (NOON + timedelta(minutes=30)).astimezone(BERLIN)
    assert f"open the city's mail by {half_past:%H:%M}" in event["DESCRIPTION"]
    assert len(alarms(event)) == 2


def test_without_a_number_or_a_deadline_the_description_still_says_what_to_do() -> None:
    event = read(had(state=_S.RESERVED, display_number="", open_by=None))

    assert event["DESCRIPTION"].startswith(
        "Not confirmed yet: open the city's mail and"
    )


@pytest.mark.parametrize("state", [_S.RELEASED, _S.EXPIRED, _S.FAILED, _S.CANCELLED])
def test_what_is_gone_takes_the_event_back(state: BookingState) -> None:
    before = had()
    after = ended(state, id=before.id, version=before.version + 1)

    old, new = read(before), read(after)

    assert new["STATUS"] == "CANCELLED"
    assert new["UID"] == old["UID"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert not alarms(new)
    assert "does not exist any more" in new["DESCRIPTION"]


def test_what_is_past_stays_as_it_was_and_rings_no_more() -> None:
    event = read(ended(_S.PAST))

    assert event["STATUS"] == "CONFIRMED"
    assert event["DESCRIPTION"] == "Your number: P0001"
    assert not alarms(event)


@pytest.mark.parametrize(
    "booking",
    [
        pytest.param(a_booking(), id="requested"),
        pytest.param(a_booking(state=_S.RESERVING), id="reserving"),
        pytest.param(ended(_S.LOST), id="lost"),
        pytest.param(ended(_S.RELEASED, reserved_at=None), id="given up at once"),
        pytest.param(ended(_S.FAILED, reserved_at=None), id="refused at once"),
    ],
)
def test_what_never_was_an_appointment_is_refused(booking: Booking) -> None:
    with pytest.raises(InvalidValue, match=f"{booking.state.value} has no appointment"):
        written(booking)


def test_the_citys_text_cannot_break_out_of_its_line() -> None:
    name = 'Büro "Süd"; Ost, West\\Nord\r\nATTENDEE:mailto:eve@example.org\x00\u2028'
    event = read(had(display_number="7;1,\nX"), a_city(name=name, address=""))

    flat = 'Büro "Süd"; Ost, West/Nord ATTENDEE:mailto:eve@example.org'
    assert event["LOCATION"] == flat
    assert "ATTENDEE" not in event
    assert event["DESCRIPTION"].startswith("Your number: 7;1, X\n")


def test_long_lines_are_folded_between_letters() -> None:
    name = "Führerschein für Straßenbahnen – Übergröße " * 6
    file = written(had(), a_city(name=name))

    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert read(had(), a_city(name=name, address=""))["LOCATION"] == name.strip()


def test_no_contact_data_and_no_keys_get_into_the_file() -> None:
    contact, keys = a_contact(), some_keys()
    file = written(had(held=keys)).decode()

    for secret in (contact.name, contact.email, contact.telephone, keys.auth_key):
        assert secret not in file
    assert str(keys.process_id) not in file
    assert "ATTENDEE" not in file
    assert "ORGANIZER" not in file


@given(
    name=st.text(max_size=120),
    address=st.text(max_size=120),
    number=st.text(max_size=20),
    start=st.integers(0, 10 * 366 * 24 * 60).map(
        lambda minutes: NOON + timedelta(minutes=minutes)
    ),
)
def test_whatever_the_city_writes_can_be_read_back(
    name: str, address: str, number: str, start: datetime
) -> None:
    booking = had(slot=a_slot(start=start), display_number=number)
    city = a_city(name=name, address=address)

    event, file = read(booking, city), written(booking, city)
    assert event.start.astimezone(UTC) == start
    assert "DTEND" not in event or lasts(event) == timedelta(minutes=30)
    assert set(event["LOCATION"]) <= {*name, *address, *", /"}
    assert len(event.errors) == 0
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
