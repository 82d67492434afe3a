"""`mta doctor` on what MTA knows and owes, and on who works."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mta_core.domain.accounts import Home
from mta_core.domain.blindness import Blindness, BlindReason
from mta_core.domain.notifications import DeliveryState
from mta_core.testing import a_notification
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.up.lock import exclusive
from tests.integration.cli.consulting import checks
from tests.integration.cli.household import CAR, Household, list_nothing

pytestmark = pytest.mark.integration


def test_it_tells_whether_somebody_watches(home: Household) -> None:
    assert "nobody waits" in checks(home, "--offline")["mta up"]["means"]
    home.mta("subscribe", "--service", CAR)
    found = checks(home, "--offline")["mta up"]
    assert found["grade"] == "warning"
    assert found["advice"] == "Start `mta up`."
    with exclusive(home.data):
        found = checks(home, "--offline")["mta up"]
    assert (found["grade"], found["means"]) == (
        "ok",
        f"It runs (process {os.getpid()}).",
    )
    assert checks(home, "--offline")["mta up"]["grade"] == "warning"


def test_a_lock_without_a_name_is_a_lock_too(home: Household) -> None:
    with (home.data / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = checks(home, "--offline")["mta up"]
    assert found["means"] == "It runs (process unknown)."


@pytest.mark.parametrize(
    ("age", "grade"), [(timedelta(hours=47), "ok"), (timedelta(hours=49), "warning")]
)
def test_an_old_catalogue_is_warned_of(
    home: Household, age: timedelta, grade: str
) -> None:
    async def grow_old(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            kept = await tx.sights.catalogue()
            assert kept is not None
            await tx.sights.keep_catalogue(kept[0], datetime.now(UTC) - age)
            await tx.commit()

    home.within(grow_old)
    found = checks(home, "--offline")["catalogue"]
    assert found["grade"] == grade
    assert f"25 services at 12 offices, read {age // timedelta(hours=1)} h ago" in (
        found["means"]
    )


def test_no_catalogue_and_an_empty_one_are_warned_of(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.within(list_nothing)
    found = checks(home, "--offline")["catalogue"]
    assert (found["grade"], found["means"][:10]) == ("warning", "0 services")
    monkeypatch.setenv("MTA_CITY_URL", f"{home.city.api_url}/other")
    found = checks(home, "--offline")["catalogue"]
    assert found["grade"] == "warning"
    assert "Nothing is known yet" in found["means"]


def test_an_operator_whom_nobody_knows_is_warned_of(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "operator" not in checks(home, "--offline")
    monkeypatch.setenv("MTA_OPERATOR", "amira")
    found = checks(home, "--offline")["operator"]
    assert (found["grade"], found["advice"]) == (
        "warning",
        "Set MTA_OPERATOR to a known name, or `mta subscribe --as amira`.",
    )
    home.mta("subscribe", "--as", "amira", "--service", CAR)
    found = checks(home, "--offline")["operator"]
    assert (found["grade"], found["means"]) == (
        "ok",
        "amira is told of trouble; 0 condition(s) stand now.",
    )


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, "; and 2 more")])
def test_blind_spots_are_told_with_their_reason(
    home: Household, count: int, more: str
) -> None:
    since = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

    async def go_blind(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            for office in range(count):
                probe = f"{CAR}x1@{office}"
                spot = Blindness(probe, BlindReason.OUTAGE, since, "no route")
                await tx.sights.mark_blind(spot)
            await tx.commit()

    home.within(go_blind)
    found = checks(home, "--offline")["blind spots"]
    assert found["grade"] == "warning"
    assert f"{count} question(s) see nothing." in found["means"]
    assert "outage since 2026-11-25 09:30 UTC: no route" in found["means"]
    assert found["means"].endswith(more)


def owe(home: Household, **changes: Any) -> None:
    """Let MTA owe somebody a message."""

    async def save(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            user = await tx.users.at(Home("console", "me"))
            assert user is not None
            await tx.notifications.save(a_notification(user, **changes))
            await tx.commit()

    home.within(save)


def test_overdue_and_lost_messages_are_told(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    now = datetime.now(UTC)
    fine = (
        {"created_at": now, "due_at": now - timedelta(minutes=4)},
        {
            "created_at": now - timedelta(days=8),
            "due_at": None,
            "state": DeliveryState.GIVEN_UP,
        },
    )
    for changes in fine:
        owe(home, **changes)
    assert checks(home, "--offline")["messages"]["grade"] == "ok"

    owe(home, created_at=now, due_at=now - timedelta(minutes=6))
    found = checks(home, "--offline")["messages"]
    assert (found["grade"], found["means"]) == (
        "warning",
        "1 booking(s) or message(s) are overdue.",
    )
    assert found["advice"].startswith("Start `mta up`.")
    owe(home, created_at=now, due_at=None, state=DeliveryState.GIVEN_UP)
    with exclusive(home.data):
        found = checks(home, "--offline")["messages"]
    assert found["means"].endswith("1 message(s) of the last 7 days were given up.")
    assert "mta up" not in found["advice"]
