"""`mta why`: what the watcher plans, read beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from mta_adapters.system import SystemClock
from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.pace import Pace
from mta_core.polling.probes import fold
from mta_core.use_cases.foretell import Foretell
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.why import AGAIN
from tests.integration.cli.household import CHURCH, Household

pytestmark = pytest.mark.integration


def watched(home: Household) -> None:
    """Let a watcher have planned, and suspected something."""
    home.mta("subscribe", "--service", CHURCH, "--mode", "tell")

    async def plan(container: CliContainer) -> None:
        clock, store, planner = container.clock(), container.store(), LearningPlanner()
        async with store.begin() as tx:
            kept = await tx.sights.catalogue()
            assert kept is not None
            demands = fold(await tx.subscriptions.active(), kept[0], clock.now())
            since = clock.now() - timedelta(minutes=10)
            slow = Condition(ConditionName.SLOW, CITY, since, "4 s, usually 1 s.")
            over = Condition(ConditionName.OUTAGE, CITY, since, "No answer.")
            await tx.conditions.save(slow)
            await tx.conditions.save(over.ended(clock.now()))
            await tx.commit()
        planner.next(demands, clock.now())
        await Foretell(store, planner, clock)(Pace(clock.now()).explain())

    home.within(plan)


def test_it_shows_the_next_question_and_what_is_not_as_it_should_be(
    home: Household,
) -> None:
    watched(home)
    said = home.mta("why")
    assert said.lines[0].startswith("The next question leaves at ")
    assert any(
        "Kirchenaustritt" in line and "never asked" in line for line in said.lines
    )
    assert any("0 of 10 in the last minute" in line for line in said.lines)
    suspected = [line for line in said.lines if line.startswith("The city: ")]
    assert "slow" in suspected[0]
    assert "until" in suspected[1]


def test_programs_read_the_same(home: Household) -> None:
    watched(home)
    said = json.loads(home.mta("why", "--json").out)
    assert [each["services"] for each in said["forecast"]["candidates"]] == [
        str(CHURCH)
    ]
    assert [each["name"] for each in said["conditions"]] == ["slow", "outage"]
    assert datetime.fromisoformat(said["at"]).tzinfo == UTC


def test_without_a_watcher_it_says_how_to_start_one(home: Household) -> None:
    said = home.mta("why", code=1)
    assert said.lines[0] == "MTA has not watched this city yet: start it with mta up."


def test_live_it_is_shown_again_until_somebody_has_seen_enough(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    async def look_again(_: SystemClock, seconds: float) -> None:
        assert seconds == AGAIN
        looks.append(1)
        if len(looks) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(SystemClock, "sleep", look_again)
    said = home.mta("why", "--live", code=1)
    assert sum("not watched" in line for line in said.lines) == 2
