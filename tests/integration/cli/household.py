"""A household that uses `mta` in this process, and the practice city it lives in."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import attrs
import httpx
import pytest

from mta_core.domain.catalogue import Catalogue
from mta_core.ports.queue import Task
from mta_core.testing import ListQueue
from mta_entrypoints.cli.container import CliContainer, build
from mta_entrypoints.cli.main import run
from mta_entrypoints.container import opened
from mta_entrypoints.settings import load
from mta_entrypoints.watcher.container import WatcherContainer
from mta_entrypoints.worker.container import WorkerContainer
from mta_entrypoints.worker.main import handlers
from mta_practice import Practice, PracticeSettings, compact_catalogue

CAR, CAR_OFFICE = 1064314, 10308013
ADDRESS = 1064121
"""Another service of the same office."""

CHURCH, CHURCH_OFFICE, CURIOUS_OFFICE = 1063731, 10295168, 10351882
"""The second office also wants a telephone number."""

PASSPORT = 1063453
"""Behind a human check everywhere."""

RESIDENCE = 1063475
"""Behind a human check at two offices of three."""

NAME, EMAIL = "Amira Beispiel", "amira@example.org"
DETAILS = ("--name", NAME, "--email", EMAIL)
BOOK_MODE = ("--mode", "book", "--mail-hours", "0-24")
BOOK = (*BOOK_MODE, *DETAILS)

A_CITY = PracticeSettings(
    request_limit=1_000_000,
    job_period=0.2,
    catalogue=compact_catalogue(sharing=False),
)
"""Nobody is refused for asking often, and mails leave fast.

No office shares its slots, so one that has RESIDENCE is not behind the check.
"""

_DAY = 24 * 3600
_numbers = itertools.count(1)
_starts = itertools.count()

T = TypeVar("T")


def a_start(days: int = 3, quarters: int = 0) -> int:
    """Return a start on the grid of the office, in epoch seconds."""
    return (int(time.time()) // _DAY + days) * _DAY + 10 * 3600 + quarters * 900


def a_fresh_start() -> int:
    """Return a start that no other test wants, in epoch seconds."""
    day, quarter = divmod(next(_starts), 24)
    return a_start(30 + day, quarter)


def an_email() -> str:
    """Return an address of somebody new: the city limits appointments per address."""
    return f"amira.{next(_numbers)}@example.org"


@attrs.frozen
class Said:
    """What one command printed."""

    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it printed as its result, line by line."""
        return self.out.splitlines()


@attrs.frozen
class Household:
    """One data folder, one city, and a terminal."""

    city: Practice
    data: Path
    capsys: pytest.CaptureFixture[str]

    # Commands

    def mta(self, *words: object, code: int = 0) -> Said:
        """Run a command to its end, in this process."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run([str(word) for word in words])
        said = Said(*self.capsys.readouterr())
        assert ended.value.code == code, said.out + said.err
        return said

    def json(self, *words: object, code: int = 0) -> Any:
        """Run a command with --json; return what it printed, read."""
        return json.loads(self.mta(*words, "--json", code=code).out)

    def books(self, service: int = CAR, *words: object) -> Any:
        """Let somebody wait in book mode."""
        details = ("--name", NAME, "--email", an_email())
        what = ("--service", service, *BOOK_MODE, *details)
        return self.json("subscribe", *what, *words)

    # The city

    def free(self, *starts: int, service: int = CAR, office: int = CAR_OFFICE) -> None:
        """Have the practice city free slots."""
        answer = httpx.post(
            f"{self.city.url}/practice/openings",
            json={"officeId": office, "serviceId": service, "starts": list(starts)},
        )
        assert answer.is_success, answer.text

    def ask(self, path: str, **query: str) -> Any:
        """Read one of the practice city's control routes."""
        return httpx.get(f"{self.city.url}/practice/{path}", params=query).json()

    def statuses(self, process_id: object) -> list[str]:
        """Tell how the city sees an appointment."""
        return [
            each["status"]
            for each in self.ask("appointments")
            if str(each["processId"]) == str(process_id)
        ]

    def open_mail(self, process_id: object) -> None:
        """Do what the city's page does when a person opens the mail's link."""
        [link] = [
            mail["link"]
            for mail in self.ask("mails")
            if mail["kind"] == "activation"
            and str(mail["processId"]) == str(process_id)
        ]
        packed = link.rsplit("/", 1)[-1]
        keys = json.loads(base64.b64decode(packed + "=" * (-len(packed) % 4)))
        answer = httpx.post(
            f"{self.city.api_url}/confirm-appointment/",
            json={"processId": keys["id"], "authKey": keys["authKey"]},
        )
        assert answer.json()["status"] == "confirmed"

    def cancel_elsewhere(self, process_id: int, auth_key: str) -> None:
        """Do what the city's page does when a person cancels an appointment there."""
        answer = httpx.post(
            f"{self.city.api_url}/cancel-appointment/",
            json={"processId": process_id, "authKey": auth_key},
        )
        assert answer.is_success, answer.text

    # What `mta up` would do

    def look(self, *tasks: Task) -> None:
        """Ask the city once for everybody, then do the jobs of these kinds."""
        asyncio.run(_look(frozenset(tasks)))

    def preconfirmed(self, *starts: int, service: int = CAR) -> Any:
        """Wait, see slots, book one, and return it: the city's mail is there."""
        self.books(service)
        self.free(*starts or [a_fresh_start()], service=service)
        self.look(*Task)
        booking = self.json("bookings")[-1]
        assert booking["state"] == "preconfirmed"
        return booking

    def within(self, work: Callable[[CliContainer], Awaitable[T]]) -> T:
        """Do something with the parts that a command would have."""

        async def session() -> T:
            container = build(load())
            async with opened(container):
                return await work(container)

        return asyncio.run(session())


async def list_nothing(container: CliContainer) -> None:
    """Let the city offer nothing any more."""
    async with container.store().begin() as tx:
        empty = Catalogue.of((), (), ())
        await tx.sights.keep_catalogue(empty, datetime.now(UTC))
        await tx.commit()


async def _look(tasks: frozenset[Task]) -> None:
    queue = ListQueue()
    settings = load()
    watcher = WatcherContainer(settings=settings, queue=queue)
    worker = WorkerContainer(settings=settings, queue=queue, out=io.StringIO())
    async with opened(watcher), opened(worker):
        demands = await watcher.waiting()()
        assert demands, "nobody waits"
        for _ in demands:
            await watcher.watch()()
        work = handlers(worker)
        while job := queue.take():
            if job.task in tasks:
                await work[job.task](job.id)


def furnish(folder: Path) -> Path:
    """Make a data folder with everything in it that is made once."""
    with pytest.raises(SystemExit) as ended:
        run(["services", "--json"])
    assert ended.value.code == 0
    return folder


def copy(furnished: Path, folder: Path) -> Path:
    """Give a test a data folder of its own."""
    return Path(shutil.copytree(furnished, folder))


def lose_patience(patch: pytest.MonkeyPatch) -> None:
    """Let a command leave it to `mta up` at once to give something back."""
    patch.setattr("mta_core.use_cases.release.PATIENCE", timedelta(0))


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Let a question follow another soon, and the relay too; the budgets stay."""
    patch.setattr("mta_core.polling.pace.EVEN", timedelta(seconds=0.3))
    patch.setattr("mta_core.use_cases.relay.GRACE", timedelta(seconds=0.2))
