"""All detectors at once: what they are told, what they find, what they remember."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from mta_core.domain.calls import NOT_UNDERSTOOD, CallRecord
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.conditions import BOOKING, CALENDAR, CATALOGUE, Condition, Key
from mta_core.domain.errors import Answer, SiteChanged, SiteError
from mta_core.polling.planner import Outcome
from mta_core.polling.signs.documents import Document, document, restored
from mta_core.polling.signs.drift import Shapes
from mta_core.polling.signs.flapping import Flapping
from mta_core.polling.signs.memory import Memory
from mta_core.polling.signs.quiet import Quiet
from mta_core.polling.signs.slow import Slow
from mta_core.polling.signs.stock import Stock
from mta_core.polling.signs.unseen import Unseen

PREFIX = "signs:"
"""What the detectors know stands below this in all that MTA has learnt."""

_RHYTHM, _WAVERING = "rhythm:", "wavering:"


@attrs.define
class Signs:
    """Learns from every answer: the same answers give the same conditions.

    Attributes:
        recalled: whether it knows what it knew before the restart.
    """

    recalled: bool = attrs.field(default=False, init=False)
    _unseen: Unseen = attrs.field(factory=Unseen, init=False)
    _slow: Slow = attrs.field(factory=Slow, init=False)
    _calendar: Shapes = attrs.field(factory=Shapes, init=False)
    _catalogue: Shapes = attrs.field(factory=Shapes, init=False)
    _booking: Shapes = attrs.field(factory=Shapes, init=False)
    _stock: Stock = attrs.field(factory=Stock, init=False)
    _quiet: Quiet = attrs.field(factory=Quiet, init=False)
    _flapping: Flapping = attrs.field(factory=Flapping, init=False)
    _memory: Memory = attrs.field(factory=Memory, init=False)
    _written: dict[str, Document] = attrs.field(factory=dict, init=False)

    def learn(self, outcome: Outcome) -> None:
        """Take in what came of a question for free times."""
        at, seen = outcome.at, outcome.observation
        self._unseen.learn(at, outcome.error)
        self._calendar.learn(str(outcome.probe.services), at, outcome.error)
        if seen is None:
            return
        if outcome.took is not None:
            self._slow.learn(at, outcome.took)
        turn = self._memory.take(seen)
        self._quiet.learn(seen, turn.new)
        self._flapping.learn(seen, turn)

    def read(self, answer: Catalogue | SiteError, at: datetime) -> None:
        """Take in what came of reading the catalogue."""
        if isinstance(answer, SiteError):
            self._catalogue.learn(CATALOGUE, at, answer)
        else:
            self._catalogue.learn(CATALOGUE, at, None)
            self._stock.learn(answer, at)

    def heard(self, calls: Iterable[CallRecord]) -> None:
        """Take in calls about bookings, in the order of their answers."""
        for call in calls:
            name, at = call.call.value, call.answered_at
            if call.code == NOT_UNDERSTOOD:
                error = SiteChanged(f"{name} was answered in an unknown shape")
                self._booking.learn(name, at, error)
            elif call.answer in {Answer.DONE, Answer.REFUSED}:
                self._booking.learn(name, at, None)

    def conditions(self) -> dict[Key, Condition]:
        """Return all that is not as it should be."""
        return {condition.key: condition for condition in self._each()}

    def documents(self) -> dict[str, Document]:
        """Write down what has changed since this was called before, as plain JSON."""
        each: dict[str, attrs.AttrsInstance] = {
            "unseen": self._unseen,
            "slow": self._slow,
            CALENDAR: self._calendar,
            CATALOGUE: self._catalogue,
            BOOKING: self._booking,
            "stock": self._stock,
            "city": self._quiet.city,
            **{_RHYTHM + name: r for name, r in self._quiet.rhythms.items()},
            **{_WAVERING + name: w for name, w in self._flapping.wavering.items()},
        }
        before, self._written = self._written, {
            PREFIX + name: document(state) for name, state in each.items()
        }
        return {n: d for n, d in self._written.items() if d != before.get(n)}

    def recall(self, documents: Mapping[str, Document]) -> None:
        """Read back what `documents` wrote, among others, in place of all it knows.

        What cannot be read is learnt anew: nothing of it is dear.
        """
        known = _below(PREFIX, documents)
        self._unseen = restored(Unseen, known.get("unseen", {}))
        self._slow = restored(Slow, known.get("slow", {}))
        self._calendar = restored(Shapes, known.get(CALENDAR, {}))
        self._catalogue = restored(Shapes, known.get(CATALOGUE, {}))
        self._booking = restored(Shapes, known.get(BOOKING, {}))
        self._stock = restored(Stock, known.get("stock", {}))
        self._quiet = Quiet.restored(known.get("city", {}), _below(_RHYTHM, known))
        self._flapping = Flapping.restored(_below(_WAVERING, known))
        self._memory, self._written = Memory(), {}
        self.recalled = True

    def _each(self) -> Iterator[Condition]:
        yield from self._unseen.conditions()
        yield from self._slow.conditions()
        yield from self._calendar.conditions(CALENDAR)
        # A catalogue that cannot be read says more than what it once held.
        yield from self._stock.conditions()
        yield from self._catalogue.conditions(CATALOGUE)
        # One such answer is enough: these calls are few, and dear.
        yield from self._booking.conditions(BOOKING, least=1)
        yield from self._quiet.conditions()
        yield from self._flapping.conditions()


def _below(prefix: str, documents: Mapping[str, Document]) -> dict[str, Document]:
    return {
        name.removeprefix(prefix): written
        for name, written in documents.items()
        if name.startswith(prefix)
    }
