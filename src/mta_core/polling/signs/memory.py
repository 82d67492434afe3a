"""Which slots were seen last, so that an answer says what is new, back and gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import repeat
from uuid import UUID

import attrs

from mta_core.domain.availability import Observation, Opening, Slot, compare

MOST_SERVICES = 400
MOST_SLOTS = 500
"""What is kept; what was seen longest ago goes first."""

AT_ONCE = timedelta(minutes=5)
"""A slot that is back later than this may have been taken and given back."""

_UNNAMED = UUID(int=0)


@attrs.frozen
class Turn:
    """What an answer changed. *back*: missed in one answer, and there in the next."""

    new: int = 0
    back: int = 0
    gone: int = 0


@attrs.define
class Memory:
    """Remembers the slots of each service set. Not kept over a restart.

    The first answer after that shows what was there before, so nothing in it is new.
    """

    _slots: dict[str, dict[Slot, Opening]] = attrs.field(factory=dict, init=False)

    def take(self, seen: Observation) -> Turn:
        """Hold an answer against the ones before, and remember it."""
        name = str(seen.probe.services)
        known = self._slots.pop(name, None)
        before = known or {}
        found = compare(before.values(), seen, repeat(_UNNAMED))
        after = {**before, **{opening.slot: opening for opening in found.changed}}
        here = [opening for opening in after.values() if opening.gone_at is None]
        here.sort(key=lambda opening: opening.last_seen)
        self._slots[name] = {o.slot: o for o in here[-MOST_SLOTS:]}
        if len(self._slots) > MOST_SERVICES:
            del self._slots[next(iter(self._slots))]
        if known is None:
            return Turn()
        absent = [before[opening.slot] for opening in found.still]
        back = [o for o in absent if o.absences and seen.at - o.last_seen <= AT_ONCE]
        gone = [o for o in found.absent if o.gone_at and o.slot.start > seen.at]
        return Turn(len(found.new), len(back), len(gone))
