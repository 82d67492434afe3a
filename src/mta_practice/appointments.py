"""Appointments: the states they pass through and the book that keeps them all.

The city deletes what has lapsed; the practice city remembers it, so that a test
can ask what became of every appointment.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from mta_practice.catalogue import Office
from mta_practice.contact import Contact
from mta_practice.errors import Refusal
from mta_practice.validation import Identity

#: What the city writes into the mail field until the citizen's own is known.
PLACEHOLDER_EMAIL: Final = "test@muenchen.de"

_SMALLEST_ID: Final = 10_000
_LARGEST_ID: Final = 999_999


class State(StrEnum):
    """The status on the wire; LAPSED is ours: the city has deleted the row."""

    RESERVED = "reserved"
    PRECONFIRMED = "preconfirmed"
    CONFIRMED = "confirmed"
    DELETED = "deleted"
    BLOCKED = "blocked"
    LAPSED = "lapsed"


class End(StrEnum):
    """Why an appointment ended."""

    RESERVATION_EXPIRED = "reservation_expired"
    ACTIVATION_EXPIRED = "activation_expired"
    CANCELLED = "cancelled"


_NEXT: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.RESERVED: frozenset(
            {State.PRECONFIRMED, State.CONFIRMED, State.BLOCKED, State.LAPSED}
        ),
        State.PRECONFIRMED: frozenset({State.CONFIRMED, State.DELETED, State.LAPSED}),
        State.CONFIRMED: frozenset({State.DELETED}),
        State.DELETED: frozenset(),
        State.BLOCKED: frozenset(),
        State.LAPSED: frozenset(),
    }
)

LIVE: Final = frozenset({State.RESERVED, State.PRECONFIRMED, State.CONFIRMED})


class IllegalMove(Exception):
    """An appointment was moved along a way that the state machine does not have."""


@attrs.frozen(kw_only=True)
class Appointment:
    """One appointment. *timestamp*, *reserved_at*, *ended_at* are epoch seconds.

    *slots* are the starts of the grid slots it holds; *returned* says that they are
    back in the pool and the city has forgotten the row. *citizen*: the id of who was
    logged in when it was worked on, None for a guest's.
    """

    process_id: int
    auth_key: str
    office: Office
    counts: tuple[tuple[int, int], ...]
    timestamp: int
    slots: tuple[int, ...]
    display_number: str
    reserved_at: float
    state: State = State.RESERVED
    family_name: str = ""
    email: str = PLACEHOLDER_EMAIL
    telephone: str = ""
    custom: str = ""
    custom2: str = ""
    ended_at: float | None = None
    end: End | None = None
    returned: bool = False
    citizen: str | None = None

    @property
    def has_own_email(self) -> bool:
        """Say whether a citizen's address is set, not the placeholder."""
        return self.email not in ("", PLACEHOLDER_EMAIL)

    @property
    def readable(self) -> bool:
        """Say whether the city still has the row."""
        return self.state is not State.LAPSED and not (
            self.state is State.DELETED and self.returned
        )

    def moved(self, state: State) -> Appointment:
        """Give the appointment in *state*; raises `IllegalMove`."""
        if state not in _NEXT[self.state]:
            raise IllegalMove(f"{self.state} -> {state}")
        return attrs.evolve(self, state=state)

    def ended(self, state: State, at: float, end: End) -> Appointment:
        """Give the appointment ended in *state* at epoch *at* because of *end*."""
        return attrs.evolve(self.moved(state), ended_at=at, end=end)

    def owned(self, citizen: str | None) -> Appointment:
        """Give the appointment to *citizen* if it is nobody's yet."""
        return attrs.evolve(self, citizen=self.citizen or citizen)

    def updated(self, data: Contact) -> Appointment:
        """Give the appointment with new contact data; None keeps what was there."""
        return attrs.evolve(
            self,
            family_name=data.family_name,
            email=self.email if data.email is None else data.email,
            telephone=self.telephone if data.telephone is None else data.telephone,
            custom=self.custom if data.custom is None else data.custom,
            custom2=self.custom2 if data.custom2 is None else data.custom2,
        )


class Book:
    """Every appointment ever made, by process id."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._appointments: dict[int, Appointment] = {}
        self._display: dict[int, int] = {}

    def new_id(self) -> int:
        """Draw an unused process id of five or six digits, in no order."""
        while True:
            drawn = self._chance.randint(_SMALLEST_ID, _LARGEST_ID)
            if drawn not in self._appointments:
                return drawn

    def new_key(self) -> str:
        """Draw an authKey: 64 lowercase hex digits."""
        return self._chance.randbytes(32).hex()

    def new_display_number(self, office: Office, process_id: int) -> str:
        """Give prefix and four-digit counter of the scope, else the process id."""
        prefix = office.scope.hidden.prefix if office.scope else ""
        if not prefix:
            return str(process_id)
        number = self._display.get(office.id, 0) % 9999 + 1
        self._display[office.id] = number
        return f"{prefix}{number:04}"

    def write(self, appointment: Appointment) -> Appointment:
        """Keep *appointment* in place of what was known of it."""
        self._appointments[appointment.process_id] = appointment
        return appointment

    def read(self, identity: Identity) -> Appointment:
        """Find an appointment by process id and authKey.

        Raises:
            Refusal: ``appointmentNotFound`` (the row is gone) or ``authKeyMismatch``
                (the key, or another citizen is logged in).
        """
        found = self._appointments.get(identity.process_id)
        if found is None or not found.readable:
            raise Refusal("appointmentNotFound")
        if found.auth_key != identity.auth_key:
            raise Refusal("authKeyMismatch")
        if identity.citizen and found.citizen not in (None, identity.citizen):
            raise Refusal("authKeyMismatch")
        return found

    def confirmed_of(self, citizen: str) -> list[Appointment]:
        """Give the confirmed appointments of a citizen, in order of reservation."""
        return [
            item
            for item in self._appointments.values()
            if item.citizen == citizen and item.state is State.CONFIRMED
        ]

    def all(self) -> list[Appointment]:
        """Give every appointment in the order of reservation."""
        return list(self._appointments.values())

    def get(self, process_id: int) -> Appointment | None:
        """Give an appointment without asking for its key."""
        return self._appointments.get(process_id)

    def check_mail_limit(self, appointment: Appointment) -> None:
        """Hold *appointment* against the per-mail limit of its scope (contract 4).

        Counts other preconfirmed and confirmed ones of the scope with the same mail.

        Raises:
            Refusal: ``tooManyAppointmentsWithSameMail``.
        """
        scope = appointment.office.scope
        if scope is None or not scope.per_mail or not appointment.has_own_email:
            return
        if scope.exempts(appointment.email):
            return
        others = sum(
            1 for other in self._bound() if _same_citizen(other, appointment, scope.id)
        )
        if others >= scope.per_mail:
            raise Refusal("tooManyAppointmentsWithSameMail")

    def _bound(self) -> Iterable[Appointment]:
        bound = (State.PRECONFIRMED, State.CONFIRMED)
        return (item for item in self._appointments.values() if item.state in bound)


def _same_citizen(other: Appointment, asked: Appointment, scope_id: int) -> bool:
    return (
        other.process_id != asked.process_id
        and other.office.scope is not None
        and other.office.scope.id == scope_id
        and other.email.lower() == asked.email.lower()
    )
