"""UUIDs that sort by time (RFC 9562, version 7)."""

from __future__ import annotations

import secrets
import threading
from uuid import UUID

import attrs

from mta_core.ports.clock import Clock, Ids

_COUNTER_BITS = 42
_RANDOM_BITS = 32
# A fresh millisecond starts in the lower half, so that there is room to count up.
_START_BITS = _COUNTER_BITS - 1
_MOST = (1 << _COUNTER_BITS) - 1


@attrs.define
class Uuid7Ids(Ids):
    """Makes ids that always grow within a process, from any thread.

    Within a millisecond, and while the wall clock is set back, a counter of 42 bits
    goes on (RFC 9562, 6.2, method 1, with a random start); 32 more bits are random. If
    the counter were ever full, the millisecond before the next one would be borrowed.
    """

    _clock: Clock
    _millisecond: int = attrs.field(default=0, init=False)
    _counter: int = attrs.field(default=0, init=False, repr=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False)

    def new(self) -> UUID:
        """Return a fresh id."""
        now = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            if now > self._millisecond:
                self._restart(now)
            elif self._counter == _MOST:
                self._restart(self._millisecond + 1)
            else:
                self._counter += 1
            return _uuid(self._millisecond, self._counter)

    def _restart(self, millisecond: int) -> None:
        self._millisecond = millisecond
        self._counter = secrets.randbits(_START_BITS)


def _uuid(millisecond: int, counter: int) -> UUID:
    """Lay out the fields: 48 bits of time, then counter and dice around the marks."""
    tail = counter << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=millisecond << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
