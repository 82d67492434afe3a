"""The bench's lean allotting decides as the product does, case by case."""

from __future__ import annotations

import random
from datetime import timedelta

import attrs
import pytest

from bench.citizens.lookout import Lookout, Sighting, allot
from mta_core.domain.availability import Observation, Opening, Slot
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    a_booking,
    a_calendar,
    a_catalogue,
    a_contact,
    a_probe,
    a_slot,
    a_subscription,
    a_user,
    an_id,
    an_opening,
)
from mta_core.testing.clock import NOON
from mta_core.testing.repository import InMemoryStore
from mta_core.use_cases.allot import Allotment
from mta_core.use_cases.allot import allot as product_allot
from tests.unit.bench.citizens_town import a_citizen

OFFICES = frozenset({PASING, ORLEANSPLATZ})
ASLEEP = Hours.parse("20-22")


@attrs.define
class Case:
    """Who waits for what is free.

    Attributes:
        told: who knows of which opening, by their places.
        busy: who has a booking under way.
        aimed_at: what somebody else's reserve is out for.
    """

    wishes: list[Subscription]
    openings: list[Opening]
    told: set[tuple[int, int]]
    busy: set[int]
    aimed_at: set[int]

    @classmethod
    def draw(cls, dice: random.Random) -> Case:
        wishes = [_wish(dice, number) for number in range(dice.randrange(1, 50))]
        places = [
            (day, minute, o) for day in (1, 2) for minute in (0, 15) for o in OFFICES
        ]
        openings = sorted(
            (
                an_opening(a_slot(day, minute, office=office))
                for day, minute, office in dice.sample(places, dice.randrange(1, 7))
            ),
            key=lambda opening: opening.slot,
        )
        pairs = [(n, o) for n in range(len(wishes)) for o in range(len(openings))]
        bookers = [n for n, wish in enumerate(wishes) if wish.mode is Mode.BOOK]
        return cls(
            wishes,
            openings,
            told={pair for pair in pairs if dice.random() < 0.2},
            busy={n for n in bookers if dice.random() < 0.2},
            aimed_at={o for o in range(len(openings)) if dice.random() < 0.1},
        )


def _wish(dice: random.Random, number: int) -> Subscription:
    return a_subscription(
        wishes=Wishes(
            offices=dice.choice((OFFICES, frozenset({PASING}))),
            hours=Hours.parse(dice.choice(("0-24", "9:10-24"))),
        ),
        mode=dice.choice(list(Mode)),
        mail_hours=ASLEEP if dice.random() < 0.2 else Hours.parse("7-22"),
        waiting_since=NOON - timedelta(days=1, seconds=-number),
    )


async def _by_the_product(case: Case) -> Allotment:
    async with InMemoryStore().begin() as tx:
        for number, wish in enumerate(case.wishes):
            await tx.users.save(a_user(id=wish.user, contact=a_contact()))
            await tx.subscriptions.save(wish)
            known = [case.openings[o].id for n, o in case.told if n == number]
            await tx.openings.tell(wish.user, known, an_id())
            if number in case.busy:
                # Of another day, and refused at once: it only keeps them busy.
                await tx.bookings.save(a_booking(wish, slot=a_slot(30)))
        await tx.openings.save(case.openings)
        for place in case.aimed_at:
            await tx.bookings.save(a_booking(slot=case.openings[place].slot))
        services = case.wishes[0].services
        return await product_allot(tx, services, case.openings, a_catalogue(), NOON)


def _by_the_bench(case: Case) -> tuple[list[object], list[object]]:
    people = [
        a_citizen(number, wish=wish, holding=number in case.busy)
        for number, wish in enumerate(case.wishes)
    ]
    free = [
        Sighting(opening, told={n for n, o in case.told if o == place})
        for place, opening in enumerate(case.openings)
    ]
    aimed_at = {case.openings[place].slot for place in case.aimed_at}
    takes, tells = allot(free, people, aimed_at, NOON)
    return (
        [(t.citizen.wish.user, t.best.slot, [o.slot for o in t.others]) for t in takes],
        [(t.citizen.wish.user, [s.slot for s in t.news]) for t in tells],
    )


@pytest.mark.parametrize("seed", range(40))
async def test_it_decides_as_the_product_does(seed: int) -> None:
    case = Case.draw(random.Random(seed))
    expected = await _by_the_product(case)
    takes, tells = _by_the_bench(case)
    assert takes == [
        (t.subscription.user, t.opening.slot, [o.slot for o in t.alternatives])
        for t in expected.takes
    ]
    assert tells == [
        (t.subscription.user, [o.slot for o in t.openings]) for t in expected.tells
    ]


def _see(lookout: Lookout, *slots: Slot) -> list[Sighting]:
    return lookout.see(Observation.of(a_probe(), a_calendar(*slots), NOON))


def test_it_is_another_opening_only_after_two_absences() -> None:
    lookout = Lookout()
    [first] = _see(lookout, a_slot())
    assert _see(lookout) == []
    assert _see(lookout, a_slot()) == [first]
    _see(lookout)
    assert not first.gone
    _see(lookout)
    assert first.gone
    [second] = _see(lookout, a_slot())
    assert second is not first


def test_who_let_the_mail_lie_twice_is_told_and_not_booked() -> None:
    free = [Sighting(an_opening())]
    lazy = a_citizen(1, wish=a_subscription(mode=Mode.BOOK), unopened=2)
    takes, tells = allot(free, [lazy], (), NOON)
    assert takes == []
    assert [tell.citizen for tell in tells] == [lazy]
