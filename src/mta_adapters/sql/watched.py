"""When the present city answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs
from sqlalchemy import delete, select

from mta_adapters.sql.rows import WatchedRow
from mta_adapters.sql.work import Work
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.watched import KEPT, WatchedHour, hour_of
from mta_core.ports.repository import Watched

_ROW = WatchedRow


@attrs.frozen
class SqlWatched(Watched):
    """The table ``watched``, as far as it concerns one city."""

    _work: Work
    _city: str

    async def note(
        self, services: ServiceSet, offices: Iterable[OfficeId], at: datetime
    ) -> None:
        """An answer observed these offices. What is older than `KEPT` is dropped."""
        new = WatchedHour.of(offices, at)
        kept = await self._work.add_bits(
            _ROW(
                city=self._city,
                services=str(services),
                hour=new.hour,
                offices=",".join(map(str, sorted(new.offices))),
                minutes=new.minutes,
            ),
            "minutes",
        )
        if kept.minutes == new.minutes:  # an hour begins: time to tidy up
            old = (_ROW.city == self._city) & (_ROW.hour < hour_of(at - KEPT))
            await self._work.run(delete(_ROW).where(old))

    async def hours(
        self, services: ServiceSet, since: datetime
    ) -> Sequence[WatchedHour]:
        """The hours with answers, from that moment's hour on, oldest first."""
        rows = await self._work.columns(
            select(_ROW.offices, _ROW.hour, _ROW.minutes)
            .where(_ROW.city == self._city)
            .where(_ROW.services == str(services))
            .where(_ROW.hour >= hour_of(since))
            .order_by(_ROW.hour)
        )
        return [
            WatchedHour(frozenset(map(_office, offices.split(","))), hour, minutes)
            for offices, hour, minutes in rows
        ]


def _office(text: str) -> OfficeId:
    return OfficeId(int(text))
