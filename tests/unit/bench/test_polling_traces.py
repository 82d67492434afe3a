"""Recorded traces become worlds, and figures become tables and a picture."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from bench.polling.bars import Bar
from bench.polling.campaign import Job, Result
from bench.polling.plot import plot
from bench.polling.scores import Score
from bench.polling.table import table
from bench.polling.traces import Window, read, world
from bench.polling.worlds import DAY

NOON = datetime.fromisoformat("2026-06-01T12:00:00")
SAMPLES = """dateChecked,dateCheckedHour,appointmentDaysFound
2026-06-01T12:00:00,12,2
2026-06-01T12:02:00,12,1
2026-06-01T12:04:00,12,0
2026-06-01T12:06:00,12,1
"""
WINDOWS = """first_seen,last_seen,samples,gone_by,max_days_available
2026-06-01T12:00:00,2026-06-01T12:02:00,2,2026-06-01T12:04:00,2
2026-06-01T12:06:00,2026-06-01T12:06:00,1,2026-06-01T12:08:00,1
"""


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_samples_and_windows_tell_the_same(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    for text in (SAMPLES, WINDOWS):
        path.write_text(text)
        assert read(path) == [
            Window(NOON, NOON + minutes(2), NOON + minutes(4), 2),
            Window(NOON + minutes(6), NOON + minutes(6), NOON + minutes(8), 1),
        ]


def test_a_trace_keeps_its_times_of_day_and_its_lives() -> None:
    days = [NOON + timedelta(days=number) for number in range(14)]
    windows = [Window(at, at + minutes(4), at + minutes(6), 3) for at in days]
    played = world(windows, seed=1, days=7)
    again = world(windows, seed=1, days=7)
    assert sum(map(len, played.slots)) > 0
    for slots, same in zip(played.slots, again.slots, strict=True):
        assert slots.release.tolist() == same.release.tolist()
        assert (slots.release < 7 * DAY).all()
        hour = slots.release % DAY / 3600
        assert ((hour > 12 - 2 / 60) & (hour <= 12)).all()
        life = slots.death - slots.release
        assert ((life >= 240) & (life <= 480)).all()


def a_result(policy: str, seed: int, weighted: float) -> Result:
    times = {"next_mean": 90.0, "next_p99": 200.0, "learn_mean": 40.0, "learn_p99": 90}
    score = Score(weighted, 0.5, 9.0, 99.0, 1800.0, 0.1, 100, (weighted, weighted))
    return Result(Job("main60", policy, seed, 28), score, times, {}, 1.0)


def test_bars_hold_for_the_mean_of_the_seeds_ratios() -> None:
    assert "1.00 (0.80 to 1.20); bar 1.00: pass" in Bar("rr", 1.0).judge([0.8, 1.2])
    assert "bar 1.01: FAIL" in Bar("rr", 1.01).judge([0.8, 1.2])


def test_the_table_holds_each_seed_against_its_own_world() -> None:
    pairs = [("learning", 1, 0.6), ("learning", 2, 0.4), ("rr", 1, 0.2), ("rr", 2, 0.2)]
    pairs += [("oracle", 1, 0.8)]
    text = table([a_result(*pair) for pair in pairs])
    assert "learning ÷ rr: 2.50 (2.00 to 3.00); bar 2.00: pass" in text
    assert "learning ÷ oracle: 0.75 (0.75 to 0.75); bar 0.93: FAIL" in text
    assert "| learning | 0.500 ± 0.141 |" in text
    assert "bar next < 1000: pass" in text


def test_a_result_that_was_played_again_counts_once() -> None:
    text = table([a_result("rr", 1, 0.2), a_result("rr", 1, 0.3)])
    assert "| rr | 0.300 ± 0.000 |" in text


def test_the_picture_is_one_of_all_policies() -> None:
    picture = ElementTree.fromstring(  # noqa: S314  # our own
        plot([a_result("rr", 1, 0.2), a_result("oracle", 1, 0.8)])
    )
    kinds = [element.get("class", "") for element in picture.iter()]
    assert kinds.count("bar c1") == 1
    assert sum(kind.startswith("curve") for kind in kinds) == 2
