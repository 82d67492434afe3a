"""What asking is worth: rates, lives, echoes, siblings and ticks, as observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from mta_core.domain.catalogue import Terms
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.learning import Part
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    a_catalogue,
    a_service,
    a_subscription,
    an_office,
    days,
    wanting,
)
from tests.unit.polling.learning.town import (
    EVEN,
    Asking,
    Town,
    a_town,
    asked,
    one_each,
    seconds,
)


def part(asking: Asking, services: str = "1") -> Part:
    [found] = asking.about(services).parts
    return found


def together(*pairs: tuple[str, int]) -> Sequence[Subscription]:
    """One citizen for each pair of services and office."""
    return [
        a_subscription(number, services=services, wishes=wanting(office))
        for number, (services, office) in enumerate(pairs, 1)
    ]


# Rates and lives


@pytest.mark.parametrize(("life", "every"), [(60.0, 100.0), (600.0, 60.0)])
def test_rates_and_lives_are_corrected_for_what_was_never_seen(
    life: float, every: float
) -> None:
    """Where questions are rare most slots come and go unseen."""
    random, asking = Random(7), Asking(Town(), together(("1", 1)))
    gap, born = 400.0, NOW
    for _ in range(1500):
        while born <= asking.now + seconds(every):
            born += seconds(random.expovariate(1 / gap))
            asking.town.free(born, lasting=random.expovariate(1 / life))
        asking.ask()
        asking.now += seconds(every)
    assert part(asking).life == pytest.approx(life, rel=0.3)
    assert part(asking).rate == pytest.approx(3600 / gap, rel=0.3)


def test_what_shows_more_slots_is_asked_more_often() -> None:
    random, asking = Random(3), Asking(Town(), one_each(*"123456"))
    for _ in range(60):
        at = NOW + seconds(random.uniform(0, 7200))
        asking.town.free(at, "5", 5, lasting=90)
    asking.times(600)
    counts = Counter(asked(asking.times(600)))
    assert counts["5"] > 2 * max(counts[other] for other in "12346")
    assert part(asking, "5").rate > 3 * part(asking, "1").rate
    assert part(asking, "5").life < part(asking, "1").life


def test_the_sum_over_all_offices_counts_each_by_those_who_wait_there() -> None:
    """Two who take either office, and one who takes the second one only."""
    both = [a_subscription(n, wishes=wanting(1, 2)) for n in (5, 6)]
    asking = Asking(Town(), [*together(("1", 2)), *both])
    asking.times(2)
    asking.now += MINUTE
    asking.next()
    question = asking.about("1")
    assert {int(p.office): p.waiting for p in question.parts} == {1: 2, 2: 3}
    one, two = sorted(question.parts, key=lambda p: p.waiting)
    assert two.worth == pytest.approx(1.5 * one.worth, rel=0.01)
    assert question.worth == pytest.approx(one.worth + two.worth)
    assert one.worth == max(one.worth, 0) > 0


def test_worth_grows_while_nobody_looks_and_is_nothing_right_after() -> None:
    asking, worths = Asking(Town(), together(("1", 1))), []
    asking.times(1)
    for _ in range(5):
        worths.append(asking.about("1").worth)
        asking.now += MINUTE
    assert worths == sorted(worths)
    asking.ask()
    assert asking.about("1").worth == 0


# Echoes: a reservation that is not continued lapses (contract 8)


@pytest.mark.parametrize("hold", [5, 15, 30])
def test_what_was_taken_may_come_back_when_its_reservation_lapses(hold: int) -> None:
    """After as many minutes as the city holds it at that office."""
    asking = Asking(
        Town(), together(("1", 1)), catalogue=a_town(1, reservation_minutes=hold)
    )
    asking.times(2)
    asking.town.free(asking.now, count=1, lasting=30)
    asking.times(10)
    coming = asking.planner.outlook(asking.now, 45)
    gone = NOW + seconds(42)
    back = (gone + hold * MINUTE - asking.now.replace(second=0)) // MINUTE
    assert coming.index(max(coming)) in (back, back + 1)
    usual = sorted(coming)[len(coming) // 2]
    assert all(n > 1.5 * usual for n in coming[back : back + 2])
    assert coming[back - 3] == pytest.approx(usual, rel=0.05)
    assert coming[back + 3] == pytest.approx(usual, rel=0.05)


def test_that_is_when_it_is_asked_more_often() -> None:
    """Two offices with the same history, but one holds what is reserved for longer."""
    offices = [an_office(n, terms=Terms(reservation_minutes=5 * n)) for n in (1, 2)]
    catalogue = a_catalogue(*offices, services=[a_service(1), a_service(2)])
    asking = Asking(Town(), one_each(*"12"), catalogue=catalogue)
    asking.times(4)
    for number in (1, 2):
        asking.town.free(asking.now, str(number), number, lasting=30, count=3)
    gone = asking.now + seconds(30)
    for minutes, more, less in ((5, "1", "2"), (10, "2", "1")):
        asking.until(gone + minutes * MINUTE)
        counts = Counter(asked(asking.until(asking.now + 2 * MINUTE)))
        assert counts[more] > 1.5 * counts[less]


def test_how_often_it_really_comes_back_is_learnt() -> None:
    """Where everything that is taken comes back, more is expected than where nothing
    does."""

    def expected(*, returns: bool) -> float:
        catalogue = a_town(1, reservation_minutes=5)
        asking = Asking(Town(), together(("1", 1)), catalogue=catalogue)
        asking.times(2)
        for _ in range(12):
            begin = asking.now
            asking.town.free(begin, lasting=60)
            if returns:
                asking.town.free(begin + seconds(60 + 300 + 20), lasting=3600)
            asking.until(begin + 15 * MINUTE)
            asking.town.stays.clear()
            asking.until(begin + 25 * MINUTE)
        asking.town.free(asking.now, lasting=60)
        asking.until(asking.now + 2 * MINUTE)
        coming = asking.planner.outlook(asking.now, 10)
        return max(coming) - min(coming)

    assert expected(returns=True) > 3 * expected(returns=False) > 0


# Siblings: one counter serves several services


def test_a_hit_at_one_service_raises_the_others_of_the_office() -> None:
    asking = Asking(Town(), together(("1", 1), ("2", 1), ("3", 2)))
    asking.times(6)
    asking.town.free(asking.now, "1", 1)
    before = {n: asking.about(n).worth for n in "23"}
    while asking.outcomes[-1].probe.services.ids != (1,):
        asking.ask()
        asking.now += EVEN
    raised = {n: part(asking, n).batch for n in "123"}
    assert raised["2"] > 0
    assert raised["1"] == raised["3"] == 0
    assert asking.about("2").worth > before["2"]
    probe = asking.next()
    assert probe is not None
    assert probe.services.ids == (2,)


def test_how_much_is_learnt_from_what_then_appears_there() -> None:
    def raised(*, shared: bool) -> float:
        asking = Asking(Town(), together(("1", 1), ("2", 1)))
        asking.times(4)
        for _ in range(15):
            asking.town.free(asking.now, "1", lasting=60)
            if shared:
                asking.town.free(asking.now, "2", lasting=60)
            asking.times(40)
        asking.town.free(asking.now, "1")
        while not part(asking, "2").batch and not part(asking, "1").batch:
            asking.times(1)
        return part(asking, "2").batch + part(asking, "1").batch

    assert raised(shared=True) > 2 * raised(shared=False) > 0


def test_a_batch_raises_nobody() -> None:
    """Its minute is known to all of the office: that is where it is expected."""
    asking = Asking(Town(), together(("1", 1), ("2", 1)))
    asking.times(4)
    asking.town.free(asking.now, "1", count=12)
    asking.times(1)
    assert part(asking, "1").batch == part(asking, "2").batch == 0


# What is to come


def test_the_outlook_counts_those_who_wait() -> None:
    few, many = (
        Asking(Town(), [a_subscription(n, wishes=wanting(1)) for n in range(size)])
        for size in (1, 5)
    )
    outlooks = []
    for asking in (few, many):
        asking.ask()
        outlooks.append(asking.planner.outlook(asking.now, 4))
    assert outlooks[1] == pytest.approx([5 * each for each in outlooks[0]])
    assert min(outlooks[0]) > 0


def test_the_outlook_knows_the_hours_of_the_day() -> None:
    """For three days slots have come in the morning, and none in the evening."""
    random, asking = Random(5), Asking(Town(), together(("1", 1)))
    for day in range(3):
        morning = NOW + day * 24 * 60 * MINUTE
        for _ in range(60):
            asking.town.free(morning + seconds(random.uniform(0, 3600)), lasting=200)
        for begin in (morning, morning + 600 * MINUTE):
            asking.now = begin
            asking.until(begin + 60 * MINUTE, every=MINUTE)
    busy, quiet = (  # in minutes without releases
        min(asking.planner.outlook(NOW + days(3) + hours * 60 * MINUTE, 30))
        for hours in (0, 10)
    )
    assert busy > 1.5 * quiet > 0
