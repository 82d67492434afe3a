"""What watching has taught, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from mta_core.ports.repository import Learnt
from mta_core.testing._tables import Tables


@attrs.frozen
class InMemoryLearnt(Learnt):
    """Documents by name, each with the moment when it was kept."""

    _tables: Tables

    async def everything(self) -> Mapping[str, Mapping[str, Any]]:
        """All documents."""
        return {name: found for name, (found, _) in self._tables.learnt.items()}

    async def one(self, name: str) -> Mapping[str, Any] | None:
        """The document of this name, if there is one."""
        found = self._tables.learnt.get(name)
        return None if found is None else found[0]

    async def keep(
        self, documents: Mapping[str, Mapping[str, Any]], at: datetime
    ) -> None:
        """Insert or overwrite them."""
        for name, document in documents.items():
            self._tables.learnt[name] = (dict(document), at)

    async def forget(self, before: datetime) -> int:
        """Drop what was not kept again since then; return how many."""
        old = [name for name, (_, at) in self._tables.learnt.items() if at < before]
        for name in old:
            del self._tables.learnt[name]
        return len(old)
