"""The city: the practice city's stock, staff and crowd, without HTTP and without a clock.

What it shows is computed by the practice city's own calendar (contract 1.2), what it
counts by its own counter (2.5). Only appointments of the simulated citizens are kept
here: the full practice city looks at each of them every minute, too slow for a month.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import attrs

from mta_adapters.city import translate, wire
from mta_adapters.city.reading import read
from mta_core.domain.availability import Calendar, DateWindow, Probe, Slot
from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_practice.calendar import Need, Search, Span, answer
from mta_practice.catalogue import read_catalogue
from mta_practice.counter import RequestCounter
from mta_practice.programme import Living
from mta_practice.stock import Stock

COUNTER = 60
"""The city's counter: requests without a pause of as many seconds (contract 2.5)."""

_MINUTE = 60
_TOO_SOON = 5 * _MINUTE  # free slots that start sooner are cancelled (contract 8)
_UNUSABLE = 15  # see `Town.minutes`


@attrs.define(eq=False)
class Hold:
    """What a citizen has reserved, and until when (epoch seconds)."""

    number: int
    slot: Slot
    starts: tuple[int, ...]
    reserved_at: float
    due: float
    lapsed: bool = False
    confirmed: bool = False


class Town:
    """One city from epoch *begin* on."""

    def __init__(
        self, offered: Mapping[str, Any], seed: int, begin: float, life_scale: float
    ) -> None:
        """Let it live; *offered* is the city's catalogue as it writes it."""
        facts = read_catalogue(offered)
        body = json.dumps(offered, default=dict).encode()
        self.catalogue: Catalogue = translate.catalogue(
            read(wire.OfficesAndServices, body, "catalogue")
        )
        self.stock = Stock()
        self.living = Living(facts, self.stock, seed, begin)
        for number, counter in self.living.counters.items():
            scaled = attrs.evolve(counter, median=counter.median * life_scale)
            self.living.counters[number] = scaled
        self.counter = RequestCounter(COUNTER, COUNTER)
        self.offices = facts.offices
        self._next_run = (begin // _MINUTE + 1) * _MINUTE
        self._holds: list[tuple[float, int, Hold]] = []
        self._count = 0

    def catch_up(self, now: float) -> None:
        """Let staff, crowd and minute jobs do all that is due by *now*."""
        while self._next_run <= now:
            self._run_jobs(self._next_run)
            self._next_run += _MINUTE
        self.living.live(now)

    def calendar(self, probe: Probe, now: float) -> Calendar:
        """Answer a probe as the city does: for one day (contract 1.2)."""
        self.catch_up(now)
        first, last = probe.window.first, probe.window.last
        needs = tuple(
            Need(
                self.offices[office],
                self.catalogue.slots_needed(probe.services, office),
            )
            for office in sorted(probe.offices)
        )
        # Asked as MTA and the city's own page do (contract 7).
        search = Search(Span(first, last), Span(first, first), needs)
        return read_calendar(answer(search, self.stock, now))

    def reserve(self, slot: Slot, now: float) -> Hold | None:
        """Reserve a slot; None if somebody was faster."""
        self.catch_up(now)
        needed = self.catalogue.slots_needed(slot.services, slot.office)
        seconds = self.offices[slot.office].slot_seconds
        start = int(slot.start.timestamp())
        starts = self.stock.chain(slot.office, start, needed, seconds)
        self._count += 1
        if not starts or not self.stock.take(slot.office, starts, self._count):
            return None
        reserved, _ = self.minutes(slot.office)
        hold = Hold(self._count, slot, starts, now, now + reserved * _MINUTE)
        self._await(hold)
        return hold

    def preconfirm(self, hold: Hold, now: float) -> bool:
        """Send the details; False if the reservation has lapsed (contract 4)."""
        self.catch_up(now)
        if hold.lapsed:
            return False
        _, activation = self.minutes(hold.slot.office)
        hold.due = hold.reserved_at + activation * _MINUTE
        self._await(hold)
        return True

    def confirm(self, hold: Hold, now: float) -> bool:
        """Open the mail's link; False if it is dead."""
        self.catch_up(now)
        hold.confirmed = not hold.lapsed
        return hold.confirmed

    def minutes(self, office: OfficeId) -> tuple[int, int]:
        """How long a reservation and the mail's link live, both from reserve on.

        One office of the recorded catalogue reserves for 0 minutes: nobody could
        finish its form by hand. It is taken for 15, the usual, whoever books.
        """
        terms = self.catalogue.office(office).terms
        assert terms is not None  # only bookable offices are asked for
        return terms.reservation_minutes or _UNUSABLE, terms.activation_minutes

    def _await(self, hold: Hold) -> None:
        heapq.heappush(self._holds, (hold.due, hold.number, hold))

    def _run_jobs(self, at: float) -> None:
        """Run the minute jobs in the order of the city's cron (contract 8)."""
        self.living.live(at)
        self._lapse(at)
        self.living.delete_unconfirmed(at)
        self.living.deallocate(at)
        self.living.delete_reserved(at)
        self.living.calculate_slots(at)
        self.stock.drop_free_before(at + _TOO_SOON)

    def _lapse(self, at: float) -> None:
        while self._holds and self._holds[0][0] <= at:
            _, _, hold = heapq.heappop(self._holds)
            if hold.due <= at and not hold.confirmed and not hold.lapsed:
                hold.lapsed = True
                self.stock.release(hold.slot.office, hold.starts, hold.number)


def read_calendar(body: Mapping[str, Any]) -> Calendar:
    """Read an answer as `mta_adapters.city` does, minus its suspicion: it is quicker."""
    bookable: dict[date, frozenset[OfficeId]] = {}
    times: dict[OfficeId, tuple[datetime, ...]] = {}
    for day in body["availableDays"]:
        offices = map(int, day["providerIDs"].split(","))
        bookable[_day(day["date"])] = frozenset(map(OfficeId, offices))
        for entry in day["offices"]:
            starts = tuple(map(_moment, entry["appointments"]))
            times[OfficeId(int(entry["officeId"]))] = starts
    later = body["nextBookableDate"]
    return Calendar(
        DateWindow(_day(body["slotsStartDate"]), _day(body["slotsEndDate"])),
        bookable,
        times,
        _day(later) if later else None,
    )


def without_checks(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue as somebody sees it who passes every check by program."""
    offices = (
        (
            attrs.evolve(office, terms=attrs.evolve(office.terms, checked=False))
            if office.terms
            else office
        )
        for office in catalogue.offices.values()
    )
    return Catalogue.of(catalogue.services.values(), offices, catalogue.offers)


@lru_cache(maxsize=10_000)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=50_000)
def _moment(start: int) -> datetime:
    return datetime.fromtimestamp(start, UTC)
