"""Openings posted by hand: the control route's way to release slots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from mta_practice.appointments import LIVE, Book
from mta_practice.catalogue import Catalogue, Office
from mta_practice.errors import PracticeError
from mta_practice.stock import Batch, Stock

#: Starts lie before the year 9999: later days cannot be written.
_LATEST: Final = 253_370_764_800

#: Most appointments at a time that an office can be opened for.
_MOST_COUNTERS: Final = 100


@attrs.frozen
class Opening:
    """The grid slots of one service unit at an office, from each of *starts*.

    *capacity*: how many appointments each slot takes. *several*: whether one
    appointment may take more than one slot; where not, every service fits into one
    (contract 6).
    """

    office: Office
    service_id: int
    slots_per_start: int
    starts: tuple[int, ...]
    capacity: int = 1
    several: bool = True

    def grid(self) -> list[int]:
        """Give every grid slot of the opening once, in order."""
        seconds = self.office.slot_seconds
        return sorted(
            {
                start + index * seconds
                for start in self.starts
                for index in range(self.slots_per_start)
            }
        )


def read_opening(body: object, catalogue: Catalogue, now: float) -> Opening:
    """Read the body of ``POST /practice/openings``; raises `PracticeError`."""
    if not isinstance(body, Mapping):
        raise PracticeError("the body must be a JSON object")
    office_id, service_id = _whole(body, "officeId"), _whole(body, "serviceId")
    office = catalogue.offices.get(office_id)
    if office is None:
        raise PracticeError(f"there is no office {office_id}")
    if office.scope is None:
        raise PracticeError(f"office {office_id} has no scope, nothing is booked there")
    slots = catalogue.slots.get((office_id, service_id))
    if not slots:
        raise PracticeError(f"office {office_id} does not offer service {service_id}")
    several = body.get("multipleSlots", True)
    if not isinstance(several, bool):
        raise PracticeError("multipleSlots must be true or false")
    return Opening(
        office=office,
        service_id=service_id,
        slots_per_start=slots if several else 1,
        starts=_starts(body.get("starts"), now),
        capacity=_capacity(body),
        several=several,
    )


def open_slots(opening: Opening, stock: Stock, book: Book) -> list[int]:
    """Make the slots of *opening* free and give those that were not free before.

    A free slot stays as it is. A slot that live appointments hold stays held, up to
    the capacity asked for. A slot still linked to one that has ended (cancelled,
    waiting to return) is freed at once.
    """
    office_id, grid = opening.office.id, tuple(opening.grid())
    freed: set[int] = set()
    for start in grid:
        for holder in stock.holders_of(office_id, start):
            item = book.get(holder)
            if item is not None and item.state not in LIVE:
                freed |= set(stock.release(office_id, [start], holder))
    batch = Batch(office_id, grid, capacity=opening.capacity, several=opening.several)
    return sorted(freed | set(stock.add(batch)))


def _whole(body: Mapping[str, object], name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PracticeError(f"{name} must be a whole number")
    try:
        return int(value)
    except ValueError:
        raise PracticeError(f"{name} must be a whole number") from None


def _capacity(body: Mapping[str, object]) -> int:
    capacity = _whole({"capacity": 1, **body}, "capacity")
    if not 1 <= capacity <= _MOST_COUNTERS:
        raise PracticeError(f"capacity must be from 1 to {_MOST_COUNTERS}")
    return capacity


def _starts(value: object, now: float) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise PracticeError("starts must be a non-empty list of epoch seconds")
    for start in value:
        if isinstance(start, bool) or not isinstance(start, int):
            raise PracticeError("starts must hold whole epoch seconds only")
        if not now < start < _LATEST:
            raise PracticeError(f"the start {start} is not between now and 9999")
    return tuple(value)
