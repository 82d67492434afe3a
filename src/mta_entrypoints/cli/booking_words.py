"""A booking in words: for people, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from mta_core.domain.availability import BERLIN, day_of
from mta_core.domain.bookings import (
    GIVEN_BACK,
    REPLACED,
    Booking,
    BookingState,
    Lane,
)
from mta_core.domain.calls import Call, CallRecord
from mta_core.domain.catalogue import Catalogue, Office
from mta_core.domain.errors import Answer
from mta_entrypoints.cli import output

_S = BookingState
_NEXT: Mapping[BookingState, str] = {
    _S.REQUESTED: "Nothing: MTA reserves it.",
    _S.RESERVING: "Nothing: MTA reserves it.",
    _S.RESERVED: "Nothing: MTA gives the city your details.",
    _S.DETAILED: "Nothing: MTA asks the city for its mail.",
    _S.CONFIRMED: "Be there. If you cannot come: `mta bookings cancel`.",
}
_OWN_REASONS: Mapping[str, str] = {
    GIVEN_BACK: "You gave it back.",
    REPLACED: "An earlier appointment replaced it.",
}
_CALLS: Mapping[Call, str] = {
    Call.RESERVE: "asks the city to hold the slot",
    Call.UPDATE: "gives the city your details",
    Call.PRECONFIRM: "asks the city for its mail",
    Call.CANCEL: "gives the appointment back",
    Call.LOOK: "looks what the city says",
}
_ANSWERS: Mapping[Answer, str] = {
    Answer.DONE: "done",
    Answer.REFUSED: "the city said no",
    Answer.NOT_EXECUTED: "it did not get through",
    Answer.UNKNOWN: "nobody knows what came of it",
}


@attrs.frozen
class Deal:
    """A booking with the names of what it is about.

    Attributes:
        say_reason: puts what the city or MTA noted into people's words.
    """

    booking: Booking
    catalogue: Catalogue
    say_reason: Callable[[str], str] = str

    def now(self, booking: Booking) -> Deal:
        """Return it after something has happened to the booking."""
        return attrs.evolve(self, booking=booking)

    @property
    def office(self) -> Office | None:
        """The office, if it is still listed."""
        return self.catalogue.offices.get(self.booking.slot.office)

    @property
    def sender(self) -> str:
        """From where the office's mail comes; empty if it names nothing."""
        office = self.office
        return office.terms.email_from if office and office.terms else ""

    def where(self) -> str:
        """Name the office; by its number if it is listed no more."""
        return self.office.name if self.office else str(self.booking.slot.office)

    def when(self) -> str:
        """Say when the appointment is."""
        return output.when(self.booking.slot.start)

    def line(self) -> str:
        """Say all that matters in one line."""
        number = self.booking.display_number
        parts = (
            self.booking.state.value,
            self.when(),
            self.where(),
            f"number {number}" if number else "",
        )
        return ", ".join(part for part in parts if part)

    def to_do(self) -> str:
        """Say what is to be done next, and until when; empty once it has ended."""
        booking = self.booking
        if booking.ended:
            return ""
        if booking.release:
            return "Nothing: MTA gives it back."
        if booking.state is _S.PRECONFIRMED:
            return (
                f"Open the city's mail by {self.deadline()} and click its link; then "
                "`mta bookings opened`. No mail? `mta bookings no-mail`."
            )
        if booking.state is _S.CONFIRMED and booking.lane is Lane.SWAP:
            return "Nothing: MTA gives your later appointment back."
        return _NEXT[booking.state]

    def deadline(self) -> str:
        """Say until when the mail's link works; the day only if it is another one."""
        by, since = self.booking.open_by, self.booking.reserved_at
        if by is None or since is None or day_of(by) != day_of(since):
            return output.when(by)
        return f"{by.astimezone(BERLIN):%H:%M}"

    def why(self) -> str:
        """Say why it ended as it did, or what the last call ran into."""
        reason = self.booking.reason
        said = _OWN_REASONS.get(reason) or (self.say_reason(reason) if reason else "")
        if self.booking.state is _S.LOST:
            return f"Somebody was faster; MTA goes on looking. {said}".rstrip()
        return said

    def given_back(self) -> str:
        """Say what came of giving it back."""
        booking, what = self.booking, f"{self.when()}, {self.where()}"
        if booking.state is _S.CANCELLED:
            return f"Cancelled: {what}. Somebody else can have it now."
        if booking.state is _S.RELEASED:
            return f"Given back: {what}. Somebody else can have it now."
        if booking.ended:
            return f"{what}: {booking.state.value}. {self.why()}".rstrip()
        if booking.release:
            return (
                f"{what}: the city could not be asked yet. MTA goes on trying as long "
                "as `mta up` runs."
            )
        return (
            f"{what}: the city did not take it back. {self.why()} It is still yours; "
            "the city's mail has a link that cancels it."
        )

    def facts(self) -> list[tuple[str, str]]:
        """Return all there is to know, in words."""
        booking, office = self.booking, self.office
        return [
            ("what", self.catalogue.name_of(booking.slot.services)),
            ("when", self.when()),
            ("where", ", ".join(filter(None, (self.where(), self._address())))),
            ("number", booking.display_number),
            ("state", booking.state.value),
            ("to do", self.to_do()),
            ("because", self.why()),
            ("mail from", self.sender if booking.state is _S.PRECONFIRMED else ""),
            ("to know", office.terms.info if office and office.terms else ""),
            ("swaps", "replaces a later one" if booking.lane is Lane.SWAP else ""),
            ("may be held", self._orphan()),
        ]

    def timeline(self, calls: Sequence[CallRecord]) -> list[tuple[str, str]]:
        """Tell its story: when, and what."""
        booking = self.booking
        story = [
            (booking.seen_at, "MTA sees the slot free"),
            (booking.requested_at, "MTA decides to book it for you"),
            *((call.sent_at, _told(call)) for call in calls),
        ]
        if booking.ended_at is not None:
            story.append((booking.ended_at, f"it ends: {booking.state.value}"))
        days = {at.date() for at, _ in story}
        write = output.moment if len(days) > 1 else output.clock
        return [(write(at), text) for at, text in story]

    def described(self) -> dict[str, Any]:
        """Describe it for programs."""
        booking = self.booking
        return {
            "id": booking.id,
            "subscription": booking.subscription,
            "state": booking.state.value,
            "services": str(booking.slot.services),
            "name": self.catalogue.name_of(booking.slot.services),
            "start": booking.slot.start,
            "officeId": booking.slot.office,
            "office": self.where(),
            "number": booking.display_number,
            "processId": booking.held.process_id if booking.held else None,
            "seenAt": booking.seen_at,
            "requestedAt": booking.requested_at,
            "reservedAt": booking.reserved_at,
            "openMailBy": booking.open_by,
            "endedAt": booking.ended_at,
            "lane": booking.lane.value,
            "replaces": booking.replaces,
            "beingGivenBack": booking.release and not booking.ended,
            "toDo": self.to_do(),
            "reason": booking.reason,
            "why": self.why(),
        }

    def _address(self) -> str:
        return self.office.address if self.office else ""

    def _orphan(self) -> str:
        """Say until when the city may hold a slot of which nobody knows."""
        until = self.booking.orphan_until
        return f"by the city until {output.when(until)}" if until else ""


def described_call(call: CallRecord) -> dict[str, Any]:
    """Describe a call to the city for programs."""
    return {
        "call": call.call.value,
        "sentAt": call.sent_at,
        "answeredAt": call.answered_at,
        "milliseconds": _milliseconds(call),
        "answer": call.answer.value,
        "code": call.code,
        "waitedSeconds": round(call.waited, 3),
    }


def _told(call: CallRecord) -> str:
    waited = f" after {call.waited:.0f} s in its queue" if call.waited >= 1 else ""
    code = f" ({call.code})" if call.code else ""
    return (
        f"MTA {_CALLS[call.call]}{waited}: {_ANSWERS[call.answer]}{code}, "
        f"{_milliseconds(call)} ms"
    )


def _milliseconds(call: CallRecord) -> int:
    return round((call.answered_at - call.sent_at).total_seconds() * 1000)
