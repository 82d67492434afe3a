"""Where a booking can stand, what may follow from where, and which call is next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mta_core.domain.calls import Call


class BookingState(Enum):
    """Where a booking stands."""

    REQUESTED = "requested"
    RESERVING = "reserving"
    RESERVED = "reserved"
    DETAILED = "detailed"
    PRECONFIRMED = "preconfirmed"
    CONFIRMED = "confirmed"
    PAST = "past"
    LOST = "lost"
    RELEASED = "released"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Lane(Enum):
    """What a live booking is to its citizen.

    One live booking per citizen, service and lane: the *main* one, and beside it an
    earlier one that is to *swap* with it once the city has confirmed it.
    """

    MAIN = "main"
    SWAP = "swap"


_S = BookingState
ENDS = frozenset({_S.PAST, _S.LOST, _S.RELEASED, _S.EXPIRED, _S.FAILED, _S.CANCELLED})
"""From here nothing follows."""

NEXT: Mapping[BookingState, frozenset[BookingState]] = {
    _S.REQUESTED: frozenset({_S.RESERVING, _S.LOST, _S.FAILED, _S.RELEASED}),
    _S.RESERVING: frozenset({_S.REQUESTED, _S.RESERVED, _S.LOST, _S.FAILED}),
    _S.RESERVED: frozenset(
        {_S.DETAILED, _S.PRECONFIRMED, _S.CONFIRMED, _S.RELEASED, _S.EXPIRED}
    ),
    _S.DETAILED: frozenset(
        {_S.PRECONFIRMED, _S.CONFIRMED, _S.RELEASED, _S.EXPIRED, _S.FAILED}
    ),
    _S.PRECONFIRMED: frozenset({_S.CONFIRMED, _S.RELEASED, _S.EXPIRED}),
    _S.CONFIRMED: frozenset({_S.PAST, _S.CANCELLED}),
    **dict.fromkeys(ENDS, frozenset()),
}
"""The state machine: what may follow from where."""

CALLS: Mapping[BookingState, Call] = {
    _S.REQUESTED: Call.RESERVE,
    _S.RESERVED: Call.UPDATE,
    _S.DETAILED: Call.PRECONFIRM,
    _S.PRECONFIRMED: Call.LOOK,
}
"""The call that takes a booking on from where it stands."""
