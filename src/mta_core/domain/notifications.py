"""Messages owed to citizens: a state machine, and the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

import attrs

from mta_core.domain.availability import Slot
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import IllegalTransition

MAX_ATTEMPTS = 20  # about eleven hours
TAKEN = "taken"
"""The outcome of a channel that took the message."""

_FIRST_RETRY = timedelta(seconds=5)
_LONGEST_RETRY = timedelta(hours=1)


class Kind(Enum):
    """What a message is about."""

    FOUND = "found"
    BOOKING = "booking"
    OPEN_MAIL = "open mail"
    MAIL_REMINDER = "mail reminder"
    CONFIRMED = "confirmed"
    LOST = "lost"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GIVEN_BACK = "given back"
    REPLACED = "replaced"
    NOT_CANCELLED = "not cancelled"
    APPOINTMENT = "appointment"
    STILL_NEEDED = "still needed"
    PAUSED = "paused"
    OVER = "over"
    VANISHED = "vanished"
    BACK = "back"
    INVITATION = "invitation"
    CONDITION = "condition"
    CONDITION_OVER = "condition over"
    SAMPLE = "sample"


class DeliveryState(Enum):
    """How far a message has come."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    RETRYING = "retrying"
    GIVEN_UP = "given up"
    SUPERSEDED = "superseded"


_S = DeliveryState
_NEXT: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    _S.PENDING: frozenset({_S.SENDING, _S.SUPERSEDED}),
    _S.RETRYING: frozenset({_S.SENDING, _S.SUPERSEDED}),
    # A sender that died leaves SENDING behind: it is taken up again, or let go.
    _S.SENDING: frozenset(DeliveryState) - {_S.PENDING},
    _S.DELIVERED: frozenset(),
    _S.GIVEN_UP: frozenset(),
    _S.SUPERSEDED: frozenset(),
}


@attrs.frozen
class Notification:
    """One message owed to one citizen.

    Attributes:
        slots: the slots that it tells of.
        facts: names and numbers for the text, as they were when it was written; never
            contact data. ``service``; ``office.<id>`` and ``address.<id>`` of each
            slot; ``open_by`` (ISO, UTC), ``sender``, ``number``, ``others`` and
            ``reason`` where the kind has them.
        due_at: not before this moment; None once nothing is left to do.
        outcomes: by `Home.key`, what came of it there: `TAKEN`, or why it never will
            be taken.
        reason: why it was retried, given up or superseded.
    """

    id: UUID
    user: UUID
    kind: Kind
    created_at: datetime
    due_at: datetime | None
    subscription: UUID | None = None
    booking: UUID | None = None
    slots: tuple[Slot, ...] = ()
    facts: Mapping[str, str] = attrs.field(factory=dict)
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    reason: str = ""
    outcomes: Mapping[str, str] = attrs.field(factory=dict)
    version: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will be sent."""
        return not _NEXT[self.state]

    def sending(self, now: datetime, lease: timedelta) -> Notification:
        """Take it in hand; if nothing is heard by the end of the lease, try again.

        Raises:
            IllegalTransition: it is already delivered, given up or superseded, not due
                yet, or another sender's lease still runs.
        """
        if self.due_at is None or now < self.due_at:
            raise IllegalTransition("This notification is not due.")
        taken = self._to(DeliveryState.SENDING)
        return attrs.evolve(
            taken, attempts=self.attempts + 1, sent_at=now, due_at=now + lease
        )

    def at(self, channel: str, outcome: str, until: datetime) -> Notification:
        """Note what came of one channel, and keep it in hand for the others."""
        outcomes = {**self.outcomes, channel: outcome}
        return attrs.evolve(self, outcomes=outcomes, due_at=until)

    def delivered(self, now: datetime) -> Notification:
        """Every channel that can take it has done so."""
        done = self._to(DeliveryState.DELIVERED)
        missed = (why for why in self.outcomes.values() if why != TAKEN)
        return attrs.evolve(
            done, delivered_at=now, due_at=None, reason="; ".join(missed)
        )

    def failed(
        self, now: datetime, reason: str, wait: timedelta | None = None
    ) -> Notification:
        """The channel did not take it: try again later, or give up after many tries.

        Args:
            wait: how long the channel asked to wait, if it did.
        """
        if self.attempts >= MAX_ATTEMPTS:
            return self.given_up(reason)
        backoff = min(_FIRST_RETRY * 2 ** (self.attempts - 1), _LONGEST_RETRY)
        again = self._to(DeliveryState.RETRYING)
        return attrs.evolve(again, due_at=now + (wait or backoff), reason=reason)

    def given_up(self, reason: str) -> Notification:
        """It can never be delivered."""
        ended = self._to(DeliveryState.GIVEN_UP)
        return attrs.evolve(ended, due_at=None, reason=reason)

    def superseded(self, reason: str) -> Notification:
        """Nobody needs it any more."""
        ended = self._to(DeliveryState.SUPERSEDED)
        return attrs.evolve(ended, due_at=None, reason=reason)

    def _to(self, state: DeliveryState) -> Notification:
        if state not in _NEXT[self.state]:
            raise IllegalTransition(
                f"A notification that is {self.state.value} cannot become "
                f"{state.value}."
            )
        return attrs.evolve(self, state=state)


def facts_of(
    slots: Iterable[Slot], catalogue: Catalogue, **more: str
) -> dict[str, str]:
    """Collect the names that a text about these slots needs."""
    facts = dict(more)
    for slot in slots:
        facts["service"] = catalogue.name_of(slot.services)
        office = catalogue.offices.get(slot.office)
        facts[f"office.{slot.office}"] = office.name if office else str(slot.office)
        facts[f"address.{slot.office}"] = office.address if office else ""
    return facts
