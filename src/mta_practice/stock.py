"""The stock of grid slots: what can be booked, and who holds what.

The city keeps one row per office and grid slot with a capacity, and one link per
appointment and slot (contract 8). Here every grid slot has capacity one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import attrs


class Origin(StrEnum):
    """Who put a grid slot into the stock; a crowd of rivals may take only its own."""

    OPENING = "opening"
    PROGRAMME = "programme"


@attrs.define
class GridSlot:
    """One grid slot of an office. *start* in epoch seconds, *holder* a process id."""

    start: int
    origin: Origin
    holder: int | None = None


class Stock:
    """All grid slots of all offices, one pool per office."""

    def __init__(self) -> None:
        self._offices: dict[int, dict[int, GridSlot]] = {}

    def open(
        self, office_id: int, starts: Iterable[int], origin: Origin = Origin.OPENING
    ) -> list[int]:
        """Add grid slots and give the starts that were not in the stock before.

        A slot that exists stays as it is, whether it is free or held.
        """
        pool = self._offices.setdefault(office_id, {})
        added = [start for start in starts if start not in pool]
        pool.update({start: GridSlot(start, origin) for start in added})
        return added

    def free_starts(self, office_id: int, after: float) -> list[int]:
        """Give the free grid slots of an office that start later than *after*."""
        return sorted(
            slot.start
            for slot in self._offices.get(office_id, {}).values()
            if slot.holder is None and slot.start > after
        )

    def chain(
        self, office_id: int, start: int, needed: int, seconds: int
    ) -> tuple[int, ...] | None:
        """Give the *needed* consecutive free slots from *start*, or None.

        *seconds* is the length of one grid slot; consecutive means that each slot
        begins where the one before it ends (contract 6).
        """
        pool = self._offices.get(office_id, {})
        wanted = tuple(start + index * seconds for index in range(needed))
        free = all(slot in pool and pool[slot].holder is None for slot in wanted)
        return wanted if free and wanted else None

    def take(self, office_id: int, starts: Sequence[int], holder: int) -> bool:
        """Give *starts* to *holder*, all or none; False when one is not free."""
        pool = self._offices.get(office_id, {})
        slots = [pool.get(start) for start in starts]
        if any(slot is None or slot.holder is not None for slot in slots):
            return False
        for start in starts:
            pool[start].holder = holder
        return True

    def release(self, office_id: int, starts: Iterable[int], holder: int) -> list[int]:
        """Free those of *starts* that *holder* still holds, and give them."""
        pool = self._offices.get(office_id, {})
        released = []
        for start in starts:
            slot = pool.get(start)
            if slot is not None and slot.holder == holder:
                slot.holder = None
                released.append(start)
        return released

    def holder_of(self, office_id: int, start: int) -> int | None:
        """Give the process id that holds a grid slot, None if nobody does."""
        slot = self._offices.get(office_id, {}).get(start)
        return None if slot is None else slot.holder

    def drop_free(self) -> int:
        """Remove every free grid slot of every office; give their number."""
        return self._drop(list(self._free()))

    def drop_free_before(self, limit: float) -> int:
        """Remove the free grid slots that start no later than *limit*."""
        return self._drop([pair for pair in self._free() if pair[1] <= limit])

    def _free(self) -> Iterator[tuple[int, int]]:
        for office_id, pool in self._offices.items():
            for slot in pool.values():
                if slot.holder is None:
                    yield office_id, slot.start

    def _drop(self, pairs: Sequence[tuple[int, int]]) -> int:
        for office_id, start in pairs:
            del self._offices[office_id][start]
        return len(pairs)
