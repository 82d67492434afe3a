"""One service set at one office: how often slots come, how long they stay, what is due.

Slots come one by one at a *rate*, and in batches at release minutes; each goes at the
death rate *m*. What came and went between two questions was never seen, so a rate is
learnt per *effective* exposure, the time in which a slot would have lasted until the
question (polling study, formulas).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp, expm1
from typing import Any

import attrs

from mta_core.polling.learning.berlin import minute_at
from mta_core.polling.learning.expectation import Expectation
from mta_core.polling.learning.minutes import FORGET, DayMinutes, ReleaseMinutes
from mta_core.polling.learning.ratio import Ratio
from mta_core.polling.learning.snapshot import Glimpse, Snapshot

LIFE = 300.0
"""How long a slot lasts, in seconds, as long as nothing is known."""

SHORTEST, LONGEST = 8.0, 4 * 3600.0

_LIVES_PRIOR = 2.0
_RATE_PRIOR = 4800.0
_BATCH = 5.0
_AT_LEAST = 2
_SURPRISE = 3.0
_RESIZE = 0.3
FIRED = 600.0
"""After a batch no other is expected for so long."""

_BACK = 7200.0
_LIVES_BACK = 4
_SPREAD = 600
_ECHO_WITHIN = 5400.0


@attrs.define
class Office:
    """What the pairs of one office share.

    Attributes:
        minutes: the release minutes of all of them.
        siblings: how many slots appear at another pair for each single one that
            appears at one. Batches are left to the minutes.
    """

    minutes: DayMinutes = attrs.field(factory=DayMinutes)
    siblings: Ratio = attrs.field(factory=lambda: Ratio(0.25, 5.0))

    def fade(self, days: int) -> None:
        """Let days pass."""
        self.minutes.fade(days)
        self.siblings.fade(FORGET**days)

    def document(self) -> dict[str, Any]:
        """Write it down."""
        siblings = self.siblings.document()
        return {"minutes": self.minutes.document(), "siblings": siblings}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Office:
        """Read what was written down."""
        minutes = DayMinutes.read(document["minutes"])
        return cls(minutes, Ratio(*document["siblings"]))


@attrs.define
class Pooled:
    """What all pairs share.

    Attributes:
        rate: slots per second of effective exposure.
        echo: how many slots come back for each that was taken.
        batches: how many slots appear at release minutes for each that was expected:
            what was released once need not be a rule.
    """

    rate: Ratio = attrs.field(factory=lambda: Ratio(3.0, 3e4))
    echo: Ratio = attrs.field(factory=lambda: Ratio(1.0, 10.0))
    batches: Ratio = attrs.field(factory=lambda: Ratio(20.0, 20.0))

    @property
    def trust(self) -> float:
        """How far the release minutes are to be believed: never more than wholly."""
        return min(self.batches.value, 1.0)

    def fade(self, factor: float) -> None:
        """Let evidence lose weight."""
        self.rate.fade(factor)
        self.batches.fade(factor)

    def document(self) -> dict[str, Any]:
        """Write it down."""
        ratios = {"rate": self.rate, "echo": self.echo, "batches": self.batches}
        return {name: ratio.document() for name, ratio in ratios.items()}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Pooled:
        """Read what was written down."""
        return cls(*(Ratio(*document[name]) for name in ("rate", "echo", "batches")))


@attrs.define
class Pair:
    """The statistics of one pair.

    Attributes:
        m: the death rate: one divided by the mean life, per second.
        rate: how many slots come one by one, per second.
        hold: for how long the city reserves a slot here, in seconds: when that is
            over, what was taken may come back.
        last: when it was last observed.
    """

    office: Office
    pooled: Pooled
    releases: ReleaseMinutes
    deaths: float = 0.0
    lived: float = 0.0
    seen: float = 0.0
    exposure: float = 0.0
    size: float = _BATCH
    hold: float = 900.0
    last: float | None = None
    fired_until: float = 0.0
    snapshot: Snapshot = attrs.field(factory=Snapshot)
    expected: Expectation = attrs.field(factory=Expectation)
    m: float = attrs.field(default=1 / LIFE, init=False)
    rate: float = attrs.field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        """Derive the rates from the counts."""
        self._settle()

    def expect(self, now: float) -> Expectation:
        """Return what is expected to wait unseen."""
        expected = self.expected
        if now >= expected.until:
            expected.turn(now, self.m, self.rate, self.inflow)
        expected.wait(now, self.m, self.rate)
        return expected

    def inflow(self, number: int) -> tuple[float, float]:
        """Return what comes in a minute since 1970, per second: batches and echoes."""
        chance = self.releases.chance(minute_at(number))
        if chance and 60 * number < self.fired_until:
            chance = 0.0
        echo = self.expected.echoes.get(number, 0.0)
        return (
            chance * self.size * self.pooled.trust / 60 if chance else 0.0,
            echo * self.pooled.echo.value / 60 if echo else 0.0,
        )

    def is_batch(self, new: int, now: float) -> bool:
        """Whether more slots are new than ever come one by one."""
        return new >= _AT_LEAST and new > _SURPRISE * self.expect(now).fresh

    def learn(self, glimpse: Glimpse, now: float) -> None:
        """Take in what an answer showed, and expect anew from here."""
        expected = self.expect(now)
        if glimpse.since is not None:
            tau = now - glimpse.since
            self._learn_lives(glimpse)
            self._learn_arrivals(glimpse.new, tau, now, expected)
            if glimpse.gone and tau < _ECHO_WITHIN:
                expected.echo(len(glimpse.gone), tau, now, self.hold)
            self._settle()
        self.last = now
        expected.reset(now)

    def fade(self, days: int) -> None:
        """Let days pass: evidence is worth half after ten."""
        factor = FORGET**days
        self.deaths *= factor
        self.lived *= factor
        self.seen *= factor
        self.exposure *= factor
        self.releases.fade(days)
        self._settle()

    def _settle(self) -> None:
        life = (_LIVES_PRIOR * LIFE + self.lived) / (_LIVES_PRIOR + self.deaths)
        self.m = 1 / min(max(life, SHORTEST), LONGEST)
        usual = self.pooled.rate.value
        self.rate = (self.seen + _RATE_PRIOR * usual) / (self.exposure + _RATE_PRIOR)

    def _learn_lives(self, glimpse: Glimpse) -> None:
        """Learn how long slots last, from intervals: nobody saw the moment of a death.

        One step of expectation maximisation for each slot that is gone.
        """
        m = self.m
        self.deaths += len(glimpse.gone)
        self.lived += sum(glimpse.survived)
        for tau in glimpse.gone:
            x = m * tau
            self.lived += 1 / m - (tau / expm1(x) if 0 < x < 50 else 0.0)
        life = (_LIVES_PRIOR * LIFE + self.lived) / (_LIVES_PRIOR + self.deaths)
        self.m = 1 / min(max(life, SHORTEST), LONGEST)

    def _learn_arrivals(
        self, new: int, tau: float, now: float, expected: Expectation
    ) -> None:
        """Learn how often slots come: in batches, as echoes, with siblings, singly."""
        visible = -expm1(-self.m * tau) / self.m
        is_batch = self.is_batch(new, now)
        self._watch_minutes(tau, now)
        singly = 0.0 if is_batch else self._unexplained(new, expected)
        if is_batch:
            self._learn_batch(new, tau, now)
        self._learn_causes(new, expected, is_batch=is_batch)
        self.pooled.rate.learn(singly, visible)
        self.seen += singly
        self.exposure += visible

    def _unexplained(self, new: int, expected: Expectation) -> float:
        """Return how many of the new slots no echo explains."""
        if not expected.echoed:
            return new
        return new * (1 - expected.echoed / (expected.fresh + 1e-9))

    def _learn_causes(self, new: int, expected: Expectation, *, is_batch: bool) -> None:
        """Learn how far echoes and siblings really told of new slots."""
        if expected.echoed:
            explained = 0.0 if is_batch else new - self._unexplained(new, expected)
            self.pooled.echo.learn(explained, expected.echoed / self.pooled.echo.value)
        if expected.batch:
            batches = self.pooled.batches
            batches.learn(new - expected.fresh, expected.batch / self.pooled.trust)
        if expected.raised and not is_batch:
            siblings = self.office.siblings
            siblings.learn(new - expected.fresh, expected.raised / siblings.value)

    def _watch_minutes(self, tau: float, now: float) -> None:
        """Note in which minutes a batch would have been seen."""
        back = min(tau, _LIVES_BACK / self.m, _BACK)
        begins = now - back
        first, last = int(begins // 60), int(now // 60)
        if first == last:
            surely = -expm1(-self.size * exp(-self.m * back / 2)) * back / 60
            self.releases.watched([(last, surely)])
            return
        shares = [1.0] * (last - first + 1)
        shares[0] = (60 * (first + 1) - begins) / 60
        shares[-1] = (now - 60 * last) / 60
        self.releases.watched(
            (number, -share * expm1(-self.size * left))
            for share, (number, left) in zip(
                shares, self._left(first, last, now), strict=True
            )
        )

    def _learn_batch(self, new: int, tau: float, now: float) -> None:
        self.size += _RESIZE * (new - self.size)
        last = int(now // 60)
        first = max(int((now - tau) // 60), last - _SPREAD)
        # The oldest minute had its start before: what comes with the city's jobs comes
        # early in a minute, so hardly after that (contract 8).
        missed = (now - tau - 60 * first) / 60
        early = max(0.0, 1 - missed) ** 2
        self.releases.released(
            (number, left * early if number == first < last else left)
            for number, left in self._left(first, last, now)
        )
        self.fired_until = now + FIRED

    def _left(self, first: int, last: int, now: float) -> Iterator[tuple[int, float]]:
        """Yield for each minute the chance that what came in it is still there."""
        m, middle = self.m, now - 30
        for number in range(first, last + 1):
            yield number, exp(-m * max(0.0, middle - 60 * number))

    def document(self) -> dict[str, Any]:
        """Write down what was learnt; what is free is seen anew after a restart."""
        return {
            "deaths": self.deaths,
            "lived": self.lived,
            "seen": self.seen,
            "exposure": self.exposure,
            "size": self.size,
            "last": self.last,
            "releases": self.releases.document(),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any], office: Office, pooled: Pooled) -> Pair:
        """Read what was written down."""
        releases = ReleaseMinutes.read(document["releases"], office.minutes)
        counts = ("deaths", "lived", "seen", "exposure", "size", "last")
        known = {name: document[name] for name in counts}
        return cls(office, pooled, releases, **known)
