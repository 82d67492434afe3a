"""Random citizens in a stepped city: no overbooking, no lost slot, timers kept.

A model of the rules, far simpler than the city, says for each appointment when it has
to end. The city's stock is counted after every step.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from contextlib import suppress
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from mta_practice import City, PracticeSettings, compact_catalogue
from mta_practice.desk import Offer
from mta_practice.errors import Overtaken, Refusal
from mta_practice.stock import Origin
from tests.unit.practice.support import AUSBILDUNG, DAY, KFZ, MINUTE, RUPPERT, START, at

#: Two offices that share their slots, one with slots of another length.
OFFICES = (RUPPERT, AUSBILDUNG, KFZ)
SERVICES = {
    RUPPERT: (1080843, 1063475),
    AUSBILDUNG: (1080843, 1063475),
    KFZ: (1063424, 1080502),
}
GRID = 12
EVENING = at(24, 20)
NOBODY = "nobody@example.org"

Place = tuple[int, int]


@attrs.define
class Case:
    """What the model knows of an appointment; times in epoch seconds."""

    office: int
    starts: tuple[int, ...]
    identity: dict[str, Any]
    reserved_at: float
    state: str = "reserved"
    ended_at: float = 0.0


def _unchecked() -> dict[str, Any]:
    catalogue: dict[str, Any] = json.loads(json.dumps(dict(compact_catalogue())))
    for office in catalogue["offices"]:
        scope = office["scope"]
        scope["captchaActivatedRequired"] = False
        scope["customTextfieldActivated"] = False
        scope["appointmentsPerMail"] = None
    return catalogue


CATALOGUE = _unchecked()


def _run_after(instant: float) -> float:
    """Give the first run of the minute jobs at or after *instant*."""
    return math.ceil(instant / MINUTE) * MINUTE


class Citizens(RuleBasedStateMachine):
    """The citizens, the staff who open slots, and time."""

    living = False

    def __init__(self) -> None:
        super().__init__()
        self.city = City(
            PracticeSettings(
                stepped=True,
                start=START,
                catalogue=CATALOGUE,
                programme=self.living,
                job_period=MINUTE,
            )
        )
        self.city.catch_up()
        self.released: Counter[Place] = Counter()
        self.several: dict[Place, bool] = {}
        self.cases: list[Case] = []
        self.offers: list[Offer] = []

    @property
    def now(self) -> float:
        return self.city.clock.now()

    def seconds(self, office: int) -> int:
        return self.city.catalogue.offices[office].slot_seconds

    def start(self, office: int, index: int) -> int:
        # Shared offices have the same times; by night no programme is in the way.
        day = 1 if office == KFZ else 0
        return EVENING + day * DAY + index * self.seconds(office)

    @initialize(capacity=st.integers(1, 2))
    def some_slots(self, capacity: int) -> None:
        for office in OFFICES:
            self.opened(office, set(range(GRID // 2)), capacity, several=True)

    @rule(
        office=st.sampled_from(OFFICES),
        indices=st.sets(st.integers(0, GRID - 1), min_size=1, max_size=6),
        capacity=st.integers(1, 3),
        several=st.booleans(),
    )
    def opened(
        self, office: int, indices: set[int], capacity: int, several: bool
    ) -> None:
        starts = [self.start(office, index) for index in sorted(indices)]
        told: Any = self.city.open(
            {
                "officeId": office,
                "serviceId": SERVICES[office][0],
                "starts": starts,
                "capacity": capacity,
                "multipleSlots": several,
            }
        )
        for start in starts:
            place = (office, start)
            self.several.setdefault(place, several)
            self.released[place] = max(self.released[place], capacity)
        assert set(told["freed"]) <= set(starts)
        for case in self.cases:  # what has ended is freed at once
            if case.office == office and case.state in ("blocked", "deleted"):
                case.starts = tuple(s for s in case.starts if s not in starts)

    def looked_up(self, office: int, services: list[int], index: int) -> Offer | None:
        body = {
            "timestamp": self.start(office, index),
            "officeId": office,
            "serviceId": services,
            "serviceCount": [1] * len(services),
        }
        held = self.held()
        start = self.start(office, index)
        needed = sum(self.city.catalogue.slots[office, item] for item in services)
        if not self.several.get((office, start), True):
            needed = 1
        chain = [start + step * self.seconds(office) for step in range(needed)]
        can = all(held[office, item] < self.released[office, item] for item in chain)
        offer = None
        with suppress(Refusal):
            offer = self.city.look_up(body, "a")
        if offer is None:
            assert not can
            return None
        assert can
        assert list(offer.slots) == chain
        return offer

    @rule(
        office=st.sampled_from(OFFICES),
        index=st.integers(0, GRID - 1),
        which=st.sampled_from(["first", "second", "both"]),
    )
    def reserves(self, office: int, index: int, which: str) -> None:
        offer = self.looked_up(office, self.chosen(office, which), index)
        if offer is not None:
            self.inserted(offer)

    @rule(
        office=st.sampled_from(OFFICES),
        index=st.integers(0, GRID - 1),
        rivals=st.integers(2, 4),
        which=st.sampled_from(["first", "second", "both"]),
    )
    def race(self, office: int, index: int, rivals: int, which: str) -> None:
        """All have found the slot free before the first of them inserts."""
        services = self.chosen(office, which)
        found = [self.looked_up(office, services, index) for _ in range(rivals)]
        offers = [offer for offer in found if offer is not None]
        if not offers:
            return
        held = self.held()
        room = min(
            self.released[office, start] - held[office, start]
            for start in offers[0].slots
        )
        winners = sum(self.inserted(offer) for offer in offers)
        assert winners == min(room, rivals)

    def chosen(self, office: int, which: str) -> list[int]:
        first, second = SERVICES[office]
        return {"first": [first], "second": [second], "both": [first, second]}[which]

    def inserted(self, offer: Offer) -> bool:
        try:
            process: Any = self.city.reserve(offer)
        except Overtaken:
            return False
        assert process["slotCount"] == len(offer.slots)
        identity = {name: process[name] for name in ("processId", "authKey")}
        self.cases.append(Case(offer.office.id, offer.slots, identity, self.now))
        return True

    def of(self, *states: str) -> list[Case]:
        return [case for case in self.cases if case.state in states]

    @precondition(lambda self: self.of("reserved"))
    @rule(data=st.data())
    def updates_and_preconfirms(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self.of("reserved")))
        contact = {"familyName": "Resi Huber", "email": NOBODY}
        self.city.update(case.identity | contact)
        answer = self.city.preconfirm(case.identity)
        assert answer["status"] == "preconfirmed"
        case.state = "preconfirmed"

    @precondition(lambda self: self.of("reserved", "preconfirmed"))
    @rule(data=st.data())
    def confirms(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self.of("reserved", "preconfirmed")))
        assert self.city.confirm(case.identity, "a")["status"] == "confirmed"
        case.state = "confirmed"

    @precondition(lambda self: self.of("reserved", "preconfirmed", "confirmed"))
    @rule(data=st.data())
    def cancels(self, data: st.DataObject) -> None:
        live = self.of("reserved", "preconfirmed", "confirmed")
        case = data.draw(st.sampled_from(live))
        answer: Any = self.city.cancel(case.identity)
        case.identity["authKey"] = answer["authKey"]
        case.state = "blocked" if case.state == "reserved" else "deleted"
        case.ended_at = self.now

    @rule(
        seconds=st.one_of(
            st.integers(1, 59),
            st.sampled_from([60, 300, 899, 900, 901, 1800, 3600]),
        )
    )
    def time_passes(self, seconds: int) -> None:
        self.city.advance(seconds)
        for case in self.cases:
            if case.state in ("confirmed", "over"):
                continue
            if self.due(case) <= self.now:
                self.is_over(case)
            elif case.state != "blocked":
                self.is_there(case)

    def due(self, case: Case) -> float:
        """Give the run of the minute jobs with which a case is over."""
        scope = self.city.catalogue.offices[case.office].scope
        assert scope is not None
        minutes = {
            "reserved": scope.reservation,
            "preconfirmed": scope.activation,
            "deleted": scope.hidden.deallocation,
            "blocked": 0,
        }[case.state]
        live = case.state in ("reserved", "preconfirmed")
        since = case.reserved_at if live else case.ended_at
        if case.state == "blocked":
            return (since // MINUTE + 1) * MINUTE
        due = _run_after(since + minutes * MINUTE)
        # Somebody who preconfirmed late may have overslept both clocks by then.
        return max(due, (since // MINUTE + 1) * MINUTE)

    def is_over(self, case: Case) -> None:
        found = self.city.book.get(case.identity["processId"])
        assert found is not None
        assert found.returned
        if case.state in ("reserved", "preconfirmed"):
            assert found.ended_at == self.due(case)
        if case.state != "blocked":
            with pytest.raises(Refusal, match="appointmentNotFound"):
                self.city.appointment(case.identity, "a")
        case.state, case.starts = "over", ()

    def is_there(self, case: Case) -> None:
        shown = self.city.appointment(case.identity, "a")
        assert shown["status"] == case.state

    def held(self) -> Counter[Place]:
        return Counter(
            (case.office, start)
            for case in self.cases
            if case.state != "over"
            for start in case.starts
        )

    @invariant()
    def nothing_is_lost_and_nothing_is_double(self) -> None:
        """Free + held + waiting to return is what was released, for every slot."""
        held = self.held()
        for place, capacity in self.released.items():
            slot = self.city.stock.slot(*place)
            assert slot is not None
            assert slot.capacity == capacity
            assert 0 <= slot.free == capacity - held[place]
            assert len(slot.holders) == len(set(slot.holders))

    @invariant()
    def calendar_shows_each_shared_time_once(self) -> None:
        query = {
            "startDate": "2026-11-24",
            "endDate": "2026-11-24",
            "officeIds": f"{RUPPERT},{AUSBILDUNG}",
            "serviceIds": "1080843",
            "serviceCounts": "1",
        }
        held = self.held()
        days: Any = self.city.available_calendar(query, "a")["availableDays"]
        shown = [
            (int(owner["officeId"]), start)
            for day in days
            for owner in day["offices"]
            for start in owner["appointments"]
            if start >= EVENING
        ]
        free = {
            place[1]
            for place, capacity in self.released.items()
            if place[0] != KFZ and held[place] < capacity
        }
        assert sorted(start for _, start in shown) == sorted(free)
        for place in shown:
            assert held[place] < self.released[place]


class CitizensOfALivingCity(Citizens):
    """The same where the programme runs: it must not touch what is theirs."""

    living = True

    @invariant()
    def what_the_programme_released_is_free_or_somebodys(self) -> None:
        """Free + taken + waiting to return: nobody unknown holds anything."""
        living = self.city.living
        assert living is not None
        somebody = living.holding()
        for _, slot in self.city.stock.slots():
            assert slot.free >= 0
            assert len(slot.holders) == len(set(slot.holders))
            if slot.origin is Origin.PROGRAMME and slot.start > self.now:
                assert somebody.issuperset(slot.holders)


_SETTINGS = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

TestCitizens = Citizens.TestCase
TestCitizens.settings = _SETTINGS

TestCitizensOfALivingCity = CitizensOfALivingCity.TestCase
TestCitizensOfALivingCity.settings = settings(_SETTINGS, max_examples=15)
