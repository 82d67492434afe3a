from __future__ import annotations

from mta_practice.stock import Origin, Stock


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
