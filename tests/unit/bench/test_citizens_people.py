"""The simulated citizens: the same for every means, asleep at night, and human."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from bench.citizens.assumptions import Assumptions
from bench.citizens.messages import Done, Messages
from bench.citizens.page import Visit
from bench.citizens.people import Citizen, by_service
from bench.citizens.world import World
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_practice.clock import munich_instant
from tests.unit.bench.citizens_town import (
    MORNING,
    SERVICE,
    a_citizen,
    a_drawn_world,
    a_world,
    open_slots,
)

MINUTE = 60.0
DAY = 86_400.0
NIGHT = float(munich_instant(date(2026, 11, 2), 23 * 60 + 30))
WAKES = float(munich_instant(date(2026, 11, 3), 7 * 60))


def test_they_are_the_same_for_every_means() -> None:
    booked, told = (a_drawn_world(mode).people for mode in (Mode.BOOK, Mode.TELL))
    assert [(c.wish.services, c.wish.wishes, c.arrives) for c in booked] == [
        (c.wish.services, c.wish.wishes, c.arrives) for c in told
    ]


def test_they_want_what_can_be_had_where_they_would_go() -> None:
    world = a_drawn_world(citizens=300)
    for citizen in world.people:
        able = world.town.catalogue.able(citizen.wish.services)
        assert citizen.offices
        assert citizen.offices <= able
        assert citizen.checked == all(
            map(world.town.catalogue.is_checked, citizen.offices)
        )


def test_few_services_are_wanted_by_many() -> None:
    groups = by_service(a_drawn_world(citizens=1_000).people)
    sizes = sorted(map(len, groups.values()), reverse=True)
    harmonic = sum(1 / rank for rank in range(1, 26))  # 25 services, Zipf's exponent 1
    assert sizes[0] == pytest.approx(1_000 / harmonic, rel=0.2)
    assert sizes[1] == pytest.approx(500 / harmonic, rel=0.25)


def test_they_wait_once_they_have_come_and_until_they_have_it() -> None:
    world = a_drawn_world()
    assert world.waiting == {}
    world.timeline.run(world.people[0].arrives)
    assert sum(map(len, world.waiting.values())) == 1


def test_asleep_they_act_in_the_morning() -> None:
    world = a_world(citizen := a_citizen())
    assert world.habits.awake(citizen, NIGHT) == WAKES
    assert world.habits.awake(citizen, MORNING) == MORNING
    assert world.habits.notices(citizen, NIGHT) > WAKES
    before_dawn = WAKES - 2 * 3600
    assert world.habits.awake(citizen, before_dawn) == WAKES


def test_half_of_them_act_within_the_median() -> None:
    people = [a_citizen(number) for number in range(2_000)]
    habits = a_world().habits
    waits = [habits.notices(citizen, MORNING) - MORNING for citizen in people]
    quick = sum(wait <= Assumptions().reaction for wait in waits)
    assert quick / len(people) == pytest.approx(0.5, abs=0.03)


def test_some_never_open_the_mail() -> None:
    people = [a_citizen(number) for number in range(2_000)]
    habits = a_world().habits
    opened = [habits.opens_mail(citizen, MORNING) for citizen in people]
    assert opened.count(None) / len(people) == pytest.approx(0.05, abs=0.015)


def visit(world: World, seconds: float = 600.0) -> list[bool]:
    """Have the first citizen visit the page, and return what came of it."""
    said: list[bool] = []
    now = world.timeline.now
    Visit(world, world.people[0], now + seconds, said.append).begin()
    return said


def test_a_visitor_books_what_suits_and_opens_the_mail() -> None:
    world = a_world(citizen := a_citizen(), forgets=0.0, mail_sigma=0.1)
    open_slots(world.town, MORNING, [0])
    said = visit(world)
    world.timeline.run(MORNING + 15 * MINUTE)
    assert said == [True]
    assert citizen.confirmed_at is not None
    assert citizen.confirmed_at > MORNING + world.assume.form
    assert world.waiting == {SERVICE: []}


def test_a_visitor_who_finds_nothing_reloads_until_the_time_is_over() -> None:
    world = a_world(a_citizen())
    said = visit(world)
    world.timeline.run(MORNING + DAY)
    assert said == [False]
    assert world.tally.asked == 31  # at once, and every 20 s for 10 minutes


def test_a_visitor_takes_nothing_that_does_not_suit() -> None:
    world = a_world(a_citizen(wishes=Wishes(hours=Hours.parse("13-19"))))
    open_slots(world.town, MORNING, [0, 20])
    said = visit(world)
    world.timeline.run(MORNING + DAY)
    assert said == [False]
    assert world.tally.tries == 0


def test_who_was_sent_many_messages_in_vain_ignores_the_others_that_day() -> None:
    acted: list[float] = []
    world = a_world(citizen := a_citizen(), reaction=1.0, reaction_sigma=0.1)

    def act(_: Citizen, __: Sequence[int], done: Done) -> None:
        acted.append(world.timeline.now)
        done(False)

    messages = Messages(world, act)
    for _ in range(20):
        messages.tell(citizen, [0])
        world.timeline.run(world.timeline.now + MINUTE)
    assert len(acted) == world.assume.futile
    world.timeline.run(MORNING + DAY)
    messages.tell(citizen, [0])
    world.timeline.run(MORNING + DAY + MINUTE)
    assert len(acted) == world.assume.futile + 1


def test_who_has_not_looked_yet_finds_all_news_at_once() -> None:
    read: list[list[int]] = []
    world = a_world(citizen := a_citizen())
    messages: Messages[int] = Messages(
        world, lambda _, news, done: read.append(list(news))
    )
    messages.tell(citizen, [1])
    messages.tell(citizen, [2, 3])
    world.timeline.run(MORNING + DAY)
    assert read == [[1, 2, 3]]
    assert world.tally.messages == 2
