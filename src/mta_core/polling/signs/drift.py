"""Contract drift: answers of a shape that MTA does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import attrs

from mta_core.domain.conditions import Condition, ConditionName
from mta_core.domain.errors import SiteChanged, SiteError

IN_A_ROW = 3
"""One answer that cannot be read may have been cut off on its way."""

FORGOTTEN_AFTER = timedelta(days=1)
"""Of a question that is not asked any more nothing is said."""

_SAID = 200  # characters of what was wrong


@attrs.define
class Shapes:
    """Counts answers of an unknown shape on one route.

    Attributes:
        broken: by question, such answers in a row; when the first and the last came.
        read: by question, when it was last answered well.
    """

    broken: dict[str, list[float]] = attrs.field(factory=dict)
    read: dict[str, float] = attrs.field(factory=dict)
    said: str = ""

    def learn(self, name: str, at: datetime, error: SiteError | None) -> None:
        """Take in whether the answer to a question could be read."""
        now = at.timestamp()
        if isinstance(error, SiteChanged):
            count, first, _ = self.broken.get(name, [0.0, now, now])
            self.broken[name] = [count + 1, first, now]
            self.read.pop(name, None)
            self.said = str(error).rstrip(".")[:_SAID]
        elif error is None:
            self.broken.pop(name, None)
            self.read[name] = now
        oldest = now - FORGOTTEN_AFTER.total_seconds()
        self.broken = {n: each for n, each in self.broken.items() if each[2] >= oldest}
        self.read = {n: last for n, last in self.read.items() if last >= oldest}

    def conditions(self, route: str, least: int = IN_A_ROW) -> Iterator[Condition]:
        """Return whether the answers of this route have another shape now.

        Args:
            least: how many of them in a row it takes.
        """
        changed = [each for each in self.broken.values() if each[0] >= least]
        if changed:
            since = datetime.fromtimestamp(min(each[1] for each in changed), UTC)
            unread = sum(each[0] for each in changed)
            detail = (
                f"Unreadable answers: {unread:.0f} in a row, to {len(changed)} of "
                f"{len(changed) + len(self.read)} questions: {self.said}."
            )
            yield Condition(ConditionName.DRIFT, route, since, detail)
