"""One appointment as an iCalendar file (RFC 5545), for the citizen's own calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from icalendar import STATUS, Alarm, Calendar, Event, Timezone

from mta_core.domain.availability import BERLIN, Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue, Office
from mta_core.domain.errors import InvalidValue

_PRODUCT = "-//MTA//Munich Termin Automator//EN"
_ALARMS = (timedelta(days=1), timedelta(hours=2))
# Directive 2000/84/EC. For calendars that do not know Europe/Berlin by name; the
# library's own generator starts summer an hour late.
_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""

_S = BookingState
_STATUS: Mapping[BookingState, STATUS] = {
    _S.RESERVED: STATUS.TENTATIVE,
    _S.DETAILED: STATUS.TENTATIVE,
    _S.PRECONFIRMED: STATUS.TENTATIVE,
    _S.CONFIRMED: STATUS.CONFIRMED,
    _S.PAST: STATUS.CONFIRMED,
    _S.RELEASED: STATUS.CANCELLED,
    _S.EXPIRED: STATUS.CANCELLED,
    _S.FAILED: STATUS.CANCELLED,
    _S.CANCELLED: STATUS.CANCELLED,
}


def write_calendar(booking: Booking, catalogue: Catalogue, *, now: datetime) -> bytes:
    """Write the appointment of a booking as a calendar file.

    It always has the same UID, and the booking's version as its SEQUENCE: a calendar
    that takes a later file replaces what it has. There is no METHOD, since that asks
    for an organizer (RFC 5546), and no contact data. The end is left out where the
    city does not say how long appointments take, instead of guessing it.

    Args:
        catalogue: for names and places; what it does not list is named by its id.
        now: when the file is made.

    Raises:
        InvalidValue: the booking never had an appointment.
    """
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add_component(Timezone.from_ical(_ZONE))
    calendar.add_component(_event(booking, catalogue, now))
    written: bytes = calendar.to_ical()
    return written


def _event(booking: Booking, catalogue: Catalogue, now: datetime) -> Event:
    slot, status = booking.slot, _status(booking)
    title = _line(catalogue.name_of(slot.services))
    office = catalogue.offices.get(slot.office)
    event = Event.new(
        uid=f"{booking.id}@mta",
        sequence=booking.version,
        stamp=now.astimezone(UTC),
        start=slot.start.astimezone(BERLIN),
        end=_end(slot, catalogue),
        status=status,
        summary=title,
        location=_place(office) if office else str(slot.office),
        description=_description(booking, status),
    )
    if office and office.latitude is not None and office.longitude is not None:
        event.add("GEO", (office.latitude, office.longitude))
    if not booking.ended:
        for before in _ALARMS:
            event.add_component(_alarm(title, before))
    return event


def _status(booking: Booking) -> STATUS:
    status = _STATUS.get(booking.state)
    # A booking may also end before it has got anything.
    if status is None or (booking.ended and booking.reserved_at is None):
        raise InvalidValue(
            f"A booking that is {booking.state.value} has no appointment to note."
        )
    return status


def _end(slot: Slot, catalogue: Catalogue) -> datetime | None:
    """Compute the end; None where the city does not tell how long it takes."""
    office = catalogue.offices.get(slot.office)
    if office is None or not office.slot_minutes:
        return None
    try:
        slots = catalogue.slots_needed(slot.services, slot.office)
    except KeyError:  # no longer on offer there
        return None
    # In UTC: clocks may be changed meanwhile. Of an hour that comes twice the file
    # cannot name the second.
    end = slot.start.astimezone(UTC) + slots * timedelta(minutes=office.slot_minutes)
    local = end.astimezone(BERLIN)
    return None if local.fold else local


def _place(office: Office) -> str:
    return ", ".join(filter(None, (_line(office.name), _line(office.address))))


def _description(booking: Booking, status: STATUS) -> str:
    number = f"Your number: {booking.display_number}" if booking.display_number else ""
    return "\n".join(filter(None, (_line(number), _advice(booking, status))))


def _advice(booking: Booking, status: STATUS) -> str:
    if booking.state is BookingState.PAST:
        return ""
    if status is STATUS.CANCELLED:
        return "This appointment does not exist any more."
    if status is STATUS.CONFIRMED:
        return (
            "If you cannot come, cancel it with MTA or with the link in the city's "
            "mail: somebody else is waiting."
        )
    by = booking.open_by
    deadline = f" by {by.astimezone(BERLIN):%H:%M}" if by else ""
    return (
        f"Not confirmed yet: open the city's mail{deadline} and click its link, or the "
        "appointment is lost. If you do not want it, cancel it with MTA."
    )


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", title)
    alarm.add("TRIGGER", -before)
    return alarm


def _line(text: str) -> str:
    """Make one line of the city's text, without control characters."""
    # The library takes a backslash with an N for the end of a line.
    spaced = " ".join(text.replace("\\", "/").split())
    return "".join(letter for letter in spaced if letter.isprintable())
