"""From a seen opening to the message, and to the reserve request.

Everything is real: the practice city over loopback HTTP, SQLite with its fsyncs, the
limiter's log, Dramatiq's worker on its own thread and loop. Only the waiting is left
out: the watcher's next question is asked at once, and the budget's log is emptied
between rounds. Beside each round, in the same process, the floor is measured: one bare
loopback request and one durable commit, which no design can go below.
"""

from __future__ import annotations

import asyncio
import io
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import attrs
import dramatiq
import httpx
from sqlalchemy import text

from mta_core.domain.accounts import Contact, Home
from mta_core.domain.availability import Observation
from mta_core.domain.calls import Call
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_core.use_cases.register import Register
from mta_core.use_cases.subscribe import Subscribe
from mta_entrypoints.container import opened
from mta_entrypoints.settings import Settings
from mta_entrypoints.up.container import Parts, build
from mta_entrypoints.up.main import IDLE_MS, WORKER_THREADS
from mta_practice import Practice, PracticeSettings, running

OFFICE = OfficeId(10308013)
TELL, BOOK = (ServiceSet.of([ServiceId(number)]) for number in (1063424, 1064314))
PATIENCE = 10.0

_T = TypeVar("_T")


@attrs.frozen
class Figures:
    """Milliseconds, one of each per round."""

    message: list[float] = attrs.field(factory=list)
    reserve: list[float] = attrs.field(factory=list)
    floor: list[float] = attrs.field(factory=list)

    def table(self) -> str:
        """Write what was measured, with ratios to the floor."""
        floor = statistics.median(self.floor)
        rows = [
            (
                "opening seen → message handed over",
                self.message,
                "p50 < 150, p99 < 1000",
            ),
            ("opening seen → reserve sent", self.reserve, "p50 < 50, p99 < 500"),
            ("one loopback request + one commit", self.floor, ""),
        ]
        head = "| what | rounds | p50 ms | p99 ms | max ms | p50 ÷ floor | bar |\n"
        lines = [
            f"| {name} | {len(values)} | {statistics.median(values):.1f} "
            f"| {_p99(values):.1f} | {max(values):.1f} "
            f"| {statistics.median(values) / floor:.1f} | {bar} |"
            for name, values, bar in rows
        ]
        return head + "|---|---|---|---|---|---|---|\n" + "\n".join(lines)


async def measure(rounds: int) -> Figures:
    """Release *rounds* openings to a citizen in tell and one in book mode."""
    # Every round has its own appointment in the city: let it count without end.
    with (
        tempfile.TemporaryDirectory(prefix="mta-bench-") as folder,
        running(PracticeSettings(request_limit=10_000_000)) as city,
    ):
        settings = Settings(city_url=city.api_url, data_dir=Path(folder))
        parts = build(settings, io.StringIO())
        async with opened(parts.watcher):
            await parts.watcher.read_catalogue()()
            worker = _start(parts)
            try:
                return await _Bench(parts, city).run(rounds)
            finally:
                await asyncio.to_thread(worker.stop, timeout=10_000)


def _start(parts: Parts) -> dramatiq.Worker:
    parts.broker.emit_after("process_boot")
    worker = dramatiq.Worker(
        parts.broker, worker_threads=WORKER_THREADS, worker_timeout=IDLE_MS
    )
    worker.start()
    return worker


@attrs.define
class _Bench:
    parts: Parts
    city: Practice
    figures: Figures = attrs.field(factory=Figures)

    async def run(self, rounds: int) -> Figures:
        await self._subscribe("teller", TELL, Mode.TELL)
        async with httpx.AsyncClient() as web:
            for number in range(rounds):
                await self._subscribe(f"booker{number}", BOOK, Mode.BOOK)
                start = self._start_of(number)
                for services, other in ((TELL, 0), (BOOK, 30)):
                    await self._free(web, services, start + timedelta(minutes=other))
                await self._watch_until(TELL)
                await self._watch_until(BOOK)
                await self._collect(number)
                self.figures.floor.append(await self._floor(web))
                await web.delete(f"{self.city.url}/practice/openings")
        return self.figures

    def _start_of(self, number: int) -> datetime:
        """Return a start of its own for each round, hours apart."""
        now = self.parts.watcher.clock().now()
        base = now.replace(hour=8, minute=0, second=0, microsecond=0)
        return base + timedelta(days=2 + number // 4, hours=number % 4)

    async def _subscribe(self, name: str, services: ServiceSet, mode: Mode) -> None:
        container = self.parts.watcher
        wiring = (container.store(), container.clock(), container.ids())
        contact = Contact("Bench Beispiel", f"{name}@example.org")
        user = await Register(*wiring)(
            Home("console", name), agreed_to="bench", contact=contact
        )
        catalogue = await container.read_catalogue()()
        await Subscribe(*wiring)(
            user.id,
            catalogue,
            services,
            wishes=Wishes(),
            mode=mode,
            mail_hours=Hours(),
        )

    async def _free(
        self, web: httpx.AsyncClient, services: ServiceSet, start: datetime
    ) -> None:
        answer = await web.post(
            f"{self.city.url}/practice/openings",
            json={
                "officeId": OFFICE,
                "serviceId": services.ids[0],
                "starts": [int(start.timestamp())],
            },
        )
        answer.raise_for_status()

    async def _watch_until(self, services: ServiceSet) -> Observation:
        """Ask the next questions at once until this service's slot is seen."""
        while True:
            async with self.parts.watcher.engine().begin() as connection:
                await connection.execute(text("DELETE FROM limiter_stamps"))
            outcome = await self.parts.watcher.watch()()
            seen = outcome.observation if outcome else None
            if seen and seen.probe.services == services and seen.free:
                return seen

    async def _collect(self, number: int) -> None:
        teller = await _until(lambda: self._told("teller", number))
        self.figures.message.append(teller)
        self.figures.reserve.append(
            await _until(lambda: self._reserved(f"booker{number}"))
        )

    async def _told(self, name: str, number: int) -> float | None:
        """Return the milliseconds from first sight to the round's message."""
        async with self.parts.watcher.store().snapshot() as tx:
            user = await tx.users.at(Home("console", name))
            listed = await tx.notifications.of(user.id, 1) if user else []
            if not listed or listed[0].delivered_at is None:
                return None
            [opening, *_] = await tx.openings.told_by(listed[0].id)
        return _ms(opening.first_seen, listed[0].delivered_at)

    async def _reserved(self, name: str) -> float | None:
        async with self.parts.watcher.store().snapshot() as tx:
            user = await tx.users.at(Home("console", name))
            listed = await tx.bookings.of(user.id) if user else []
            calls = await tx.bookings.calls(listed[0].id) if listed else []
        sent = {call.call: call for call in calls}
        if Call.PRECONFIRM not in sent:
            return None
        reserve = sent[Call.RESERVE]
        return _ms(listed[0].seen_at, reserve.sent_at) - reserve.waited * 1000

    async def _floor(self, web: httpx.AsyncClient) -> float:
        """Time what no design can avoid: one round trip, one durable commit."""
        started = time.perf_counter()
        await web.get(f"{self.city.url}/practice/health")
        async with self.parts.watcher.engine().begin() as connection:
            await connection.execute(text("UPDATE revisions SET value = value"))
        return (time.perf_counter() - started) * 1000


async def _until(find: Callable[[], Awaitable[_T | None]]) -> _T:
    async with asyncio.timeout(PATIENCE):
        while True:
            if (found := await find()) is not None:
                return found
            await asyncio.sleep(0.01)


def _ms(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() * 1000


def _p99(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.99) - 1)]
