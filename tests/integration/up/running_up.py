"""`mta up` in this process, and the citizens beside it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import attrs
import httpx

from mta_core.domain.accounts import Contact, Home
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Held
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.notifications import DeliveryState, Notification
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_entrypoints.cli.container import CliContainer, build
from mta_entrypoints.container import opened
from mta_entrypoints.folder import ensure
from mta_entrypoints.settings import Settings
from mta_entrypoints.up.main import run
from tests.integration.cli.household import CAR, CAR_OFFICE, NAME, an_email

PATIENCE = 90.0  # on a busy machine a test may have to wait for its budgets
SERVICES = ServiceSet.parse(str(CAR))
ANYTHING = Wishes()

T = TypeVar("T")


async def until(find: Callable[[], Awaitable[T | None]]) -> T:
    """Look again and again. Raises `TimeoutError` when patience ends."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if found := await find():
                return found
            await asyncio.sleep(0.01)


def a_slot(start: int) -> Slot:
    """Name a slot at the car office."""
    return Slot(datetime.fromtimestamp(start, UTC), OfficeId(CAR_OFFICE), SERVICES)


@attrs.define
class Up:
    """`mta up` as it runs. *out*: what it shows to citizens."""

    settings: Settings
    out: io.StringIO = attrs.field(factory=io.StringIO)
    stop: asyncio.Event = attrs.field(factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """Run it until the block ends, and then to its own end."""
        ready = asyncio.Event()
        task = asyncio.create_task(
            run(self.settings, self.stop, out=self.out, ready=ready.set)
        )
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            if task.done():
                task.result()
            yield task
        finally:
            self.stop.set()
            await asyncio.wait({task})
        await task


@attrs.frozen
class Citizens:
    """Citizens beside `mta up`, with the parts of commands."""

    container: CliContainer
    web: httpx.AsyncClient

    async def wait_for(self, mode: Mode, wishes: Wishes = ANYTHING) -> Subscription:
        """Let somebody subscribe."""
        container = self.container
        user = await container.register()(
            Home("console", mode.value),
            agreed_to="test",
            contact=Contact(NAME, an_email()),
        )
        done = await container.subscribe()(
            user.id,
            await container.read_catalogue()(),
            SERVICES,
            wishes=wishes,
            mode=mode,
            mail_hours=Hours(),
        )
        return done.subscription

    async def free(self, *starts: int) -> None:
        """Have the practice city free slots."""
        body = {"officeId": CAR_OFFICE, "serviceId": CAR, "starts": list(starts)}
        answer = await self.web.post("/practice/openings", json=body)
        answer.raise_for_status()

    async def confirm(self, held: Held) -> None:
        """Do what the city's page does when a person opens the mail's link."""
        answer = await self.web.post(
            f"{urlsplit(self.container.settings().city_url).path}/confirm-appointment/",
            json={"processId": held.process_id, "authKey": held.auth_key},
        )
        assert answer.json()["status"] == "confirmed"

    async def ask(self, path: str) -> Any:
        """Read one of the practice city's control routes."""
        return (await self.web.get(f"/practice/{path}")).json()

    async def asked(self, route: str) -> int:
        """Count how often the city was asked this, by anybody."""
        ledger = await self.ask("ledger")
        return sum(route in seen["route"] for seen in ledger)

    async def save(self, booking: Booking) -> Booking:
        """Store a booking."""
        async with self.container.store().begin() as tx:
            booking = await tx.bookings.save(booking)
            await tx.commit()
        return booking

    async def bookings(self, wish: Subscription) -> Sequence[Booking]:
        """Read the bookings of a subscription."""
        async with self.container.store().snapshot() as tx:
            return await tx.bookings.of_subscription(wish.id)

    async def booked(self, wish: Subscription, *states: BookingState) -> Booking:
        """Wait until a booking is in one of these states."""

        async def find() -> Booking | None:
            fit = [b for b in await self.bookings(wish) if b.state in states]
            return fit[0] if fit else None

        return await until(find)

    async def told(self, wish: Subscription, count: int = 1) -> list[Notification]:
        """Wait until so many messages were delivered, and return them."""

        async def find() -> list[Notification] | None:
            async with self.container.store().snapshot() as tx:
                listed = await tx.notifications.of(wish.user, 20)
            done = [n for n in listed if n.state is DeliveryState.DELIVERED]
            return done if len(done) >= count else None

        return await until(find)


@asynccontextmanager
async def citizens(settings: Settings, city_url: str) -> AsyncIterator[Citizens]:
    """Open what citizens need, beside `mta up` or without it."""
    ensure(settings.data_dir)
    container = build(settings)
    async with (
        opened(container),
        httpx.AsyncClient(base_url=city_url, timeout=10) as web,
    ):
        yield Citizens(container, web)
