"""`mta up` and a city that cannot be seen: it stays, says why, and sees again."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import attrs
import httpx
import pytest
from structlog.testing import capture_logs

from mta_core.domain.blindness import Blindness, BlindReason
from mta_core.domain.subscriptions import Mode
from mta_entrypoints.cli.output import when
from mta_entrypoints.settings import Settings, load
from mta_practice import Generation, Practice, PracticeSettings, running
from tests.integration.cli.bad_city import BASE, Answers, saying
from tests.integration.cli.household import A_CITY, CAR, CAR_OFFICE, a_start
from tests.integration.up.running_up import Citizens, Up, citizens, until

pytestmark = pytest.mark.integration

Logged = list[Any]
Place = PracticeSettings | Answers | None


@pytest.fixture
def port() -> int:
    """A port at which one city after the other will be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(
    settings: Settings, port: int, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings for whatever city is at that port."""
    monkeypatch.setenv("MTA_CITY_URL", f"http://127.0.0.1:{port}{BASE}")
    monkeypatch.setenv("MTA_CITY_TIMEOUT", "0.5")
    monkeypatch.setenv("COLUMNS", "500")  # so that no cell of a table is folded
    return load()


@pytest.fixture
async def people(settings: Settings, port: int) -> AsyncIterator[Citizens]:
    """Citizens who know the city from better days; nobody is there now."""
    async with citizens(settings, settings.city_url) as people:
        with running(A_CITY, port=port):
            await people.container.read_catalogue()()
        yield people


@pytest.fixture
def logged() -> Iterator[Logged]:
    """What is logged, as it is logged."""
    with capture_logs() as logged:
        yield logged


def at(port: int, place: Place) -> AbstractContextManager[object]:
    """Put a city at the port; None is nobody."""
    if isinstance(place, PracticeSettings):
        return running(place, port=port)
    return nullcontext() if place is None else saying(place, port)


def free(city: Practice, start: int) -> None:
    """Have a practice city free a slot."""
    body = {"officeId": CAR_OFFICE, "serviceId": CAR, "starts": [start]}
    httpx.post(f"{city.url}/practice/openings", json=body).raise_for_status()


async def all_blind(people: Citizens) -> Sequence[Blindness]:
    """Read where MTA is blind."""
    async with people.container.store().snapshot() as tx:
        return await tx.sights.blind()


async def blind(people: Citizens) -> Blindness:
    """Wait until MTA knows that it is blind."""

    async def find() -> Blindness | None:
        return next(iter(await all_blind(people)), None)

    return await until(find)


async def shown() -> str:
    """Read what `mta subscriptions` shows beside it."""
    words = ["subscriptions", "--as", Mode.TELL.value]
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "mta_entrypoints.cli", *words],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def events(logged: Logged, *names: str) -> list[Any]:
    """Return what was logged under these names."""
    return [line for line in logged if line["event"] in names]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "reason", "said"),
    [
        (None, BlindReason.OUTAGE, "The city cannot be reached"),
        (Answers(held=threading.Event()), BlindReason.OUTAGE, "gave no answer"),
        (Answers(502), BlindReason.OUTAGE, "HTTP 502"),
        (PracticeSettings(maintenance=True), BlindReason.OUTAGE, "under maintenance"),
        (Answers(200), BlindReason.CONTRACT_BROKEN, "not JSON"),
        (
            PracticeSettings(generation=Generation.MUC45),
            BlindReason.CONTRACT_BROKEN,
            "it runs an older version of its API",
        ),
        (
            PracticeSettings(drift={"availableDays": "days"}),
            BlindReason.CONTRACT_BROKEN,
            "required field missing @ $.availableDays",
        ),
    ],
    ids=["refuses", "silent", "broken", "maintenance", "page", "older", "drifted"],
)
async def test_it_says_why_it_is_blind_and_sees_again(
    up: Up,
    people: Citizens,
    port: int,
    logged: Logged,
    place: Place,
    reason: BlindReason,
    said: str,
) -> None:
    wish = await people.wait_for(Mode.TELL)
    async with up.running() as task:
        with at(port, place):
            known = await blind(people)
            table = await shown()
        assert not task.done()
        with running(A_CITY, port=port) as city:
            free(city, a_start(40))
            await people.told(wish)
            assert not await all_blind(people)

    assert known.reason is reason
    assert said in known.detail
    assert f"Blind since {when(known.since)} ({reason.value})" in table
    assert said in table
    [gone, back] = events(logged, "probe_blind", "probe_seeing")
    assert (gone["event"], gone["probe"]) == ("probe_blind", known.probe)
    assert said in gone["reason"]
    assert (back["event"], back["probe"]) == ("probe_seeing", known.probe)


@pytest.mark.parametrize(
    ("place", "reason", "said"),
    [
        (
            PracticeSettings(blacklist=("127.0.0.0/8",)),
            BlindReason.REFUSED,
            "IP address is blacklisted",
        ),
        (
            Answers(429),
            BlindReason.RATE_LIMITED,
            "HTTP 429",
        ),
    ],
    ids=["blacklisted", "limited"],
)
async def test_it_stays_while_the_city_refuses(
    up: Up,
    people: Citizens,
    port: int,
    place: Place,
    reason: BlindReason,
    said: str,
) -> None:
    """When it asks again is told elsewhere: after minutes."""
    await people.wait_for(Mode.TELL)
    with at(port, place):
        async with up.running() as task:
            known = await blind(people)
            assert not task.done()
    assert known.reason is reason
    assert said in known.detail


async def test_it_stays_when_nobody_knows_the_host(
    settings: Settings, people: Citizens, logged: Logged
) -> None:
    lost = attrs.evolve(
        settings, city_url="http://something.invalid/api", contact="ops@example.org"
    )
    await people.wait_for(Mode.TELL)
    async with Up(lost).running() as task:

        async def unread() -> bool:
            return bool(events(logged, "catalogue_unread"))

        await until(unread)
        assert not task.done()
    assert (
        "The city cannot be reached" in events(logged, "catalogue_unread")[0]["reason"]
    )


@pytest.mark.parametrize("place", [None, PracticeSettings(maintenance=True)])
async def test_a_city_that_it_has_never_seen_is_tried_for(
    up: Up,
    port: int,
    logged: Logged,
    monkeypatch: pytest.MonkeyPatch,
    place: Place,
) -> None:
    monkeypatch.setattr("mta_entrypoints.watcher.main.RETRY_CATALOGUE", 0.5)

    async def logged_that(event: str) -> None:
        async def find() -> bool:
            return bool(events(logged, event))

        await until(find)

    async with up.running() as task:
        with at(port, place):
            await logged_that("catalogue_unread")
        with running(A_CITY, port=port):
            await logged_that("catalogue_read")
        assert not task.done()
    [read] = events(logged, "catalogue_read")
    assert read["services"] == 25
