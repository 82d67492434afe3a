"""A desk in a city of doubles, and a browser before it."""

from __future__ import annotations

from typing import Any

import attrs
import httpx

from mta_core.domain.accounts import User
from mta_core.testing import (
    FakeClock,
    FakeLimiter,
    InMemoryStore,
    ScriptedCheck,
    ScriptedSite,
    SequentialIds,
    a_catalogue,
    a_user,
)
from mta_core.use_cases.shifts import OpenShift
from mta_entrypoints.shift.desk import Desk
from mta_entrypoints.shift.page import make_app

HOST = "127.0.0.1:4711"
SECRET = "not-to-be-guessed"


@attrs.define(eq=False)
class Room:
    """A desk with everything behind it."""

    clock: FakeClock = attrs.field(factory=lambda: FakeClock(auto=True))
    store: InMemoryStore = attrs.field(factory=InMemoryStore)
    check: ScriptedCheck = attrs.field(init=False)
    user: User = attrs.field(factory=a_user)
    desk: Desk = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.check = ScriptedCheck(ScriptedSite(a_catalogue(), self.clock))
        self.desk = Desk(
            open_shift=OpenShift(
                self.store,
                self.check,
                FakeLimiter(self.clock),
                self.clock,
                SequentialIds(self.clock),
            ),
            store=self.store,
            clock=self.clock,
            user_id=self.user.id,
            watching=("Reisepass: Bürgerbüro Ruppertstraße",),
            whose="What a shift shows is for its owner alone.",
        )

    async def moves_in(self) -> None:
        """Store the citizen."""
        async with self.store.begin() as tx:
            self.user = await tx.users.save(self.user)
            await tx.commit()

    async def passes(self) -> None:
        """Let the person pass the check."""
        await self.desk.hand_in(self.check.passed(await self.desk.challenge()))

    def browser(self, host: str = HOST, **headers: str) -> httpx.AsyncClient:
        """A browser on this machine."""
        app: Any = make_app(self.desk, HOST, SECRET)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=f"http://{host}/{SECRET}/",
            headers=headers,
        )
