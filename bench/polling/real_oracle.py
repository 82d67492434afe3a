"""The oracle for the city as it is: true intensities, but the same narrow view.

It weighs first questions by the expected unseen slots of a key, as `Oracle` does, less
what an earlier day that was still free a moment ago would hide. A day that an answer
hinted at is worth the slots that must be there, fading at the true rate. It chooses its
pauses, too, by what it knows is coming.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from math import exp

import attrs
import numpy as np

from bench.polling.appointments import appointments
from bench.polling.oracle import BIN, PARTS, WEEK, batches, echoes
from bench.polling.produced import MONDAY, START, Words
from bench.polling.worlds import DAY, ECHO, HOURLY, WEEKEND, Floats, World
from mta_core.domain.availability import Observation, Probe
from mta_core.polling.planner import FOLLOW_UPS_PER_MINUTE, Outcome, Planner
from mta_core.polling.probes import Demand

_HIDDEN = 0.5
"""What a hidden slot is worth beside one that shows: it takes a second request."""


@attrs.define
class _Hint:
    """A later day that is bookable at a key.

    Attributes:
        slots: how many new ones it is expected to have had when it was listed.
    """

    listed: float
    slots: float
    asked: float | None = None


class Beliefs:
    """What is expected at each key, carried on from moment to moment."""

    def __init__(self, world: World) -> None:
        """Know everything about this world."""
        self.death = world.truth.deaths
        self._weekday = HOURLY[:, None] * world.truth.cancelled / 24 / 3600
        self._batches = batches(world.truth, 0) * BIN
        self._due, self._back = echoes(world)
        self._next_echo, self._t = 0, 0.0
        self.unseen, self.index, self.sudden = np.zeros((3, world.keys))

    def advance(self, t: float) -> None:
        """Let time pass."""
        passed = t - self._t
        decay = np.exp(-self.death * passed)
        faded = self.unseen * decay
        fresh = faded + self.slow(t) * (1 - decay) / self.death
        self.index *= decay
        self.index += self.death * passed * 0.5 * (faded + fresh)
        self.unseen = fresh
        self.sudden *= decay
        for bin_ in range(int(self._t // BIN), int(t // BIN)):
            self.sudden += self._batches[bin_ % WEEK]
        end = self._next_echo
        while end < len(self._due) and self._due[end] <= t // BIN:
            end += 1
        np.add.at(self.sudden, self._back[self._next_echo : end], ECHO / PARTS)
        self._next_echo, self._t = end, t

    def slow(self, t: float) -> Floats:
        """Cancellations per second."""
        day, second = divmod(t, DAY)
        factor = WEEKEND if day % 7 >= 5 else 1.0
        rates: Floats = self._weekday[int(second // 3600)] * factor
        return rates

    def coming(self, t: float, seconds: float) -> Floats:
        """Return the slots expected from now on for so many seconds."""
        bins = np.arange(int(t // BIN), int((t + seconds) // BIN)) % WEEK
        sum_: Floats = self._batches[bins].sum(axis=0) + self.slow(t) * seconds
        return sum_

    def forget(self, key: int) -> None:
        """Begin again with a key that was just asked for."""
        self.unseen[key] = self.index[key] = self.sudden[key] = 0.0


class RealOracle(Planner):
    """Asks for whatever is worth most, with the true rates of this moment."""

    def __init__(self, world: World, words: Words) -> None:
        """Know everything about this world but what was drawn."""
        self._words = words
        self._beliefs = Beliefs(world)
        self._weight = world.weight
        self._lead = [
            np.sort(start // DAY - slots.release // DAY)
            for start, slots in zip(appointments(world).start, world.slots, strict=True)
        ]
        self._before = np.ones(world.keys)  # the share of new slots that would show
        self._shown = np.zeros(world.keys)
        self._seen_at = np.zeros(world.keys)
        self._hints: list[dict[date, _Hint]] = [{} for _ in range(world.keys)]
        self._sent: list[float] = []

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Choose a first question, or a follow-up that is worth more."""
        t = (now - START).total_seconds()
        self._beliefs.advance(t)
        gone = 1 - np.exp(-self._beliefs.death * (t - self._seen_at))
        blocked = 1 - gone**self._shown
        shows = 1 - _HIDDEN * blocked * (1 - self._before)
        expected = self._beliefs.index + self._beliefs.sudden
        values = self._weight * expected * shows + 1e-9 * (t - self._seen_at)
        key = int(np.argmax(values))
        self._sent = [at for at in self._sent if at > t - 60]
        if len(self._sent) < FOLLOW_UPS_PER_MINUTE:
            worth, other, day = self._best_hint(t)
            if day is not None and worth > values[key]:
                self._sent.append(t)
                return demands[other].follow_up(day)
        return demands[key].probe()

    def learn(self, outcome: Outcome) -> None:
        """Take in what an answer shows and hints at."""
        seen = outcome.observation
        if seen is None:
            return
        [key] = self._words.keys[seen.probe.services].values()
        t = (seen.at - START).total_seconds()
        first = (seen.probe.window.first - MONDAY.date()).days
        if first <= t // DAY:
            self._look(key, seen, t)
            self._hear(key, seen, t)
            self._beliefs.forget(key)
        elif hint := self._hints[key].get(seen.probe.window.first):
            hint.asked = t

    def outlook(self, now: datetime, minutes: int) -> list[float]:
        """Return what asking is worth in each of the coming minutes, this one first."""
        t = (now - START).total_seconds() // 60 * 60
        return [
            float(self._weight @ self._beliefs.coming(t + 60 * n, 60))
            for n in range(minutes)
        ]

    def _look(self, key: int, seen: Observation, t: float) -> None:
        lead, ahead = self._lead[key], (seen.through - MONDAY.date()).days - t // DAY
        self._before[key] = np.searchsorted(lead, ahead, "right") / max(1, len(lead))
        self._shown[key], self._seen_at[key] = len(seen.free), t

    def _hear(self, key: int, seen: Observation, t: float) -> None:
        """Keep the hints; a day that is newly listed has something new."""
        before = self._hints[key]
        kept = {day: hint for day, hint in before.items() if _untouched(day, seen)}
        fresh = max(1, len(seen.hints.keys() - before.keys()))
        expected = max(1.0, float(self._beliefs.sudden[key]) / fresh)
        for day in seen.hints:
            kept[day] = before.get(day) or _Hint(t, expected)
        self._hints[key] = kept

    def _best_hint(self, t: float) -> tuple[float, int, date | None]:
        best: tuple[float, int, date | None] = (0.0, 0, None)
        for key, hints in enumerate(self._hints):
            for day, hint in hints.items():
                left = self._left(key, hint, t, len(hints))
                worth = float(self._weight[key]) * left
                if worth > best[0]:
                    best = (worth, key, day)
        return best

    def _left(self, key: int, hint: _Hint, t: float, days: int) -> float:
        """Return the slots of a hinted day that are new and still free."""
        death = float(self._beliefs.death[key])
        if hint.asked is None:
            return hint.slots * exp(-death * (t - hint.listed))
        x = death * (t - hint.asked)
        rate = float(self._beliefs.slow(t)[key])
        return rate / death * (1 - exp(-x) * (1 + x)) / (days + 1)


def _untouched(day: date, seen: Observation) -> bool:
    """Whether an answer says nothing about a later day: it paints its month alone."""
    painted = (day.year, day.month) == (seen.through.year, seen.through.month)
    return day > seen.through and not painted
