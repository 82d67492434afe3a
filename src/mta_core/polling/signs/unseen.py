"""Unseen: the city does not answer at all, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.domain.errors import (
    RateLimited,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.polling.signs.documents import moment

UNSEEN_FOR = timedelta(minutes=10)
TRIES = 3
"""Nothing is said of less: a try that fails now and then is everyday life."""

AWAY = timedelta(minutes=30)
"""Who has not tried for this long was away: nobody knows what the city did."""


@attrs.define
class Unseen:
    """Counts the tries in vain since the city answered last.

    Attributes:
        limited: how many of them were refused by the city's limit (429).
        name: what it is called; the reason of most tries decides, and then it stays.
    """

    tries: int = 0
    limited: int = 0
    said: str = ""
    since: datetime | None = attrs.field(default=None, converter=moment)
    at: datetime | None = attrs.field(default=None, converter=moment)
    name: str = ""

    def learn(self, at: datetime, error: SiteError | None) -> None:
        """Take in whether the city has answered; a refusal is an answer, too."""
        if not isinstance(error, SiteUnreachable | SiteSilent | RateLimited):
            self._start_afresh()
            return
        if self.at is not None and not self.name and at - self.at > AWAY:
            self._start_afresh()
        self.since = self.since or at
        self.at, self.said = at, str(error).rstrip(".")
        self.tries += 1
        self.limited += isinstance(error, RateLimited)
        if not self.name and self.tries >= TRIES and at - self.since >= UNSEEN_FOR:
            mostly = 2 * self.limited >= self.tries
            name = ConditionName.RATE_LIMITED if mostly else ConditionName.OUTAGE
            self.name = name.value

    def conditions(self) -> Iterator[Condition]:
        """Return whether nothing is seen now."""
        if self.name and self.since and self.at:
            minutes = round((self.at - self.since) / timedelta(minutes=1))
            detail = (
                f"Nothing seen for {minutes} minutes, {self.tries} tries: {self.said}."
            )
            yield Condition(ConditionName(self.name), CITY, self.since, detail)

    def _start_afresh(self) -> None:
        self.tries = self.limited = 0
        self.since = self.at = None
        self.name = self.said = ""
