"""The practice city as the library's tests use it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs
import httpx

from mta_practice import Practice

MUNICH = ZoneInfo("Europe/Berlin")
OFFICE, SERVICE = 10308013, 1064314


@attrs.frozen
class Town:
    """A practice city, and the hands of its staff."""

    practice: Practice

    def free(self, *starts: datetime) -> None:
        """Let the office free slots."""
        self._post(
            "openings",
            {
                "officeId": OFFICE,
                "serviceId": SERVICE,
                "starts": [int(start.timestamp()) for start in starts],
            },
        )

    def close(self) -> None:
        """Put the whole city under maintenance."""
        self._post("switches", {"maintenance": True})

    def seen(self) -> list[str]:
        """Return the routes that were asked, in order."""
        return [entry["route"] for entry in self._ledger()]

    def agents(self) -> list[str]:
        """Return who said to have asked, in order."""
        return [entry["userAgent"] for entry in self._ledger()]

    def _ledger(self) -> list[dict[str, str]]:
        answer = httpx.get(f"{self.practice.url}/practice/ledger")
        entries: list[dict[str, str]] = answer.raise_for_status().json()
        return entries

    def _post(self, route: str, body: object) -> None:
        url = f"{self.practice.url}/practice/{route}"
        httpx.post(url, json=body).raise_for_status()


def in_a_week(hour: int, weekday: int | None = None) -> datetime:
    """Return a full hour in Munich at least a week from now, on a weekday."""
    day = datetime.now(MUNICH).date() + timedelta(days=7)
    while weekday is not None and day.weekday() != weekday:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), MUNICH)
