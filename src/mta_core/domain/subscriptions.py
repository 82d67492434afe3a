"""What a citizen waits for, and for how long MTA goes on looking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from uuid import UUID

import attrs

from mta_core.domain.availability import BERLIN, Slot, day_of
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import IllegalTransition

# Handed on to those who deal with wishes as a part of this.
from mta_core.domain.wishes import EVERY_WEEKDAY as EVERY_WEEKDAY  # noqa: F401
from mta_core.domain.wishes import MAIL_HOURS as MAIL_HOURS
from mta_core.domain.wishes import Hours as Hours
from mta_core.domain.wishes import Wishes as Wishes

STILL_NEEDED_AFTER = timedelta(days=60)
"""After this long without a word MTA asks whether it is still needed (design 4)."""

ANSWER_WITHIN = timedelta(days=14)
"""Without an answer to that for this long, the wish is paused; nothing is lost."""

LEAST_GAIN = timedelta(days=1)
"""Nobody swaps a confirmed appointment for less."""


class Mode(Enum):
    """What MTA does with a slot that fits."""

    TELL = "tell"
    BOOK = "book"


class SubscriptionState(Enum):
    """Where a subscription stands; only an active one is watched for."""

    ACTIVE = "active"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_S = SubscriptionState
_NEXT: Mapping[SubscriptionState, frozenset[SubscriptionState]] = {
    _S.ACTIVE: frozenset({_S.PAUSED, _S.FULFILLED, _S.EXPIRED, _S.CANCELLED}),
    _S.PAUSED: frozenset({_S.ACTIVE, _S.FULFILLED, _S.EXPIRED, _S.CANCELLED}),
    _S.FULFILLED: frozenset({_S.ACTIVE, _S.CANCELLED}),
    _S.EXPIRED: frozenset({_S.ACTIVE, _S.CANCELLED}),
    _S.CANCELLED: frozenset(),
}


@attrs.frozen
class Subscription:
    """One citizen's wishes for one service set.

    Attributes:
        answers: what offices ask beyond contact data, by the city's label for it.
        waiting_since: decides who is first; survives edits and lost races.
        earlier_by: once an appointment is confirmed MTA goes on looking for one that
            is at least this much earlier; None is not at all.
        standing: the start of the confirmed appointment that such a one would replace.
        armed_at: when book mode was last set or changed; what failed before does not
            count against the citizen.
        renewed_at: when the citizen last said that they need it.
        asked_at: when MTA asked whether they still do; None once they have answered.
        vanished_at: since when the city has not offered it.
        version: grows with every change; the store refuses to overwrite a newer one.
    """

    id: UUID
    user: UUID
    services: ServiceSet
    wishes: Wishes
    mode: Mode
    waiting_since: datetime
    mail_hours: Hours = MAIL_HOURS
    answers: Mapping[str, str] = attrs.field(factory=dict)
    state: SubscriptionState = SubscriptionState.ACTIVE
    earlier_by: timedelta | None = None
    standing: datetime | None = None
    armed_at: datetime = attrs.field()
    renewed_at: datetime = attrs.field()
    asked_at: datetime | None = None
    vanished_at: datetime | None = None
    version: int = 0

    @armed_at.default
    def _armed_at_once(self) -> datetime:
        return self.waiting_since

    @renewed_at.default
    def _renewed_at_once(self) -> datetime:
        return self.waiting_since

    @property
    def active(self) -> bool:
        """Whether MTA looks for this."""
        return self.state is SubscriptionState.ACTIVE

    @property
    def waits(self) -> bool:
        """Whether an appointment would still fulfil it."""
        return self.state in {_S.ACTIVE, _S.PAUSED}

    # What suits

    def accepts(self, slot: Slot, now: datetime) -> bool:
        """Whether a slot suits, and is enough of a gain over what is had already."""
        return self.wishes.accept(slot, now) and self.gains(slot.start)

    def gains(self, start: datetime) -> bool:
        """Whether a start is early enough to replace the confirmed appointment."""
        latest = self._latest()
        return latest is None or start <= latest

    def wants_day(self, day: date) -> bool:
        """Whether a day would suit at some hour."""
        end = self._latest()
        return self.wishes.accept_day(day) and (end is None or day <= day_of(end))

    def first_day(self, now: datetime) -> date | None:
        """Return the earliest day that may still suit; None if there is none."""
        if not self.gains(now + self.wishes.notice):
            return None
        day = self.wishes.first_day(now)
        return day if day is not None and self.wants_day(day) else None

    def _latest(self) -> datetime | None:
        """The latest start that is a gain; None if any is."""
        if self.standing is None:
            return None
        return self.standing - (self.earlier_by or LEAST_GAIN)

    # Its life

    def fulfil(self) -> Subscription:
        """The appointment is booked: stop looking."""
        return self._ended(_S.FULFILLED)

    def hold(self, start: datetime) -> Subscription:
        """An appointment is confirmed: go on looking for an earlier one."""
        return attrs.evolve(self, standing=start)

    def let_go(self) -> Subscription:
        """The confirmed appointment came to nothing: any that suits is a gain again."""
        return attrs.evolve(self, standing=None)

    def pause(self) -> Subscription:
        """Do not look for a while."""
        return self._to(_S.PAUSED)

    def resume(self, now: datetime) -> Subscription:
        """Look (again); the place in the queue is kept."""
        looking = self if self.active else self._to(_S.ACTIVE)
        return attrs.evolve(looking, renewed_at=now, asked_at=None, armed_at=now)

    def expire(self) -> Subscription:
        """No day that would suit is left."""
        return self._ended(_S.EXPIRED)

    def cancel(self) -> Subscription:
        """The citizen does not need it any more."""
        return self._ended(_S.CANCELLED)

    def ask(self, now: datetime) -> Subscription:
        """Note that the citizen was asked whether they still need it."""
        return attrs.evolve(self, asked_at=now)

    def vanish(self, now: datetime | None) -> Subscription:
        """Note that the city does not offer it; None: that it does (again)."""
        return attrs.evolve(self, vanished_at=now)

    @property
    def care_at(self) -> datetime | None:
        """When its life needs a look: it is asked about, paused or over.

        None once nothing is to happen by itself.
        """
        ends_at = self.ends_at
        if self.state is _S.PAUSED:
            return ends_at
        if not self.active:
            return None
        return min(self.ask_at, ends_at) if ends_at else self.ask_at

    @property
    def ask_at(self) -> datetime:
        """When the citizen is asked whether they need it, or has not answered."""
        if self.asked_at is None:
            return self.renewed_at + STILL_NEEDED_AFTER
        return self.asked_at + ANSWER_WITHIN

    @property
    def ends_at(self) -> datetime | None:
        """When no day is left that would suit, or none that would be a gain."""
        ends = [self._latest()]
        if self.wishes.windows:
            day = self.wishes.last_day() or self.wishes.windows[0].first
            ends.append(_midnight_after(day))
        return min((end for end in ends if end is not None), default=None)

    def _ended(self, state: SubscriptionState) -> Subscription:
        """End: what becomes of an appointment is not followed any more."""
        return attrs.evolve(self._to(state), standing=None, asked_at=None)

    def _to(self, state: SubscriptionState) -> Subscription:
        if state not in _NEXT[self.state]:
            raise IllegalTransition(
                f"A subscription that is {self.state.value} cannot become {state.value}."
            )
        return attrs.evolve(self, state=state)


def _midnight_after(day: date) -> datetime:
    """Return the end of a day in Munich, as far as calendars go."""
    last = min(day, date.max - timedelta(days=1))
    midnight = datetime.combine(last + timedelta(days=1), time(0), BERLIN)
    return midnight.astimezone(UTC)


def fitting(
    slots: Iterable[Slot], subscription: Subscription, now: datetime
) -> tuple[Slot, ...]:
    """Return the slots that suit a subscription, earliest first."""
    return tuple(
        sorted(
            slot
            for slot in slots
            if slot.services == subscription.services
            and subscription.accepts(slot, now)
        )
    )


def longest_waiting(subscriptions: Iterable[Subscription]) -> list[Subscription]:
    """Put the ones who wait longest first."""
    return sorted(subscriptions, key=lambda s: (s.waiting_since, s.id))
