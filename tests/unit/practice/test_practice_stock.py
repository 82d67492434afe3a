from __future__ import annotations

from mta_practice.stock import Batch, Origin, Stock


def test_opening_a_known_slot_again_adds_nothing() -> None:
    stock = Stock()
    assert stock.open(1, [100, 200]) == [100, 200]
    assert stock.open(1, [200, 300]) == [300]


def test_chain_needs_every_slot_free_and_consecutive() -> None:
    stock = Stock()
    stock.open(1, [0, 300, 600, 1200])
    assert stock.chain(1, 0, 3, 300) == (0, 300, 600)
    assert stock.chain(1, 300, 3, 300) is None
    assert stock.chain(1, 0, 0, 300) is None
    assert stock.chain(2, 0, 1, 300) is None


def test_taking_is_all_or_none() -> None:
    stock = Stock()
    stock.open(1, [0, 300])
    assert not stock.take(1, (0, 300, 600), holder=7)
    assert stock.free_starts(1, -1) == [0, 300]
    assert stock.take(1, (0, 300), holder=7)
    assert not stock.take(1, (300,), holder=8)
    assert stock.holder_of(1, 300) == 7


def test_only_the_holder_can_release() -> None:
    stock = Stock()
    stock.open(1, [0])
    stock.take(1, (0,), holder=7)
    assert stock.release(1, (0, 300), holder=8) == []
    assert stock.release(1, (0, 300), holder=7) == [0]
    assert stock.free_starts(1, -1) == [0]


def test_free_starts_lie_after_the_given_instant() -> None:
    stock = Stock()
    stock.open(1, [600, 0, 300])
    assert stock.free_starts(1, 0) == [300, 600]


def test_dropping_leaves_held_slots_alone() -> None:
    stock = Stock()
    stock.open(1, [0, 300])
    stock.open(2, [0], Origin.PROGRAMME)
    stock.take(1, (0,), holder=7)
    assert stock.drop_free() == 2
    assert stock.holder_of(1, 0) == 7
    assert stock.holder_of(1, 300) is None


def test_dropping_before_a_limit_includes_the_limit() -> None:
    stock = Stock()
    stock.open(1, [0, 300, 301])
    assert stock.drop_free_before(300) == 2
    assert stock.free_starts(1, -1) == [301]


def test_what_is_given_back_too_late_is_dropped_by_the_next_run() -> None:
    stock = Stock()
    stock.open(1, [600])
    stock.take(1, (600,), holder=7)
    assert stock.drop_free_before(600) == 0
    assert stock.release(1, (600,), holder=7) == [600]
    assert stock.free_starts(1, 0) == [600]
    assert stock.drop_free_before(601) == 1
    assert stock.free_starts(1, 0) == []


def test_held_slots_are_forgotten_an_hour_after_their_start() -> None:
    stock = Stock()
    stock.open(1, [600])
    stock.take(1, (600,), holder=7)
    stock.drop_free_before(600 + 3599)
    assert stock.holder_of(1, 600) == 7
    assert stock.drop_free_before(600 + 3600) == 0
    assert stock.slot(1, 600) is None
    assert stock.release(1, (600,), holder=7) == []


def test_a_full_slot_may_get_room_for_more() -> None:
    stock = Stock()
    assert stock.add(Batch(1, (0, 0, 300), capacity=2)) == [0, 300]
    assert stock.take(1, (0, 300), holder=7)
    assert stock.take(1, (0,), holder=8)
    assert not stock.take(1, (0, 300), holder=9)
    assert stock.add(Batch(1, (0, 300), capacity=3)) == [0]
    assert stock.take(1, (0, 300), holder=9)
    assert stock.holders_of(1, 0) == (7, 8, 9)


def test_one_who_watches_is_told_of_each_slot_that_becomes_free() -> None:
    stock = Stock()
    stock.open(1, [0])
    freed = stock.watch()
    stock.open(1, [0, 300])
    stock.take(1, (0,), holder=7)
    stock.release(1, (0,), holder=7)
    assert freed == [(1, 300), (1, 0)]


def test_a_free_slot_belongs_to_whoever_opened_it_by_hand() -> None:
    stock = Stock()
    stock.open(1, [0, 300], Origin.PROGRAMME)
    stock.take(1, (300,), holder=-1)
    assert stock.open(1, [0, 300]) == []
    origins = {slot.start: slot.origin for _, slot in stock.slots()}
    assert origins == {0: Origin.OPENING, 300: Origin.PROGRAMME}
    stock.open(1, [0], Origin.PROGRAMME)
    assert next(slot.origin for _, slot in stock.slots()) is Origin.OPENING
