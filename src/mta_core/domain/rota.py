"""Who watches when: turns that people offer, and invitations to stated hours.

A token lives five minutes, so somebody must pass the human check just when the city
releases slots. MTA invites those who wait, 10 and 1 minutes before.

If shifts are shared, one watcher is enough for everybody: those who offered turns are
then invited one at a time, the one who was served longest ago first, and the next one
if nobody has opened a shift within 3 minutes. Otherwise a shift serves its owner alone:
each is invited for their own wishes, and an offer only says in which hours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.availability import BERLIN
from mta_core.domain.wishes import Hours

LEADS = (timedelta(minutes=10), timedelta(minutes=1))
"""An invitation goes out so long before a stated hour (design 7)."""

AHEAD = timedelta(seconds=90)
"""Invitations are written this long before they are due, so that they are on time."""

LATE = timedelta(minutes=3)
"""One that could not be written in time is still worth sending for so long."""

PATIENCE = timedelta(minutes=3)
"""So long one person has time to open a shift before the next one is invited."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@attrs.frozen
class Turn:
    """An offer to watch at some hours on some weekdays (0 is Monday), in Munich.

    Attributes:
        served_at: when this person was last invited to an hour that it covers.
    """

    id: UUID
    user: UUID
    hours: Hours
    weekdays: frozenset[int]
    offered_at: datetime
    served_at: datetime | None = None
    version: int = 0

    def covers(self, hour: datetime) -> bool:
        """Whether this person would watch at that moment."""
        weekday = hour.astimezone(BERLIN).weekday()
        return weekday in self.weekdays and hour in self.hours

    def served(self, now: datetime) -> Turn:
        """Note that it was this person's turn."""
        return attrs.evolve(self, served_at=now)


@attrs.frozen
class Invitation:
    """One message to one citizen about one stated hour.

    Attributes:
        lead: how long before the hour it is due; negative is after it. Nobody gets two
            with the same lead.
    """

    user: UUID
    hour: datetime
    lead: timedelta

    @property
    def due_at(self) -> datetime:
        """When it is to be sent."""
        return self.hour - self.lead

    def timely(self, now: datetime) -> bool:
        """Whether it is to be written now: neither too early nor too late."""
        return self.due_at - AHEAD <= now < self.due_at + LATE


@attrs.frozen
class Hour:
    """A stated hour that comes, or has just begun, and all that bears on it.

    Attributes:
        until: when it is over.
        waiting: those who would profit from a shift, none twice.
        sent: what has been written about it so far, oldest first.
        opened: whether a shift has been opened for it.
    """

    start: datetime
    until: datetime
    waiting: Collection[UUID]
    sent: Sequence[Invitation] = ()
    opened: bool = False

    def owed(
        self, turns: Sequence[Turn], now: datetime, *, shared: bool
    ) -> list[Invitation]:
        """Say which invitations are to be written now."""
        covering = [t for t in turns if t.user in self.waiting and t.covers(self.start)]
        if shared:
            due = self._one_at_a_time(covering) if covering else self._all(self.waiting)
        else:
            offered = {turn.user for turn in turns}
            able = {turn.user for turn in covering}
            due = self._all(u for u in self.waiting if u in able or u not in offered)
        known = {(one.user, one.lead) for one in self.sent}
        return [
            one for one in due if one.timely(now) and (one.user, one.lead) not in known
        ]

    def _all(self, users: Iterable[UUID]) -> Iterator[Invitation]:
        for user in users:
            for lead in LEADS:
                yield Invitation(user, self.start, lead)

    def _one_at_a_time(self, turns: Sequence[Turn]) -> Iterator[Invitation]:
        """Invite the first of the queue beforehand, and the next ones once it is late.

        Whoever has been invited stays invited, whatever becomes of the queue.
        """
        invited = list(dict.fromkeys(one.user for one in self.sent))
        queue = [user for user in _queue(turns) if user not in invited]
        first, *late = [*invited, *queue[:1]]
        yield from self._all([first])
        for number, user in enumerate([] if self.opened else late, 1):
            lead = LEADS[-1] - number * PATIENCE
            if self.start - lead < self.until:
                yield Invitation(user, self.start, lead)


def _queue(turns: Iterable[Turn]) -> list[UUID]:
    """Put those first who were served longest ago, each person once."""
    ordered = sorted(turns, key=lambda t: (t.served_at or _NEVER, t.offered_at, t.id))
    return list(dict.fromkeys(turn.user for turn in ordered))
