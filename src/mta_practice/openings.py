"""Openings posted by hand: the control route's way to release slots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from mta_practice.appointments import LIVE, Book
from mta_practice.catalogue import Catalogue, Office
from mta_practice.errors import PracticeError
from mta_practice.stock import Stock

#: Starts lie before the year 9999: later days cannot be written.
_LATEST: Final = 253_370_764_800


@attrs.frozen
class Opening:
    """The grid slots of one service unit at an office, from each of *starts*."""

    office: Office
    service_id: int
    slots_per_start: int
    starts: tuple[int, ...]

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
    return Opening(office, service_id, slots, _starts(body.get("starts"), now))


def open_slots(opening: Opening, stock: Stock, book: Book) -> list[int]:
    """Make the slots of *opening* free and give those that were not free before.

    A free slot stays as it is. A slot held by a live appointment stays held: it has
    a capacity of one. A slot still linked to one that has ended (cancelled, waiting
    to return) is freed at once.
    """
    office_id = opening.office.id
    freed = []
    for start in opening.grid():
        holder = stock.holder_of(office_id, start)
        item = None if holder is None else book.get(holder)
        if item is not None and item.state not in LIVE:
            freed += stock.release(office_id, [start], item.process_id)
    return sorted([*freed, *stock.open(office_id, opening.grid())])


def _whole(body: Mapping[str, object], name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PracticeError(f"{name} must be a whole number")
    try:
        return int(value)
    except ValueError:
        raise PracticeError(f"{name} must be a whole number") from None


def _starts(value: object, now: float) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise PracticeError("starts must be a non-empty list of epoch seconds")
    for start in value:
        if isinstance(start, bool) or not isinstance(start, int):
            raise PracticeError("starts must hold whole epoch seconds only")
        if not now < start < _LATEST:
            raise PracticeError(f"the start {start} is not between now and 9999")
    return tuple(value)
