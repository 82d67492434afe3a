"""Where and when an appointment would suit a citizen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Self

import attrs

from mta_core.domain.availability import BERLIN, DateWindow, Slot, day_of
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.errors import InvalidValue

DEFAULT_NOTICE = timedelta(hours=2)
EVERY_WEEKDAY = frozenset(range(7))
_A_YEAR = timedelta(days=365)  # the city answers for at most this long (contract 3)
_CLOCK_TIME = re.compile(r"(?P<hour>[0-9]{1,2})(:(?P<minute>[0-9]{2}))?")


@attrs.frozen
class Hours:
    """A span of the day in Munich, from *first* (included) to *last* (excluded).

    The whole day is ``Hours(time(0), None)``; a span never crosses midnight.
    """

    first: time = time(0)
    last: time | None = attrs.field(default=None)

    @last.validator
    def _check(self, _: object, last: time | None) -> None:
        if last is not None and last <= self.first:
            raise InvalidValue("The hours end before they start.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``7-22``, ``8:30-12`` or ``0-24``.

        Raises:
            InvalidValue: the text is not of this form.
        """
        first, dash, last = text.replace(" ", "").partition("-")
        if not dash:
            raise InvalidValue(f"{text!r} is not a span of hours, as in 8:30-12.")
        end = None if last in ("24", "24:00") else _clock_time(last, text)
        return cls(_clock_time(first, text), end)

    def __str__(self) -> str:
        last = "24:00" if self.last is None else f"{self.last:%H:%M}"
        return f"{self.first:%H:%M}-{last}"

    def __contains__(self, moment: datetime) -> bool:
        local = moment.astimezone(BERLIN).time()
        return self.first <= local and (self.last is None or local < self.last)


def _clock_time(text: str, whole: str) -> time:
    match = _CLOCK_TIME.fullmatch(text)
    if not match:
        raise InvalidValue(f"{whole!r} is not a span of hours, as in 8:30-12.")
    try:
        return time(int(match["hour"]), int(match["minute"] or 0))
    except ValueError:
        raise InvalidValue(f"{whole!r}: there is no {text} o'clock.") from None


MAIL_HOURS = Hours(time(7), time(22))
"""When a citizen can open a mail, unless they say otherwise (design: booking)."""


class Misfit(Enum):
    """Why a slot does not suit."""

    OFFICE = "office"
    DAY = "day"
    HOURS = "hours"
    NOTICE = "notice"


@attrs.frozen
class Wishes:
    """Where and when an appointment would suit.

    Attributes:
        offices: None means all that offer the services.
        windows: any of these days; empty means any day.
        weekdays: 0 is Monday.
        notice: the least time between seeing a slot and its start.
    """

    offices: frozenset[OfficeId] | None = None
    windows: tuple[DateWindow, ...] = ()
    excluded: frozenset[date] = frozenset()
    weekdays: frozenset[int] = attrs.field(default=EVERY_WEEKDAY)
    hours: Hours = Hours()
    notice: timedelta = attrs.field(default=DEFAULT_NOTICE)

    @weekdays.validator
    def _check_weekdays(self, _: object, weekdays: frozenset[int]) -> None:
        if not weekdays or not weekdays <= EVERY_WEEKDAY:
            raise InvalidValue("Weekdays are 0 (Monday) to 6, at least one.")

    @notice.validator
    def _check_notice(self, _: object, notice: timedelta) -> None:
        if notice < timedelta(0):
            raise InvalidValue("The notice cannot be negative.")

    def accept_day(self, day: date) -> bool:
        """Whether this day would suit at some hour."""
        return (
            day.weekday() in self.weekdays
            and day not in self.excluded
            and (not self.windows or any(day in window for window in self.windows))
        )

    def accept_office(self, office: OfficeId) -> bool:
        """Whether this office would suit."""
        return self.offices is None or office in self.offices

    def accept(self, slot: Slot, now: datetime) -> bool:
        """Whether this slot would suit somebody who hears of it now."""
        return (
            self.accept_office(slot.office)
            and slot.start >= now + self.notice
            and slot.start in self.hours
            and self.accept_day(slot.day)
        )

    def misfit(self, slot: Slot, now: datetime) -> Misfit | None:
        """Say why this slot does not suit somebody who hears of it now, if so."""
        if not self.accept_office(slot.office):
            return Misfit.OFFICE
        if not self.accept_day(slot.day):
            return Misfit.DAY
        if slot.start not in self.hours:
            return Misfit.HOURS
        return Misfit.NOTICE if slot.start < now + self.notice else None

    def last_day(self) -> date | None:
        """Return the last day that suits; None if the wishes name no last one."""
        days = (
            next(filter(self.accept_day, _days_back(span.last, span.first)), None)
            for span in self.windows
        )
        return max((day for day in days if day is not None), default=None)

    def first_day(self, now: datetime) -> date | None:
        """Return the earliest day that may still suit; None if there is none."""
        earliest = day_of(now + self.notice)
        spans = self.windows or (DateWindow(earliest, earliest + _A_YEAR),)
        firsts = (
            next(filter(self.accept_day, _days(max(s.first, earliest), s.last)), None)
            for s in spans
        )
        return min((day for day in firsts if day is not None), default=None)


def _days(first: date, last: date) -> Iterator[date]:
    """Yield the days of a span, at most a year of them."""
    for number in range(min((last - first).days + 1, _A_YEAR.days)):
        yield first + timedelta(days=number)


def _days_back(last: date, first: date) -> Iterator[date]:
    for number in range(min((last - first).days + 1, _A_YEAR.days)):
        yield last - timedelta(days=number)
