"""The iCalendar text of an appointment (contract 1.3, icsContent)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_LINE_OCTETS: Final = 75


def event(*, uid: str, start: int, end: int, stamp: float, title: str, at: str) -> str:
    """Write one event. *start*, *end*, *stamp* in epoch seconds, *at* the place."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//MTA//Practice city//DE",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(end)}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(at)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 octets; the rest follows after a space (RFC 5545)."""
    parts: list[str] = []
    part = ""
    for sign in line:
        if len((part + sign).encode()) > _LINE_OCTETS - bool(parts):
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part])
