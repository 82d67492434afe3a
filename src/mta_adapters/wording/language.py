"""What a language consists of.

The parts are those of Fluent (``.ftl``), so that it can take over: a message has a
title and a body, a line has named variables, and a plural selects by a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter

import attrs

from mta_core.domain.availability import BERLIN, day_of
from mta_core.domain.notifications import Kind


@attrs.frozen
class Plural:
    """A line that depends on a number, the variable *by*."""

    by: str
    one: str
    other: str


Line = str | Plural
Values = Mapping[str, str | int]


@attrs.frozen
class Message:
    """A title, and the lines below it. A line without its variables is left out."""

    title: Line
    body: tuple[Line, ...]


@attrs.frozen
class Language:
    """All texts of one language.

    Attributes:
        slot: one slot in a list. *place*: an office with an address.
        moment: day and time. *time*: a time today. *on_day*: a day long ago.
        and_more: what stands below a list that is too long.
        reasons: why a booking ended, by a word that its technical reason holds.
        no_reason: the sentence where none of them fits.
        meanings: what a condition means for the operator, by its name.
    """

    messages: Mapping[Kind, Message]
    slot: str
    place: str
    moment: str
    time: str
    on_day: str
    and_more: Plural
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    reasons: Mapping[str, str]
    no_reason: str
    meanings: Mapping[str, str]

    def say_moment(self, moment: datetime, today: date | None = None) -> str:
        """Say when, in Munich's time; the day is left out if it is *today*."""
        form = self.time if day_of(moment) == today else self.moment
        return self._say(form, moment)

    def say_day(self, moment: datetime) -> str:
        """Say on which day, in Munich."""
        return self._say(self.on_day, moment)

    def _say(self, form: str, moment: datetime) -> str:
        local = moment.astimezone(BERLIN)
        return form.format(
            weekday=self.weekdays[local.weekday()],
            day=local.day,
            month=self.months[local.month - 1],
            year=local.year,
            time=f"{local:%H:%M}",
        )

    def say_reason(self, reason: str) -> str:
        """Put a technical reason into words."""
        found = (text for word, text in self.reasons.items() if word in reason)
        return next(found, self.no_reason)


def fill(line: Line, values: Values) -> str:
    """Put values into a line; without one of them the line is empty."""
    text = _choose(line, values)
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**values) if all(values.get(name) for name in names) else ""


def _choose(line: Line, values: Values) -> str:
    if isinstance(line, str):
        return line
    number = int(values.get(line.by) or 0)
    if number == 0:
        return ""
    return line.one if number == 1 else line.other
