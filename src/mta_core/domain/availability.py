"""What the city's calendar tells, and above all what it does not tell (contract 1.2).

An answer holds times for one day only, the first bookable one. It therefore *observes*
the asked offices on that day, and that the earlier days of the asked window hold
nothing. All the rest is *unobserved*: neither free nor gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.errors import InvalidValue

BERLIN = ZoneInfo("Europe/Berlin")
"""The city's time zone: days, weekdays and opening hours are meant in it."""

ABSENCES_UNTIL_GONE = 2
"""A slot that comes back is a new opening only after this many observed absences."""


def day_of(moment: datetime) -> date:
    """Return the calendar day of a moment in Munich."""
    return moment.astimezone(BERLIN).date()


@attrs.frozen
class DateWindow:
    """Days from *first* to *last*, both included."""

    first: date
    last: date = attrs.field()

    @last.validator
    def _check(self, _: object, last: date) -> None:
        if last < self.first:
            raise InvalidValue(f"The window ends ({last}) before it starts.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@attrs.frozen(order=True)
class Slot:
    """One bookable time at one office for one service set."""

    start: datetime
    office: OfficeId
    services: ServiceSet = attrs.field(order=str)

    @property
    def day(self) -> date:
        """The day in Munich."""
        return day_of(self.start)


@attrs.frozen
class Probe:
    """One question to the city, the unit of polling.

    Attributes:
        offices: all offer every service, and all are checked, or none is.
        window: the days of interest; times come for the first bookable one in it.
    """

    services: ServiceSet
    offices: frozenset[OfficeId]
    window: DateWindow

    @property
    def key(self) -> str:
        """Name what is asked, whatever the days: blindness is kept per key."""
        return f"{self.services}@{','.join(map(str, sorted(self.offices)))}"


@attrs.frozen
class Calendar:
    """The city's answer to a probe.

    Attributes:
        searched: the days really searched for times, as the city echoes them.
        bookable: the offices that the city calls bookable on a day, unverified.
        times: free starts per office on the searched day.
        next_bookable: the nearest bookable day after the painted month.
    """

    searched: DateWindow
    bookable: Mapping[date, frozenset[OfficeId]]
    times: Mapping[OfficeId, tuple[datetime, ...]]
    next_bookable: date | None = None


@attrs.frozen
class Observation:
    """What one answer proves about the world.

    Attributes:
        through: the asked offices are observed from the first asked day to this one.
        free: every slot that is free on those days.
        hints: later days that are said to be bookable, unverified.
    """

    probe: Probe
    at: datetime
    through: date
    free: frozenset[Slot]
    hints: Mapping[date, frozenset[OfficeId]]

    @classmethod
    def of(cls, probe: Probe, calendar: Calendar, at: datetime) -> Self:
        """Read an answer. An answer without any bookable day observes the window."""
        free = frozenset(
            Slot(start, office, probe.services)
            for office, starts in calendar.times.items()
            for start in starts
        )
        nothing = not calendar.bookable and not free and not calendar.next_bookable
        through = probe.window.last if nothing else calendar.searched.last
        hints = {
            day: offices & probe.offices
            for day, offices in calendar.bookable.items()
            if day > through
        }
        if calendar.next_bookable is not None and calendar.next_bookable > through:
            hints.setdefault(calendar.next_bookable, probe.offices)
        return cls(probe, at, through, free, hints)

    def covers(self, slot: Slot) -> bool:
        """Whether this slot would have been seen, had it been free."""
        return (
            slot.services == self.probe.services
            and slot.office in self.probe.offices
            and self.probe.window.first <= slot.day <= self.through
            and slot.start > self.at
        )


@attrs.frozen
class Opening:
    """A slot seen free.

    Attributes:
        absences: times in a row that it was looked for and not seen.
        gone_at: when its absence was first observed, once it counts as gone.
    """

    id: UUID
    slot: Slot
    first_seen: datetime
    last_seen: datetime
    absent_since: datetime | None = None
    absences: int = 0
    gone_at: datetime | None = None

    def seen(self, at: datetime) -> Opening:
        """Note that the slot is free at this moment."""
        return attrs.evolve(self, last_seen=at, absent_since=None, absences=0)

    def missed(self, at: datetime) -> Opening:
        """Note that the slot was looked for and not seen."""
        since = self.absent_since or at
        absences = self.absences + 1
        gone = since if absences >= ABSENCES_UNTIL_GONE else None
        return attrs.evolve(self, absent_since=since, absences=absences, gone_at=gone)

    def passed(self) -> Opening:
        """Note that its time has come: nobody can book it any more."""
        return attrs.evolve(self, gone_at=self.slot.start)


@attrs.frozen
class Sightings:
    """What an observation changes."""

    new: tuple[Opening, ...]
    still: tuple[Opening, ...]
    absent: tuple[Opening, ...]

    @property
    def free(self) -> tuple[Opening, ...]:
        """All openings seen free just now, earliest first."""
        return tuple(sorted(self.new + self.still, key=lambda o: o.slot))

    @property
    def changed(self) -> tuple[Opening, ...]:
        """All openings to be written."""
        return self.new + self.still + self.absent


def compare(
    known: Iterable[Opening], observation: Observation, ids: Iterable[UUID]
) -> Sightings:
    """Hold what was known against what was observed.

    Args:
        known: openings that are not gone; those that the observation does not cover
            stay as they are.
        ids: fresh ids for new openings, as many as are needed.
    """
    at = observation.at
    by_slot = {opening.slot: opening for opening in known}
    fresh = iter(ids)
    new = tuple(
        Opening(next(fresh), slot, at, at)
        for slot in sorted(observation.free - by_slot.keys())
    )
    still = tuple(
        opening.seen(at)
        for slot, opening in by_slot.items()
        if slot in observation.free
    )
    absent = tuple(
        opening.missed(at) if slot.start > at else opening.passed()
        for slot, opening in by_slot.items()
        if slot not in observation.free
        and (observation.covers(slot) or slot.start <= at)
    )
    return Sightings(new, still, absent)
