"""What was learnt outlives a restart; the same story leads to the same questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.errors import Refused, SiteError, SiteSilent
from mta_core.polling.learning import LearningPlanner, Part
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    a_subscription,
    a_window,
    berlin,
    days,
    uid,
    wanting,
)
from tests.unit.polling.learning.town import (
    Asking,
    Town,
    one_each,
    seconds,
)

Documents = Mapping[str, Mapping[str, Any]]

LATE = a_subscription(9, wishes=wanting(1, windows=(a_window(10, 60),)))
GROUP = (
    *one_each(*"12345"),
    LATE,
    attrs.evolve(LATE, id=uid(10), services=one_each("1x2")[0].services),
)


def a_past(seed: int = 1) -> Asking:
    """An hour with slots that come one by one, and a batch at seven o'clock."""
    random, asking = Random(seed), Asking(Town(), GROUP, berlin("2026-09-28 06:30"))
    for minute in range(60):
        number, lasting = random.randint(1, 5), random.uniform(20, 400)
        at = asking.now + minute * MINUTE + seconds(5)
        asking.town.free(at, str(number), number, lasting=lasting)
    asking.town.free(berlin("2026-09-28 07:00") + seconds(20), "3", 3, count=7)
    asking.town.free(berlin("2026-09-28 07:15") + seconds(20), "1", 1, count=9)
    asking.until(asking.now + timedelta(hours=1))
    return asking


def written(asking: Asking) -> Documents:
    """As they come back from a database."""
    documents: Documents = json.loads(json.dumps(asking.planner.documents()))
    return documents


def restarted(asking: Asking, documents: Documents) -> Asking:
    again = attrs.evolve(asking, planner=LearningPlanner(), outcomes=[])
    again.planner.recall(documents)
    return again


def parts(asking: Asking) -> dict[tuple[str, int], Part]:
    """What is known of every pair."""
    asking.next()
    return {
        (str(question.probe.services), part.office): part
        for question in asking.firsts()
        for part in question.parts
    }


def same_rates(ones: Asking, others: Asking) -> None:
    mine, theirs = parts(ones), parts(others)
    assert mine.keys() == theirs.keys()
    for key, part in mine.items():
        other = theirs[key]
        assert other.rate == pytest.approx(part.rate, rel=0.05)
        assert other.life == pytest.approx(part.life, rel=1e-6)
        assert other.chance == pytest.approx(part.chance, rel=0.02, abs=0.05)
        if part.chance > 0.1:  # rarer ones are kept by the hour
            assert other.release == part.release


# Over a restart


def test_what_was_learnt_is_known_after_a_restart() -> None:
    asking = a_past()
    again = restarted(asking, written(asking))
    same_rates(asking, again)
    fresh = attrs.evolve(asking, planner=LearningPlanner())
    assert parts(fresh)["3", 3].release is None
    assert parts(again)["3", 3].release == berlin("2026-09-29 07:00")


@pytest.mark.parametrize("wait", [timedelta(minutes=20), timedelta(hours=5), days(9)])
def test_the_same_question_is_asked_next(wait: timedelta) -> None:
    """What waits unseen is not kept; after some minutes that makes no difference."""
    asking = a_past()
    again = restarted(asking, written(asking))
    asking.now += wait
    again.now += wait
    assert again.next() == asking.next()
    same_rates(asking, again)


def test_documents_tell_what_has_changed_since_they_were_last_written() -> None:
    asking = a_past()
    everything = written(asking)
    assert written(asking) == {}
    asking.now += MINUTE
    asking.ask()
    services = asking.outcomes[-1].probe.services
    changed = written(asking)
    named = [name for name in changed if name.startswith("pair:")]
    assert named
    assert all(name.startswith(f"pair:{services}@") for name in named)
    assert set(changed) <= set(everything)
    same_rates(asking, restarted(asking, {**everything, **changed}))


def test_everything_is_plain_json() -> None:
    documents = a_past().planner.documents()
    assert json.loads(json.dumps(documents)) == documents


def test_days_without_mta_let_it_fade_as_days_with_it() -> None:
    asking = a_past()
    again = restarted(asking, written(asking))
    for planner in (asking, again):
        planner.now += days(15)
        planner.next()
    same_rates(asking, again)
    fresh, faded = parts(a_past()), parts(again)
    assert 0 < faded["3", 3].chance < 0.75 * fresh["3", 3].chance
    assert 0 < faded["1x2", 1].chance < fresh["1x2", 1].chance


def test_somebody_who_comes_later_profits_from_what_was_kept() -> None:
    """Pairs are read once they are needed, and faded by then."""
    asking = a_past()
    again = restarted(asking, written(asking))
    again.group = one_each("1")
    again.times(3)
    for planner in (asking, again):
        planner.now += days(14)
        planner.next()
    again.group = asking.group
    mine, other = parts(asking)["3", 3], parts(again)["3", 3]
    assert other.life == pytest.approx(mine.life, rel=1e-6)
    assert other.chance == pytest.approx(mine.chance, rel=0.02) != 0


def test_the_tick_is_known_after_a_restart() -> None:
    asking = Asking(Town(), one_each(*"123"))
    for minute in range(40):
        for number in "123":
            at = NOW + minute * MINUTE + seconds(5)
            asking.town.free(at, number, int(number), lasting=50)
    asking.until(NOW + 40 * MINUTE)
    phase = asking.planner.memory.tick.phase
    assert phase is not None
    assert restarted(asking, written(asking)).planner.memory.tick.phase == phase


@pytest.mark.parametrize("lost", ["shared", "office:3", "pair:3@3"])
def test_a_document_that_is_missing_is_learnt_anew(lost: str) -> None:
    asking = a_past()
    documents = {n: d for n, d in written(asking).items() if n != lost}
    again = restarted(asking, documents)
    assert again.next() is not None
    assert again.times(50)
    assert len(written(again)) > 3


def test_documents_of_another_version_or_of_others_are_not_read() -> None:
    asking = a_past()
    documents = written(asking)
    foreign: Documents = {
        "signs/ban": {"since": None},
        "forecast": {"at": "2026-09-28"},
        **{name: {**each, "version": -1} for name, each in documents.items()},
    }
    fresh, again = restarted(asking, {}), restarted(asking, foreign)
    same_rates(fresh, again)
    assert parts(again)["3", 3].release is None


def test_reading_takes_the_place_of_all_that_was_known() -> None:
    asking, other = a_past(1), a_past(2)
    asking.planner.recall(written(other))
    same_rates(asking, restarted(other, written(a_past(2))))


# Determinism

STEPS = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.sampled_from([None, None, None, SiteSilent(), Refused("unknownError")]),
        st.integers(0, 12),
    ),
    max_size=25,
)


@settings(max_examples=12)
@given(STEPS)
def test_the_same_story_gives_the_same_questions(
    story: list[tuple[int, SiteError | None, int]],
) -> None:
    def tell() -> list[object]:
        asking, said = Asking(Town(), GROUP), []
        for wait, error, new in story:
            asking.now += seconds(wait)
            asking.town.trouble = lambda *_, error=error: error
            number = 1 + new % 5
            asking.town.free(asking.now, str(number), number, count=new, lasting=120)
            asking.town.free(asking.now, ahead=days(new), lasting=400)
            said.append(asking.ask())
        return [*said, asking.candidates(), asking.planner.documents()]

    assert tell() == tell()


def test_asking_why_changes_nothing() -> None:
    silent, curious = a_past(), a_past()
    for _ in range(25):
        curious.candidates()
        curious.planner.outlook(curious.now, 15)
        assert curious.ask() == silent.ask()
        curious.now = silent.now = silent.now + seconds(6)
