"""Messages to citizens, and what they do once they have noticed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Generic, TypeVar

import attrs

from bench.citizens.page import Visit
from bench.citizens.people import Citizen
from bench.citizens.world import World
from mta_practice.clock import munich_day

News = TypeVar("News")
Done = Callable[[bool], None]


@attrs.define(eq=False)
class Messages(Generic[News]):
    """Delivers news. Whoever has not looked yet finds all of it when they do.

    Attributes:
        act: what a citizen does with the news; it is told whether that was any good.
    """

    world: World
    act: Callable[[Citizen, Sequence[News], Done], None]
    _unread: dict[int, list[News]] = attrs.field(factory=dict, init=False)
    _busy: set[int] = attrs.field(factory=set, init=False)
    _vain: Counter[tuple[int, date]] = attrs.field(factory=Counter, init=False)

    def tell(self, citizen: Citizen, news: Sequence[News]) -> None:
        """Send a message."""
        self.world.tally.messages += 1
        if citizen.number in self._unread:
            self._unread[citizen.number] += news
            return
        self._unread[citizen.number] = list(news)
        came = self.world.timeline.now + self.world.assume.delivery
        acts = self.world.habits.notices(citizen, came)
        self.world.timeline.at(acts, partial(self._read, citizen))

    def _read(self, citizen: Citizen) -> None:
        news = self._unread.pop(citizen.number)
        if not citizen.looking or citizen.number in self._busy:
            return
        day = munich_day(self.world.timeline.now)
        if self._vain[citizen.number, day] >= self.world.assume.futile:
            return
        self.world.tally.acted += 1
        self._busy.add(citizen.number)
        self.act(citizen, news, partial(self._judge, citizen))

    def _judge(self, citizen: Citizen, good: bool) -> None:
        self._busy.discard(citizen.number)
        if not good:
            self.world.tally.in_vain += 1
            self._vain[citizen.number, munich_day(self.world.timeline.now)] += 1


def go_to_page(world: World, citizen: Citizen, _: Sequence[object], done: Done) -> None:
    """Follow a message's link to the city's page and look for anything that suits."""
    now = world.timeline.now
    way = world.habits.by_hand(world.assume.reach_page, citizen, now, "way")
    visit = Visit(world, citizen, now + way + world.assume.linger, done)
    world.timeline.at(now + way, visit.begin)
