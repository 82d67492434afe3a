"""At which hours an office says that it releases slots, read from its own text.

The city states such hours in prose (`infoForAllAppointments`, contract 8), as in "Von
Montag bis Freitag schalten wir jeweils zwischen 7 und 8 Uhr tagesaktuelle Termine
frei." The reading is forgiving: what it does not understand it leaves out, and an hour
that nobody states is never made up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import attrs

from mta_core.domain.availability import BERLIN, day_of

WORKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
USUAL_LENGTH = timedelta(minutes=30)
"""An hour without an end is over after this long, for those who wait for it."""

_RELEASE = re.compile(
    r"frei(?:schalt|geschalt|gegeben|gabe)|schalten|neue[nr]? termin|terminvergabe"
    r"|eingestellt",
    re.IGNORECASE,
)
_OTHER_MATTER = re.compile(
    r"öffnungszeit|geöffnet|sprechzeit|telefon|erreichbar|rufen|abhol|schalterschluss",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+(?=[A-ZÄÖÜ])|\n\s*\n")
_TAG = re.compile(r"<[^>]*>")

_NAMES = ("mo", "di", "mi", "do", "fr", "sa", "so")
_DAY = (
    r"\b(?:mo(?:ntag)?|di(?:enstag)?|mi(?:ttwoch)?|do(?:nnerstag)?|fr(?:eitag)?"
    # "so" alone is a word of its own, unless it ends a span: "Sa/So".
    r"|sa(?:mstag)?|sonntag|(?<=[/–-])so)s?\b\.?"
)
_AT = r"\d{1,2}(?:[.:]\d{2})?(?:\s*uhr)?"
_TOKEN = re.compile(
    rf"(?P<span>{_DAY}\s*(?:bis|-|–)\s*{_DAY})"
    rf"|(?P<day>{_DAY})"
    r"|(?P<daily>\btäglich\b|\bjeden\s+tag\b)"
    r"|(?P<workdays>\bwerktags\b|\bwerktäglich\b)"
    rf"|(?P<between>\bzwischen\s+{_AT}\s+und\s+{_AT}(?<=uhr))"
    rf"|(?P<to>\b{_AT}\s*(?:bis|-|–)\s*{_AT}(?<=uhr))"
    rf"|(?P<twice>\b{_AT}\s+und\s+(?:um\s+)?{_AT}(?<=uhr))"
    rf"|(?P<once>\b{_AT}(?<=uhr))",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")


@attrs.frozen
class StatedHour:
    """An hour of release. *last*: None where no end is stated; 0 is Monday."""

    weekdays: frozenset[int]
    first: time
    last: time | None = None

    def until(self, start: datetime) -> datetime:
        """Return when one that begins at a moment is over."""
        if self.last is None or self.last <= self.first:
            return start + USUAL_LENGTH
        return _at(day_of(start), self.last)

    def starts(self, after: datetime, by: datetime) -> Iterator[datetime]:
        """Yield when it begins in a span of time, in UTC."""
        day, last = day_of(after), day_of(by)
        while day <= last:
            start = _at(day, self.first)
            if day.weekday() in self.weekdays and after < start <= by:
                yield start
            day += timedelta(days=1)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, BERLIN).astimezone(UTC)


def stated_hours(text: str) -> tuple[StatedHour, ...]:
    """Read the hours of release that a text states, in its order, each once."""
    plain = html.unescape(_TAG.sub(" ", text))
    if not _RELEASE.search(plain):
        return ()
    found: list[StatedHour] = []
    days = _Days()
    for sentence in _SENTENCE.split(plain):
        if not _OTHER_MATTER.search(sentence):
            found += _in_sentence(sentence, days)
    return tuple(dict.fromkeys(found))


@attrs.define
class _Days:
    """The weekdays that were named last, and whether an hour has followed them."""

    named: frozenset[int] = frozenset()
    general: frozenset[int] = frozenset()
    used: bool = False

    def name(self, days: frozenset[int], *, general: bool = False) -> None:
        if self.used:
            self.named, self.general, self.used = frozenset(), frozenset(), False
        if general:
            self.general = days
        else:
            self.named |= days

    def take(self) -> frozenset[int]:
        """Return the days of an hour: named ones tell more than "daily"."""
        self.used = True
        return self.named or self.general or WORKDAYS


def _in_sentence(sentence: str, days: _Days) -> Iterator[StatedHour]:
    for token in _TOKEN.finditer(sentence):
        text = token.group()
        match token.lastgroup:
            case "span":
                first, *_, last = map(_number, re.findall(_DAY, text, re.IGNORECASE))
                length = (last - first) % 7 + 1
                days.name(frozenset((first + n) % 7 for n in range(length)))
            case "day":
                days.name(frozenset({_number(text)}))
            case "daily":
                days.name(EVERY_DAY, general=True)
            case "workdays":
                days.name(WORKDAYS, general=True)
            case "between" | "to":
                yield from _hours(days, [_times(text)])
            case _:
                yield from _hours(days, [[each] for each in _times(text)])


def _number(day: str) -> int:
    return _NAMES.index(day[:2].lower())


def _hours(days: _Days, spans: list[list[time | None]]) -> Iterator[StatedHour]:
    """Make hours of starts and ends; what is no time of day is left out."""
    for first, *last in spans:
        if first is not None:
            yield StatedHour(days.take(), first, last[0] if last else None)


def _times(text: str) -> list[time | None]:
    return [
        (
            time(int(hour), int(minute or 0))
            if int(hour) < 24 and int(minute or 0) < 60
            else None
        )
        for hour, minute in _CLOCK.findall(text)
    ]
