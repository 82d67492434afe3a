"""The booking state machine under random citizens and passing time (contract 4)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
)

from mta_practice import City, PracticeSettings
from mta_practice.appointments import LIVE, Appointment, Book, End, IllegalMove, State
from mta_practice.errors import Refusal
from tests.unit.practice.support import KIRCHENAUSTRITT, MINUTE, STANDESAMT, START, at

NINE = at(26, 9)
Identity = dict[str, Any]


def _an_appointment(state: State) -> Appointment:
    city = City(PracticeSettings(stepped=True, start=START))
    return Appointment(
        process_id=12345,
        auth_key="ab12",
        office=city.catalogue.offices[STANDESAMT],
        counts=((KIRCHENAUSTRITT, 1),),
        timestamp=NINE,
        slots=(NINE,),
        display_number="12345",
        reserved_at=START,
        state=state,
    )


@pytest.mark.parametrize(
    ("state", "ways"),
    [
        (State.RESERVED, "preconfirmed confirmed blocked lapsed"),
        (State.PRECONFIRMED, "confirmed deleted lapsed"),
        (State.CONFIRMED, "deleted"),
        (State.DELETED, ""),
        (State.BLOCKED, ""),
        (State.LAPSED, ""),
    ],
)
def test_only_the_ways_of_the_table_exist(state: State, ways: str) -> None:
    item = _an_appointment(state)
    for target in State:
        if target in ways.split():
            assert item.moved(target).state is target
        else:
            with pytest.raises(IllegalMove, match=f"{state} -> {target}"):
                item.moved(target)


def test_process_ids_are_drawn_until_one_is_new() -> None:
    class Chance:
        drawn = iter([12345, 12345, 54321])

        def randint(self, low: int, high: int) -> int:
            return next(self.drawn)

    book = Book(Chance())  # type: ignore[arg-type]
    book.write(_an_appointment(State.RESERVED))
    assert book.new_id() == 54321


class Citizens(RuleBasedStateMachine):
    """Three slots, any number of citizens, and a clock."""

    known = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.city = City(PracticeSettings(stepped=True, start=START))
        self.starts = [NINE, NINE + 300, NINE + 600]
        self.city.open(
            {
                "officeId": STANDESAMT,
                "serviceId": KIRCHENAUSTRITT,
                "starts": self.starts,
            }
        )

    @rule(target=known, turn=st.integers(0, 2))
    def reserve(self, turn: int) -> Any:
        body = {
            "timestamp": self.starts[turn],
            "officeId": STANDESAMT,
            "serviceId": [KIRCHENAUSTRITT],
        }
        try:
            answer = self.city.reserve(self.city.look_up(body, "a"))
        except Refusal as caught:
            refusal = caught
        else:
            return {name: answer[name] for name in ("processId", "authKey")}
        assert refusal.keys == ("appointmentNotAvailable",)
        return multiple()

    @rule(identity=known, mail=st.sampled_from(["a@b.de", "c@d.de"]))
    def update(self, identity: Identity, mail: str) -> None:
        body = {**identity, "familyName": "Resi", "email": mail}
        self._ask(lambda: self.city.update(body))

    @rule(identity=known)
    def preconfirm(self, identity: Identity) -> None:
        self._ask(lambda: self.city.preconfirm(identity))

    @rule(identity=known)
    def confirm(self, identity: Identity) -> None:
        self._ask(lambda: self.city.confirm(identity, "a"))

    @rule(identity=known)
    def cancel(self, identity: Identity) -> None:
        self._ask(lambda: self.city.cancel(identity))

    @rule(seconds=st.sampled_from([1, 59, MINUTE, 15 * MINUTE, 60 * MINUTE]))
    def time_passes(self, seconds: int) -> None:
        self.city.advance(seconds)

    def _ask(self, act: Any) -> None:
        """Whatever the city says to it: the invariants judge what came of it."""
        with suppress(Refusal):
            act()

    @invariant()
    def every_slot_is_free_or_held_by_one_who_may(self) -> None:
        holders = [self.city.stock.holder_of(STANDESAMT, slot) for slot in self.starts]
        items = {item.process_id: item for item in self.city.book.all()}
        held = [holder for holder in holders if holder is not None]
        assert len(set(held)) == len(held)
        assert all(not items[holder].returned for holder in held)
        live = {item.process_id for item in items.values() if item.state in LIVE}
        assert live <= set(held)

    @invariant()
    def nothing_outlives_its_clock(self) -> None:
        now = self.city.clock.now()
        for item in self.city.book.all():
            age = now - item.reserved_at
            if item.state is State.RESERVED:
                assert age < (15 + 1) * MINUTE
            if item.state is State.PRECONFIRMED:
                assert age < (60 + 1) * MINUTE
            assert (item.end is None) == (item.ended_at is None)
            assert (item.end is None) == (item.state in LIVE)
            assert (item.state is State.LAPSED) == (
                item.end in (End.RESERVATION_EXPIRED, End.ACTIVATION_EXPIRED)
            )

    @invariant()
    def mail_limit_holds_for_the_preconfirmed(self) -> None:
        waiting = [
            item.email
            for item in self.city.book.all()
            if item.state is State.PRECONFIRMED and item.has_own_email
        ]
        assert len(set(waiting)) == len(waiting)


Citizens.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None
)
TestCitizens = Citizens.TestCase
