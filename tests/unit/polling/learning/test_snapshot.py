"""What is new, what is still there and what is gone: only of what was observed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.availability import Observation, Slot
from mta_core.polling.learning.snapshot import Glimpse, Snapshot
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_probe,
    a_slot,
    a_window,
    days,
)

SPAN = 8


def a_start(day: int, number: int = 0) -> datetime:
    """Noon of a day from today on, or some minutes later."""
    return NOW + days(day) + timedelta(hours=2, minutes=number)


@attrs.frozen
class Look:
    """An answer to a question from one day on: what is free on its last observed day."""

    at: float
    first: int
    through: int
    free: frozenset[datetime] = frozenset()

    @property
    def observation(self) -> Observation:
        slots: frozenset[Slot] = frozenset(map(a_slot, self.free))
        window = a_window(self.first, self.first + 180)
        at, through = NOW + timedelta(seconds=self.at), TODAY + days(self.through)
        return Observation(a_probe(window=window), at, through, slots, {})

    def covers(self, start: datetime) -> bool:
        return self.first <= (start - a_start(0)).days <= self.through

    def shares(self, other: Look) -> bool:
        return self.first <= other.through and other.first <= self.through


def look(
    snapshot: Snapshot, at: float, first: int, through: int, *free: datetime
) -> Glimpse:
    seen = Look(at, first, through, frozenset(free))
    return snapshot.look(seen.free, seen.observation, at)


def stories() -> st.SearchStrategy[list[Look]]:
    """Answers one after the other, from any day on and as far as it may be."""

    def a_look(drawn: tuple[int, int, int, set[int]]) -> tuple[int, int, int, set[int]]:
        gap, first, length, numbers = drawn
        return gap, first, min(first + length, SPAN), numbers

    looks = st.tuples(
        st.integers(1, 600),
        st.integers(1, SPAN),
        st.integers(0, SPAN),
        st.sets(st.integers(0, 3), max_size=3),
    ).map(a_look)
    return st.lists(looks, min_size=2, max_size=10).map(_told)


def _told(looks: Sequence[tuple[int, int, int, Collection[int]]]) -> list[Look]:
    story, at = [], 0
    for gap, first, through, numbers in looks:
        at += gap
        free = frozenset(a_start(through, number) for number in numbers)
        story.append(Look(at, first, through, free))
    return story


def by_hand(before: Sequence[Look], now: Look) -> Glimpse:
    """Go through all that was ever seen, slot by slot."""
    since = max((look.at for look in before if look.shares(now)), default=None)
    if since is None:
        return Glimpse(None)
    starts = frozenset().union(*(look.free for look in (*before, now)))
    seen_at = {start: _last_seen(before, start) for start in starts}
    [latest] = [look for look in before if look.at == since]
    missing = (s for s in starts - now.free if now.covers(s))
    return Glimpse(
        since,
        sum(seen_at[s] is None and latest.covers(s) for s in now.free),
        tuple(now.at - at for s in now.free if (at := seen_at[s]) is not None),
        tuple(now.at - at for s in missing if (at := seen_at[s]) is not None),
    )


def _last_seen(before: Sequence[Look], start: datetime) -> float | None:
    """Return when a slot was last seen, unless its absence was observed since then."""
    covering = [look for look in before if look.covers(start)]
    return covering[-1].at if covering and start in covering[-1].free else None


@settings(max_examples=60)
@given(stories())
def test_only_what_was_observed_is_new_still_there_or_gone(story: list[Look]) -> None:
    snapshot = Snapshot()
    for number, seen in enumerate(story):
        found = snapshot.look(seen.free, seen.observation, seen.at)
        wanted = by_hand(story[:number], seen)
        assert (found.since, found.new) == (wanted.since, wanted.new)
        assert sorted(found.survived) == sorted(wanted.survived)
        assert sorted(found.gone) == sorted(wanted.gone)


def test_the_first_answer_teaches_nothing() -> None:
    """What is free then may have been free for weeks."""
    assert look(Snapshot(), 0, 0, 3, a_start(3)) == Glimpse(None)


def test_an_answer_is_held_against_the_one_before() -> None:
    snapshot = Snapshot()
    look(snapshot, 0, 0, 3, a_start(3), a_start(3, 1))
    found = look(snapshot, 60, 0, 3, a_start(3, 1), a_start(3, 2), a_start(3, 3))
    assert found == Glimpse(0, new=2, survived=(60,), gone=(60,))


def test_behind_an_earlier_day_nothing_is_gone_and_nothing_was_there_all_along() -> (
    None
):
    """A nearer day hides the others: they were not looked at."""
    snapshot = Snapshot()
    look(snapshot, 0, 0, 5, a_start(5))
    assert look(snapshot, 60, 0, 2, a_start(2)) == Glimpse(0, new=1)
    back = look(snapshot, 120, 0, 5, a_start(5), a_start(5, 1))
    assert back.since == 60
    assert back.survived == (120,)
    assert back.gone == (60,)
    assert not back.new, "day 5 was not observed a minute ago"


def test_days_that_were_never_looked_at_before_hold_nothing_new() -> None:
    snapshot = Snapshot()
    look(snapshot, 0, 0, 2, a_start(2))
    assert look(snapshot, 60, 3, 6, a_start(6)) == Glimpse(None)
    assert look(snapshot, 120, 3, 6, a_start(6)) == Glimpse(60, survived=(60,))


def test_a_slot_whose_time_has_come_is_not_gone() -> None:
    """Nobody took it: it says nothing about how long slots last."""
    snapshot = Snapshot()
    look(snapshot, 0, 0, 0, a_start(0), a_start(0, 3))
    later = timedelta(hours=2, minutes=1).total_seconds()
    assert look(snapshot, later, 0, 0).gone == (later,)


def test_what_is_gone_and_comes_back_is_new() -> None:
    snapshot = Snapshot()
    for at in (0, 120):
        look(snapshot, at, 0, 4, a_start(4))
        assert look(snapshot, at + 60, 0, 4).gone == (60,)
    assert look(snapshot, 300, 0, 4, a_start(4)).new == 1


def test_it_forgets_what_was_observed_long_ago_and_stays_small() -> None:
    """Each of many windows leaves a trace; the oldest ones go."""
    snapshot = Snapshot()
    for day in range(40):
        look(snapshot, day, 2 * day, 2 * day, a_start(2 * day))
    assert look(snapshot, 100, 0, 0) == Glimpse(None)
    assert look(snapshot, 101, 78, 78).gone == (62,)
