"""MTA in a city that lives, and whose time runs faster: the ledger judges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from mta_core.ports.limiter import Budget
from tests.e2e.conftest import House, until
from tests.e2e.test_main_job import BOOK, OFFICE, SERVICE, at_city, tomorrow

SPEED = 12  # a busy machine's tenth of a second is little more than a second there
BOOKING = ("reserve", "update", "preconfirm", "cancel")

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def budget_of(route: str) -> Budget:
    """Return the budget that a question of MTA counts in (R3.2)."""
    if "available-calendar" in route:
        return Budget.CALENDAR
    return Budget.BOOKING if any(b in route for b in BOOKING) else Budget.OTHER


def most_in_a_minute(moments: Sequence[datetime]) -> int:
    """Return the most of these moments that lie within any 60 seconds."""
    minute = timedelta(seconds=60)
    return max(
        (sum(at <= other < at + minute for other in moments) for at in moments),
        default=0,
    )


def test_the_budgets_hold_by_the_citys_own_clock(house: House) -> None:
    clock = house.folder / "clock.json"
    house.practice("--programme", "--speed", str(SPEED), "--clock", str(clock))
    house.settings["MTA_CLOCK_FILE"] = str(clock)
    house.up()
    house.run(*BOOK)
    house.run("subscribe", "--as", "omar", "--service", "1063423")
    house.free(OFFICE, SERVICE, tomorrow())
    at_city(house, "preconfirmed")
    asked = len(house.ask("/practice/ledger"))
    until(lambda: len(house.ask("/practice/ledger")) >= asked + 25)

    seen: dict[Budget, list[datetime]] = {budget: [] for budget in Budget}
    for entry in house.ask("/practice/ledger"):
        if entry["userAgent"].startswith("MunichTerminAutomator/"):
            at = datetime.fromisoformat(entry["at"])
            seen[budget_of(entry["route"])].append(at)
    counted = {budget: most_in_a_minute(moments) for budget, moments in seen.items()}
    assert counted[Budget.CALENDAR] <= 10
    assert counted[Budget.BOOKING] <= 5
    assert counted[Budget.OTHER] <= 5
    assert len(seen[Budget.CALENDAR]) > 20
    statuses = [entry["status"] for entry in house.ask("/practice/ledger")]
    assert 429 not in statuses
