"""A citizen on the city's own page: look, choose, click, fill in (contract 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import attrs

from bench.citizens.people import Citizen
from bench.citizens.town import COUNTER, Hold
from bench.citizens.world import World
from mta_core.domain.availability import DateWindow, Observation, Probe, Slot
from mta_core.polling.probes import HORIZON

DAYS_CLICKED = 2
"""So many other days of the month are clicked at if the first one does not suit."""

_A_CLICK = 5.0


@attrs.define(eq=False)
class Visit:
    """One visit, until something is reserved or the time is over.

    The page shows the first bookable day at the offices chosen, and names others. The
    visitor begins at the first day that would suit; takes any time that suits, at
    random; else clicks on days that would suit. Then they reload. They have an address
    of their own, and the city's counter counts for it, too.

    Attributes:
        until: when they give up, in epoch seconds.
        done: is told whether they could reserve anything.
    """

    world: World
    citizen: Citizen
    until: float
    done: Callable[[bool], None]

    def begin(self) -> None:
        """Open the page, and pass the human check if an office asks for it."""
        checked = any(map(self.world.town.catalogue.is_checked, self.citizen.offices))
        wait = self.world.assume.check if checked else 0.0
        self._after(wait, self._look)

    def _look(self) -> None:
        now = self.world.timeline.now
        first = self.citizen.wish.first_day(self.world.timeline.moment)
        if now > self.until or first is None or not self.citizen.looking:
            return self.done(False)
        seen = self._ask(first)
        if seen is None:
            return self._after(COUNTER, self._look)
        if not self._choose(seen):
            self._click_on(self._other_days(seen))

    def _click_on(self, days: list[date]) -> None:
        """Look at other days, one click each; then reload."""
        if not days:
            return self._after(self.world.assume.reload, self._look)
        self._after(_A_CLICK, partial(self._look_at, days))

    def _look_at(self, days: list[date]) -> None:
        seen = self._ask(days[0])
        if seen is None or not self._choose(seen):
            self._click_on(days[1:])

    def _ask(self, first: date) -> Observation | None:
        if self.world.admit(f"citizen {self.citizen.number}") is None:
            return None
        window = DateWindow(first, first + HORIZON)
        probe = Probe(self.citizen.wish.services, self.citizen.offices, window)
        return self.world.observe(probe)

    def _choose(self, seen: Observation) -> bool:
        """Choose a time that suits, and say whether there is one."""
        moment, now = self.world.timeline.moment, self.world.timeline.now
        fits = sorted(s for s in seen.free if self.citizen.accepts(s, moment))
        if not fits:
            return False
        habits, number = self.world.habits, self.citizen.number
        slot = habits.draws.one(fits, "chooses", number, now)
        takes = habits.by_hand(self.world.assume.click, self.citizen, now, "click")
        self._after(takes, partial(self._reserve, slot))
        return True

    def _other_days(self, seen: Observation) -> list[date]:
        wish = self.citizen.wish
        days = (
            day
            for day, offices in sorted(seen.hints.items())
            if offices and wish.wants_day(day)
        )
        return list(days)[:DAYS_CLICKED]

    def _reserve(self, slot: Slot) -> None:
        if not self.citizen.looking:
            return self.done(False)
        refused = self.world.admit(f"citizen {self.citizen.number}") is None
        hold = None if refused else self.world.reserve(self.citizen, slot)
        if hold is None:
            return self._after(COUNTER if refused else _A_CLICK, self._look)
        self._after(self.world.assume.form, partial(self._send, hold))
        self.done(True)

    def _send(self, hold: Hold) -> None:
        if self.world.town.preconfirm(hold, self.world.timeline.now):
            self.world.await_mail(self.citizen, hold, at_hand=True)
        else:
            self.citizen.holding = False

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self.world.timeline.at(self.world.timeline.now + seconds, do)
