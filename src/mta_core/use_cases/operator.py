"""What the operator is told of conditions: each once when it begins and when it ends.

Not more than one notice an hour of the same name, begin and end apart. What that holds
back is told when the hour is over, if it is still news; what came and went within it is
not told at all. Everything is in the log and in ``mta why`` anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from mta_core.domain.conditions import Condition, ConditionName
from mta_core.domain.notifications import Kind

NOT_AGAIN_WITHIN = timedelta(hours=1)


@attrs.frozen
class Notice:
    """One message. *about*: all that it tells of, of one name, oldest first."""

    kind: Kind
    about: tuple[Condition, ...]

    @property
    def facts(self) -> dict[str, str]:
        """What its text needs; who it is about is named by whoever knows the city."""
        first = self.about[0]
        ended = {"ended": first.ended_at.isoformat()} if first.ended_at else {}
        return {
            "condition": first.name.value,
            "detail": first.detail,
            "began": first.since.isoformat(),
            "besides": str(len(self.about) - 1),
            **ended,
        }

    def told(self, now: datetime) -> Iterator[Condition]:
        """Return the conditions with the note that they were told."""
        for condition in self.about:
            if self.kind is Kind.CONDITION:
                yield attrs.evolve(condition, told_at=now)
            else:
                yield attrs.evolve(condition, over_told_at=now)


def notices_about(conditions: Sequence[Condition], now: datetime) -> list[Notice]:
    """Decide what the operator is to be told now.

    Args:
        conditions: all that stand, and those that ended within the last day.
    """
    standing = {c.key for c in conditions if c.ended_at is None}
    banned = any(name is ConditionName.SOFT_BAN for name, _ in standing)
    notices = []
    for name in ConditionName:
        mine = [c for c in conditions if c.name is name]
        over = [c for c in mine if _is_over(c) and c.key not in standing]
        if over and not _lately((c.over_told_at for c in mine), now):
            notices.append(Notice(Kind.CONDITION_OVER, tuple(over)))
        begun = [c for c in mine if c.ended_at is None and c.told_at is None]
        # A ban says it all: that single services are quiet, too, is no news.
        implied = banned and name is ConditionName.QUIET
        if begun and not implied and not _lately((c.told_at for c in mine), now):
            notices.append(Notice(Kind.CONDITION, tuple(begun)))
    return notices


def _is_over(condition: Condition) -> bool:
    """Whether it has ended, and whoever was told of it does not know that yet."""
    told = condition.told_at is not None
    return told and condition.ended_at is not None and condition.over_told_at is None


def _lately(moments: Iterable[datetime | None], now: datetime) -> bool:
    return any(moment and now - moment < NOT_AGAIN_WITHIN for moment in moments)
