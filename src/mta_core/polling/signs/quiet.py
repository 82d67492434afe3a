"""Quiet for unusually long: one service, or the whole city at once.

A city that turns somebody away may do it by answering 200 and nothing (soft ban). One
service that falls silent may be sold out; all of them at once are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import attrs

from mta_core.domain.availability import Observation, day_of
from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.polling.signs.documents import Document, restored
from mta_core.polling.signs.rhythm import IMPROBABLE, Rhythm

MOST = 400
"""Rhythms kept; the one that was asked for longest ago goes first."""

NEAR = timedelta(days=3)
"""A question that begins later than this sees only a part of what comes."""

TOGETHER = timedelta(days=3)
"""Silences that began within a long weekend may have one cause."""


@attrs.define
class Quiet:
    """Keeps the rhythm of every service set, and that of the city as a whole."""

    city: Rhythm = attrs.field(factory=Rhythm)
    rhythms: dict[str, Rhythm] = attrs.field(factory=dict)

    @classmethod
    def restored(cls, city: Document, rhythms: Mapping[str, Document]) -> Quiet:
        """Read it back, each rhythm by its service set."""
        known = {name: restored(Rhythm, written) for name, written in rhythms.items()}
        return cls(restored(Rhythm, city), known)

    def learn(self, seen: Observation, new: int) -> None:
        """Take in an answer. *new*: slots in it that were not there before."""
        name, at = str(seen.probe.services), seen.at
        near = seen.probe.window.first - day_of(at) <= NEAR
        offices = {slot.office for slot in seen.free}.union(*seen.hints.values())
        shown = [str(office) for office in offices]
        asked = [str(office) for office in seen.probe.offices] if near else []
        self._rhythm(name).learn(at, asked, shown, new)
        self.city.learn(at, asked and [CITY], shown and [CITY], new)

    def conditions(self) -> Iterator[Condition]:
        """Return what is quiet now."""
        yield from self._soft_ban()
        for name, rhythm in self.rhythms.items():
            if rhythm.quiet_at is not None:
                since = rhythm.shown_at or rhythm.quiet_at
                yield Condition(ConditionName.QUIET, name, since, _figures(rhythm))

    def _rhythm(self, name: str) -> Rhythm:
        """Find a rhythm, as the one that was asked for last."""
        rhythm = self.rhythms.pop(name, None) or Rhythm()
        self.rhythms[name] = rhythm
        if len(self.rhythms) > MOST:
            del self.rhythms[next(iter(self.rhythms))]
        return rhythm

    def _soft_ban(self) -> Iterator[Condition]:
        """Tell whether the whole city is quiet, and not only its busiest service.

        Even without the one that is missed most the silence of the others is
        improbable, counting those that fell silent with it.
        """
        since = self.city.shown_at
        if self.city.quiet_at is None or since is None:
            return
        silent = [
            rhythm
            for rhythm in self.rhythms.values()
            if rhythm.regular
            and rhythm.shown_at
            and since - rhythm.shown_at <= TOGETHER
        ]
        silences = sorted(rhythm.silence for rhythm in silent)
        if sum(silences[:-1]) > IMPROBABLE:
            detail = (
                f"{len(silent)} service sets with a rhythm fell silent together: "
                f"{_figures(self.city)}"
            )
            yield Condition(ConditionName.SOFT_BAN, CITY, since, detail)


def _figures(rhythm: Rhythm) -> str:
    return (
        f"{rhythm.answers} answers without anything free; by its own rhythm about "
        f"{rhythm.waited:.0f} half hours in that time should have shown something."
    )
