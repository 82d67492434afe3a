"""The watcher's plans in words, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import attrs

from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.conditions import Condition
from mta_core.domain.errors import NotFound
from mta_core.polling.forecast import Forecast
from mta_core.polling.learning import Candidate, Part
from mta_core.polling.learning.candidates import Reason
from mta_core.polling.pattern import Pattern
from mta_entrypoints.cli import output
from mta_entrypoints.cli.condition_words import condition_text, described_condition

STALE = timedelta(seconds=90)
"""The watcher writes its plans at least once a minute: older ones are nobody's."""

OFFICES = 5
"""Of the next question, the numbers behind so many offices are shown."""


@attrs.frozen
class Why:
    """What the watcher plans and why, as read at one moment.

    Attributes:
        forecast: its plans; None if it never watched this city.
        standing: conditions that stand, and those that ended a short while ago.
        patterns: how the budgets were used.
    """

    columns: ClassVar = ("#", "question", "because", "worth", "asked", "at the latest")

    now: datetime
    catalogue: Catalogue
    forecast: Forecast | None
    standing: Sequence[Condition]
    patterns: Sequence[Pattern]

    def headline(self) -> str:
        """Say in a sentence what MTA does now."""
        forecast = self.forecast
        if forecast is None:
            return "MTA has not watched this city yet: start it with mta up."
        if self.now - forecast.at > STALE:
            at = output.moment(forecast.at)
            return f"MTA is not running. These were its plans on {at}."
        if not forecast.candidates:
            return "Nobody waits for anything that may be asked: MTA asks nothing."
        pace = forecast.pace
        at = output.clock(max(pace.next_at, self.now))
        return f"The next question leaves at {at}: {pace.reason.value}."

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Write the foremost questions, a line each, the next one first."""
        for number, candidate in enumerate(self._candidates(), 1):
            latest = candidate.overdue_at
            yield (
                str(number),
                f"{self._name(candidate)}\n{_where(candidate)}",
                _because(candidate),
                f"{candidate.worth:.2g}",
                self._asked(candidate),
                "" if latest is None else output.clock(latest),
            )

    def behind(self) -> Iterator[tuple[str, str]]:
        """Write the numbers behind the next question, office by office."""
        for candidate in self._candidates()[:1]:
            for part in candidate.parts[:OFFICES]:
                yield self._office(part.office), _numbers(part)

    def pace(self) -> Iterator[tuple[str, str]]:
        """Write how fast MTA asks, and what slows it down."""
        forecast = self.forecast
        if forecast is None:
            return
        pace = forecast.pace
        yield "rate", f"{pace.rate:.1f} of 10 questions a minute"
        if pace.silent_until is not None and pace.silent_until > self.now:
            yield "silent", f"until {output.clock(pace.silent_until)}"
        if pace.remaining is not None:
            yield "counter", f"{pace.remaining} requests are left without a pause"
        if pace.latency is not None and pace.baseline is not None:
            usual = f"usually {pace.baseline:.2f} s"
            yield "answers", f"take {pace.latency:.2f} s now, {usual}"
        if forecast.tick is not None:
            yield "tick", f"the city frees slots {forecast.tick:.0f} s after the minute"
        yield "questions", str(forecast.questions)

    def budgets(self) -> Iterator[tuple[str, str]]:
        """Write how the budgets were used: our own pattern, as the city sees it."""
        for pattern in self.patterns:
            limit = pattern.budget.limit
            text = (
                f"{pattern.last_minute} of {limit} in the last minute, at most "
                f"{pattern.most} in any; {pattern.last_hour} in the last hour"
            )
            if pattern.gap is not None and pattern.regularity is not None:
                text += (
                    f", one each {pattern.gap:.1f} s, irregular by "
                    f"{pattern.regularity:.0%}"
                )
            yield pattern.budget.value, text

    def conditions(self) -> Iterator[str]:
        """Write what is not as it should be."""
        for condition in self.standing:
            yield condition_text(condition, self.catalogue)

    def described(self) -> dict[str, Any]:
        """Describe all of it for programs."""
        forecast, catalogue = self.forecast, self.catalogue
        standing = [described_condition(each, catalogue) for each in self.standing]
        return {
            "at": self.now,
            "text": self.headline(),
            "forecast": None if forecast is None else forecast.document(),
            "budgets": [
                {
                    "budget": pattern.budget.value,
                    "limit": pattern.budget.limit,
                    "lastMinute": pattern.last_minute,
                    "mostInAnyMinute": pattern.most,
                    "lastHour": pattern.last_hour,
                    "share": pattern.share,
                    "gapSeconds": pattern.gap,
                    "regularity": pattern.regularity,
                }
                for pattern in self.patterns
            ],
            "conditions": standing,
        }

    def _candidates(self) -> Sequence[Candidate]:
        return () if self.forecast is None else self.forecast.candidates

    def _name(self, candidate: Candidate) -> str:
        return self.catalogue.name_of(candidate.probe.services)

    def _office(self, number: OfficeId) -> str:
        try:
            return self.catalogue.office(number).name
        except NotFound:
            return str(number)

    def _asked(self, candidate: Candidate) -> str:
        if candidate.asked_at is None:
            return "never"
        return f"{output.lasted(self.now - candidate.asked_at)} ago"


def _because(candidate: Candidate) -> str:
    reason = candidate.reason.value
    if candidate.reason is Reason.FOLLOW_UP and candidate.day is not None:
        return f"{reason}: {candidate.day:%d %b} is listed, unverified"
    return reason


def _where(candidate: Candidate) -> str:
    offices = output.plural(len(candidate.probe.offices), "office")
    return f"{offices}, from {candidate.probe.window.first:%d %b}"


def _numbers(part: Part) -> str:
    """Say what is known of one office."""
    life = output.lasted(timedelta(seconds=part.life))
    known = (
        f"{part.waiting} waiting · {part.rate:.2f} slots an hour, each there for "
        f"{life} · {part.expected + part.batch:.2g} unseen"
    )
    if part.release is None:
        return known
    return f"{known} · many at {output.when(part.release)} ({part.chance:.0%})"
