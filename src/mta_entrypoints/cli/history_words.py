"""What is known of when slots appear, in words and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from mta_core.domain.availability import BERLIN
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.history import History, Picture
from mta_core.domain.usually import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    WEEKEND,
    Usual,
    enough,
    usual,
)
from mta_core.domain.watched import NEAR
from mta_entrypoints.cli import output
from mta_entrypoints.cli.history_map import WEEKDAYS, Map

NOTHING_SEEN = 1
NOT_WATCHED = 3
TOO_LITTLE = "too little is known yet"
UNKNOWN = "MTA has not watched this"

_GROUPS = {EVERY_DAY: "every day", MONDAY_TO_FRIDAY: "weekdays", WEEKEND: "weekends"}
_LONG = (
    *("Mondays", "Tuesdays", "Wednesdays", "Thursdays"),
    *("Fridays", "Saturdays", "Sundays"),
)


def usual_line(picture: Picture) -> str:
    """Say when slots usually appear, if that is known; else nothing."""
    found = usual(picture)
    return f"usually seen: {_when(found)}" if found else ""


def known_line(picture: Picture) -> str:
    """Say when slots usually appear, or why that cannot be said."""
    openings = sum(sum(day.openings) for day in picture.days)
    known = f"{output.plural(openings, 'opening')} in {_days(picture)}"
    if not _known(picture):
        return UNKNOWN
    if not enough(picture):
        return f"{TOO_LITTLE}: {known}"
    return usual_line(picture) or f"no time of the week stands out: {known}"


def _known(picture: Picture) -> bool:
    """Whether there is anything to say: not watched is not "nothing seen"."""
    return picture.watched or picture.openings > 0


def _days(picture: Picture) -> str:
    return output.plural(len(picture.days), "day")


def _when(found: Usual) -> str:
    name = _GROUPS.get(found.weekdays) or _LONG[found.weekdays[0]]
    dash = "–" if output.can_write("–") else "-"
    return (
        f"{name} {found.first}:00{dash}{found.last}:00 ({found.openings} of "
        f"{found.known} openings, on {found.days} of "
        f"{output.plural(found.watched, 'day')})"
    )


@attrs.frozen
class View:
    """The record of a service set, with the names that it lacks.

    Attributes:
        only: the offices that are asked about; None is all.
        picture: that of all that is asked about.
    """

    history: History
    services: ServiceSet
    catalogue: Catalogue
    only: frozenset[OfficeId] | None = None
    picture: Picture = attrs.field(init=False)

    @picture.default
    def _drawn(self) -> Picture:
        return self.history.picture(self.only)

    @property
    def code(self) -> int:
        """The exit code."""
        if not _known(self.picture):
            return NOT_WATCHED
        return 0 if self.picture.openings else NOTHING_SEEN

    def offices(self) -> list[OfficeId]:
        """Return the offices to speak of: those that offer it, and those recorded."""
        able = self.catalogue.able(self.services)
        return sorted((able | self.history.offices) if self.only is None else self.only)

    # For people

    def show(self) -> None:
        """Print it for people."""
        picture = self.picture
        output.say(self._title())
        if self.code == NOT_WATCHED:
            output.say(
                f"{UNKNOWN}, so it knows nothing of it. It watches what somebody waits "
                "for (`mta subscribe`) while `mta up` runs."
            )
            return
        output.drawing(Map.of(picture).lines())
        for line in _facts(picture):
            output.say(line)
        offices = self.offices()
        if len(offices) > 1:
            head = ("office", "openings", "watched", "usually seen")
            output.table(head, map(self._row, offices))

    def _title(self) -> str:
        first = output.day(self.history.since.astimezone(BERLIN).date())
        last = output.day(self.history.until.astimezone(BERLIN).date())
        where = "all offices"
        if self.only is not None:
            where = output.some([self._name(office) for office in self.offices()])
        return (
            f"{self.catalogue.name_of(self.services)}, when slots appeared at {where}: "
            f"{first} to {last}, in Munich's time"
        )

    def _row(self, office: OfficeId) -> tuple[str, ...]:
        picture = self.history.picture(frozenset({office}))
        named = f"{self._name(office)} ({office})"
        if not _known(picture):
            return named, "", "never", ""
        said, more = usual(picture), enough(picture)
        when = _when(said) if said else "no time stands out" if more else TOO_LITTLE
        return named, str(picture.openings), _days(picture), when

    def _name(self, office: OfficeId) -> str:
        listed = self.catalogue.offices.get(office)
        return listed.name if listed else str(office)

    # For programs

    def described(self) -> dict[str, Any]:
        """Describe it for programs; `describe` tells what its pictures hold.

        Keys: services, name; from, to (the span, in UTC); timeZone (that of weekdays
        and hours); all (the picture of all offices together, or of those asked for);
        offices (id, name, and the picture of each).
        """
        return {
            "services": str(self.services),
            "name": self.catalogue.name_of(self.services),
            "from": self.history.since,
            "to": self.history.until,
            "timeZone": BERLIN.key,
            "all": describe(self.picture),
            "offices": [
                {
                    "id": office,
                    "name": self._name(office),
                    **describe(self.history.picture(frozenset({office}))),
                }
                for office in self.offices()
            ],
        }


def _facts(picture: Picture) -> Iterator[str]:
    """Say in sentences what the picture does not show."""
    seen = output.plural(picture.openings, "opening")
    facts = [f"{seen} in {_days(picture)} of watching"]
    if picture.lasted is not None:
        facts.append(
            f"half of those that went were gone within {output.lasted(picture.lasted)}"
        )
    if picture.openings:
        share = round(100 * picture.again / picture.openings)
        facts.append(f"{share} % were seen more than once")
    yield "; ".join(facts) + "."
    if picture.undated:
        verb = "was" if picture.undated == 1 else "were"
        yield (
            f"{picture.undated} of them {verb} there when MTA asked again after more "
            f"than {NEAR} minutes: since when is not known, so the picture leaves "
            f"{'it' if picture.undated == 1 else 'them'} out."
        )
    yield known_line(picture)


def describe(picture: Picture) -> dict[str, Any]:
    """Describe a picture for programs.

    Keys: watchedDays; firstAnswer, lastAnswer (null if MTA never asked); openings (all
    seen; null if MTA never asked and saw none); undated (those of them of which it is
    not known when they appeared); gone; medianSeconds (visible, of those gone);
    seenAgain (the share seen more than once); usually (null, or weekdays with 0 for
    Monday, fromHour, toHour, openings out of known, days out of watchedDays); text;
    week (for each weekday its name, and for each of its 24 hours the openings, null
    where MTA did not watch, and the watchedMinutes).
    """
    return {
        "watchedDays": len(picture.days),
        "firstAnswer": picture.first,
        "lastAnswer": picture.last,
        "openings": picture.openings if _known(picture) else None,
        "undated": picture.undated,
        "gone": picture.gone,
        "medianSeconds": picture.lasted.total_seconds() if picture.lasted else None,
        "seenAgain": (
            round(picture.again / picture.openings, 3) if picture.openings else None
        ),
        "usually": _described(usual(picture)),
        "text": known_line(picture),
        "week": [
            {
                "weekday": name,
                "openings": [c.openings if c.watched else None for c in cells],
                "watchedMinutes": [round(c.watched, 1) for c in cells],
            }
            for name, cells in zip(WEEKDAYS, picture.week(), strict=True)
        ],
    }


def _described(found: Usual | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "weekdays": found.weekdays,
        "fromHour": found.first,
        "toHour": found.last,
        "openings": found.openings,
        "known": found.known,
        "days": found.days,
        "watchedDays": found.watched,
    }
