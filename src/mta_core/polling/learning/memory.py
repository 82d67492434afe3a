"""All that was learnt, and how it is written down and read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import exp
from typing import Any

import attrs

from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.polling.learning.berlin import minute_at
from mta_core.polling.learning.minutes import FORGET, ReleaseMinutes
from mta_core.polling.learning.pair import Office, Pair, Pooled
from mta_core.polling.learning.rhythm import Rhythm
from mta_core.polling.learning.snapshot import Glimpse
from mta_core.polling.learning.tick import Tick

VERSION = 1
"""Of the documents. What another version wrote is not read, but learnt anew."""

Key = tuple[ServiceSet, OfficeId, int]
"""Which pair; and which of the questions for its services, where one is not enough."""

Document = Mapping[str, Any]

_SHARED = "shared"


@attrs.define
class Memory:
    """The pairs, their offices, and what they all share."""

    pooled: Pooled = attrs.field(factory=Pooled)
    tick: Tick = attrs.field(factory=Tick)
    rhythm: Rhythm = attrs.field(factory=Rhythm)
    _pairs: dict[Key, Pair] = attrs.field(factory=dict)
    _offices: dict[OfficeId, Office] = attrs.field(factory=dict)
    _at: dict[OfficeId, dict[Key, Pair]] = attrs.field(factory=dict)
    _written: dict[str, Document] = attrs.field(factory=dict)
    _changed: set[Key] = attrs.field(factory=set)
    _day: int | None = None

    def pair(self, key: Key, hold: timedelta | None = None) -> Pair:
        """Return a pair; a new one knows what was written down about it."""
        pair = self._pairs.get(key)
        if pair is None:
            self._pairs[key] = pair = self._recall(key)
            self._at.setdefault(key[1], {})[key] = pair
        if hold is not None:
            pair.hold = hold.total_seconds()
        return pair

    def learn(self, key: Key, glimpse: Glimpse, now: float) -> None:
        """Let a pair learn from an answer, and its siblings expect what it got.

        One counter of an office serves several services: what is free for one is often
        free for others, too.
        """
        pair = self._pairs[key]
        if glimpse.since is not None and glimpse.since >= now:
            glimpse = Glimpse(None)  # the clock was set back
        if glimpse.since is not None:
            tau = now - glimpse.since
            self.tick.learn(now, tau, glimpse.new, pair.m, pair.rate)
            if not pair.is_batch(glimpse.new, now):
                usual = pair.expect(now).fresh
                self.rhythm.learn(minute_at(int(now // 60)), glimpse.new, usual)
                self._raise_siblings(key, glimpse.new, tau, now)
        pair.learn(glimpse, now)
        self._changed.add(key)

    def turn_to(self, day: int) -> None:
        """Let the days pass since this was called before: old evidence fades."""
        days, self._day = day - (day if self._day is None else self._day), day
        if days <= 0:
            return
        for pair in self._pairs.values():
            pair.fade(days)
        factor = FORGET**days
        for office in self._offices.values():
            office.fade(days)
        self.tick.fade(factor)
        self.rhythm.fade(factor)
        self.pooled.fade(factor)

    def documents(self) -> dict[str, Document]:
        """Write down what was learnt since this was called before."""
        if not self._changed:
            return {}
        changed, self._changed = self._changed, set()
        documents = {_name_of(key): self._pairs[key].document() for key in changed}
        for office in {key[1] for key in changed}:
            documents[_office_name(office)] = self._offices[office].document()
        documents[_SHARED] = {
            "tick": self.tick.document(),
            "rhythm": self.rhythm.document(),
            **self.pooled.document(),
        }
        return {
            name: {"version": VERSION, "day": self._day, **document}
            for name, document in documents.items()
        }

    @classmethod
    def read(cls, documents: Mapping[str, Document]) -> Memory:
        """Read what was written down; each pair once it is needed."""
        known = {
            name: document
            for name, document in documents.items()
            if document.get("version") == VERSION
        }
        shared = known.pop(_SHARED, None)
        if shared is None:
            return cls()
        return cls(
            Pooled.read(shared),
            Tick.read(shared["tick"]),
            Rhythm.read(shared["rhythm"]),
            written=known,
            day=shared["day"],
        )

    def _recall(self, key: Key) -> Pair:
        office = self._office(key[1])
        written = self._written.pop(_name_of(key), None)
        if written is None:
            return Pair(office, self.pooled, ReleaseMinutes(office.minutes))
        pair = Pair.read(written, office, self.pooled)
        pair.fade(self._since(written))
        return pair

    def _office(self, number: OfficeId) -> Office:
        if number not in self._offices:
            written = self._written.pop(_office_name(number), None)
            office = Office() if written is None else Office.read(written)
            if written is not None:
                office.fade(self._since(written))
            self._offices[number] = office
        return self._offices[number]

    def _since(self, document: Document) -> int:
        """Return how many days have passed since something was written down."""
        return max(0, (self._day or 0) - (document["day"] or 0))

    def _raise_siblings(self, key: Key, new: int, tau: float, now: float) -> None:
        """Expect at the siblings what may have appeared since they were seen."""
        if not new:
            return
        share = self._offices[key[1]].siblings.value
        for other, sibling in self._at[key[1]].items():
            if other[0] == key[0] or sibling.last is None:
                continue
            age = max(0.0, now - sibling.last)  # the clock may be set back
            since = min(1.0, age / tau)
            left = exp(-sibling.m * min(age, tau) / 2)
            sibling.expected.raised += share * new * since * left


def _name_of(key: Key) -> str:
    services, office, place = key
    return f"pair:{services}@{office}" + (f"+{place}" if place else "")


def _office_name(office: OfficeId) -> str:
    return f"office:{office}"
