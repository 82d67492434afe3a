"""MTA in a city that lives, and whose time runs faster: the ledger judges."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from mta_core.ports.limiter import Budget
from tests.e2e.conftest import House, until
from tests.e2e.test_main_job import BOOK, OFFICE, SERVICE, at_city, tomorrow

# A busy machine's tenth of a second is little more than a second there. At 60 times it
# was 6 s, and showed that a request could leave 14 s after its place was had.
SPEED = 12
SECOND, MINUTE = timedelta(seconds=1), timedelta(seconds=60)
BOOKING = ("reserve", "update", "preconfirm", "cancel")

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def budget_of(route: str) -> Budget:
    """Return the budget that a question of MTA counts in (R3.2)."""
    if "available-calendar" in route:
        return Budget.CALENDAR
    return Budget.BOOKING if any(b in route for b in BOOKING) else Budget.OTHER


def most_in_a_minute(moments: Sequence[datetime]) -> int:
    """Return the most of these moments that lie within any 60 seconds."""
    return max(
        (sum(at <= other < at + MINUTE for other in moments) for at in moments),
        default=0,
    )


def placeless(
    moments: Sequence[datetime], places: Sequence[tuple[datetime, datetime]]
) -> list[datetime]:
    """Return the requests that the city saw while no place counted for them.

    Args:
        places: from their grants to the ends of their requests, by MTA's own log.
    """
    left, unplaced = sorted(places, key=lambda place: place[1]), []
    for at in sorted(moments):
        fit = next((one for one in left if one[0] <= at <= one[1]), None)
        if fit is None:
            unplaced.append(at)
        else:
            left.remove(fit)
    return unplaced


def logged(house: House) -> dict[Budget, list[tuple[datetime, datetime]]]:
    """Read MTA's own log: when each place was taken, and when its request had ended."""
    found: dict[Budget, list[tuple[datetime, datetime]]] = {b: [] for b in Budget}
    with closing(sqlite3.connect(house.folder / "data" / "mta.sqlite")) as file:
        rows = file.execute(
            "SELECT budget, granted_at, counts_until FROM limiter_stamps"
        )
        for budget, granted_at, counts_until in rows:
            start, end = (
                datetime.fromisoformat(text).replace(tzinfo=UTC)
                for text in (granted_at, counts_until)
            )
            # The two read the same clock one after the other.
            place = (start - SECOND, end - MINUTE + SECOND)
            found[Budget(budget)].append(place)
    return found


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
    places = logged(house)
    for budget, moments in seen.items():
        assert placeless(moments, places[budget]) == []
    statuses = [entry["status"] for entry in house.ask("/practice/ledger")]
    assert 429 not in statuses
