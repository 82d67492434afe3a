"""Where a story is played: a fresh city, a furnished data folder, processes."""

from __future__ import annotations

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import httpx
from dependency_injector import providers

from mta_core.domain.accounts import Home
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_entrypoints.cli.container import CliContainer, build
from mta_entrypoints.container import opened
from mta_entrypoints.folder import ensure
from mta_entrypoints.settings import load
from mta_practice import PracticeSettings, compact_catalogue, running
from tests.e2e.kill.books import Books
from tests.e2e.kill.keeper import Keeper, keeper
from tests.e2e.kill.orders import Order
from tests.e2e.kill.reading import PEOPLE, Reader, reading
from tests.e2e.kill.times import CityTime, MtaTime, Times

SPEED = 10.0
"""A tenth of a second of a busy machine is a second there: less than any timeout."""

DAWN = datetime(2026, 12, 7, 8, tzinfo=UTC)
CAR, CAR_OFFICE = 1064314, 10308013
SERVICES = (CAR, 1064121)
"""Both are to be had at that office, and take one of its slots."""

LATE = DAWN + timedelta(days=9, hours=1)
EARLY = DAWN + timedelta(days=4, hours=1)
QUARTER = timedelta(minutes=15)
EARLIER_BY = timedelta(days=2)


@attrs.frozen
class Stage:
    """What all stories of one session share."""

    folder: Path
    keeper: Keeper
    port: int
    nobody: int
    furnished: Path

    @asynccontextmanager
    async def scene(self, name: str) -> AsyncIterator[Scene]:
        """Set a fresh scene, and clear it away with all its processes."""
        folder = self.folder / name
        shutil.copytree(self.furnished, folder / "data")
        times = Times.from_now(DAWN, SPEED, folder / "ahead")
        clock = times.for_mta()
        city = _city(clock)
        environment = _environment(self.port, folder / "data")
        with running(city, port=self.port) as practice:
            async with (
                _beside(environment, clock) as container,
                httpx.AsyncClient(base_url=practice.url, timeout=30) as web,
            ):
                with reading(folder, container, web) as reader:
                    scene = Scene(
                        self, folder, times, clock, environment, container, web, reader
                    )
                    try:
                        yield scene
                    finally:
                        scene.end_all()
        shutil.rmtree(folder)


@attrs.define
class Scene:
    """One city, one folder, and the processes that work on it."""

    stage: Stage
    folder: Path
    times: Times
    clock: MtaTime
    environment: dict[str, str]
    container: CliContainer
    web: httpx.AsyncClient
    reader: Reader
    pids: list[int] = attrs.field(factory=list)

    @property
    def database(self) -> Path:
        """The file in which MTA keeps everything."""
        return self.folder / "data" / "mta.sqlite"

    def start(self, command: str, *words: object, **more: Any) -> tuple[int, Order]:
        """Start a process of MTA. *more*: what else its order says."""
        order = Order(
            command=command,
            words=[str(word) for word in words],
            settings=self.environment,
            times=self.times,
            folder=self.folder,
            name=f"{command}-{len(self.pids)}",
            nobody=self.stage.nobody,
            **more,
        )
        pid = self.stage.keeper.start(order)
        self.pids.append(pid)
        return pid, order

    def ended(self, pid: int) -> int | None:
        """Return how a process ended, once."""
        return self.stage.keeper.status(pid)

    def end(self, pid: int) -> None:
        """Kill a process."""
        self.stage.keeper.kill(pid)

    def end_all(self) -> None:
        """Kill whatever still runs."""
        for pid in self.pids:
            self.stage.keeper.kill(pid)

    async def free(self, first: datetime, count: int) -> None:
        """Have the city free slots, one each quarter of an hour."""
        starts = [int((first + n * QUARTER).timestamp()) for n in range(count)]
        body = {"officeId": CAR_OFFICE, "serviceId": CAR, "starts": starts}
        answer = await self.web.post("/practice/openings", json=body)
        answer.raise_for_status()

    async def arm(self, fault: Mapping[str, object]) -> None:
        """Have something go wrong at the city."""
        answer = await self.web.post("/practice/faults", json=fault)
        assert answer.is_success, answer.text

    async def confirm(self, keys: Mapping[str, Any]) -> int:
        """Do what the city's page does when somebody opens a mail's link."""
        answer = await self.web.post(
            "/buergeransicht/api/citizen/confirm-appointment/",
            json={"processId": keys["id"], "authKey": keys["authKey"]},
        )
        return answer.status_code

    async def books(self) -> Books:
        """Read the books of both sides, and nothing that cannot have changed."""
        return await self.reader.books(self.clock.now())


@contextmanager
def stage(
    citizens: int = 1, *, wishes: int = 1, swaps: bool = False
) -> Iterator[Stage]:
    """Build a stage; whatever was started on it ends with the block.

    Args:
        citizens: how many wait, in book mode.
        wishes: how many services each of them needs, one appointment for each.
        swaps: once they have an appointment, they want an earlier one.
    """
    with (
        tempfile.TemporaryDirectory(prefix="mta-kill-") as folder,
        keeper() as hand,
        _closed_port() as nobody,
    ):
        root = Path(folder)
        furnished = root / "furnished"
        port = asyncio.run(_furnish(furnished, citizens, wishes, swaps=swaps))
        yield Stage(root, hand, port, nobody, furnished)


@contextmanager
def _closed_port() -> Iterator[int]:
    """Hold a port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def _city(clock: MtaTime) -> PracticeSettings:
    return PracticeSettings(
        clock=CityTime(clock),
        catalogue=compact_catalogue(sharing=False),
    )


def _environment(port: int, data: Path) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}/buergeransicht/api/citizen"
    settings = {"MTA_CITY_URL": url, "MTA_DATA_DIR": str(data)}
    return {**settings, "MTA_CITY_TIMEOUT": "12"}  # the longest that may be set


@asynccontextmanager
async def _beside(
    environment: Mapping[str, str], clock: MtaTime
) -> AsyncIterator[CliContainer]:
    """Open the parts of a command."""
    container = build(load(environment))
    container.clock.override(providers.Object(clock))
    ensure(container.settings().data_dir)
    async with opened(container):
        yield container


async def _furnish(data: Path, citizens: int, wishes: int, *, swaps: bool) -> int:
    """Make the folder of a household that has told its wishes; return the port."""
    # It has had the catalogue for a minute when a story begins.
    early = DAWN - timedelta(minutes=2)
    clock = Times.from_now(early, 1.0, data.parent / "early").for_mta()
    with running(_city(clock)) as practice:
        async with _beside(_environment(practice.port, data), clock) as container:
            catalogue = await container.read_catalogue()()
            for name, contact in PEOPLE[:citizens]:
                user = await container.register()(
                    Home("console", name), agreed_to="test", contact=contact
                )
                for service in SERVICES[:wishes]:
                    await container.subscribe()(
                        user.id,
                        catalogue,
                        ServiceSet.parse(str(service)),
                        wishes=Wishes(),
                        mode=Mode.BOOK,
                        mail_hours=Hours(),
                        earlier_by=EARLIER_BY if swaps else None,
                    )
        return practice.port
