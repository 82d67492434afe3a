"""The catalogue's own drift: what vanishes in a heap, and checks that come or go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import attrs

from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.conditions import CATALOGUE, Condition, ConditionName
from mta_core.polling.signs.documents import moment

LOST = 1 / 3
"""More than this does not vanish from one reading to the next in everyday life."""

ACCEPTED_AFTER = timedelta(days=3)
"""What has been so for this long is how the city is now."""

_NAMED = 3

Listed = Mapping[str, list[str]]


@attrs.define
class Stock:
    """Holds each reading of the catalogue against the last one that was in order.

    Attributes:
        listed: the services, offices, offers and checked offices of that one.
        since: when a reading first differed; None while all is in order.
    """

    listed: Listed = attrs.field(factory=dict)
    said: str = ""
    since: datetime | None = attrs.field(default=None, converter=moment)

    def learn(self, catalogue: Catalogue, at: datetime) -> None:
        """Take in a reading."""
        present = _listed(catalogue)
        differences = list(_differences(self.listed, present, catalogue))
        accepted = self.since is not None and at - self.since >= ACCEPTED_AFTER
        if accepted or not differences:
            self.listed, self.since, self.said = present, None, ""
            return
        self.since = self.since or at
        said = "; ".join(differences)
        self.said = f"{said[0].upper()}{said[1:]}."

    def conditions(self) -> Iterator[Condition]:
        """Return whether the catalogue is out of order now."""
        if self.since is not None:
            yield Condition(ConditionName.DRIFT, CATALOGUE, self.since, self.said)


def _listed(catalogue: Catalogue) -> dict[str, list[str]]:
    offices = catalogue.offices
    checked = filter(catalogue.is_checked, offices)
    return {
        "services": sorted(map(str, catalogue.services)),
        "offices": sorted(map(str, offices)),
        "offers": sorted(f"{o.office}/{o.service}" for o in catalogue.offers),
        "checked": sorted(map(str, checked)),
    }


def _differences(before: Listed, after: Listed, names: Catalogue) -> Iterator[str]:
    for kind in ("services", "offices", "offers"):
        known = set(before.get(kind, ()))
        lost = known.difference(after[kind])
        if len(lost) > LOST * len(known):
            yield f"{len(lost)} of {len(known)} {kind} are gone"
    if not before:
        return
    both = {*before.get("offices", ())}.intersection(after["offices"])
    was, now = set(before.get("checked", ())), set(after["checked"])
    if begun := both & now - was:
        yield f"the human check is now asked for at {_named(begun, names)}"
    if ended := both & was - now:
        yield f"the human check is no longer asked for at {_named(ended, names)}"


def _named(offices: set[str], names: Catalogue) -> str:
    known = sorted(names.offices[OfficeId(int(office))].name for office in offices)
    more = len(known) - _NAMED
    listed = ", ".join(known[:_NAMED])
    return f"{listed} and {more} more" if more > 0 else listed
