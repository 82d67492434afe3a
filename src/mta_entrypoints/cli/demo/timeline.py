"""The timeline: what happened when, in milliseconds, for people and for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
from rich.console import Console
from rich.status import Status


@attrs.frozen
class Event:
    """One thing that happened. *what*: a stable name; *text*: for people."""

    at: datetime
    what: str
    text: str


@attrs.define
class Timeline:
    """Collects events and, unless *quiet*, prints them as they come."""

    quiet: bool = False
    outcome: str = "incomplete"
    latency_ms: dict[str, float] = attrs.field(factory=dict)
    _events: list[Event] = attrs.field(factory=list)
    _console: Console = attrs.field(factory=lambda: Console(highlight=False))
    _status: Status | None = None

    def note(self, what: str, text: str, at: datetime | None = None) -> datetime:
        """Add an event, now or at the moment when it was recorded."""
        self.arrived()
        event = Event(at or datetime.now(UTC), what, text)
        self._events.append(event)
        self.say(f"{self._since_start(event.at):>9.3f} s  {text}")
        return event.at

    def say(self, text: str) -> None:
        """Print something that is no event."""
        if not self.quiet:
            self._console.print(text, markup=False, soft_wrap=True)

    def waiting(self, text: str) -> None:
        """Show what is being waited for, until the next event."""
        self.arrived()
        if self.quiet:
            return
        if self._console.is_terminal:
            self._status = self._console.status(text)
            self._status.start()
        else:
            self.say(f"{'…':>9}    {text}")

    def arrived(self) -> None:
        """What was waited for is here."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def measure(self, name: str, start: datetime, end: datetime) -> None:
        """Keep a latency."""
        self.latency_ms[name] = round((end - start).total_seconds() * 1000, 1)

    def report(self) -> dict[str, Any]:
        """Return the whole story as plain values, in the order of time."""
        ordered = sorted(self._events, key=lambda event: event.at)
        return {
            "events": [
                {
                    "at": event.at.isoformat(),
                    "ms": round(self._since_start(event.at) * 1000, 1),
                    "what": event.what,
                    "text": event.text,
                }
                for event in ordered
            ],
            "latency_ms": self.latency_ms,
            "outcome": self.outcome,
        }

    def _since_start(self, at: datetime) -> float:
        return (at - self._events[0].at).total_seconds()
