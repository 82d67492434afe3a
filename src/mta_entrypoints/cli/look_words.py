"""What the city answered to `mta look`, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

import attrs

from mta_core.domain.availability import BERLIN, Observation, Slot
from mta_core.domain.blindness import BlindReason
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.use_cases.look import Looked
from mta_entrypoints.cli import output

NOTHING_FREE = 1
BLIND = 3


@attrs.frozen
class View:
    """An answer of the city, with the names that it lacks."""

    looked: Looked
    services: ServiceSet
    catalogue: Catalogue

    @property
    def code(self) -> int:
        """The exit code: blind is neither free nor "nothing free"."""
        if self.looked.seen is None:
            return BLIND
        return 0 if self.looked.seen.free else NOTHING_FREE

    def show(self) -> None:
        """Print it for people."""
        output.say(f"{self.catalogue.name_of(self.services)}:")
        seen = self.looked.seen
        if seen is not None and seen.free:
            output.table(("day", "office", "free at"), self._rows(seen))
        for line in self.lines():
            output.say(line)

    def lines(self) -> Iterator[str]:
        """Say what else there is to know, beside the free times."""
        seen = self.looked.seen
        if seen is not None:
            yield _observed(seen)
            for day, offices in sorted(seen.hints.items()):
                yield (
                    f"The city calls {output.day(day)} bookable, too, not verified: "
                    f"{self._names(offices)}."
                )
        if self.looked.checked:
            yield (
                f"Not asked: {self._names(self.looked.checked)}. The city wants a human "
                "check there, which only you can pass: look on the city's own page."
            )

    def described(self) -> dict[str, Any]:
        """Describe it for programs. *free* is null where nobody has looked."""
        return {
            "services": str(self.services),
            "name": self.catalogue.name_of(self.services),
            **self._described_answer(),
            "notAsked": [
                {**each, "reason": BlindReason.CHECK_NEEDED.value}
                for each in self._described(self.looked.checked)
            ],
            "waitedSeconds": round(self.looked.waited, 3),
        }

    def _described_answer(self) -> dict[str, Any]:
        seen = self.looked.seen
        if seen is None:
            return {
                "free": None,
                "blind": {
                    "reason": BlindReason.CHECK_NEEDED.value,
                    "detail": "A human check guards every office that offers this.",
                },
            }
        return {
            "asOf": seen.at,
            "asked": self._described(seen.probe.offices),
            "from": seen.probe.window.first,
            "through": seen.through,
            "free": [
                {
                    "start": slot.start,
                    "officeId": slot.office,
                    "office": self._name(slot.office),
                }
                for slot in sorted(seen.free)
            ],
            "hints": [
                {"day": day, "offices": sorted(offices)}
                for day, offices in sorted(seen.hints.items())
            ],
            "blind": None,
        }

    def _rows(self, seen: Observation) -> Iterator[tuple[str, str, str]]:
        """Write a line for each day and office, days only once."""
        before = None
        by_place = sorted(seen.free, key=lambda slot: (_place(slot), slot.start))
        for (day, office), slots in groupby(by_place, key=_place):
            shown = "" if day == before else output.day(day)
            times = ", ".join(f"{s.start.astimezone(BERLIN):%H:%M}" for s in slots)
            yield shown, f"{self._name(office)} ({office})", times
            before = day

    def _described(self, offices: Iterable[OfficeId]) -> list[dict[str, Any]]:
        return [{"id": each, "name": self._name(each)} for each in sorted(offices)]

    def _names(self, offices: Iterable[OfficeId]) -> str:
        return output.some(sorted(self._name(office) for office in offices))

    def _name(self, office: OfficeId) -> str:
        return self.catalogue.office(office).name


def _place(slot: Slot) -> tuple[date, OfficeId]:
    return slot.day, slot.office


def _observed(seen: Observation) -> str:
    """Say what the answer proves, and nothing more."""
    window, number = seen.probe.window, len(seen.probe.offices)
    days = f"from {output.day(window.first)} to {output.day(seen.through)}"
    where = f"at {output.plural(number, 'office')}"
    seen_at = f"as of {output.clock(seen.at)}"
    if seen.free:
        times = output.plural(len(seen.free), "time")
        said = f"{times} free {days} {where}, {seen_at}."
    else:
        said = f"Nothing is free {days} {where}, {seen_at}."
    if seen.through < window.last and not seen.hints:
        return f"{said} Later days were not looked at."
    return said
