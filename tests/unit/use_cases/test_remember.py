"""What watching has taught is kept every few minutes, and lost by no failure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.errors import StorageConflict, StorageUnavailable
from mta_core.testing import FakeClock, InMemoryStore
from mta_core.use_cases.remember import EVERY, FORGET_AFTER, Documents, Remember

MINUTE = timedelta(minutes=1)


@attrs.define
class Pupil:
    """Learns by heart what it is told, and writes down what is new."""

    name: str
    fresh: dict[str, int] = attrs.field(factory=dict)
    recalled: Documents = attrs.field(factory=dict)

    def hear(self, thing: str, number: int) -> None:
        self.fresh[f"{self.name}/{thing}"] = number

    def documents(self) -> Documents:
        fresh, self.fresh = self.fresh, {}
        return {thing: {"n": number} for thing, number in fresh.items()}

    def recall(self, documents: Documents) -> None:
        self.recalled = documents


@attrs.define
class School:
    """Two pupils, and the store in which it is kept what they know."""

    clock: FakeClock = attrs.field(factory=FakeClock)
    store: InMemoryStore = attrs.field(factory=InMemoryStore)
    one: Pupil = attrs.field(factory=lambda: Pupil("one"))
    two: Pupil = attrs.field(factory=lambda: Pupil("two"))
    remember: Remember = attrs.field(init=False)

    @remember.default
    def _both(self) -> Remember:
        return Remember(self.store, [self.one, self.two], self.clock)

    async def after(self, time: timedelta, *, now: bool = False) -> None:
        await self.clock.advance(time.total_seconds())
        await self.remember(now=now)

    async def kept(self) -> Mapping[str, Any]:
        async with self.store.snapshot() as tx:
            return await tx.learnt.everything()


@pytest.fixture
def school() -> School:
    return School()


async def test_it_is_kept_every_five_minutes(school: School) -> None:
    await school.remember()
    school.one.hear("a", 1)
    for _ in range(4):
        await school.after(MINUTE)
    assert await school.kept() == {}
    assert school.store.commits == 1
    await school.after(MINUTE)
    assert await school.kept() == {"one/a": {"n": 1}}
    await school.after(EVERY - MINUTE)
    assert school.store.commits == 2


async def test_at_the_end_it_is_kept_at_once(school: School) -> None:
    await school.remember()
    school.one.hear("a", 1)
    school.two.hear("b", 2)
    await school.after(MINUTE, now=True)
    assert await school.kept() == {"one/a": {"n": 1}, "two/b": {"n": 2}}


async def test_what_is_new_takes_the_place_of_what_is_old(school: School) -> None:
    for number in (1, 2):
        school.one.hear("a", number)
        await school.after(EVERY)
    assert await school.kept() == {"one/a": {"n": 2}}


@pytest.mark.parametrize("error", [StorageUnavailable(), StorageConflict()])
async def test_what_could_not_be_kept_is_kept_the_next_time(
    school: School, error: StorageUnavailable | StorageConflict
) -> None:
    await school.remember()
    school.one.hear("a", 1)
    school.one.hear("b", 1)
    school.store.fail(error)
    with pytest.raises(type(error)):
        await school.after(EVERY)
    school.one.hear("b", 2)
    school.two.hear("c", 3)
    await school.after(MINUTE)
    assert await school.kept() == {
        "one/a": {"n": 1},
        "one/b": {"n": 2},
        "two/c": {"n": 3},
    }


async def test_nor_is_it_lost_while_there_is_no_database(school: School) -> None:
    school.store.unavailable = True
    for number in range(3):
        school.one.hear(f"a{number}", number)
        with pytest.raises(StorageUnavailable):
            await school.after(MINUTE)
    school.store.unavailable = False
    await school.after(MINUTE, now=True)
    assert len(await school.kept()) == 3


async def test_what_was_kept_is_written_no_second_time(school: School) -> None:
    """Or what is never heard of again would never be forgotten."""
    school.one.hear("a", 1)
    await school.remember()
    await school.after(FORGET_AFTER - MINUTE)
    assert await school.kept() == {"one/a": {"n": 1}}
    await school.after(EVERY)
    assert await school.kept() == {}


async def test_what_nobody_asks_about_is_forgotten_after_ninety_days(
    school: School,
) -> None:
    school.one.hear("old", 1)
    school.one.hear("dear", 1)
    await school.remember()
    await school.clock.advance(timedelta(days=60).total_seconds())
    school.one.hear("dear", 2)
    await school.remember()
    await school.after(timedelta(days=30) + MINUTE)
    assert await school.kept() == {"one/dear": {"n": 2}}


async def test_after_a_restart_everybody_reads_everything(school: School) -> None:
    """Each knows its own documents by their names."""
    school.one.hear("a", 1)
    school.two.hear("b", 2)
    await school.remember()
    again = School(school.clock, school.store)
    await again.remember.recall()
    wanted = {"one/a": {"n": 1}, "two/b": {"n": 2}}
    assert again.one.recalled == again.two.recalled == wanted


async def test_where_nothing_was_kept_there_is_nothing_to_read(school: School) -> None:
    school.one.recalled = {"rest": {}}
    await school.remember.recall()
    assert school.one.recalled == {}


async def test_what_cannot_be_read_is_said(school: School) -> None:
    school.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await school.remember.recall()
    assert school.one.recalled == {}


async def test_a_clock_that_is_set_back_does_not_stop_it(school: School) -> None:
    await school.remember()
    school.clock.jump(-timedelta(days=1).total_seconds())
    school.one.hear("a", 1)
    await school.after(EVERY)
    assert await school.kept() == {"one/a": {"n": 1}}
