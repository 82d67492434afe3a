"""A city that answers 200 and nothing: noticed, told, and over with the first slot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import httpx
import pytest

from mta_adapters.city import HttpSite, make_client
from mta_adapters.wording import render
from mta_core.domain.accounts import User
from mta_core.domain.catalogue import OfficeId, ServiceId
from mta_core.domain.conditions import CITY, Condition, ConditionName, quiet_for
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Wishes
from mta_core.polling.round_robin import RoundRobin
from mta_core.polling.signs import Signs
from mta_core.ports.notifier import Text
from mta_core.testing import (
    FakeClock,
    FakeLimiter,
    InMemoryStore,
    ListQueue,
    SequentialIds,
    a_service_set,
    a_subscription,
    a_user,
)
from mta_core.use_cases.record import Record
from mta_core.use_cases.suspect import Changes, Suspect
from mta_core.use_cases.waiting import Waiting
from mta_core.use_cases.watch import Watch
from mta_practice import PracticeSettings, create_app

START = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # a Monday
HALF_HOUR = 1800.0
LATER = int((START + timedelta(days=21, hours=3)).timestamp())
PLACES = {1064314: 10308013, 1063731: 10351882}  # services and an office of each
STEPPED = PracticeSettings(
    stepped=True, start=START.timestamp(), request_limit=1_000_000
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@attrs.define(eq=False)
class Lookout:
    """A watcher, its suspicions and its operator before a practice city."""

    web: httpx.AsyncClient
    site: HttpSite
    clock: FakeClock
    store: InMemoryStore
    watch: Watch
    suspect: Suspect
    operator: User
    opened: int = 0

    async def open_slots(self) -> None:
        """Free some more slots of each service, weeks ahead and on one day."""
        for service, office in PLACES.items():
            starts = [LATER + 1800 * self.opened, LATER + 1800 * self.opened + 900]
            body = {"officeId": office, "serviceId": service, "starts": starts}
            answer = await self.web.post("/practice/openings", json=body)
            assert answer.is_success, answer.text
        self.opened += 1

    async def switch(self, soft_ban: bool) -> None:
        """Begin or end the ban."""
        body = {"softBan": soft_ban}
        (await self.web.post("/practice/switches", json=body)).raise_for_status()

    async def half_hours(self, count: int) -> Changes:
        """Ask for each service once in a half hour; return all that has changed."""
        began: list[Condition] = []
        ended: list[Condition] = []
        for _ in range(count * len(PLACES)):
            outcome = await self.watch()
            assert outcome is not None
            assert outcome.error is None
            changes = await self.suspect(outcome)
            began += changes.began
            ended += changes.ended
            step = HALF_HOUR / len(PLACES)
            await self.web.post("/practice/clock", json={"advance": step})
            await self.clock.advance(step)
        return Changes(tuple(began), tuple(ended))

    async def told(self) -> list[tuple[Kind, Text]]:
        """What the operator has been told, oldest first."""
        async with self.store.snapshot() as tx:
            notes = reversed(await tx.notifications.of(self.operator.id, 99))
        return [(note.kind, render(note, "en")) for note in notes]


@asynccontextmanager
async def a_lookout() -> AsyncIterator[Lookout]:
    """Put it together, without sockets and in virtual time."""
    app: Any = create_app(STEPPED)
    transport = httpx.ASGITransport(app)
    client = make_client(
        "http://localhost/buergeransicht/api/citizen",
        contact=None,
        version="0",
        transport=transport,
    )
    async with (
        client,
        httpx.AsyncClient(base_url="http://localhost", transport=transport) as web,
    ):
        clock, store, queue = FakeClock(START), InMemoryStore(), ListQueue()
        ids, site = SequentialIds(clock), HttpSite(client, clock)
        async with store.begin() as tx:
            operator = await tx.users.save(a_user())
            await tx.sights.keep_catalogue(await site.catalogue(), clock.now())
            for service, office in PLACES.items():
                wish = a_subscription(
                    await tx.users.save(a_user()),
                    services=a_service_set(ServiceId(service)),
                    wishes=Wishes(offices=frozenset({OfficeId(office)})),
                )
                await tx.subscriptions.save(wish)
            await tx.commit()
        record = Record(store, queue, clock, ids)
        waiting, limiter = Waiting(store, clock), FakeLimiter(clock)
        yield Lookout(
            web,
            site,
            clock,
            store,
            Watch(waiting, RoundRobin(), limiter, site, store, record, clock),
            Suspect(Signs(), store, queue, clock, ids, operator.home),
            operator,
        )


async def test_a_soft_ban_is_noticed_told_and_over_with_the_first_slot() -> None:
    async with a_lookout() as lookout:
        for _ in range(4 * 4):  # four days, new slots four times a day
            await lookout.open_slots()
            assert await lookout.half_hours(12) == Changes()

        await lookout.switch(soft_ban=True)
        changes = await lookout.half_hours(24)
        ban = next(c for c in changes.began if c.name is ConditionName.SOFT_BAN)
        assert (ban.about, len(changes.began)) == (CITY, 3)
        hours = (lookout.clock.now() - ban.since) / timedelta(hours=1)
        assert 11 < hours <= 12.5
        async with lookout.store.snapshot() as tx:
            standing = await tx.conditions.now()
        found = quiet_for(a_service_set(ServiceId(1064314)), standing)
        assert found is not None
        assert found.key == ban.key

        await lookout.switch(soft_ban=False)
        changes = await lookout.half_hours(1)
        assert {c.name for c in changes.ended} == {
            ConditionName.SOFT_BAN,
            ConditionName.QUIET,
        }
        told = await lookout.told()
        titles = [text.title for _, text in told if "soft ban" in text.title]
        assert titles == [
            "The city: soft ban suspected",
            "It is over. The city: soft ban suspected",
        ]
        kinds = [kind for kind, _ in told]
        assert kinds.count(Kind.CONDITION) == kinds.count(Kind.CONDITION_OVER) <= 2
