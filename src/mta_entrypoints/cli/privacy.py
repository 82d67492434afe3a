"""`mta export` and `mta erase`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mta_entrypoints.cli import asking, output
from mta_entrypoints.cli.session import Person, citizen, session


async def export(*, person: Person = "me", output_file: Path | None = None) -> int:
    """Hand out everything that MTA stores about you, as JSON.

    Parameters
    ----------
    output_file
        Write to this file, readable by you alone, instead of the terminal.
    """
    async with session() as container:
        user = await citizen(container, person)
        everything = await container.export()(user.id)
    if output_file is None:
        output.as_json(everything)
        return 0
    output.write_private(output_file, output.to_json(everything).encode())
    return 0


async def erase(
    *, yes: Annotated[bool, Parameter(negative="")] = False, person: Person = "me"
) -> int:
    """Delete everything that MTA stores about you. It cannot be undone.

    Slots that are held but not yet confirmed are given back; confirmed appointments
    stay yours with the city.

    Parameters
    ----------
    yes
        Do not ask again.
    """
    async with session() as container:
        user = await citizen(container, person)
        asking.agreed(
            "Delete everything that MTA stores about you?",
            yes=yes,
            otherwise="Nothing was deleted. To delete without being asked: --yes.",
        )
        with output.progress("Giving back what is held, then deleting …"):
            done = await container.erase()(user.id)
    output.say("Everything about you is deleted.")
    if done.released:
        output.say(f"{done.released} slot(s) held for you were given back.")
    if done.kept_by_city:
        output.say(
            f"{done.kept_by_city} confirmed appointment(s) stay with the city; its mail "
            "tells how to cancel."
        )
    return 0
