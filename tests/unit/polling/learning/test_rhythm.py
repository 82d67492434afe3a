"""How much busier an hour is than the mean: weekdays and weekends apart."""

from __future__ import annotations

import json

from mta_core.polling.learning.berlin import Minute, minute_at
from mta_core.polling.learning.rhythm import Rhythm
from tests.unit.domain.builders import berlin


def at(text: str) -> Minute:
    return minute_at(int(berlin(text).timestamp() // 60))


MORNING, SAME_HOUR = at("2026-09-28 09:10"), at("2026-09-30 09:50")
EVENING, SATURDAY = at("2026-09-28 19:00"), at("2026-10-03 09:10")


def busy_mornings() -> Rhythm:
    rhythm = Rhythm()
    for _ in range(50):
        rhythm.learn(MORNING, 3, 1)
        rhythm.learn(EVENING, 0, 1)
    return rhythm


def test_every_hour_is_like_the_mean_at_first() -> None:
    assert {Rhythm().at(minute) for minute in (MORNING, EVENING, SATURDAY)} == {1}


def test_busy_hours_are_told_from_quiet_ones() -> None:
    rhythm = busy_mornings()
    assert rhythm.at(MORNING) == rhythm.at(SAME_HOUR) > 2
    assert rhythm.at(EVENING) < 0.2
    assert rhythm.at(SATURDAY) == 1


def test_it_is_read_as_it_was_written_and_changes_faster_once_it_has_faded() -> None:
    rhythm = busy_mornings()
    read = Rhythm.read(json.loads(json.dumps(rhythm.document())))
    assert read == rhythm
    read.fade(0.1)
    for each in (rhythm, read):
        each.learn(MORNING, 0, 20)
    assert read.at(MORNING) < rhythm.at(MORNING)
