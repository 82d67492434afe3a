"""Offices release at a minute of theirs: it is found, followed and left alone again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import BERLIN
from mta_core.polling.learning import Part
from tests.unit.domain.builders import MINUTE, berlin, days, uid
from tests.unit.polling.learning.town import (
    Asking,
    Town,
    a_town,
    moments,
    one_each,
    seconds,
)

SIZE = 12
RARE = timedelta(minutes=10)
HOT = "3"

Rule = Callable[[date], str | None]
"""At which time of a day something is released, if at all."""


def on_weekdays(at: str) -> Rule:
    return lambda day: at if day.weekday() < 5 else None


def on_day(weekday: int, at: str) -> Rule:
    return lambda day: at if day.weekday() == weekday else None


@attrs.define
class Weeks:
    """Many questions, one of which shows a release now and then.

    It is asked evenly around some times of each day, and seldom before them. The
    second at which that begins differs from day to day, so nothing is hit by chance.
    """

    asking: Asking
    rule: Rule
    day: date
    around: Sequence[str] = ("07:00",)
    late: float = 20
    count: int = 6
    number: int = 0

    @classmethod
    def since(cls, day: str, rule: Rule, **more: Any) -> Weeks:
        services = [str(number) for number in range(1, SIZE + 1)]
        asking = Asking(
            Town(), one_each(*services), berlin(f"{day} 05:00"), catalogue=a_town(SIZE)
        )
        return cls(asking, rule, date.fromisoformat(day), **more)

    def live(self, count: int = 1) -> list[float | None]:
        """Let days pass; return for each how long its release went unseen."""
        return [self._live_a_day() for _ in range(count)]

    def _live_a_day(self) -> float | None:
        asking, at = self.asking, self.rule(self.day)
        begins = berlin(f"{self.day} 05:00")
        if asking.now < begins:
            asking.now = begins
        released = None if at is None else berlin(f"{self.day} {at}")
        if released is not None:
            released += seconds(self.late)
            asking.town.free(released, HOT, 3, count=self.count)
        before = len(asking.outcomes)
        for around in self.around:
            middle = berlin(f"{self.day} {around}")
            asking.until(middle - 2 * MINUTE - seconds(17 * self.number % 60), RARE)
            asking.until(middle + MINUTE + seconds(self.late))
        self.day += days(1)
        self.number += 1
        if released is None:
            return None
        asked = moments(asking.outcomes[before:], HOT)
        after = [at for at in asked if at >= released]
        return (after[0] - released).total_seconds() if after else 999.0

    @property
    def part(self) -> Part:
        """What is known of the pair that has releases."""
        [part] = self.asking.about(HOT).parts
        return part

    def share(self, begin: datetime, length: timedelta) -> float:
        """Return the share of questions in a span that was its own."""
        outcomes = self.asking.outcomes
        there = [o for o in outcomes if begin <= o.at < begin + length]
        return len(list(moments(there, HOT))) / len(there)


def release_of(part: Part) -> str | None:
    release = part.release
    return None if release is None else f"{release.astimezone(BERLIN):%a %H:%M}"


def quick(delays: Iterable[float | None]) -> bool:
    """Whether all that was released was seen within a quarter of a minute."""
    return all(delay is None or delay <= 15 for delay in delays)


def test_a_daily_release_minute_is_found_within_a_week() -> None:
    """12 questions take 72 s in turn: who waits for the minute sees it at once."""
    weeks = Weeks.since("2026-09-28", on_weekdays("07:00"))
    weeks.live(7)
    assert release_of(weeks.part) == "Mon 07:00"
    assert weeks.part.chance > 0.5
    assert quick(weeks.live(5))


@pytest.mark.parametrize("late", [5, 40])
def test_whatever_the_second_of_the_minute_is(late: float) -> None:
    weeks = Weeks.since("2026-09-28", on_weekdays("07:00"), late=late)
    weeks.live(7)
    assert quick(weeks.live(3))
    assert weeks.part.release is not None
    assert weeks.part.release.astimezone(BERLIN).minute == 0


@pytest.mark.parametrize("late", [0, 20])
def test_the_other_questions_have_their_share_all_the_same(late: float) -> None:
    """The minute before a release is not spent on what is not there yet."""
    weeks = Weeks.since("2026-09-28", on_weekdays("07:00"), late=late)
    weeks.live(11)
    friday = berlin("2026-10-09 07:00")
    assert quick(weeks.live())
    assert weeks.share(friday - MINUTE, MINUTE) < 0.5
    seen = friday + seconds(late + 15)
    assert weeks.share(seen, MINUTE) < 0.5, "once it was seen it is over"


def test_on_days_without_releases_it_is_asked_no_more_than_others() -> None:
    weeks = Weeks.since("2026-09-28", on_weekdays("07:00"))
    weeks.live(6)
    saturday = berlin("2026-10-03 07:00")
    assert weeks.share(saturday - 2 * MINUTE, 3 * MINUTE) < 0.3


@pytest.mark.parametrize("weekday", [2, 6])
def test_a_weekly_release_minute_is_found(weekday: int) -> None:
    weeks = Weeks.since("2026-09-28", on_day(weekday, "07:00"))
    weeks.live(14)
    assert quick(weeks.live(14))


def test_a_release_minute_that_moves_is_followed_within_a_few_days() -> None:
    """By 97 minutes, as in the polling study."""

    def rule(day: date) -> str | None:
        moved = day >= date(2026, 10, 5)
        return on_weekdays("08:37" if moved else "07:00")(day)

    weeks = Weeks.since("2026-09-28", rule, around=("07:00", "08:37"))
    assert quick(weeks.live(7)[2:])
    weeks.live(3)
    assert quick(weeks.live(2))
    assert release_of(weeks.part) is None, "there is none on a Saturday"
    weeks.live(2)
    assert release_of(weeks.part) == "Mon 08:37"


@pytest.mark.parametrize(
    ("monday", "change"), [("2026-10-19", "2026-10-26"), ("2027-03-22", "2027-03-29")]
)
def test_it_stays_the_same_minute_for_munich_when_the_clocks_change(
    monday: str, change: str
) -> None:
    weeks = Weeks.since(monday, on_weekdays("07:00"))
    weeks.live(7)
    assert weeks.part.release == berlin(f"{change} 07:00")
    assert quick(weeks.live(2))


def test_a_release_at_one_service_is_expected_at_the_others_of_the_office() -> None:
    """They share its counters (contract 8); the other offices have nothing to do
    with it."""
    town = Town()
    group = [*one_each("1", "2", office=1), *one_each("3", "4", office=2)]
    group = [attrs.evolve(w, id=uid(n)) for n, w in enumerate(group)]
    asking = Asking(town, group, berlin("2026-09-28 05:00"), catalogue=a_town(4))
    for day in range(28, 31):
        at = berlin(f"2026-09-{day} 07:00") + seconds(20)
        town.free(at, "1", 1, count=6)
        asking.now = max(asking.now, at - 5 * MINUTE)
        asking.until(at + 2 * MINUTE)
    chances = {n: asking.about(n).parts[0].chance for n in "1234"}
    assert chances["1"] > chances["2"] > 0
    assert chances["3"] == chances["4"] == 0


def test_the_more_come_at_once_the_more_it_is_worth() -> None:
    peaks = []
    for count in (3, 20):
        weeks = Weeks.since("2026-09-28", on_weekdays("07:00"), count=count)
        weeks.live(4)
        weeks.asking.now = berlin("2026-10-02 06:55")
        weeks.asking.next()
        peaks.append(max(weeks.asking.planner.outlook(weeks.asking.now, 10)))
    assert peaks[1] > 2 * peaks[0]


def test_what_comes_is_told_ahead() -> None:
    """Whoever places pauses sees when a release is due."""
    weeks = Weeks.since("2026-09-28", on_weekdays("07:00"))
    weeks.live(4)
    weeks.asking.now = berlin("2026-10-02 06:50")
    weeks.asking.next()
    coming = weeks.asking.planner.outlook(weeks.asking.now, 15)
    assert coming.index(max(coming)) == 10
    assert max(coming) > 10 * median(coming)
