"""`mta bookings --why`: why a slot did not become mine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.obstacles import MAX_UNOPENED, Obstacle
from mta_core.domain.wishes import Misfit
from mta_core.use_cases.explain import Explanation, Why
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.session import (
    catalogue_of,
    citizen,
    deal_of,
    pick,
    session,
)

_WHY: Mapping[Why, str] = {
    Why.TRIED: "MTA tried to book it for you.",
    Why.TOLD: "You were told of it.",
    Why.LATER: "MTA saw it before you began to wait.",
    Why.NO_GAIN: "It is not early enough to replace your appointment.",
    Why.BUSY: "Another booking of yours was under way.",
    Why.RIVALS: "MTA booked it for people who come first.",
    Why.WAVE: ("People who have waited longer were told first, and then it was gone."),
    Why.AWAY: "MTA was not looking for you just then.",
    Why.OPEN: "It is not decided yet.",
}
_MISFITS: Mapping[Misfit, str] = {
    Misfit.OFFICE: "This office is not among those you want.",
    Misfit.DAY: "The day does not suit you.",
    Misfit.HOURS: "The hour does not suit you.",
    Misfit.NOTICE: "It was too soon for you to get there.",
}
_OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.MAIL_HOURS: (
        "It came at an hour at which you cannot open the city's mail (--mail-hours)."
    ),
    Obstacle.ORPHAN: (
        "The city may still have held another slot for you, and MTA holds no second "
        "one."
    ),
    Obstacle.UNOPENED: (
        f"{MAX_UNOPENED} times the city's mail was not opened in time, so MTA only "
        "tells you now. `mta resume` starts afresh."
    ),
    Obstacle.REFUSED: (
        "The city has refused your details before. Put them right with `mta change`."
    ),
    Obstacle.DETAILS: (
        "This office asks for something you have not said; `mta subscriptions` tells "
        "what."
    ),
    Obstacle.TRIED: "MTA had tried this slot for you before.",
    Obstacle.ONE_PER_MAIL: (
        "This office gives one appointment to a mail address, and you have one."
    ),
    Obstacle.NO_TERMS: "The city does not say how to book at this office.",
}


async def explain(text: str, person: str, json: bool) -> int:
    """Tell for the latest openings what became of them, for one subscription."""
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.subscriptions.of(user.id)
        waiting = [wish for wish in listed if wish.waits]
        likely = listed if text else waiting or listed
        told = await container.explain()(pick(likely, text, "subscription"), user.id)
        stories = [
            Story(known, catalogue, _tried(container, known, catalogue))
            for known in told
        ]
    if json:
        output.as_json([story.described() for story in stories])
        return 0
    output.table(
        ("seen", "gone", "appointment", "office", "why not you"),
        (story.row() for story in stories),
        none="MTA has seen nothing free for this in the last week.",
    )
    return 0


def _tried(
    container: CliContainer, known: Explanation, catalogue: Catalogue
) -> Deal | None:
    return deal_of(container, known.booking, catalogue) if known.booking else None


@attrs.frozen
class Story:
    """What became of one opening, for one citizen. *tried*: the try that was made."""

    known: Explanation
    catalogue: Catalogue
    tried: Deal | None = None

    def why(self) -> str:
        """Say why it did not become theirs; or that it did."""
        known = self.known
        if known.misfit is not None:
            return _MISFITS[known.misfit]
        if known.obstacle is not None:
            return _OBSTACLES[known.obstacle]
        if self.tried is not None:
            booking = self.tried.booking
            return (
                f"{_WHY[known.why]} Booking {output.short(booking.id)}: "
                f"{booking.state.value}. {self.tried.why()}".rstrip()
            )
        return _WHY[known.why]

    def others(self) -> str:
        """Say how many others had their chance."""
        if not self.known.others:
            return ""
        people = output.plural(self.known.others, "other person", "other people")
        verb = "was" if self.known.others == 1 else "were"
        return f"{people} {verb} told of it or had it tried for them."

    def row(self) -> tuple[str, ...]:
        """Write it as a line of a table."""
        opening = self.known.opening
        return (
            output.moment(opening.first_seen),
            self._gone(),
            output.when(opening.slot.start),
            self._office(),
            f"{self.why()} {self.others()}".rstrip(),
        )

    def described(self) -> dict[str, Any]:
        """Describe it for programs."""
        known, opening = self.known, self.known.opening
        return {
            "start": opening.slot.start,
            "officeId": opening.slot.office,
            "office": self._office(),
            "firstSeen": opening.first_seen,
            "lastSeen": opening.last_seen,
            "goneAt": opening.gone_at,
            "why": known.why.name.lower(),
            "misfit": known.misfit.value if known.misfit else None,
            "obstacle": known.obstacle.value if known.obstacle else None,
            "others": known.others,
            "booking": known.booking.id if known.booking else None,
            "text": self.why(),
        }

    def _office(self) -> str:
        office = self.catalogue.offices.get(self.known.opening.slot.office)
        return office.name if office else str(self.known.opening.slot.office)

    def _gone(self) -> str:
        """Say how long it was seen free."""
        opening = self.known.opening
        if opening.gone_at is None:
            return "free when last seen"
        return f"after {output.lasted(opening.gone_at - opening.first_seen)}"
