"""Column types."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from mta_core.domain.errors import InvalidValue


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored in UTC and always read back aware, in UTC.

    SQLite drops the zone of what it stores; this type puts it back.

    Raises:
        InvalidValue: the moment to be stored has no time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Turn a moment into UTC before it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidValue(f"{value} has no time zone.")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Read a moment back as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value
