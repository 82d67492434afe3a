"""Remember: keep what watching has taught where a restart cannot take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import attrs

from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork

EVERY = timedelta(minutes=5)
"""How much of what was learnt a crash may cost."""

FORGET_AFTER = timedelta(days=90)
"""What nobody has asked about for so long is learnt anew."""

Documents = Mapping[str, Mapping[str, Any]]


class Learner(Protocol):
    """Something that learns, and can write down what."""

    def documents(self) -> Documents:
        """Write down what was learnt since this was called before, by name."""
        ...

    def recall(self, documents: Documents) -> None:
        """Read what it wrote down, among other documents, in place of all it knows."""
        ...


@attrs.define
class Remember:
    """Write down what was learnt, every few minutes and at the end."""

    store: UnitOfWork
    learners: Sequence[Learner]
    clock: Clock
    _kept_at: datetime | None = attrs.field(default=None, init=False)
    _unkept: dict[str, Mapping[str, Any]] = attrs.field(factory=dict, init=False)

    async def recall(self) -> None:
        """Read what was kept before.

        Raises:
            StorageUnavailable: it cannot be read just now.
        """
        async with self.store.snapshot() as tx:
            documents = await tx.learnt.everything()
        for learner in self.learners:
            learner.recall(documents)

    async def __call__(self, *, now: bool = False) -> None:
        """Keep it, if it is time.

        Args:
            now: whether it is time or not: MTA is about to end.

        Raises:
            StorageUnavailable: it was not kept; the next time it is.
        """
        at = self.clock.now()
        if not (now or self._is_time(at)):
            return
        for learner in self.learners:
            self._unkept.update(learner.documents())
        async with self.store.begin() as tx:
            await tx.learnt.keep(self._unkept, at)
            await tx.learnt.forget(before=at - FORGET_AFTER)
            await tx.commit()
        self._unkept.clear()
        self._kept_at = at

    def _is_time(self, at: datetime) -> bool:
        """Whether it is long ago that it was kept, or the clock was set back."""
        before = self._kept_at
        return before is None or not before <= at < before + EVERY
