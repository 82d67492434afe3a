"""Appointments as calendar files."""

from mta_adapters.ics.calendar import write_calendar

__all__ = ["write_calendar"]
