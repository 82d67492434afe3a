"""Invite: tell people in time that they should pass the human check.

The city states for some offices when it releases slots. Whoever waits there is invited
10 and 1 minutes before, never twice, and not while a shift is open that serves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.rota import AHEAD, LATE, LEADS, Hour, Invitation, Turn
from mta_core.domain.shifts import LONGEST_LIFE, Shift
from mta_core.domain.stated_hours import stated_hours
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.read_catalogue import last_known
from mta_core.use_cases.shifts import LiveShifts

A_DAY = timedelta(days=1)

SHIFT_OPEN = "a watch shift is open"
HOUR_OVER = "the stated hour is over"


@attrs.frozen
class Invite:
    """Write the invitations that are due soon; they are sent when they are due."""

    store: UnitOfWork
    clock: Clock
    ids: Ids
    shifts: LiveShifts

    async def __call__(self) -> int:
        """Return how many were written. Shifts that are over are ended before."""
        await self.shifts.end_the_old()
        now = self.clock.now()
        async with self.store.snapshot() as tx:
            catalogue = await last_known(tx)
            hours = _hours_around(catalogue, now)
            active = await tx.subscriptions.active() if hours else ()
        waits = {hour: _waiting(hour, catalogue, active, now) for hour in hours}
        written = 0
        for hour, wishes in waits.items():
            if wishes:
                written += await self._invite(hour, wishes, catalogue)
        return written

    async def _invite(
        self,
        hour: _Release,
        wishes: Mapping[UUID, Sequence[Subscription]],
        catalogue: Catalogue,
    ) -> int:
        now, rules = self.clock.now(), self.shifts.rules
        async with self.store.begin() as tx:
            turns = await tx.rota.turns()
            asked = Hour(
                hour.start,
                hour.until,
                tuple(wishes),
                await tx.rota.invited(hour.start),
                await self._opened(tx, hour.start),
            )
            owed = asked.owed(turns, now, shared=rules.shared)
            for one in owed:
                await tx.rota.invite(one)
                await _serve(tx, one, turns, now)
                note = self._note(one, hour, wishes[one.user], catalogue, now)
                await tx.notifications.save(note)
            if owed:
                await tx.rota.forget(now - A_DAY)
                await tx.commit()
        return len(owed)

    async def _opened(self, tx: Transaction, start: datetime) -> bool:
        """Whether somebody has opened a shift that reached into a stated hour."""
        shifts = await tx.shifts.opened_since(start - LEADS[0])
        called_at = start - LEADS[-1]
        return any((shift.ended_at or shift.expires_at) > called_at for shift in shifts)

    def _note(
        self,
        one: Invitation,
        hour: _Release,
        wishes: Sequence[Subscription],
        catalogue: Catalogue,
        now: datetime,
    ) -> Notification:
        wanted = [wish.services for wish in wishes]
        offices = sorted(o for o in hour.offices if _wants(wishes, o, catalogue))
        minutes = int(one.lead.total_seconds()) // 60
        return Notification(
            id=self.ids.new(),
            user=one.user,
            kind=Kind.INVITATION,
            created_at=now,
            due_at=max(one.due_at, now),
            subscription=wishes[0].id,
            facts={
                "service": ", ".join(map(catalogue.name_of, dict.fromkeys(wanted))),
                "offices": ", ".join(catalogue.office(o).name for o in offices),
                "hour": hour.start.isoformat(),
                "until": hour.until.isoformat(),
                "minutes": str(max(minutes, 0)),
                "shared": "1" if self.shifts.rules.shared else "",
            },
        )


async def invited_in_vain(
    tx: Transaction, note: Notification, wish: Subscription, now: datetime
) -> str:
    """Say why an invitation shall not be sent after all; empty if it shall."""
    if not wish.active:
        return f"the subscription is {wish.state.value}"
    if now >= datetime.fromisoformat(note.facts["until"]):
        return HOUR_OVER

    def serves(shift: Shift) -> bool:
        return bool(note.facts["shared"]) or shift.user == note.user

    shifts = await tx.shifts.opened_since(now - LONGEST_LIFE)
    is_open = any(shift.lives(now) and serves(shift) for shift in shifts)
    return SHIFT_OPEN if is_open else ""


@attrs.frozen
class _Release:
    """A stated hour that comes, and the checked offices that release slots then."""

    start: datetime
    until: datetime
    offices: frozenset[OfficeId]


def _hours_around(catalogue: Catalogue, now: datetime) -> list[_Release]:
    """Find the stated hours to which people may have to be invited now."""
    found: dict[datetime, _Release] = {}
    for office, start, until in _stated(catalogue, now):
        known = found.get(start, _Release(start, until, frozenset()))
        if max(until, start + LATE) > now:
            found[start] = _Release(
                start, max(until, known.until), known.offices | {office}
            )
    return [found[start] for start in sorted(found)]


def _stated(
    catalogue: Catalogue, now: datetime
) -> Iterator[tuple[OfficeId, datetime, datetime]]:
    soon = now + LEADS[0] + AHEAD
    for office in catalogue.offices.values():
        if office.terms is None or not catalogue.is_checked(office.id):
            continue
        for stated in stated_hours(office.terms.info):
            for start in stated.starts(now - A_DAY, soon):
                yield office.id, start, stated.until(start)


def _waiting(
    hour: _Release,
    catalogue: Catalogue,
    active: Sequence[Subscription],
    now: datetime,
) -> dict[UUID, list[Subscription]]:
    """Find who waits at these offices, and for what; longest waiting first.

    Nobody is called in hours in which they cannot open a mail.
    """
    found: dict[UUID, list[Subscription]] = {}
    for wish in active:
        suits = hour.start in wish.mail_hours and wish.first_day(now) is not None
        if suits and any(_wants([wish], office, catalogue) for office in hour.offices):
            found.setdefault(wish.user, []).append(wish)
    return found


def _wants(
    wishes: Sequence[Subscription], office: OfficeId, catalogue: Catalogue
) -> bool:
    return any(
        wish.wishes.accept_office(office) and office in catalogue.able(wish.services)
        for wish in wishes
    )


async def _serve(
    tx: Transaction, one: Invitation, turns: Sequence[Turn], now: datetime
) -> None:
    """Put whoever is invited to the end of the queue, once for each hour."""
    begins = one.hour - LEADS[0] - AHEAD
    for turn in turns:
        again = turn.served_at is not None and turn.served_at >= begins
        if turn.user == one.user and turn.covers(one.hour) and not again:
            await tx.rota.offer(turn.served(now))
