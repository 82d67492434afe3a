"""Suspect: keep what is not as it should be as named conditions, and say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from mta_core.domain.accounts import Home
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.conditions import Condition, Key
from mta_core.domain.errors import SiteError
from mta_core.domain.notifications import Notification
from mta_core.polling.planner import Outcome
from mta_core.polling.signs import Signs
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.operator import Notice, notices_about
from mta_core.use_cases.read_catalogue import last_known

CHECK = timedelta(minutes=10)
"""How often calls are heard of, figures renewed, and what was held back is told."""

KEPT_FOR = timedelta(days=90)

_RECENT = timedelta(days=1)
_OVERLAP = timedelta(minutes=1)  # an answer may be recorded a little late


@attrs.frozen
class Changes:
    """What has begun and what has ended, for the log."""

    began: tuple[Condition, ...] = ()
    ended: tuple[Condition, ...] = ()


@attrs.define
class Suspect:
    """Learns from every answer. Only the one watcher does.

    Attributes:
        signs: what it knows; kept by `Remember`.
        operator: whom to tell, if anybody.
    """

    signs: Signs
    store: UnitOfWork
    queue: JobQueue
    clock: Clock
    ids: Ids
    operator: Home | None = None
    _standing: frozenset[Key] = attrs.field(default=frozenset(), init=False)
    _checked_at: datetime | None = attrs.field(default=None, init=False)
    _early: Catalogue | SiteError | None = attrs.field(default=None, init=False)

    async def __call__(self, outcome: Outcome) -> Changes:
        """Take in what came of a question, once it is recorded.

        Raises:
            StorageUnavailable: nothing is lost; the next one writes it.
        """
        if self._early is not None:
            early, self._early = self._early, None
            self.signs.read(early, self.clock.now())
        self.signs.learn(outcome)
        return await self._hold()

    async def read(self, answer: Catalogue | SiteError) -> Changes:
        """Take in what came of reading the catalogue.

        Before it is recalled what was known, the reading waits: it would seem that all
        that stood then is over.

        Raises:
            StorageUnavailable: nothing is lost; the next one writes it.
        """
        if not self.signs.recalled:
            self._early = answer
            return Changes()
        self.signs.read(answer, self.clock.now())
        return await self._hold()

    async def _hold(self) -> Changes:
        """Write what has begun or ended at once, and look after the rest now and then."""
        now, last = self.clock.now(), self._checked_at
        due = last is None or now - last >= CHECK
        if not due and self.signs.conditions().keys() == self._standing:
            return Changes()
        async with self.store.begin() as tx:
            if due:
                since = (last or now) - _OVERLAP
                self.signs.heard(await tx.bookings.answered_since(since))
                await tx.conditions.forget(now - KEPT_FOR)
            found = self.signs.conditions()
            changes = await _update(tx, found, now)
            jobs = await self._tell(tx, now)
            await tx.commit()
        self._standing = frozenset(found)
        self._checked_at = now if due else last
        await self.queue.put(*jobs)
        return changes

    async def _tell(self, tx: Transaction, now: datetime) -> list[Job]:
        """Owe the operator what is news to them."""
        user = await tx.users.at(self.operator) if self.operator else None
        if user is None:
            return []
        jobs = []
        for notice in notices_about(await tx.conditions.since(now - _RECENT), now):
            note = Notification(
                id=self.ids.new(),
                user=user.id,
                kind=notice.kind,
                created_at=now,
                due_at=now,
                facts=await _facts(tx, notice),
            )
            await tx.notifications.save(note)
            for told in notice.told(now):
                await tx.conditions.save(told)
            jobs.append(Job(Task.DELIVER, note.id))
        return jobs


async def _update(
    tx: Transaction, found: Mapping[Key, Condition], now: datetime
) -> Changes:
    """Bring the stored conditions in line with what is found now."""
    known = {condition.key: condition for condition in await tx.conditions.now()}
    began = [found[key] for key in found if key not in known]
    ended = [known[key].ended(now) for key in known if key not in found]
    going_on = [
        attrs.evolve(before, detail=found[key].detail)
        for key, before in known.items()
        if key in found and found[key].detail != before.detail
    ]
    for condition in (*began, *ended, *going_on):
        await tx.conditions.save(condition)
    return Changes(tuple(began), tuple(ended))


async def _facts(tx: Transaction, notice: Notice) -> dict[str, str]:
    subject = notice.about[0].subject(await last_known(tx))
    return {**notice.facts, "subject": subject}
