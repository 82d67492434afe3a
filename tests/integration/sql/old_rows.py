"""A database of the first schema with a row in every table, written as SQL.

What stands here is what the first release wrote; it does not follow the code.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from uuid import UUID

from mta_adapters.crypto import AesCipher

Row = Mapping[str, object]

USER = UUID("01a05c69-4d00-7000-8000-000000000001")
ACTIVE, FULFILLED, CANCELLED = (UUID(int=USER.int + 16 * n) for n in (1, 2, 3))
OPENING = UUID(int=USER.int + 16 * 4)
CONFIRMED, FAILED = (UUID(int=USER.int + 16 * n) for n in (5, 6))
LETTER, OLD_LETTER = (UUID(int=USER.int + 16 * n) for n in (7, 8))
CALL, STAMP = (UUID(int=USER.int + 16 * n) for n in (9, 10))

CITY = "https://city.example.org/api"
HOME = ("console", "amira")
EARLIER, SINCE = "2026-08-20 09:30:00.000000", "2026-08-24 06:00:00.250000"
AT, START = "2026-08-31 10:00:00.000000", "2026-09-07 07:00:00.000000"
SERVICE, OFFICE = "1064314", 10308013
HELD = {"process_id": 102345, "auth_key": "ab" * 32}
WISHES = {
    "offices": [OFFICE],
    "windows": [{"first": "2026-08-24", "last": "2026-09-30"}],
    "excluded": ["2026-09-01"],
    "weekdays": [0, 1, 2, 3, 4],
    "hours": {"first": "08:00:00", "last": None},
    "notice": 7200.0,
}
MAIL_HOURS = {"first": "07:00:00", "last": "22:00:00"}
SLOT = {
    "start": "2026-09-07T07:00:00+00:00",
    "office": OFFICE,
    "services": SERVICE,
}


def write_old_rows(path: Path, cipher: AesCipher) -> None:
    """Fill every table of a database that is at the first schema."""
    with closing(sqlite3.connect(path)) as connection:
        for table, rows in _rows(cipher).items():
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                values = [_value(value) for value in row.values()]
                insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 # all of it is ours
                connection.execute(insert, values)
        connection.commit()


def dump(path: Path) -> dict[str, list[Row]]:
    """Read every row of every table, in an order that does not depend on the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        named = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT IN ('alembic_version', 'sqlite_sequence')"
        )
        tables = [name for (name,) in named]
        select = "SELECT * FROM "
        return {
            table: sorted(map(dict, connection.execute(select + table)), key=str)
            for table in tables
        }


def _value(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    return json.dumps(value) if isinstance(value, dict | list) else value


def _rows(cipher: AesCipher) -> dict[str, list[Row]]:
    return {
        "users": [_user(cipher)],
        "subscriptions": [
            _subscription(ACTIVE, "active", cipher),
            _subscription(FULFILLED, "fulfilled"),
            _subscription(CANCELLED, "cancelled"),
        ],
        "revisions": [{"name": "subscriptions", "value": 7}],
        "appointments": [_opening()],
        "bookings": [_confirmed(cipher), _failed()],
        "booking_calls": [_call()],
        "live_claims": [
            {
                "user_id": USER,
                "service": int(SERVICE),
                "lane": "main",
                "booking_id": CONFIRMED,
            }
        ],
        "notifications": [
            _letter(LETTER, "confirmed", "pending", AT),
            _letter(OLD_LETTER, "found", "delivered", None),
        ],
        "told": [
            {"user_id": USER, "opening_id": OPENING, "notification_id": OLD_LETTER}
        ],
        "inbox": [
            {
                "notification_id": OLD_LETTER,
                "user_id": USER,
                "title": "Free now",
                "body": "Mon 7 Sep, 09:00",
                "at": AT,
            }
        ],
        **_of_the_city(),
    }


def _user(cipher: AesCipher) -> Row:
    def seal(field: str, text: str) -> str:
        return cipher.seal(USER, USER, field, text)

    return {
        "id": USER,
        "version": 3,
        "channel": HOME[0],
        "home_digest": cipher.digest("\n".join(HOME)),
        "address_sealed": seal("address", HOME[1]),
        "consent_wording": "2026-08",
        "consent_at": EARLIER,
        "created_at": EARLIER,
        "language": "en",
        "name_sealed": seal("name", "Amira Beispiel"),
        "email_sealed": seal("email", "amira@example.org"),
        "telephone_sealed": None,
    }


def _subscription(number: UUID, state: str, cipher: AesCipher | None = None) -> Row:
    answers = json.dumps({"custom": "M-X 1234"})
    sealed = cipher.seal(USER, number, "answers", answers) if cipher else None
    return {
        "id": number,
        "version": 2,
        "user_id": USER,
        "services": SERVICE,
        "wishes": WISHES,
        "mode": "book",
        "waiting_since": SINCE,
        "mail_hours": MAIL_HOURS,
        "answers_sealed": sealed,
        "state": state,
    }


def _opening() -> Row:
    return {
        "id": OPENING,
        "services": SERVICE,
        "office": OFFICE,
        "start": START,
        "day": "2026-09-07",
        "first_seen": SINCE,
        "last_seen": AT,
        "absent_since": None,
        "absences": 0,
        "gone_at": None,
    }


def _booking(number: UUID, subscription: UUID) -> dict[str, object]:
    return {
        "id": number,
        "version": 5,
        "user_id": USER,
        "subscription_id": subscription,
        "services": SERVICE,
        "office": OFFICE,
        "start": START,
        "seen_at": SINCE,
        "requested_at": SINCE,
        "alternatives": [],
        "tried": [SLOT],
        "pending_call": None,
        "sent_at": None,
        "lease_until": None,
        "doubt": 0,
        "release": 0,
        "process_id": None,
        "auth_key_sealed": None,
        "reserved_at": None,
        "preconfirm_by": None,
        "open_by": None,
        "display_number": "",
        "orphan_until": None,
        "looks": 0,
        "reason": "",
        "ended_at": None,
    }


def _confirmed(cipher: AesCipher) -> Row:
    key = cipher.seal(USER, CONFIRMED, "auth_key", str(HELD["auth_key"]))
    return {
        **_booking(CONFIRMED, FULFILLED),
        "state": "confirmed",
        "due_at": START,
        "process_id": HELD["process_id"],
        "auth_key_sealed": key,
        "reserved_at": SINCE,
        "preconfirm_by": AT,
        "open_by": AT,
        "display_number": "K0042",
    }


def _failed() -> Row:
    return {
        **_booking(FAILED, ACTIVE),
        "state": "failed",
        "due_at": None,
        "orphan_until": AT,
        "reason": "the answer was lost",
        "ended_at": AT,
    }


def _call() -> Row:
    return {
        "id": CALL,
        "booking_id": CONFIRMED,
        "call": "look",
        "sent_at": AT,
        "answered_at": AT,
        "answer": "done",
        "code": "",
        "waited": 0.25,
    }


def _letter(number: UUID, kind: str, state: str, due_at: str | None) -> Row:
    return {
        "id": number,
        "version": 1,
        "user_id": USER,
        "kind": kind,
        "created_at": AT,
        "due_at": due_at,
        "subscription_id": FULFILLED,
        "booking_id": CONFIRMED,
        "slots": [SLOT],
        "facts": {"service": "Umschreibung Fahrzeug"},
        "state": state,
        "attempts": 0 if due_at else 1,
        "sent_at": None if due_at else AT,
        "delivered_at": None if due_at else AT,
        "reason": "",
    }


def _of_the_city() -> dict[str, list[Row]]:
    document: Row = {"services": [], "offices": [], "offers": []}
    return {
        "catalogue": [{"city": CITY, "read_at": AT, "document": document}],
        "blindness": [
            {
                "city": CITY,
                "probe": f"{SERVICE}@{OFFICE}",
                "reason": "outage",
                "since": AT,
                "detail": "timeout",
            }
        ],
        "limiter_stamps": [
            {
                "id": STAMP,
                "budget": "calendar",
                "granted_at": AT,
                "settled_at": None,
                "counts_until": AT,
            }
        ],
        "limiter_state": [{"id": 1, "closed_until": AT, "seen_at": AT}],
    }
