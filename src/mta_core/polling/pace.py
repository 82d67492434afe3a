"""How fast the watcher may go: evenly, and slower as soon as the city suffers.

The budgets themselves are the limiter's (ports). This is the courtesy beyond them: the
rate that the city bears (`Aimd`), the pauses that its counter takes (`Outlook`), and
quiet nights where they cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import attrs

from mta_core.domain.availability import BERLIN
from mta_core.domain.errors import RateLimited, Refused, SiteError
from mta_core.polling.aimd import FULL, Aimd
from mta_core.polling.counter import COUNTER_LIFE as COUNTER_LIFE  # noqa: F401
from mta_core.polling.counter import KEPT_FOR_BOOKINGS, PAUSE
from mta_core.polling.counter import Counter as Counter
from mta_core.polling.counter import Outlook
from mta_core.polling.plain import moment, plain

EVEN = timedelta(seconds=6)
"""One calendar request each 6 s: 10 in a minute, evenly (design: budgets)."""

JITTER = 1 / 6
"""The share of a gap by which it is shorter or longer, at most: 1 s of 6."""

NIGHT = frozenset({23, 0, 1, 2, 3, 4, 5})
"""The hours in Munich in which every third request is enough, if little is expected."""

THIRD = 3
_KNOWN_DAY = 100  # requests by day until it is known what they are worth
_LONG_DAY = 1000  # the last so many of them count
_LONGEST_WAIT = timedelta(hours=1)

Dice = Callable[[], float]
"""Draws a number from 0 to 1, as `random.random` does."""


def fair() -> float:
    """Draw the middle, always: no jitter."""
    return 0.5


class Why(Enum):
    """Why the next request leaves when it does, in words."""

    EVENLY = "MTA asks evenly, as often as it may"
    SLOWER = "the city was overloaded a while ago: the rate comes back step by step"
    SILENT = "the city is overloaded, or does not answer: it is left in peace"
    LIMITED = "the city refuses, since it was asked too much: it is left in peace"
    PAUSE = "the city's own counter takes a pause of a minute now and then"
    NIGHT = "at night little is released: every third request is enough"


@attrs.frozen
class PaceView:
    """The pace for people to look at.

    Attributes:
        rate: requests in a minute that the city bears.
        silent_until: nothing is asked before, because the city suffers.
        remaining: what the city's counter showed last; None if it shows none.
        latency: seconds that an answer takes now, *baseline* that it took lately.
    """

    next_at: datetime
    rate: float
    reason: Why
    silent_until: datetime | None
    remaining: int | None
    latency: float | None
    baseline: float | None


@attrs.frozen
class Pace:
    """When the next calendar request may leave, and all that this follows from.

    Attributes:
        why: what decided when.
        counter: the city's, as of its last answer.
        most: the highest that it ever showed.
        worth: what asking is worth by day, *asked*: from how many requests that is
            known.
    """

    next_at: datetime
    why: Why = Why.EVENLY
    aimd: Aimd = attrs.field(factory=Aimd)
    counter: Counter | None = None
    most: int = 0
    worth: float = 0.0
    asked: int = 0
    dice: Dice = attrs.field(default=fair, eq=False, repr=False)

    @property
    def pausing(self) -> bool:
        """Whether the city's counter is to die meanwhile: let nobody disturb it."""
        return self.why in (Why.PAUSE, Why.LIMITED)

    def after(
        self,
        sent_at: datetime,
        error: SiteError | None,
        counter: Counter | None,
        *,
        took: timedelta | None = None,
        outlook: Sequence[float] = (),
    ) -> Pace:
        """Return the pace after a request.

        A refusal is an answer like any other; every other error slows down.

        Args:
            sent_at: when it left.
            took: how long its answer, or its failure, took.
            outlook: what asking is worth in the present minute and those that come, as
                far as the planner knows.
        """
        now = sent_at + (took or timedelta(0))
        known = attrs.evolve(
            self._having_seen(outlook, now),
            aimd=self._judged(now, error, took),
            counter=counter,
            most=max(self.most, counter.remaining if counter else 0),
        )
        gap, why = _gap(known, outlook, now)
        jitter = gap * JITTER * (2 * self.dice() - 1)
        silence = Why.LIMITED if isinstance(error, RateLimited) else Why.SILENT
        causes = [
            (sent_at + gap + jitter, why),
            (known.aimd.silent_until, silence),
            (_pause_until(known, outlook, gap, now), Why.PAUSE),
        ]
        until = {moment: why for moment, why in causes if moment is not None}
        return attrs.evolve(known, next_at=max(until), why=until[max(until)])

    def put_off(self, now: datetime) -> Pace:
        """There was nothing to ask: look again after the usual time."""
        return attrs.evolve(self, next_at=now + EVEN)

    def hastened(self, now: datetime) -> Pace:
        """The next request need not keep its distance, only silence and pauses."""
        kept = self.pausing or self.why is Why.SILENT
        return self if kept else attrs.evolve(self, next_at=now)

    def explain(self) -> PaceView:
        """Say when the next request leaves, and why."""
        return PaceView(
            next_at=self.next_at,
            rate=self.aimd.rate,
            reason=self.why,
            silent_until=self.aimd.silent_until,
            remaining=self.counter.remaining if self.counter else None,
            latency=self.aimd.latency,
            baseline=self.aimd.baseline,
        )

    def document(self) -> dict[str, Any]:
        """Return what outlasts the process, as plain JSON values."""
        document: dict[str, Any] = plain(self)
        return document

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], now: datetime, dice: Dice = fair
    ) -> Pace:
        """Go on where another process stopped; anew if that cannot be read.

        A silence or a pause that it kept is kept, but none longer than an hour.
        """
        try:
            kept = _read(document, now)
        except (KeyError, TypeError, ValueError):
            return cls(now, dice=dice)
        return attrs.evolve(kept, dice=dice)

    def _judged(
        self, now: datetime, error: SiteError | None, took: timedelta | None
    ) -> Aimd:
        if error is None or isinstance(error, Refused):
            return self.aimd.answered(now, took)
        silence = EVEN * (5 + 5 * self.dice())
        if isinstance(error, RateLimited):
            silence = max(PAUSE, (error.until or now) - now)
        return self.aimd.suffered(now, silence)

    def _having_seen(self, outlook: Sequence[float], now: datetime) -> Pace:
        """Learn what asking is worth by day."""
        if not outlook or _is_night(now):
            return self
        asked = min(self.asked + 1, _LONG_DAY)
        worth = self.worth + (outlook[0] - self.worth) / asked
        return attrs.evolve(self, worth=worth, asked=asked)


def _gap(pace: Pace, outlook: Sequence[float], now: datetime) -> tuple[timedelta, Why]:
    gap = EVEN * (FULL / pace.aimd.rate)
    if _is_night(now) and _is_worth_little(pace, outlook):
        return gap * THIRD, Why.NIGHT
    return gap, Why.EVENLY if pace.aimd.rate == FULL else Why.SLOWER


def _is_worth_little(pace: Pace, outlook: Sequence[float]) -> bool:
    """Whether all that is expected now is less than a third of what is by day."""
    known = pace.asked >= _KNOWN_DAY and len(outlook) > 0
    return known and max(outlook[:2]) * THIRD < pace.worth


def _pause_until(
    pace: Pace, outlook: Sequence[float], gap: timedelta, now: datetime
) -> datetime | None:
    """Return the end of the pause for the city's counter, if it begins now."""
    counter = pace.counter
    spare = counter.spare(now) if counter else None
    if counter is None or spare is None:
        return None
    passed = now.second + now.microsecond / 1e6
    full, seconds = pace.most - KEPT_FOR_BOOKINGS, gap.total_seconds()
    pauses = Outlook(outlook, passed).pause_now(spare, full, seconds)
    return counter.dies_at() if pauses else None


def _is_night(now: datetime) -> bool:
    return now.astimezone(BERLIN).hour in NIGHT


def _read(document: Mapping[str, Any], now: datetime) -> Pace:
    latest, shown = now + _LONGEST_WAIT, document["counter"]
    counter = shown and Counter(
        int(shown["remaining"]), min(datetime.fromisoformat(shown["at"]), now)
    )
    return Pace(
        next_at=moment(document["next_at"], latest) or now,
        why=Why[document["why"]],
        aimd=Aimd.read(document["aimd"], now, latest),
        counter=counter,
        most=int(document["most"]),
        worth=float(document["worth"]),
        asked=int(document["asked"]),
    )
