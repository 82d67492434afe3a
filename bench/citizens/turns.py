"""Human checks by invitation: watch shifts, or a visit by hand at the same moment.

MTA invites to the hours at which an office says it releases slots (contract 8), as often
in a week as a citizen has agreed to. The product invites everybody to the beginning of
such an hour; here their turns can be spread over it, too, so many at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import Enum
from functools import partial

import attrs

from bench.citizens.people import Citizen
from bench.citizens.world import World
from mta_practice.clock import munich_day, munich_instant
from mta_practice.programme.draws import Draws
from mta_practice.programme.releases import How

LEAD = 600.0
"""An invitation goes out so many seconds before its turn."""

_SLICE = 300.0
_SATURDAY = 5
_PLAN_AT = 5 * 60
_EARLIEST, _LATEST = 7 * 60, 20 * 60  # nobody is invited out of their sleep
_SILENT = ((8 * 60, 18 * 60),)  # where an office states no hours
_DRAWS = 8  # how often another moment is drawn if one is taken


class Kind(Enum):
    """What an invitation is for: by whom the checked offices are looked at."""

    OWN = "a watch shift for its owner"
    SHARED = "a watch shift for all who wait"
    BY_HAND = "a reminder: the citizen goes to the city's page"


@attrs.define(eq=False)
class Invitations:
    """Plans each workday's turns in the morning.

    Attributes:
        at_once: how many turns may overlap, spread over the stated hours; None: as the
            product, all at the beginning.
        begin: what happens when a citizen takes their turn.
    """

    world: World
    at_once: int | None
    begin: Callable[[Citizen], None]
    _used: Counter[tuple[int, tuple[int, int]]] = attrs.field(factory=Counter)
    _taken: Counter[int] = attrs.field(factory=Counter)

    def __attrs_post_init__(self) -> None:
        """Plan from today on."""
        self._plan_at(munich_day(self.world.timeline.now))

    def _plan_at(self, day: date) -> None:
        self.world.timeline.at(munich_instant(day, _PLAN_AT), partial(self._plan, day))

    def _plan(self, day: date) -> None:
        self._plan_at(day + timedelta(days=1))
        if day.weekday() >= _SATURDAY:
            return
        waiting = (c for group in self.world.waiting.values() for c in group)
        for citizen in sorted(waiting, key=lambda c: c.arrives):
            if citizen.checked and self._is_willing(citizen, day):
                self._invite(citizen, day)

    def _is_willing(self, citizen: Citizen, day: date) -> bool:
        """Spread the turns agreed to over what is left of the week."""
        used = self._used[citizen.number, _week(day)]
        chance = (self.world.assume.turns - used) / (_SATURDAY - day.weekday())
        return self._draws.share("turn", citizen.number, day) < chance

    def _invite(self, citizen: Citizen, day: date) -> None:
        hours = list(release_hours(self.world, citizen, day)) or list(_SILENT)
        for number in range(_DRAWS):
            purpose = ("turn", citizen.number, day, number)
            first, last = self._draws.one(hours, *purpose, "hours")
            minute = self._draws.whole(first, last, *purpose, "minute")
            at = munich_instant(day, first if self.at_once is None else minute)
            if self._is_free(at):
                self._taken[int(at // _SLICE)] += 1
                self._used[citizen.number, _week(day)] += 1
                self.world.timeline.at(at - LEAD, partial(self._ring, citizen, at))
                return

    def _is_free(self, at: float) -> bool:
        return self.at_once is None or self._taken[int(at // _SLICE)] < self.at_once

    def _ring(self, citizen: Citizen, at: float) -> None:
        """The citizen notices in time, or lets it pass."""
        if citizen.looking:
            notices = self.world.habits.notices(citizen, self.world.timeline.now)
            if notices <= at + self.world.assume.too_late:
                self.world.timeline.at(max(at, notices), partial(self._turn, citizen))

    def _turn(self, citizen: Citizen) -> None:
        if citizen.looking:
            self.world.tally.shifts += 1
            self.begin(citizen)

    @property
    def _draws(self) -> Draws:
        return self.world.habits.draws


def release_hours(
    world: World, citizen: Citizen, day: date
) -> Iterator[tuple[int, int]]:
    """Yield the hours at which a citizen's offices say they release, in minutes.

    Only hours in which people can be invited; a moment that is stated to the minute is
    met from three minutes before on.
    """
    for office in sorted(citizen.offices):
        for release in world.town.living.counters[office].releases:
            stated = release.how in (How.BATCH, How.SPREAD)
            if not stated or day.weekday() not in release.weekdays:
                continue
            first, last = release.first, release.last - int(_SLICE // 60)
            if release.first == release.last:
                first = last = release.first - 3
            if max(first, _EARLIEST) <= min(last, _LATEST):
                yield max(first, _EARLIEST), min(last, _LATEST)


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week
