"""The stock of grid slots: what can be booked, and who holds what.

The city keeps one row per office and grid slot with a capacity, and one link per
appointment and slot (contract 8). A grid slot is free while it has fewer links
than its capacity.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

import attrs

#: Seconds after its start at which a held grid slot can be forgotten.
_LONG_PAST: Final = 3600


class Origin(StrEnum):
    """Who put a grid slot into the stock; other citizens take only PROGRAMME ones."""

    OPENING = "opening"
    PROGRAMME = "programme"


@attrs.define
class GridSlot:
    """One grid slot of an office. *start* in epoch seconds.

    *capacity*: how many appointments it takes; *holders* the process ids of those it
    has. *several*: whether the opening allows appointments of more than one slot; if
    not, any appointment takes just this one (contract 6).
    """

    start: int
    origin: Origin
    capacity: int = 1
    several: bool = True
    holders: list[int] = attrs.field(factory=list)

    @property
    def free(self) -> int:
        """Give how many more appointments it takes."""
        return self.capacity - len(self.holders)


@attrs.frozen
class Batch:
    """Grid slots to be put into the stock: *starts* at one office."""

    office_id: int
    starts: tuple[int, ...]
    origin: Origin = Origin.OPENING
    capacity: int = 1
    several: bool = True


class Stock:
    """All grid slots of all offices, one pool per office."""

    def __init__(self) -> None:
        self._offices: dict[int, dict[int, GridSlot]] = {}
        self._free: dict[int, set[int]] = {}
        self._ageing: list[tuple[int, int, int]] = []
        self._freed: list[tuple[int, int]] | None = None

    def watch(self) -> list[tuple[int, int]]:
        """Give a list into which every slot that becomes free is written from now on.

        As (office id, start); whoever watches empties it.
        """
        self._freed = []
        return self._freed

    def open(
        self, office_id: int, starts: Iterable[int], origin: Origin = Origin.OPENING
    ) -> list[int]:
        """Add grid slots for one appointment each, as `add` does."""
        return self.add(Batch(office_id, tuple(starts), origin))

    def add(self, batch: Batch) -> list[int]:
        """Add grid slots and give the starts that have become free by it.

        A slot that exists keeps its holders and gets the larger capacity. A free one
        that is opened by hand belongs to the opening from then on.
        """
        return [
            start for start in dict.fromkeys(batch.starts) if self._add(batch, start)
        ]

    def slot(self, office_id: int, start: int) -> GridSlot | None:
        """Give a grid slot, None if there is none."""
        return self._offices.get(office_id, {}).get(start)

    def slots(self) -> Iterator[tuple[int, GridSlot]]:
        """Give every grid slot with its office id."""
        for office_id, pool in self._offices.items():
            for slot in pool.values():
                yield office_id, slot

    def free_starts(self, office_id: int, after: float) -> list[int]:
        """Give the free grid slots of an office that start later than *after*."""
        return sorted(start for start in self._free.get(office_id, ()) if start > after)

    def chain(
        self, office_id: int, start: int, needed: int, seconds: int
    ) -> tuple[int, ...] | None:
        """Give the *needed* consecutive free slots from *start*, or None.

        *seconds* is the length of one grid slot; consecutive means that each slot
        begins where the one before it ends (contract 6). One slot is enough where the
        opening does not allow more.
        """
        first = self.slot(office_id, start)
        if first is None or needed < 1:
            return None
        length = needed if first.several else 1
        wanted = tuple(start + index * seconds for index in range(length))
        free = self._free.get(office_id, set())
        return wanted if free.issuperset(wanted) else None

    def take(self, office_id: int, starts: Sequence[int], holder: int) -> bool:
        """Give *starts* to *holder*, all or none; False when one is not free."""
        free = self._free.get(office_id, set())
        if not free.issuperset(starts):
            return False
        for start in starts:
            slot = self._offices[office_id][start]
            slot.holders.append(holder)
            if not slot.free:
                free.discard(start)
        return True

    def release(self, office_id: int, starts: Iterable[int], holder: int) -> list[int]:
        """Free those of *starts* that *holder* still holds, and give them."""
        released = []
        for start in starts:
            slot = self.slot(office_id, start)
            if slot is not None and holder in slot.holders:
                slot.holders.remove(holder)
                self._set_free(office_id, slot)
                released.append(start)
        return released

    def holders_of(self, office_id: int, start: int) -> tuple[int, ...]:
        """Give the process ids that hold a grid slot."""
        slot = self.slot(office_id, start)
        return () if slot is None else tuple(slot.holders)

    def holder_of(self, office_id: int, start: int) -> int | None:
        """Give the first process id that holds a grid slot, None if nobody does."""
        return next(iter(self.holders_of(office_id, start)), None)

    def drop_free(self) -> int:
        """Remove what is free of every grid slot; give the number of slots."""
        pairs = [
            (office_id, start)
            for office_id, starts in self._free.items()
            for start in starts
        ]
        return sum(self._drop(office_id, start) for office_id, start in pairs)

    def drop_free_before(self, limit: float) -> int:
        """Remove what is free of grid slots that start no later than *limit*."""
        dropped = 0
        while self._ageing and self._ageing[0][0] <= limit:
            due, office_id, start = heapq.heappop(self._ageing)
            if due > start:  # long past, whoever holds it
                self._offices[office_id].pop(start, None)
                continue
            dropped += self._drop(office_id, start)
            if self.slot(office_id, start) is not None:
                heapq.heappush(self._ageing, (start + _LONG_PAST, office_id, start))
        return dropped

    def _add(self, batch: Batch, start: int) -> bool:
        pool = self._offices.setdefault(batch.office_id, {})
        slot = pool.get(start)
        if slot is None:
            slot = pool[start] = GridSlot(
                start, batch.origin, batch.capacity, batch.several
            )
        else:
            was_free = slot.free
            slot.capacity = max(slot.capacity, batch.capacity)
            if slot.free and batch.origin is Origin.OPENING:
                slot.origin = Origin.OPENING
            if was_free or not slot.free:
                return False
        self._set_free(batch.office_id, slot)
        return True

    def _set_free(self, office_id: int, slot: GridSlot) -> None:
        self._free.setdefault(office_id, set()).add(slot.start)
        heapq.heappush(self._ageing, (slot.start, office_id, slot.start))
        if self._freed is not None:
            self._freed.append((office_id, slot.start))

    def _drop(self, office_id: int, start: int) -> bool:
        """Cut a slot to what is held of it; say whether something was free."""
        if start not in self._free.get(office_id, ()):
            return False
        self._free[office_id].discard(start)
        slot = self._offices[office_id][start]
        slot.capacity = len(slot.holders)
        if not slot.holders:
            del self._offices[office_id][start]
        return True
