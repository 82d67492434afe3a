"""Reading the books of both sides, often and without much ado."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import httpx

from mta_core.domain.accounts import Contact, Home
from mta_core.domain.notifications import Kind
from mta_core.ports.limiter import Budget
from mta_entrypoints.cli.container import CliContainer
from tests.e2e.kill.books import LIVE, Appointment, Books, Ours, Theirs

PEOPLE = (
    ("amira", Contact("Amira Beispiel", "amira@example.org")),
    ("omar", Contact("Omar Muster", "omar@example.org")),
)
"""The citizens: where they are reached, and what the city is told."""

_EPOCH = "1970-01-01 00:00:00"


@attrs.define
class Reader:
    """Reads anew what can have changed: MTA's database knows whether it has."""

    folder: Path
    container: CliContainer
    web: httpx.AsyncClient
    connection: sqlite3.Connection
    _version: int = -1
    _known: tuple[Sequence[Any], Sequence[Any], Ours] | None = None

    async def books(self, at: datetime) -> Books:
        """Read the city's appointments first, so that MTA must know of all of them.

        And once more after MTA's books, which may know already of what ends meanwhile.
        """
        before = await self._appointments()
        after = before
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if self._known is None or version != self._version:
            self._version = version
            mails, ledger = await self._ask("mails"), await self._ask("ledger")
            self._known = (mails, ledger, await self._ours())
            after = await self._appointments()
        mails, ledger, ours = self._known
        theirs = Theirs(
            live=_live(before),
            still={each["processId"] for each in _live(after)},
            status={each["processId"]: each["status"] for each in after},
            mails=mails,
            ledger=ledger,
        )
        return Books(at, theirs, ours)

    async def _appointments(self) -> Sequence[Appointment]:
        rivals = self._rivals()
        every: Sequence[Appointment] = await self._ask("appointments")
        return [each for each in every if each["processId"] not in rivals]

    async def _ask(self, what: str) -> Any:
        return (await self.web.get(f"/practice/{what}")).json()

    async def _ours(self) -> Ours:
        """Read MTA's books, all of one moment."""
        container = self.container
        async with container.store().snapshot() as tx:
            homes = [Home("console", name) for name, _ in PEOPLE]
            users = [user for home in homes if (user := await tx.users.at(home))]
            subscriptions = [s for u in users for s in await tx.subscriptions.of(u.id)]
            bookings = [b for u in users for b in await tx.bookings.of(u.id)]
            calls = [c for b in bookings for c in await tx.bookings.calls(b.id)]
            notes = [n for u in users for n in await tx.notifications.of(u.id, 1000)]
            told = {
                note.id: {o.slot for o in await tx.openings.told_by(note.id)}
                for note in notes
                if note.kind is Kind.FOUND
            }
        inbox = {m.id for u in users for m in await container.inbox().read(u.home, 999)}
        return Ours(subscriptions, bookings, calls, notes, told, inbox, self._free_at())

    def _free_at(self) -> Mapping[Budget, datetime]:
        """Read when each budget has a place again."""
        ask = self.connection.execute
        (opens,) = ask("SELECT max(closed_until) FROM limiter_state").fetchone()
        counting = "SELECT counts_until FROM limiter_stamps WHERE budget = ? ORDER BY 1"
        free_at = {}
        for budget in Budget:
            taken = [until for (until,) in ask(counting, [budget.value]).fetchall()]
            full = taken[-budget.limit :] if len(taken) >= budget.limit else []
            at = max([opens or _EPOCH, *full[:1]])
            free_at[budget] = datetime.fromisoformat(at).replace(tzinfo=UTC)
        return free_at

    def _rivals(self) -> set[int]:
        noted = self.folder / "rivals"
        return set(map(int, noted.read_text().split())) if noted.exists() else set()


def _live(appointments: Sequence[Appointment]) -> Sequence[Appointment]:
    return [each for each in appointments if each["status"] in LIVE]


@contextmanager
def reading(
    folder: Path, container: CliContainer, web: httpx.AsyncClient
) -> Iterator[Reader]:
    """Open what is needed to read the books of a scene."""
    database = container.settings().database
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        yield Reader(folder, container, web, connection)
    finally:
        connection.close()
