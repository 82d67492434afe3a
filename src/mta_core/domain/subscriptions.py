"""What a citizen wishes for, and whether a slot fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Self
from uuid import UUID

import attrs

from mta_core.domain.availability import BERLIN, DateWindow, Slot, day_of
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.errors import IllegalTransition, InvalidValue

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


class Mode(Enum):
    """What MTA does with a slot that fits."""

    TELL = "tell"
    BOOK = "book"


class SubscriptionState(Enum):
    """Where a subscription stands; only an active one is watched for."""

    ACTIVE = "active"
    FULFILLED = "fulfilled"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_NEXT: Mapping[SubscriptionState, frozenset[SubscriptionState]] = {
    SubscriptionState.ACTIVE: frozenset(SubscriptionState) - {SubscriptionState.ACTIVE},
    SubscriptionState.FULFILLED: frozenset({SubscriptionState.ACTIVE}),
    SubscriptionState.EXPIRED: frozenset(),
    SubscriptionState.CANCELLED: frozenset(),
}


@attrs.frozen
class Subscription:
    """One citizen's wishes for one service set.

    Attributes:
        answers: what the office asks beyond contact data, by field name
            (``custom``, ``custom2``).
        waiting_since: decides who is first; survives edits and lost races.
        version: grows with every change; the store refuses to overwrite a newer one.
    """

    id: UUID
    user: UUID
    services: ServiceSet
    wishes: Wishes
    mode: Mode
    waiting_since: datetime
    mail_hours: Hours = MAIL_HOURS
    answers: Mapping[str, str] = attrs.field(factory=dict)
    state: SubscriptionState = SubscriptionState.ACTIVE
    version: int = 0

    @property
    def active(self) -> bool:
        """Whether MTA looks for this."""
        return self.state is SubscriptionState.ACTIVE

    def fulfil(self) -> Subscription:
        """The appointment is booked: stop looking."""
        return self._to(SubscriptionState.FULFILLED)

    def resume(self) -> Subscription:
        """The booked appointment came to nothing: look again."""
        return self._to(SubscriptionState.ACTIVE)

    def expire(self) -> Subscription:
        """No day that would suit is left."""
        return self._to(SubscriptionState.EXPIRED)

    def cancel(self) -> Subscription:
        """The citizen does not need it any more."""
        return self._to(SubscriptionState.CANCELLED)

    def _to(self, state: SubscriptionState) -> Subscription:
        if state not in _NEXT[self.state]:
            raise IllegalTransition(
                f"A subscription that is {self.state.value} cannot become {state.value}."
            )
        return attrs.evolve(self, state=state)


def fitting(
    slots: Iterable[Slot], subscription: Subscription, now: datetime
) -> tuple[Slot, ...]:
    """Return the slots that suit a subscription, earliest first."""
    return tuple(
        sorted(
            slot
            for slot in slots
            if slot.services == subscription.services
            and subscription.wishes.accept(slot, now)
        )
    )


def longest_waiting(subscriptions: Iterable[Subscription]) -> list[Subscription]:
    """Put the ones who wait longest first."""
    return sorted(subscriptions, key=lambda s: (s.waiting_since, s.id))
